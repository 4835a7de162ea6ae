/* SPDX-License-Identifier: Apache-2.0 */
/* Grouping words into items; see collapse.h. Each s_ function below answers where a group that
 * begins at a word would end; no group: the word itself. */
#include "collapse.h"

static bool s_is(const wx_words_in_t *in, uint32_t i, const char *text)
{
    return i < in->count && wx_str_is(in->forms[i], text);
}

static bool s_digits(winnow_str_t form)
{
    bool digit = false;
    for (size_t i = 0; i < form.size; i++) {
        char c = form.data[i];
        digit |= c >= '0' && c <= '9';
        if (!(c >= '0' && c <= '9') && c != ',' && c != '.')
            return false;
    }
    return digit;
}

static bool s_number(const wx_words_in_t *in, uint32_t i)
{
    return i < in->count && (in->atoms[i].upos == WX_UPOS_NUM || s_digits(in->forms[i]));
}

static bool s_hyphen(const wx_words_in_t *in, uint32_t i)
{
    return i > 0 && i + 1 < in->count && !in->space_after[i - 1] && !in->space_after[i] &&
           (s_is(in, i, "-") || s_is(in, i, "\xE2\x80\x90") || s_is(in, i, "\xE2\x80\x91") ||
            s_is(in, i, "\xE2\x80\x93"));
}

static bool s_month(const wx_words_in_t *in, uint32_t i)
{
    static const char *const months[] = {
        "January",   "February", "March",    "April",    "May",  "June", "July", "August",
        "September", "October",  "November", "December", "Jan.", "Feb.", "Mar.", "Apr.",
        "Jun.",      "Jul.",     "Aug.",     "Sept.",    "Sep.", "Oct.", "Nov.", "Dec."};
    for (size_t m = 0; i < in->count && m < sizeof months / sizeof *months; m++) {
        if (wx_str_is(in->forms[i], months[m]))
            return true;
    }
    return false;
}

static bool s_weekday(const wx_words_in_t *in, uint32_t i)
{
    static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    for (size_t d = 0; i < in->count && d < sizeof days / sizeof *days; d++) {
        if (wx_str_is(in->forms[i], days[d]))
            return true;
    }
    return false;
}

static bool s_short(const wx_words_in_t *in, uint32_t i, size_t least, size_t most)
{
    return i < in->count && s_digits(in->forms[i]) && in->forms[i].size >= least &&
           in->forms[i].size <= most;
}

/* 2.5 billion; forty - five; 2010 - 2015 */
static uint32_t s_number_end(const wx_words_in_t *in, uint32_t i)
{
    if (!s_number(in, i))
        return i;
    uint32_t end = i + 1;
    for (;;) {
        if (s_number(in, end))
            end++;
        else if (s_hyphen(in, end) && s_number(in, end + 1))
            end += 2;
        else
            return end;
    }
}

static bool s_currency(const wx_words_in_t *in, uint32_t i)
{
    if (i >= in->count || in->forms[i].size == 0)
        return false;
    winnow_str_t form = in->forms[i];
    return form.data[form.size - 1] == '$' || wx_str_is(form, "\xC2\xA3") ||
           wx_str_is(form, "\xE2\x82\xAC") || wx_str_is(form, "\xC2\xA5") ||
           wx_str_is(form, "\xE2\x82\xB9");
}

static uint32_t s_money_end(const wx_words_in_t *in, uint32_t i)
{
    if (!s_currency(in, i))
        return i;
    uint32_t end = s_number_end(in, i + 1);
    return end > i + 1 ? end : i;
}

/* March 27 , 2020; 27 March 2020; March 2020 */
static uint32_t s_date_end(const wx_words_in_t *in, uint32_t i)
{
    uint32_t end = i;
    if (s_month(in, i) && s_short(in, i + 1, 1, 2))
        end = i + 2;
    else if (s_short(in, i, 1, 2) && s_month(in, i + 1))
        end = i + 2;
    else if (s_month(in, i) && s_short(in, i + 1, 4, 4))
        return i + 2;
    if (end > i && s_short(in, end, 4, 4))
        return end + 1;
    if (end > i && s_is(in, end, ",") && s_short(in, end + 1, 4, 4))
        return end + 2;
    return end;
}

static bool s_proper(const wx_words_in_t *in, uint32_t i)
{
    const char *xpos = i < in->count ? in->xpos[in->atoms[i].tag] : "";
    return strcmp(xpos, "NNP") == 0 || strcmp(xpos, "NNPS") == 0;
}

static uint32_t s_name_end(const wx_words_in_t *in, uint32_t i)
{
    uint32_t end = i;
    while (s_proper(in, end) && !s_month(in, end) && !s_weekday(in, end)) {
        end++;
        if (s_hyphen(in, end) && s_proper(in, end + 1))
            end++;
    }
    return end;
}

