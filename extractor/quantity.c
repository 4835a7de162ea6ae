/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values with numbers: a grammar over tokens, read from left to right, the longest first.
 *
 *     value      := bound* core bound-after? equivalent*
 *     core       := amount (joint amount)? rate?
 *     amount     := mark? number scale-mark? (percent | currency | cent | unit | duration)?
 *     joint      := "-" | "to" | "and" behind between | "or"
 *     equivalent := "(" bound* amount ((";" | "," | "/" | ":") bound* amount)* ")"
 *                 | ","? "or" bound* amount
 *
 *     more than 15 billion yuan ($2.23 billion; €2bn)
 *     bound     ^core^^^^^^^^^^ equivalents ^^^^^^^^^
 *
 * Numbers that nothing measures stay bare numbers; count.c finds what they count.
 */
#include "stages.h"

#include "chars.h"
#include "currency.h"
#include "decimal.h"
#include "number.h"
#include "value.h"
#include "words.h"

/* A number with its unit, as long as it is only being looked at. */
typedef struct {
    wx_number_t n;
    uint32_t first, end;     /* tokens with mark and unit */
    wx_value_type_t type;    /* NUMBER: no unit */
    winnow_str_t unit;       /* empty: none */
    winnow_decimal_t number; /* in base units */
    winnow_decimal_t factor; /* of the unit: number = n.number * factor */
    bool marked;             /* the currency stood before the number */
    bool duration;
    bool negative;
} s_amount_t;

static bool s_is(const wx_doc_t *doc, uint32_t token, const char *word)
{
    return wx_token_is(doc, token, word);
}

/* May this entry stand as a currency mark, the way it is written? `$` and `€` always; letters only
 * as a code or abbreviation: RMB, Rs, not `try`. */
static bool s_mark_written(const wx_doc_t *doc, uint32_t token, const wx_word_t *mark)
{
    winnow_str_t form = wx_doc_words(doc, token, token + mark->length);
    bool letters = true, small = false;
    for (size_t at = 0; at < form.size; at = wx_char_end(form, at)) {
        wx_char_t class = wx_char_at(form, at);
        letters &= wx_char_letter(class) || form.data[at] == '.';
        small |= class == WX_CHAR_LOWER;
    }
    if (!letters)
        return true;
    if (wx_char_at(form, 0) != WX_CHAR_UPPER)
        return form.size == 2 && form.data[1] == 's'; /* rs */
    if (form.size == 1)
        return wx_token_tight(doc, token);
    if (form.size == 3 && small)
        return form.data[1] == 's' || form.data[1] == 'h' || form.data[2] == 'h' ||
               form.data[2] == '.'; /* Ksh TSh Rs. */
    return true;
}

/* A dollar of another country: `20 million U.S. dollars` is an entry, `$5 million Canadian` not. */
static const wx_word_t *s_mark(const wx_doc_t *doc, uint32_t token, uint32_t end)
{
    const wx_word_t *mark = wx_word_at(doc, token, end, WX_WORD_CURRENCY_MARK);
    return mark && s_mark_written(doc, token, mark) ? mark : NULL;
}

static bool s_set(s_amount_t *a, wx_value_type_t type, winnow_str_t unit, winnow_decimal_t factor,
                  uint32_t end)
{
    winnow_decimal_t number;
    if (factor.digits == 0)
        factor = wx_decimal_from(1);
    if (!wx_decimal_multiply(a->n.number, factor, &number))
        return false;
    a->type = type;
    a->unit = unit;
    a->number = number;
    a->factor = factor;
    a->end = end;
    return true;
}

/* Behind the letter m that touches digits: does a measure in metres go on, or is it millions? */
static bool s_metres(const wx_doc_t *doc, uint32_t behind, const s_amount_t *a)
{
    static const char *const s_measure[] = {
        "tall",         "high",       "long",       "wide",  "deep",      "thick",
        "away",         "above",      "below",      "race",  "final",     "hurdles",
        "sprint",       "freestyle",  "relay",      "swim",  "butterfly", "x",
        "breaststroke", "backstroke", "underwater", "apart", "by"};
    for (size_t i = 0; i < sizeof s_measure / sizeof *s_measure; i++)
        if (s_is(doc, behind, s_measure[i]))
            return true;
    bool word = behind < doc->tokens.count && !(doc->tokens.at[behind].shape & WX_SHAPE_PUNCT);
    bool whole = a->n.number.exponent >= 0 && wx_decimal_whole(a->n.number, 0) >= 50;
    return !word && whole;
}

/* `5bn`, `3.4m`, `20k`: a letter that scales, only where it touches the digits. */
static uint32_t s_scale_mark(const wx_doc_t *doc, uint32_t at, uint32_t end, s_amount_t *a)
{
    if (at >= end || !a->n.digits || doc->tokens.at[at].start != doc->tokens.at[at - 1].end)
        return at;
    const wx_word_t *mark = wx_word_at(doc, at, end, WX_WORD_SCALE_MARK);
    if (!mark || a->n.scale.digits)
        return at;
    winnow_str_t form = wx_token_form(doc, at);
    if (!a->marked) {
        /* 20mm, 5t are measures; 430 m may be; 5k and 3b are numbers. */
        bool currency = wx_word_at(doc, at + 1, end, WX_WORD_CURRENCY) != NULL;
        if (!currency && (wx_str_is(form, "mm") || wx_str_is(form, "t")))
            return at;
        if (!currency && wx_str_is(form, "m") && s_metres(doc, at + 1, a))
            return at;
    }
    winnow_decimal_t product;
    if (!wx_decimal_multiply(a->n.number, mark->number, &product))
        return at;
    a->n.number = product;
    a->n.scale = mark->number;
    return at + 1;
}

