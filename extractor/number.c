/* SPDX-License-Identifier: Apache-2.0 */
#include "number.h"

#include "chars.h"
#include "decimal.h"
#include "words.h"

/* Copies the digits and the point of a form; `decimal` is the index of the separator that is the
 * point, or size. False when it has more digits than a number takes. */
static bool s_take(winnow_str_t form, size_t decimal, winnow_decimal_t *ret_number)
{
    char plain[40];
    size_t size = 0;
    for (size_t i = 0; i < form.size; i++) {
        char c = form.data[i];
        if (c >= '0' && c <= '9')
            plain[size++] = c;
        else if (i == decimal)
            plain[size++] = '.';
        if (size >= sizeof plain)
            return false;
    }
    return wx_decimal_parse((winnow_str_t){plain, size}, ret_number);
}

/*
 * Which separator is the point? One alone that is a comma is, with one or two digits behind (3,5);
 * a stop alone always is. Of several alike none is (1.234.567); of both kinds the last one is.
 */
bool wx_number_digits(winnow_str_t form, winnow_decimal_t *ret_number)
{
    size_t commas = 0, stops = 0, last = form.size, groups_of_three = 0;
    if (form.size == 0 || form.size > 32)
        return false;
    for (size_t i = 0; i < form.size; i++) {
        char c = form.data[i];
        if (c >= '0' && c <= '9')
            continue;
        if (c != ',' && c != '.')
            return false;
        commas += c == ',';
        stops += c == '.';
        last = i;
    }
    size_t behind = form.size - last - (last < form.size);
    if (last == form.size)
        return s_take(form, form.size, ret_number);
    if (behind == 0 || last == 0)
        return false;
    groups_of_three = behind == 3;
    if (commas && stops) {
        /* 1,234.5 or 1.234,5; 1.234,567,8 is nothing. */
        bool point_once = form.data[last] == '.' ? stops == 1 : commas == 1;
        return point_once && s_take(form, last, ret_number);
    }
    if (stops == 1)
        return s_take(form, last, ret_number);
    if (stops > 1)
        return groups_of_three && s_take(form, form.size, ret_number);
    if (commas == 1 && behind <= 2)
        return s_take(form, last, ret_number);
    return groups_of_three && s_take(form, form.size, ret_number);
}

bool wx_token_hyphen(const wx_doc_t *doc, uint32_t token)
{
    if (token == 0 || token + 1 >= doc->tokens.count)
        return false;
    const wx_token_t *t = &doc->tokens.at[token];
    wx_char_t class = wx_char_at(doc->text, t->start);
    return (class == WX_CHAR_HYPHEN || class == WX_CHAR_DASH) && t[-1].end == t->start &&
           t->end == t[1].start;
}

static bool s_number_shape(const wx_doc_t *doc, uint32_t token)
{
    return doc->tokens.at[token].shape & WX_SHAPE_NUMBER;
}

/*
 * Digits, and groups of three behind blanks: `1 200 000`.
 */
static uint32_t s_digit_groups(const wx_doc_t *doc, uint32_t token, uint32_t end,
                               winnow_decimal_t *number)
{
    if (!wx_number_digits(wx_token_form(doc, token), number))
        return token;
    uint32_t at = token + 1;
    winnow_str_t first = wx_token_form(doc, token);
    if (first.size > 3 || number->exponent < 0 || first.data[0] == '0')
        return at;
    while (at < end && s_number_shape(doc, at)) {
        winnow_str_t group = wx_token_form(doc, at);
        winnow_decimal_t part, thousand = {1, 3}, sum;
        uint32_t gap = doc->tokens.at[at].start - doc->tokens.at[at - 1].end;
        if (group.size != 3 || gap == 0 || gap > 3 || !wx_number_digits(group, &part) ||
            part.exponent < 0 || !wx_decimal_multiply(*number, thousand, &sum) ||
            !wx_decimal_add(sum, part, &sum))
            break;
        *number = sum;
        at++;
    }
    return at;
}

/* Scale words from `at` on, also behind hyphens: `billion`, `lakh crore`, `-million`. Multiplies
 * them into *number. */