static uint32_t s_hyphen_end(const wx_words_in_t *in, uint32_t i)
{
    uint32_t end = i + 1;
    while (s_hyphen(in, end) && in->atoms[end + 1].upos != WX_UPOS_PUNCT &&
           in->atoms[end - 1].upos != WX_UPOS_PUNCT)
        end += 2;
    return end > i + 1 ? end : i;
}

static wx_group_t s_group(const wx_words_in_t *in, uint32_t i)
{
    uint32_t end = s_date_end(in, i);
    if (end > i)
        return (wx_group_t){i, end, s_month(in, i) ? i : i + 1, WX_ITEM_DATE};
    end = s_money_end(in, i);
    if (end > i)
        return (wx_group_t){i, end, i, WX_ITEM_MONEY};
    uint32_t hyphen = s_hyphen_end(in, i);
    end = s_number_end(in, i);
    if (end > i && s_is(in, end, "%"))
        return (wx_group_t){i, end + 1, end, WX_ITEM_PERCENT};
    if (end > i + 1 && end >= hyphen)
        return (wx_group_t){i, end, end - 1, WX_ITEM_NUMBER};
    end = s_name_end(in, i);
    if (end > i + 1 && end >= hyphen)
        return (wx_group_t){i, end, end - 1, WX_ITEM_NAME};
    if (hyphen > i)
        return (wx_group_t){i, hyphen, hyphen - 1, WX_ITEM_HYPHEN};
    return (wx_group_t){i, i + 1, i, WX_ITEM_WORD};
}

uint32_t wx_collapse_words(const wx_words_in_t *in, wx_group_t *groups)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < in->count;) {
        wx_group_t group = s_group(in, i);
        if (group.end > i + 1 || in->atoms[i].upos != WX_UPOS_PUNCT)
            groups[count++] = group;
        i = group.end;
    }
    return count;
}

static uint8_t s_mark(winnow_str_t form)
{
    if (form.size == 0)
        return 0;
    switch (form.data[0]) {
    case ',':
        return WX_PUNCT_COMMA;
    case '-':
        return WX_PUNCT_DASH;
    case ':':
    case ';':
        return WX_PUNCT_COLON;
    case '(':
    case '[':
        return WX_PUNCT_OPEN;
    case ')':
    case ']':
        return WX_PUNCT_CLOSE;
    case '"':
    case '`':
    case '\'':
        return WX_PUNCT_QUOTE_OPEN;
    default:
        break;
    }
    if (form.size == 3 && memcmp(form.data, "\xE2\x80", 2) == 0) {
        unsigned char c = (unsigned char)form.data[2];
        return c == 0x98 || c == 0x99 || c == 0x9C || c == 0x9D ? WX_PUNCT_QUOTE_OPEN
               : c >= 0x92 && c <= 0x95                         ? WX_PUNCT_DASH
                                                                : 0;
    }
    return 0;
}

static wx_item_t s_item(const wx_words_in_t *in, uint32_t word, unsigned kind)
{
    const wx_atom_t *a = &in->atoms[word];
    return (wx_item_t){.lower = a->lower,
                       .suffix = a->suffix[2],
                       .cluster = a->cluster,
                       .group = a->group,
                       .tag = a->tag,
                       .upos = a->upos,
                       .kind = (uint8_t)kind,
                       .flags = a->flags};
}

void wx_collapse_items(const wx_words_in_t *in, const wx_group_t *groups, uint32_t count,
                       wx_item_t *items)
{
    uint32_t at = 0;
    uint8_t marks = 0;
    for (uint32_t g = 0; g < count; g++) {
        marks = 0;
        for (; at < groups[g].first; at++)
            marks |= s_mark(in->forms[at]);
        items[g] = s_item(in, groups[g].word, groups[g].kind);
        items[g].punct = marks;
        if (g > 0)
            items[g - 1].after = marks;
        at = groups[g].end;
    }
    marks = 0;
    for (; at < in->count; at++)
        marks |= s_mark(in->forms[at]);
    if (count > 0)
        items[count - 1].after = marks;
}

uint32_t wx_collapse_inside(const wx_words_in_t *in, const wx_group_t *group, wx_item_t *items,
                            uint32_t *words)
{
    uint32_t count = 0;
    for (uint32_t i = group->first; i < group->end; i++) {
        if (in->atoms[i].upos == WX_UPOS_PUNCT && !s_proper(in, i) && !s_number(in, i))
            continue;
        items[count] = s_item(in, i, group->kind + WX_ITEM_INSIDE);
        words[count++] = i;
    }
    return count;
}