/* Words of currency that are other words, too: 3 won, 200 pounds of beef. */
static bool s_currency_meant(const wx_doc_t *doc, uint32_t at, uint32_t end, const s_amount_t *a,
                             const wx_word_t *word)
{
    winnow_decimal_t hundred = {1, 2};
    bool large = a->n.scale.digits || wx_decimal_compare(a->n.number, hundred) >= 0;
    if (s_is(doc, at, "pound") || s_is(doc, at, "pounds")) {
        if (a->n.scale.digits && wx_decimal_compare(a->n.scale, (winnow_decimal_t){1, 4}) > 0)
            return true;
        uint32_t behind = at + word->length;
        return !(behind < end && (s_is(doc, behind, "of") || s_is(doc, behind, "per"))) &&
               !(at > 0 && wx_token_hyphen(doc, at - 1));
    }
    static const char *const s_doubtful[] = {"won", "real", "marks", "som",      "lek",
                                             "leu", "all",  "try",   "ron",      "mad",
                                             "gel", "php",  "top",   "sterling", "pen"};
    for (size_t i = 0; i < sizeof s_doubtful / sizeof *s_doubtful; i++)
        if (s_is(doc, at, s_doubtful[i]) && !large)
            return false;
    return true;
}

/* What measures the number behind it; `at` is the token behind the number. */
static bool s_unit(const wx_doc_t *doc, uint32_t at, uint32_t end, s_amount_t *a)
{
    uint32_t word = at < end && wx_token_hyphen(doc, at) ? at + 1 : at;
    const wx_word_t *entry = wx_word_at(doc, word, end, WX_WORD_PERCENT);
    if (entry)
        return s_set(a, WX_VALUE_PERCENT, entry->text, entry->number, word + entry->length);
    /* half a percentage point, a quarter of a percentage point */
    entry = wx_word_at(doc, word, end, WX_WORD_CURRENCY);
    if (entry && s_currency_meant(doc, word, end, a, entry))
        return s_set(a, WX_VALUE_MONEY, wx_currency_here(doc, word, entry), entry->number,
                     word + entry->length);
    entry = wx_word_at(doc, word, end, WX_WORD_CENT);
    if (entry && (!s_is(doc, word, "p") || (word == at && wx_token_tight(doc, word - 1))))
        return s_set(a, WX_VALUE_MONEY, entry->text, entry->number, word + entry->length);
    entry = s_mark(doc, word, end);
    bool mark_of_next = entry && word + entry->length < end &&
                        (doc->tokens.at[word + entry->length].shape & WX_SHAPE_NUMBER) &&
                        !(word == at && wx_token_tight(doc, word - 1));
    if (entry && a->n.digits && !mark_of_next)
        return s_set(a, WX_VALUE_MONEY, entry->text, entry->number, word + entry->length);
    entry = wx_word_at(doc, word, end, WX_WORD_UNIT_MARK);
    if (entry && a->n.digits) {
        winnow_str_t form = wx_doc_words(doc, word, word + entry->length);
        bool touches = doc->tokens.at[word].start == doc->tokens.at[word - 1].end;
        if (form.size > 1 || touches || wx_str_is(form, "m") || wx_str_is(form, "g") ||
            wx_str_is(form, "W") || wx_str_is(form, "V"))
            return s_set(a, WX_VALUE_QUANTITY, entry->text, entry->number, word + entry->length);
    }
    entry = wx_word_at(doc, word, end, WX_WORD_UNIT);
    if (entry)
        return s_set(a, WX_VALUE_QUANTITY, entry->text, entry->number, word + entry->length);
    entry = wx_word_at(doc, word, end, WX_WORD_DURATION);
    if (entry && !(s_is(doc, word, "second") && word == at)) {
        a->duration = true;
        return s_set(a, WX_VALUE_QUANTITY, entry->text, entry->number, word + entry->length);
    }
    return false;
}

/* Behind `half an hour`, `quarter of a mile`: not read as numbers elsewhere. */
static bool s_half_unit(const wx_doc_t *doc, uint32_t at, uint32_t end, s_amount_t *ret)
{
    if (!s_is(doc, at, "half") || !(s_is(doc, at + 1, "a") || s_is(doc, at + 1, "an")))
        return false;
    s_amount_t a = {.first = at, .end = at + 2};
    a.n = (wx_number_t){.first = at, .end = at + 2, .number = {5, -1}, .mantissa = {5, -1}};
    if (!s_unit(doc, at + 2, end, &a))
        return false;
    *ret = a;
    return true;
}