static uint32_t s_scales(const wx_doc_t *doc, uint32_t at, uint32_t end, wx_number_t *n)
{
    for (int i = 0; i < 2; i++) {
        uint32_t word = at < end && wx_token_hyphen(doc, at) ? at + 1 : at;
        const wx_word_t *scale = wx_word_at(doc, word, end, WX_WORD_SCALE);
        winnow_decimal_t product, scales = n->scale.digits ? n->scale : wx_decimal_from(1);
        if (!scale || !wx_decimal_multiply(n->number, scale->number, &product) ||
            !wx_decimal_multiply(scales, scale->number, &scales))
            break;
        n->number = product;
        n->scale = scales;
        at = word + scale->length;
    }
    return at;
}

/* `two and a half`: adds the half. */
static uint32_t s_and_a_half(const wx_doc_t *doc, uint32_t at, uint32_t end, wx_number_t *n)
{
    winnow_decimal_t half = {5, -1};
    if (at + 3 <= end && wx_token_is(doc, at, "and") && wx_token_is(doc, at + 1, "a") &&
        wx_token_is(doc, at + 2, "half") && wx_decimal_add(n->number, half, &n->number)) {
        n->mantissa = n->number;
        return at + 3;
    }
    return at;
}

/* Behind digits a fraction that is written with a slash: `2 1/2`, `2-1/2`. */
static uint32_t s_slash_fraction(const wx_doc_t *doc, uint32_t token, uint32_t end, wx_number_t *n)
{
    uint32_t at = token;
    if (at + 1 < end && at > n->first && wx_token_hyphen(doc, at) && !wx_token_tight(doc, at + 1))
        at++;
    if (at >= end)
        return token;
    winnow_str_t form = wx_token_form(doc, at);
    if (form.size != 3 || form.data[1] != '/' || form.data[0] < '1' || form.data[0] > '7')
        return token;
    int64_t over = form.data[0] - '0', under = form.data[2] - '0';
    if (under != 2 && under != 4 && under != 5 && under != 8)
        return token;
    winnow_decimal_t part = wx_decimal_from(1000 * over / under);
    part.exponent -= 3;
    if (over >= under || !wx_decimal_add(n->number, part, &n->number))
        return token;
    n->mantissa = n->number;
    return at + 1;
}

/*
 * Number words: total of the parts below each scale, `current` what stands before the next one.
 *
 *     three hundred and forty-five thousand two hundred
 */
static uint32_t s_words(const wx_doc_t *doc, uint32_t token, uint32_t end, wx_number_t *n)
{
    int64_t total = 0, current = 0, last_scale = INT64_MAX;
    uint32_t at = token, behind = token; /* behind: of the last word that counted */
    bool tens = false, any = false, joined = false;
    while (at < end) {
        const wx_word_t *word = wx_word_at(doc, at, end, WX_WORD_CARDINAL);
        if (word) {
            int64_t value = wx_decimal_whole(word->number, 0);
            bool fits = current % 100 == 0 || (tens && value > 0 && value < 10);
            if (!fits || (any && value == 0))
                break;
            if (any && current == 0 && total == 0)
                break;
            current += value;
            tens = value >= 20;
            any = true;
            at += word->length;
            behind = at;
            joined = false;
            if (tens && at < end && wx_token_hyphen(doc, at) &&
                wx_word_at(doc, at + 1, end, WX_WORD_CARDINAL))
                at++;
            else if (at < end && wx_token_hyphen(doc, at) &&
                     wx_word_at(doc, at + 1, end, WX_WORD_SCALE))
                at++;
            continue;
        }
        word = any ? wx_word_at(doc, at, end, WX_WORD_SCALE) : NULL;
        if (word && !joined) {
            int64_t scale = wx_decimal_whole(word->number, 0);
            if (scale <= 0 || current == 0)
                break;
            if (scale == 100) {
                if (current == 0 || current > 99)
                    break;
                current *= 100;
            } else {
                int64_t product;
                if (scale >= last_scale || __builtin_mul_overflow(current, scale, &product) ||
                    __builtin_add_overflow(total, product, &total))
                    break;
                if (total == product)
                    n->mantissa = wx_decimal_from(current);
                n->scale = word->number;
                last_scale = scale;
                current = 0;
            }
            tens = false;
            at += word->length;
            behind = at;
            if (at < end && wx_token_hyphen(doc, at) && wx_word_at(doc, at + 1, end, WX_WORD_SCALE))
                at++;
            continue;
        }
        /* `and` inside: two hundred and five. */
        bool may_join = any && !joined && (current >= 100 || (current == 0 && total > 0)) &&
                        wx_token_is(doc, at, "and") &&
                        wx_word_at(doc, at + 1, end, WX_WORD_CARDINAL) && total % 1000000 == 0;
        if (!may_join && !(any && total && wx_token_is(doc, at, "and") &&
                           wx_word_at(doc, at + 1, end, WX_WORD_CARDINAL) && current == 0))
            break;
        joined = true;
        at++;
    }
    if (!any || __builtin_add_overflow(total, current, &total))
        return token;
    n->number = wx_decimal_from(total);
    if (n->mantissa.digits == 0)
        n->mantissa = n->number;
    n->single = behind == token + 1 && total <= 1;
    return behind;
}