/* An amount at this token; false: none. */
static bool s_amount(const wx_doc_t *doc, uint32_t token, uint32_t end, s_amount_t *ret)
{
    s_amount_t a = {.first = token, .end = token};
    uint32_t at = token;
    winnow_str_t sign = wx_token_form(doc, at);
    if ((wx_str_is(sign, "-") || wx_str_is(sign, "−") || wx_str_is(sign, "+")) && at + 1 < end &&
        wx_token_tight(doc, at) && (at == 0 || !wx_token_tight(doc, at - 1))) {
        a.negative = sign.data[0] != '+';
        at++;
    } else if (s_is(doc, at, "minus") && at + 1 < end) {
        a.negative = true;
        at++;
    }
    const wx_word_t *mark = s_mark(doc, at, end);
    winnow_str_t code = mark ? wx_currency_here(doc, at, mark) : WX_STR("");
    if (mark) {
        a.marked = true;
        at += mark->length;
        if (at < end && wx_token_hyphen(doc, at))
            at++;
    }
    if (at >= end || doc->tokens.at[at].value != WX_NONE)
        return false;
    if (!wx_number_at(doc, at, end, &a.n))
        return !mark && s_half_unit(doc, token, end, ret);
    if (mark && !a.n.digits)
        return false;
    at = s_scale_mark(doc, a.n.end, end, &a);
    a.end = at;
    a.number = a.n.number;
    /* `dozens of tonnes`, `millions of dollars` */
    uint32_t behind = a.n.fuzzy && s_is(doc, at, "of") ? at + 1 : at;
    if (mark) {
        if (!s_set(&a, WX_VALUE_MONEY, code, mark->number, at))
            return false;
        /* `$5 million dollars`, `US$5m USD`, `RMB 10 billion yuan` */
        const wx_word_t *twice = wx_word_at(doc, at, end, WX_WORD_CURRENCY);
        if (twice && (wx_str_equal(twice->text, mark->text) || wx_str_is(mark->text, "USD")) &&
            !s_is(doc, at, "real")) {
            if (!wx_str_equal(twice->text, mark->text))
                a.unit = twice->text;
            a.end = at + twice->length;
        }
    } else if (!s_unit(doc, behind, end, &a) && behind == at && a.n.article && !a.n.fuzzy) {
        a.type = WX_VALUE_NUMBER;
    }
    *ret = a;
    return true;
}

/* ---- Around an amount ---------------------------------------------------------------------- */

static winnow_bound_t s_bound_from(winnow_str_t word)
{
    for (unsigned b = 0; b < WINNOW_BOUND_COUNT; b++)
        if (wx_str_is(word, winnow_bound_name((winnow_bound_t)b)))
            return (winnow_bound_t)b;
    return WINNOW_BOUND_EXACT;
}

/* The longest phrase of bounds that ends before `first`, within the sentence. */
static const wx_word_t *s_bound_before(const wx_doc_t *doc, uint32_t start, uint32_t first)
{
    for (uint32_t length = WX_WORD_LENGTH; length > 0; length--) {
        if (first - start < length)
            continue;
        const wx_word_t *entry = wx_word_at(doc, first - length, first, WX_WORD_BOUND);
        if (entry && entry->length == length)
            return entry;
    }
    return NULL;
}

/* `turned over 15 million`: the word belongs to the verb before it, and is no bound. */
static bool s_particle(const wx_doc_t *doc, uint32_t start, uint32_t at, bool duration)
{
    static const char *const s_verbs[] = {"turned", "turns",   "turn",   "handed",
                                          "hand",   "hands",   "took",   "taking",
                                          "take",   "carried", "passed", "signed"};
    static const char *const s_lasting[] = {
        "for",   "lasted", "lasts", "last",   "took", "takes", "take", "is",     "was",   "been",
        "spent", "after",  "of",    "waited", "well", "just",  "with", "served", "worked"};
    if (!s_is(doc, at, "over") || at == start)
        return false;
    if (duration) {
        /* `5 million over two years` says when; `lasted over two years` says how long */
        for (size_t i = 0; i < sizeof s_lasting / sizeof *s_lasting; i++)
            if (s_is(doc, at - 1, s_lasting[i]))
                return false;
        return true;
    }
    for (size_t i = 0; i < sizeof s_verbs / sizeof *s_verbs; i++)
        if (s_is(doc, at - 1, s_verbs[i]))
            return true;
    return false;
}

static void s_bounds(const wx_doc_t *doc, uint32_t start, uint32_t end, wx_value_t *value)
{
    uint32_t first = value->outer_first;
    if (first > start &&
        (s_is(doc, first - 1, "the") || s_is(doc, first - 1, "a") ||
         s_is(doc, first - 1, "another")) &&
        s_bound_before(doc, start, first - 1))
        first--;
    const wx_word_t *before = s_bound_before(doc, start, first);
    if (before && s_particle(doc, start, first - before->length, value->flags & WX_VALUE_DURATION))
        before = NULL;
    const wx_word_t *behind = wx_word_at(doc, value->outer_end, end, WX_WORD_BOUND_AFTER);
    uint32_t last = behind ? value->outer_end + behind->length : end;
    if (behind && (s_is(doc, last - 1, "most") || s_is(doc, last - 1, "plus")) && last < end &&
        !(doc->tokens.at[last].shape & WX_SHAPE_PUNCT))
        behind = NULL; /* at most shops, plus costs */
    if (before) {
        if (value->bound == WINNOW_BOUND_EXACT)
            value->bound = (uint8_t)s_bound_from(before->text);
        value->outer_first = first - before->length;
        /* `at least about 5`: the outer one is not taken for the inner. */
        before = s_bound_before(doc, start, value->outer_first);
        if (before)
            value->outer_first -= before->length;
    } else if (behind) {
        if (value->bound == WINNOW_BOUND_EXACT)
            value->bound = (uint8_t)s_bound_from(behind->text);
        value->outer_end += behind->length;
    }
}

static void s_add_equivalent(wx_doc_t *doc, wx_value_t *value, const s_amount_t *a)
{
    winnow_equivalent_t *list =
        wx_new(doc->arena, winnow_equivalent_t, value->equivalent_count + 1);
    if (value->equivalent_count)
        memcpy(list, value->equivalents, value->equivalent_count * sizeof *list);
    list[value->equivalent_count] = (winnow_equivalent_t){a->number, a->unit};
    value->equivalents = list;
    value->equivalent_count++;
}

/* Words that may stand before an equivalent: `about`, `equivalent to`, `or`. */
static uint32_t s_skip_bound(const wx_doc_t *doc, uint32_t at, uint32_t end)
{
    static const char *const s_before[] = {"or",     "equal", "equivalent", "equivalently", "to",
                                           "around", "i.e.",  "=",          "the",          "of"};
    for (int i = 0; i < 4; i++) {
        const wx_word_t *bound = wx_word_at(doc, at, end, WX_WORD_BOUND);
        if (bound) {
            at += bound->length;
            continue;
        }
        bool known = false;
        for (size_t w = 0; w < sizeof s_before / sizeof *s_before; w++)
            known |= s_is(doc, at, s_before[w]);
        if (!known)
            break;
        at++;
    }
    return at < end ? at : end;
}

/* Money for money in another currency, a measure for a measure. */
static bool s_same_kind(const wx_value_t *value, const s_amount_t *a)
{
    return a->type == value->type && a->unit.size && !wx_str_equal(a->unit, value->unit);
}

static uint32_t s_parenthesis(wx_doc_t *doc, uint32_t at, uint32_t end, wx_value_t *value)
{
    winnow_str_t open = at < end ? wx_token_form(doc, at) : WX_STR("");
    if (!wx_str_is(open, "(") && !wx_str_is(open, "["))
        return at;
    uint32_t next = s_skip_bound(doc, at + 1, end);
    uint32_t before = value->equivalent_count;
    s_amount_t a;
    while (next < end && s_amount(doc, next, end, &a)) {
        /* 5 tonnes (11,000 pounds): of weight, here */
        if (value->type == WX_VALUE_QUANTITY && s_is(doc, a.end - 1, "pounds")) {
            a.type = WX_VALUE_QUANTITY;
            a.unit = WX_STR("lb");
        }
        if (!s_same_kind(value, &a))
            break;
        s_add_equivalent(doc, value, &a);
        next = a.end;
        winnow_str_t mark = next < end ? wx_token_form(doc, next) : WX_STR("");
        if (wx_str_is(mark, ")") || wx_str_is(mark, "]"))
            return next + 1;
        if (wx_str_is(mark, ";") || wx_str_is(mark, ",") || wx_str_is(mark, "/") ||
            wx_str_is(mark, ":") || wx_str_is(mark, "or") || wx_str_is(mark, "and"))
            next++;
        next = s_skip_bound(doc, next, end);
    }
    /* Words stand behind, `($2 billion at today's rate)`: close by the bracket if it is near. */
    if (value->equivalent_count > before)
        for (uint32_t t = next; t < end && t < next + 6; t++)
            if (s_is(doc, t, ")") || s_is(doc, t, "]"))
                return t + 1;
    value->equivalent_count = before;
    return at;
}

/* `15 billion yuan, or about $2.23 billion,` and `€5m/$5.5m` */
static uint32_t s_apposed(wx_doc_t *doc, uint32_t at, uint32_t end, wx_value_t *value)
{
    uint32_t next = at;
    if (s_is(doc, next, ","))
        next++;
    if (!(s_is(doc, next, "or") || (next == at && s_is(doc, next, "/"))))
        return at;
    next = s_skip_bound(doc, next + 1, end);
    s_amount_t a;
    if (next >= end || !s_amount(doc, next, end, &a) || !s_same_kind(value, &a))
        return at;
    s_add_equivalent(doc, value, &a);
    return a.end;
}

/* `60 tonnes of green leaf a day`: the rate stands behind what is measured. */
static void s_rate_of(wx_doc_t *doc, uint32_t at, uint32_t end, wx_value_t *value)
{
    for (uint32_t t = at; t < end && t < at + 5; t++) {
        const wx_word_t *per = t > at ? wx_word_at(doc, t, end, WX_WORD_PER) : NULL;
        const wx_word_t *rate = per ? wx_word_at(doc, t + per->length, end, WX_WORD_RATE) : NULL;
        if (rate && wx_word_at(doc, t + per->length, end, WX_WORD_DURATION)) {
            value->unit = wx_str_join(doc->arena, value->unit,
                                      wx_str_join(doc->arena, WX_STR("/"), rate->text));
            value->flags |= WX_VALUE_RATE | WX_VALUE_PER;
            return;
        }
        if (!(doc->tokens.at[t].shape & (WX_SHAPE_LOWER | WX_SHAPE_UPPER)) ||
            doc->tokens.at[t].value != WX_NONE)
            return;
    }
}

/* `$60m a year earlier`: a date and no rate. */
static bool s_looks_back(const wx_doc_t *doc, uint32_t at, uint32_t end)
{
    static const char *const s_back[] = {"earlier", "ago", "before", "previously"};
    for (size_t i = 0; at < end && i < sizeof s_back / sizeof *s_back; i++)
        if (s_is(doc, at, s_back[i]))
            return true;
    return false;
}