/* `a hundred`, `a dozen`, `several hundred`, `a few thousand`, `half a million`, `a couple of
 * hundred`: a scale that has no number before it. */
static uint32_t s_bare_scale(const wx_doc_t *doc, uint32_t token, uint32_t end, wx_number_t *n)
{
    static const struct {
        const char *words[3];
        int tenths; /* what the scale is multiplied with */
        bool fuzzy;
    } s_before[] = {
        {{"half", "a", NULL}, 5, false},    {{"a", "few", NULL}, 10, true},
        {{"a", "couple", "of"}, 20, false}, {{"several", NULL, NULL}, 10, true},
        {{"many", NULL, NULL}, 10, true},   {{"a", "half", NULL}, 5, false},
        {{"few", NULL, NULL}, 10, true},    {{"a", NULL, NULL}, 10, false},
        {{"the", "few", NULL}, 10, true},   {{"half", "-", "a"}, 5, false},
    };
    for (size_t i = 0; i < sizeof s_before / sizeof *s_before; i++) {
        uint32_t length = 0;
        while (length < 3 && s_before[i].words[length] &&
               wx_token_is(doc, token + length, s_before[i].words[length]))
            length++;
        if ((length < 3 && s_before[i].words[length]) || token + length >= end)
            continue;
        uint32_t at = token + length;
        if (wx_token_hyphen(doc, at))
            at++;
        const wx_word_t *scale = wx_word_at(doc, at, end, WX_WORD_SCALE);
        if (!scale)
            continue;
        n->number = n->mantissa = wx_decimal_from(s_before[i].tenths);
        n->number.exponent -= 1;
        n->mantissa.exponent -= 1;
        uint32_t behind = s_scales(doc, at, end, n);
        n->fuzzy = s_before[i].fuzzy;
        n->article = !n->fuzzy;
        return behind;
    }
    return token;
}

bool wx_number_at(const wx_doc_t *doc, uint32_t token, uint32_t end, wx_number_t *ret_number)
{
    wx_number_t n = {.first = token};
    uint32_t at = token;
    if (token >= end)
        return false;
    at = s_slash_fraction(doc, token, end, &n);
    if (at > token) { /* `1/2 percent`; without it, a day or a vote */
        n.digits = true;
        if (!wx_word_at(doc, at, end, WX_WORD_PERCENT))
            return false;
    } else if (s_number_shape(doc, token)) {
        at = s_digit_groups(doc, token, end, &n.number);
        if (at == token)
            return false;
        n.digits = true;
        n.mantissa = n.number;
        at = s_slash_fraction(doc, at, end, &n);
        at = s_and_a_half(doc, at, end, &n);
        at = s_scales(doc, at, end, &n);
    } else {
        const wx_word_t *fuzzy = wx_word_at(doc, token, end, WX_WORD_FUZZY);
        if (fuzzy) {
            n.number = n.mantissa = fuzzy->number;
            n.fuzzy = true;
            at = token + fuzzy->length;
        } else {
            at = s_words(doc, token, end, &n);
            if (at > token) {
                uint32_t half = s_and_a_half(doc, at, end, &n);
                n.single &= half == at;
                at = half > at ? s_scales(doc, half, end, &n) : at;
            } else {
                at = s_bare_scale(doc, token, end, &n);
            }
        }
    }
    if (at == token)
        return false;
    n.end = at;
    *ret_number = n;
    return true;
}