/* `$60 a barrel`, `20 kg per person`: joins the units. Durations name no rate. */
static void s_rate(wx_doc_t *doc, uint32_t end, wx_value_t *value)
{
    uint32_t at = value->end;
    const wx_word_t *per = wx_word_at(doc, at, end, WX_WORD_PER);
    if (!per && at < end && wx_token_hyphen(doc, at))
        per = wx_word_at(doc, at + 1, end, WX_WORD_PER);
    if (!per && s_is(doc, at, "of") && value->type == WX_VALUE_QUANTITY)
        s_rate_of(doc, at + 1, end, value);
    if (!per || (value->flags & WX_VALUE_DURATION))
        return;
    uint32_t of = at + per->length + (wx_token_hyphen(doc, at) && !s_is(doc, at, "/"));
    if (of < end && wx_token_hyphen(doc, of))
        of++;
    const wx_word_t *rate = wx_word_at(doc, of, end, WX_WORD_RATE);
    if (!rate || s_looks_back(doc, of + rate->length, end))
        return;
    value->flags |= WX_VALUE_PER;
    if (value->type == WX_VALUE_PERCENT)
        return;
    value->unit =
        wx_str_join(doc->arena, value->unit, wx_str_join(doc->arena, WX_STR("/"), rate->text));
    value->flags |= WX_VALUE_RATE;
    value->end = value->outer_end = of + rate->length;
}

/* ---- Ranges -------------------------------------------------------------------------------- */

typedef enum { S_NO_JOINT, S_DASH, S_TO, S_AND, S_OR } s_joint_t;

/* What joins an amount with a second one, and how many tokens it takes. */
static s_joint_t s_joint(const wx_doc_t *doc, uint32_t sentence, const s_amount_t *a, uint32_t end,
                         uint32_t *ret_next)
{
    uint32_t at = a->end;
    if (at >= end)
        return S_NO_JOINT;
    *ret_next = at + 1;
    wx_char_t class = wx_char_at(doc->text, doc->tokens.at[at].start);
    if (class == WX_CHAR_HYPHEN || class == WX_CHAR_DASH) {
        /* `10-to-15` */
        if (s_is(doc, at + 1, "to") && wx_token_hyphen(doc, at + 2)) {
            *ret_next = at + 3;
            return S_TO;
        }
        bool tight = wx_token_hyphen(doc, at);
        return tight || (class == WX_CHAR_DASH &&
                         doc->tokens.at[at].end - doc->tokens.at[at].start > 2)
                   ? S_DASH
                   : S_NO_JOINT;
    }
    if (s_is(doc, at, "to"))
        return S_TO;
    if (s_is(doc, at, "or"))
        return S_OR;
    if (!s_is(doc, at, "and"))
        return S_NO_JOINT;
    for (uint32_t t = a->first; t > sentence && t + 4 > a->first; t--)
        if (s_is(doc, t - 1, "between"))
            return S_AND;
    return S_NO_JOINT;
}

/* Gives the first amount the scale and unit that stand only behind the second: `5 to 10 million
 * yuan`. False when the two do not go together. */
static bool s_share(s_amount_t *low, s_amount_t *high)
{
    if (low->type == WX_VALUE_NUMBER) {
        bool scales = low->n.scale.digits == 0 && high->n.scale.digits &&
                      wx_decimal_compare(low->n.number, high->n.mantissa) < 0;
        if (scales && !wx_decimal_multiply(low->n.number, high->n.scale, &low->n.number))
            return false;
        return s_set(low, high->type, high->unit, high->factor, low->end);
    }
    if (high->type == WX_VALUE_NUMBER && low->marked) {
        bool scales = low->n.scale.digits == 0 && high->n.scale.digits &&
                      wx_decimal_compare(low->n.number, high->n.mantissa) < 0;
        if (scales && (!wx_decimal_multiply(low->n.number, high->n.scale, &low->n.number) ||
                       !s_set(low, low->type, low->unit, low->factor, low->end)))
            return false;
        return s_set(high, low->type, low->unit, low->factor, high->end);
    }
    if (low->marked && high->marked && low->n.scale.digits == 0 && high->n.scale.digits &&
        wx_decimal_compare(low->n.number, high->n.mantissa) < 0) {
        /* `$5-$10 million` */
        if (!wx_decimal_multiply(low->n.number, high->n.scale, &low->n.number) ||
            !s_set(low, low->type, low->unit, low->factor, low->end))
            return false;
    }
    return low->type == high->type && wx_str_equal(low->unit, high->unit);
}

/* Does `from` stand before, of a way from one figure to another? `ranging from` is a range. */
static bool s_from(const wx_doc_t *doc, uint32_t sentence, uint32_t first)
{
    static const char *const s_ranging[] = {"range",  "ranges", "ranged",  "ranging",  "vary",
                                            "varies", "varied", "varying", "anywhere", "anything"};
    const wx_word_t *bound = s_bound_before(doc, sentence, first);
    first -= bound ? bound->length : 0;
    if (first <= sentence || !s_is(doc, first - 1, "from"))
        return false;
    for (size_t i = 0; i < sizeof s_ranging / sizeof *s_ranging; i++)
        if (first >= sentence + 2 && s_is(doc, first - 2, s_ranging[i]))
            return false;
    return true;
}

/* ---- Fractions and multiples --------------------------------------------------------------- */

/*
 * Fractions in words: `two thirds of`, `half the`, `a quarter of`, `one in five`. Percent. What is
 * `half` or `quarter` of a year is a date's or the scale's before.
 */
static uint32_t s_fraction(const wx_doc_t *doc, uint32_t at, uint32_t end, winnow_decimal_t *ret)
{
    wx_number_t over = {.end = at, .number = {1, 0}};
    bool article = s_is(doc, at, "a") || s_is(doc, at, "an");
    if (article)
        over.end = at + 1;
    else if (!wx_number_at(doc, at, end, &over) || over.digits || over.fuzzy)
        over = (wx_number_t){.end = at, .number = {1, 0}};
    uint32_t word = over.end < end && wx_token_hyphen(doc, over.end) ? over.end + 1 : over.end;
    const wx_word_t *under = wx_word_at(doc, word, end, WX_WORD_FRACTION);
    winnow_decimal_t percent = {1, 2};
    if (under) {
        bool half = wx_decimal_whole(under->number, 0) == 2;
        uint32_t behind = word + under->length;
        bool of = s_is(doc, behind, "of") || s_is(doc, behind, "the") || s_is(doc, behind, "its") ||
                  s_is(doc, behind, "their") || s_is(doc, behind, "our") ||
                  s_is(doc, behind, "all") || s_is(doc, behind, "his") || s_is(doc, behind, "her");
        bool more = s_is(doc, behind, "more") || s_is(doc, behind, "less") ||
                    s_is(doc, behind, "higher") || s_is(doc, behind, "lower") ||
                    s_is(doc, behind, "fewer");
        bool numbered = over.end > at && !article;
        bool plural = numbered && wx_decimal_compare(over.number, wx_decimal_from(1)) > 0;
        bool last = behind >= end || (doc->tokens.at[behind].shape & WX_SHAPE_PUNCT);
        bool half_alone = half && over.end == at && (of || last || s_is(doc, behind, "and"));
        bool third = (article || numbered) && !half && (of || more || plural);
        static const char *const s_ranks[] = {"first", "second", "latter",
                                              "last",  "final",  "opening"};
        for (size_t i = 0; i < sizeof s_ranks / sizeof *s_ranks; i++)
            half_alone &= !(at > 0 && s_is(doc, at - 1, s_ranks[i]));
        /* `a half`, `one half`; `by a third`, `by half` */
        bool by = at > 0 && (s_is(doc, at - 1, "by") || s_is(doc, at - 1, "than") ||
                             s_is(doc, at - 1, "over") || s_is(doc, at - 1, "nearly") ||
                             s_is(doc, at - 1, "about") || s_is(doc, at - 1, "almost"));
        if (!(half_alone || third || (numbered && of) || (by && (over.end > at || half)) ||
              (half && numbered)))
            return at;
        if (!wx_decimal_multiply(over.number, percent, &percent))
            return at;
        *ret = wx_decimal_divide(percent, wx_decimal_whole(under->number, 1));
        return behind;
    }
    /* `one in five`, `two in three` */
    wx_number_t of;
    if (over.end > at && !article && s_is(doc, over.end, "in") &&
        wx_number_at(doc, over.end + 1, end, &of) && !of.digits == !over.digits && !of.fuzzy &&
        wx_decimal_compare(over.number, of.number) < 0) {
        int64_t under_of = wx_decimal_whole(of.number, 0);
        const wx_token_t *behind = of.end < end ? &doc->tokens.at[of.end] : NULL;
        bool noun = behind && (behind->shape & (WX_SHAPE_LOWER | WX_SHAPE_UPPER)) &&
                    !wx_word_at(doc, of.end, end, WX_WORD_DURATION) &&
                    !wx_word_at(doc, of.end, end, WX_WORD_SCALE);
        if (under_of < 2 || under_of > 1000 || !noun ||
            !wx_decimal_multiply(over.number, percent, &percent))
            return at;
        *ret = wx_decimal_divide(percent, under_of);
        return of.end;
    }
    return at;
}

/* `doubled`, `twice as`, `eight times the`, `10-fold`: the token behind, or `at`. */
static uint32_t s_multiple(const wx_doc_t *doc, uint32_t at, uint32_t end, winnow_decimal_t *ret)
{
    const wx_word_t *word = wx_word_at(doc, at, end, WX_WORD_TIMES);
    if (word) {
        *ret = word->number;
        static const char *const s_adjectives[] = {"double",    "triple", "treble",
                                                   "quadruple", "twice",  "thrice"};
        static const char *const s_behind[] = {"the", "that", "its",  "their", "last",
                                               "as",  "what", "from", "to",    "in",
                                               "by",  "this", "his",  "over"};
        bool plain = true;
        for (size_t i = 0; i < sizeof s_adjectives / sizeof *s_adjectives; i++)
            plain &= !s_is(doc, at, s_adjectives[i]);
        for (size_t i = 0; i < sizeof s_behind / sizeof *s_behind && !plain; i++)
            plain |= s_is(doc, at + 1, s_behind[i]);
        plain |= at > 0 && (s_is(doc, at - 1, "to") || s_is(doc, at - 1, "than"));
        return plain ? at + word->length : at;
    }
    wx_number_t n;
    if (!wx_number_at(doc, at, end, &n))
        return at;
    uint32_t behind = n.end < end && wx_token_hyphen(doc, n.end) ? n.end + 1 : n.end;
    *ret = n.number;
    if (s_is(doc, behind, "fold"))
        return behind + 1;
    if (s_is(doc, behind, "x") && n.digits && wx_token_tight(doc, n.end - 1))
        return behind + 1;
    if (!s_is(doc, behind, "times") || behind != n.end)
        return at;
    static const char *const s_repeated[] = {
        "a",        "per",    "each",    "every", "in",   "since",  "before",
        "on",       "at",     "between", ".",     ",",    "during", "world",
        "champion", "winner", "and",     "with",  "over", "after",  "for"};
    for (size_t i = 0; i < sizeof s_repeated / sizeof *s_repeated; i++)
        if (s_is(doc, behind + 1, s_repeated[i]))
            return at;
    return behind + 1;
}

/* ---- The stage ----------------------------------------------------------------------------- */

/* `10th`, `first`, `twenty-first`: kept apart, so that nobody takes them for amounts. */
static uint32_t s_ordinal(const wx_doc_t *doc, uint32_t at, uint32_t end, winnow_decimal_t *ret)
{
    const wx_word_t *word = wx_word_at(doc, at, end, WX_WORD_ORDINAL);
    if (word) {
        *ret = word->number;
        return at + word->length;
    }
    winnow_str_t form = wx_token_form(doc, at);
    if (!(doc->tokens.at[at].shape & WX_SHAPE_DIGIT) || form.size < 3)
        return at;
    winnow_str_t tail = {form.data + form.size - 2, 2};
    winnow_str_t digits = {form.data, form.size - 2};
    bool ordinal = wx_str_is(tail, "th") || wx_str_is(tail, "st") || wx_str_is(tail, "nd") ||
                   wx_str_is(tail, "rd");
    return ordinal && wx_number_digits(digits, ret) ? at + 1 : at;
}

static wx_value_t *s_push(wx_doc_t *doc, const s_amount_t *a)
{
    wx_value_t *value = wx_value_push(doc, a->type, a->first, a->end);
    value->number = a->number;
    value->unit = a->unit;
    /* Below zero is a matter of thermometers; `-10.9%` is a fall, and its size the figure. */
    if (a->negative && wx_str_starts(a->unit, "°"))
        value->number.digits = -value->number.digits;
    value->bound = a->n.fuzzy ? WINNOW_BOUND_AT_LEAST : WINNOW_BOUND_EXACT;
    value->flags =
        (uint16_t)((a->n.fuzzy ? WX_VALUE_FUZZY : 0u) | (a->duration ? WX_VALUE_DURATION : 0u) |
                   (a->negative ? WX_VALUE_NEGATIVE : 0u));
    return value;
}

/* Numbers that are names or times: page 5, 10 am, a version. */
static bool s_no_amount(const wx_doc_t *doc, uint32_t sentence, uint32_t end, const s_amount_t *a)
{
    if (a->type != WX_VALUE_NUMBER)
        return false;
    static const char *const s_clock[] = {"am",  "pm",  "a.m.",    "p.m.",
                                          "a.m", "p.m", "o'clock", "gmt"};
    for (size_t i = 0; i < sizeof s_clock / sizeof *s_clock; i++)
        if (a->end < end && s_is(doc, a->end, s_clock[i]))
            return true;
    if (a->first > sentence && wx_word_at(doc, a->first - 1, a->first, WX_WORD_NOT_COUNT) &&
        !a->n.scale.digits)
        return true;
    /* A part of a word with a hyphen before it: COVID-19, Jilin-1. */
    return a->first > sentence && wx_token_hyphen(doc, a->first - 1) &&
           !(doc->tokens.at[a->first - 2].shape & WX_SHAPE_NUMBER);
}

/* `57-year-old`, `aged 57`, `57 years old` */
static void s_age(const wx_doc_t *doc, uint32_t sentence, wx_value_t *value)
{
    bool years = wx_str_is(value->unit, "year") || wx_str_is(value->unit, "month");
    bool old = s_is(doc, value->end, "old") ||
               (s_is(doc, value->end + 1, "old") && wx_token_hyphen(doc, value->end)) ||
               s_is(doc, value->end + 1, "olds");
    bool aged = value->first > sentence && s_is(doc, value->first - 1, "aged");
    if ((years && old) || aged || (value->first > sentence && s_is(doc, value->first - 1, "age")))
        value->flags |= WX_VALUE_AGE;
}

static uint32_t s_simple(wx_doc_t *doc, uint32_t sentence, uint32_t at, uint32_t end,
                         wx_value_type_t type, uint32_t behind, winnow_decimal_t number)
{
    wx_value_t *value = wx_value_push(doc, type, at, behind);
    value->number = number;
    value->bound = WINNOW_BOUND_EXACT;
    value->unit = type == WX_VALUE_PERCENT    ? WX_STR("%")
                  : type == WX_VALUE_MULTIPLE ? WX_STR("x")
                                              : WX_STR("");
    if (type == WX_VALUE_PERCENT)
        value->flags |= WX_VALUE_FRACTION;
    if (type != WX_VALUE_ORDINAL)
        s_bounds(doc, sentence, end, value);
    return behind;
}

/* Behind a fraction: `of a percentage point`; the token behind, or `at`. */
static uint32_t s_fraction_of_point(const wx_doc_t *doc, uint32_t at, uint32_t end)
{
    uint32_t word =
        at + (s_is(doc, at, "of") && (s_is(doc, at + 1, "a") || s_is(doc, at + 1, "one")) ? 2 : 0);
    const wx_word_t *points = wx_word_at(doc, word, end, WX_WORD_PERCENT);
    return points && wx_str_is(points->text, "pp") ? word + points->length : at;
}

static uint32_t s_points(wx_doc_t *doc, uint32_t sentence, uint32_t at, uint32_t end,
                         uint32_t behind, winnow_decimal_t number)
{
    s_simple(doc, sentence, at, end, WX_VALUE_PERCENT, behind, number);
    doc->values.at[doc->values.count - 1].unit = WX_STR("pp");
    return behind;
}

/* One value at this token, if there is one; the token to go on with. */
static uint32_t s_value(wx_doc_t *doc, uint32_t sentence, uint32_t at, uint32_t end)
{
    winnow_decimal_t number;
    uint32_t behind = s_multiple(doc, at, end, &number);
    if (behind > at)
        return s_simple(doc, sentence, at, end, WX_VALUE_MULTIPLE, behind, number);
    s_amount_t a, b = {.end = 0};
    bool amount = s_amount(doc, at, end, &a);
    if (!amount || a.type == WX_VALUE_NUMBER || (a.duration && wx_str_is(a.unit, "quarter"))) {
        behind = s_fraction(doc, at, end, &number);
        if (behind > at) {
            uint32_t points = s_fraction_of_point(doc, behind, end);
            winnow_decimal_t hundredth = {1, -2};
            if (points > behind && wx_decimal_multiply(number, hundredth, &number))
                return s_points(doc, sentence, at, end, points, number);
        }
        if (behind > at)
            return s_simple(doc, sentence, at, end, WX_VALUE_PERCENT, behind, number);
    }
    if (!amount) {
        behind = s_ordinal(doc, at, end, &number);
        return behind > at ? s_simple(doc, sentence, at, end, WX_VALUE_ORDINAL, behind, number)
                           : at + 1;
    }
    uint32_t next = at;
    s_joint_t joint = a.n.fuzzy ? S_NO_JOINT : s_joint(doc, sentence, &a, end, &next);
    bool range = false;
    if (joint != S_NO_JOINT && next < end && s_amount(doc, next, end, &b) && !b.n.fuzzy &&
        !b.negative) {
        s_amount_t low = a, high = b;
        bool together = s_share(&low, &high) && wx_decimal_compare(low.number, high.number) < 0;
        bool from = joint == S_TO && s_from(doc, sentence, a.first);
        bool small_or =
            joint != S_OR || (!a.n.digits && !b.n.digits) || low.type != WX_VALUE_NUMBER;
        if (joint == S_TO && from && s_share(&low, &high)) {
            low.end = a.end;
            a = low; /* a way from here to there: two values, the first with the unit */
        } else if (together && small_or) {
            range = true;
            a = low;
            a.end = high.end;
            b = high;
        }
    }
    if (joint == S_DASH && !range && a.type == WX_VALUE_NUMBER && b.end > next &&
        b.type == WX_VALUE_NUMBER)
        return b.end; /* a score: 3-1 */
    if (s_no_amount(doc, sentence, end, &a))
        return a.end;
    wx_value_t *value = s_push(doc, &a);
    if (range) {
        value->has_high = true;
        value->high = b.number;
        value->bound = WINNOW_BOUND_RANGE;
        uint32_t before = value->outer_first;
        if (before > sentence &&
            (s_is(doc, before - 1, "between") || s_is(doc, before - 1, "from")))
            value->outer_first--;
    }
    s_rate(doc, end, value);
    s_age(doc, sentence, value);
    for (uint32_t t = value->first; t < value->end; t++)
        doc->tokens.at[t].value = doc->values.count - 1;
    value->head = value->end - 1;
    behind = value->end;
    if (value->type == WX_VALUE_MONEY || value->type == WX_VALUE_QUANTITY) {
        behind = s_parenthesis(doc, value->outer_end, end, value);
        if (behind == value->outer_end)
            behind = s_apposed(doc, value->outer_end, end, value);
        value->outer_end = behind;
    }
    s_bounds(doc, sentence, end, value);
    return behind > value->outer_end ? behind : value->outer_end;
}

/* Can a value begin here at all? Most tokens cannot, and cost no more than this. */
static bool s_may_begin(const wx_doc_t *doc, uint32_t token)
{
    const wx_token_t *t = &doc->tokens.at[token];
    if (t->value != WX_NONE)
        return false;
    if (t->shape & WX_SHAPE_DIGIT)
        return true;
    wx_char_t class = wx_char_at(doc->text, t->start);
    bool sign = class == WX_CHAR_HYPHEN || class == WX_CHAR_DASH || doc->text.data[t->start] == '+';
    return sign || wx_word_begins(doc, token, WX_BEGINS_NUMBER);
}

void wx_quantity(wx_doc_t *doc)
{
    doc->currencies = wx_new(doc->arena, wx_currencies_t, 1);
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        const wx_sentence_t *sentence = &doc->sentences.at[s];
        for (uint32_t at = sentence->first; at < sentence->end;) {
            doc->steps++;
            at = s_may_begin(doc, at) ? s_value(doc, sentence->first, at, sentence->end) : at + 1;
        }
    }
    wx_values_sort(doc);
}
