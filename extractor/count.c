/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What bare numbers count: the noun phrase behind them.
 *
 *     127 foreign-funded companies in the zone      thousands of new jobs       a 40-seat bus
 *         ^^^^^^^^^^^^^^^^^^^^^^^^                              ^^^^^^^^             ^^^^
 *
 * The phrase goes on over adjectives and nouns and ends with its last noun, which must be a plural
 * (or one of the nouns that have none). Parts of speech tell what is what; where a text was not
 * tagged, a list of words that end noun phrases and the look of plurals do. A number behind which
 * nothing is counted stays a bare number, or takes the unit of the one that it goes with: `7 and 8
 * percent`, `made 2.2 million cars and sold 2.1 million`.
 */
#include "stages.h"

#include "decimal.h"
#include "number.h"
#include "value.h"
#include "words.h"

enum { S_PHRASE = 9 }; /* tokens of a phrase at most */

static bool s_is(const wx_doc_t *doc, uint32_t token, const char *word)
{
    return wx_token_is(doc, token, word);
}

static uint8_t s_upos(const wx_doc_t *doc, uint32_t token)
{
    return doc->tokens.at[token].upos;
}

static bool s_noun(const wx_doc_t *doc, uint32_t token)
{
    uint8_t upos = s_upos(doc, token);
    return upos == WX_UPOS_NOUN || upos == WX_UPOS_PROPN;
}

/* Does the word look like a plural? Irregular ones and those without a singular are listed. */
static bool s_plural(const wx_doc_t *doc, uint32_t token)
{
    if (wx_word_at(doc, token, token + 1, WX_WORD_PLURAL))
        return true;
    winnow_str_t lower = wx_token_lower(doc, token);
    if (lower.size < 3 || !wx_str_ends(lower, "s"))
        return false;
    return !wx_str_ends(lower, "ss") && !wx_str_ends(lower, "us") && !wx_str_ends(lower, "is") &&
           !wx_str_ends(lower, "'s");
}

/* One of them: by the list, else by the ending. */
static winnow_str_t s_singular(wx_doc_t *doc, uint32_t token)
{
    static const char *const s_es[] = {"sses", "shes", "ches", "xes", "zzes"};
    const wx_word_t *listed = wx_word_at(doc, token, token + 1, WX_WORD_PLURAL);
    winnow_str_t form = wx_token_form(doc, token);
    bool capital = doc->tokens.at[token].capital;
    if (listed)
        return listed->text;
    if (capital)
        form = wx_str_lower(doc->arena, form);
    if (!s_plural(doc, token))
        return form;
    if (wx_str_ends(form, "ies") && form.size > 4)
        return wx_str_join(doc->arena, (winnow_str_t){form.data, form.size - 3}, WX_STR("y"));
    for (size_t i = 0; i < sizeof s_es / sizeof *s_es; i++)
        if (wx_str_ends(form, s_es[i]))
            return (winnow_str_t){form.data, form.size - 2};
    return (winnow_str_t){form.data, form.size - 1};
}

/* Puts the words of the phrase before its head and the head's singular together; blanks and line
 * ends between words become one blank. */
static winnow_str_t s_unit(wx_doc_t *doc, uint32_t first, uint32_t head)
{
    winnow_str_t unit = WX_STR("");
    for (uint32_t t = first; t < head; t++) {
        winnow_str_t form = wx_token_form(doc, t);
        if (doc->tokens.at[t].capital)
            form = wx_str_lower(doc->arena, form);
        unit = wx_str_join(doc->arena, unit, form);
        if (!wx_token_tight(doc, t))
            unit = wx_str_join(doc->arena, unit, WX_STR(" "));
    }
    return wx_str_join(doc->arena, unit, s_singular(doc, head));
}

/* Words between the number and its noun that are not part of what is counted. */
static uint32_t s_skip(const wx_doc_t *doc, uint32_t at, uint32_t end)
{
    static const char *const s_words[] = {
        "more", "other", "additional", "further",   "extra", "another",   "such", "or",
        "so",   "odd",   "separate",   "different", "total", "new-build", NULL};
    for (int i = 0; i < 2 && at < end; i++) {
        const char *const *word = s_words;
        while (*word && !s_is(doc, at, *word))
            word++;
        if (!*word || s_is(doc, at, "or"))
            break;
        at++;
    }
    return at;
}

/* Does the token belong to a phrase of which nouns have been seen, or not yet? */
static bool s_goes_on(const wx_doc_t *doc, uint32_t t, uint32_t end, bool noun_seen)
{
    if (doc->tokens.at[t].value != WX_NONE &&
        doc->values.at[doc->tokens.at[t].value].type != WX_VALUE_ORDINAL)
        return false;
    if (wx_token_hyphen(doc, t))
        return true;
    /* A320, X5: names of models, whatever the tagger says */
    unsigned model = WX_SHAPE_DIGIT | WX_SHAPE_UPPER;
    if (!noun_seen && (doc->tokens.at[t].shape & model) == model)
        return true;
    switch (s_upos(doc, t)) {
    case WX_UPOS_NOUN:
    case WX_UPOS_PROPN:
        return true;
    case WX_UPOS_PART:
        /* girls' schools, women's clubs */
        return noun_seen && t + 1 < end && s_noun(doc, t + 1) && s_plural(doc, t + 1) &&
               (doc->tokens.at[t].shape & WX_SHAPE_JOINED);
    case WX_UPOS_ADJ:
        return !noun_seen || (t + 1 < end && s_noun(doc, t + 1) && !s_plural(doc, t - 1));
    case WX_UPOS_VERB:
        /* registered nurses, flying doctors */
        return t + 1 < end && !noun_seen &&
               (s_noun(doc, t + 1) || s_upos(doc, t + 1) == WX_UPOS_ADJ) &&
               (wx_str_ends(wx_token_lower(doc, t), "ed") ||
                wx_str_ends(wx_token_lower(doc, t), "ing") ||
                wx_str_ends(wx_token_lower(doc, t), "n"));
    case WX_UPOS_ADV:
        return t + 1 < end && !noun_seen &&
               (s_upos(doc, t + 1) == WX_UPOS_ADJ || s_upos(doc, t + 1) == WX_UPOS_VERB ||
                wx_token_hyphen(doc, t + 1));
    case WX_UPOS_CCONJ:
        return t + 1 < end && !noun_seen && s_upos(doc, t + 1) == WX_UPOS_ADJ &&
               s_upos(doc, t - 1) == WX_UPOS_ADJ;
    default:
        return false;
    }
}

/* The last noun of the phrase that begins at a tagged token; WX_NONE: none. */
static uint32_t s_head_tagged(const wx_doc_t *doc, uint32_t at, uint32_t end, bool plural)
{
    uint32_t head = WX_NONE;
    bool noun_seen = false;
    for (uint32_t t = at; t < end && t < at + S_PHRASE && s_goes_on(doc, t, end, noun_seen); t++) {
        if (!s_noun(doc, t))
            continue;
        /* Behind a plural only another one goes on: sports clubs, but not `jobs Monday`. */
        if (plural && head != WX_NONE && s_plural(doc, head) && !s_plural(doc, t))
            break;
        bool before_hyphen = t + 1 < end && wx_token_hyphen(doc, t + 1);
        noun_seen |= !before_hyphen;
        if (!before_hyphen && (!plural || s_plural(doc, t)))
            head = t;
    }
    return head;
}

/* Without tags: the first plural before a word that ends the phrase. */
static uint32_t s_head_untagged(const wx_doc_t *doc, uint32_t at, uint32_t end, bool plural)
{
    uint32_t head = WX_NONE;
    for (uint32_t t = at; t < end && t < at + S_PHRASE; t++) {
        const wx_token_t *token = &doc->tokens.at[t];
        if (wx_token_hyphen(doc, t))
            continue;
        if ((token->shape & WX_SHAPE_PUNCT) || token->value != WX_NONE ||
            wx_word_at(doc, t, end, WX_WORD_NOUN_STOP))
            break;
        if (plural && head != WX_NONE && !s_plural(doc, t))
            break;
        if (!plural || s_plural(doc, t))
            head = t;
        if (!plural)
            break;
    }
    return head;
}

static uint32_t s_head(const wx_doc_t *doc, uint32_t at, uint32_t end, bool plural)
{
    if (at >= end)
        return WX_NONE;
    return s_upos(doc, at) != WX_UPOS_NONE ? s_head_tagged(doc, at, end, plural)
                                           : s_head_untagged(doc, at, end, plural);
}

/* `a day`, `per year`, `every month` right behind the noun. */
static void s_rate(wx_doc_t *doc, uint32_t end, wx_value_t *value)
{
    const wx_word_t *per = wx_word_at(doc, value->noun_end, end, WX_WORD_PER);
    const wx_word_t *rate =
        per ? wx_word_at(doc, value->noun_end + per->length, end, WX_WORD_RATE) : NULL;
    if (!rate || !wx_word_at(doc, value->noun_end + per->length, end, WX_WORD_DURATION))
        return;
    value->unit =
        wx_str_join(doc->arena, value->unit, wx_str_join(doc->arena, WX_STR("/"), rate->text));
    value->flags |= WX_VALUE_RATE | WX_VALUE_PER;
}

static void s_set(wx_doc_t *doc, wx_value_t *value, uint32_t end, uint32_t first, uint32_t head)
{
    value->type = WX_VALUE_QUANTITY;
    value->noun_first = first;
    value->noun_end = head + 1;
    value->head = head;
    value->unit = s_unit(doc, first, head);
    s_rate(doc, end, value);
}

/* A number with a hyphen behind: `40-seat`, but not `two-way`. False: it is no number of its own.
 */
static bool s_hyphened(wx_doc_t *doc, wx_value_t *value, uint32_t end)
{
    uint32_t word = value->end + 1;
    bool digits = doc->tokens.at[value->first].shape & WX_SHAPE_DIGIT;
    bool large = wx_decimal_compare(value->number, (winnow_decimal_t){1, 1}) > 0;
    bool small = word < end && (doc->tokens.at[word].shape & WX_SHAPE_LOWER);
    if (!small || !(digits || large))
        return false;
    /* 18-hole course, 40-seat bus: the word behind the hyphen alone */
    uint8_t upos = s_upos(doc, word);
    if (upos != WX_UPOS_NONE && !s_noun(doc, word) && upos != WX_UPOS_ADJ)
        return digits;
    s_set(doc, value, end, word, word);
    return true;
}

static bool s_one(const wx_doc_t *doc, const wx_value_t *value)
{
    return value->end == value->first + 1 &&
           (s_is(doc, value->first, "one") || s_is(doc, value->first, "zero"));
}

/* One value; false when it is none after all. */
static bool s_value(wx_doc_t *doc, wx_value_t *value, uint32_t end)
{
    uint32_t at = value->outer_end > value->end ? value->outer_end : value->end;
    if (at == value->end && at < end && wx_token_hyphen(doc, at) && !value->has_high)
        return s_hyphened(doc, value, end);
    bool single = s_one(doc, value);
    if (value->flags & WX_VALUE_FUZZY && s_is(doc, at, "of")) {
        static const char *const s_articles[] = {"the",   "its",   "their", "our",
                                                 "these", "those", "his",   "her"};
        at++;
        for (size_t i = 0; i < sizeof s_articles / sizeof *s_articles; i++)
            if (s_is(doc, at, s_articles[i])) {
                at++;
                break;
            }
    }
    at = s_skip(doc, at, end);
    bool singular = !value->has_high &&
                    wx_decimal_compare(value->number, wx_decimal_from(1)) <= 0 &&
                    value->number.exponent >= 0;
    uint32_t head = s_head(doc, at, end, !singular);
    if (head != WX_NONE)
        s_set(doc, value, end, at, head);
    return head != WX_NONE || !single;
}

/* ---- Units taken from the neighbour -------------------------------------------------------- */

/* Does the value name anything that a later bare number may share? */
static bool s_lends(const wx_value_t *value)
{
    return value->type == WX_VALUE_MONEY || (value->type == WX_VALUE_QUANTITY &&
                                             !(value->flags & (WX_VALUE_DURATION | WX_VALUE_AGE)));
}

/* `7 and 8 percent`, `12.3, 9.9 and 7 pp`, `from 500 to 900 workers`: the unit of the next value.
 */
static void s_from_next(const wx_doc_t *doc, wx_value_t *value, const wx_value_t *next)
{
    if (s_is(doc, value->end, "to") && next->first == value->end + 1 && value->first > 0 &&
        s_is(doc, value->outer_first - 1, "from") && s_lends(next)) {
        value->type = next->type;
        value->unit = next->unit;
        return;
    }
    uint32_t gap = value->end;
    bool joined = s_is(doc, gap, "and") || s_is(doc, gap, "or") || s_is(doc, gap, ",");
    gap += joined && s_is(doc, gap, ",") && s_is(doc, gap + 1, "and") ? 2 : 1;
    if (!joined || next->first != gap || next->type != WX_VALUE_PERCENT)
        return;
    value->type = next->type;
    winnow_decimal_t number;
    /* basis points come as hundredths of pp */
    bool basis = s_is(doc, next->end - 2, "basis") || s_is(doc, next->end - 1, "bps");
    if (basis && wx_decimal_multiply(value->number, (winnow_decimal_t){1, -2}, &number))
        value->number = number;
    value->unit = next->unit;
}

/* `500 of the 666 parts`, `three of the ships`: what they are part of is what they count. */
static void s_from_whole(wx_doc_t *doc, wx_value_t *value, const wx_value_t *next, uint32_t end)
{
    uint32_t at = value->outer_end;
    if (!s_is(doc, at, "of"))
        return;
    at++;
    at += s_is(doc, at, "the") || s_is(doc, at, "its") || s_is(doc, at, "their") ||
          s_is(doc, at, "these");
    if (next && next->first == at && next->noun_end > next->noun_first) {
        value->type = WX_VALUE_QUANTITY;
        value->unit = next->unit;
        return;
    }
    uint32_t head = at > value->outer_end + 1 ? s_head(doc, at, end, true) : WX_NONE;
    if (head == WX_NONE)
        return;
    value->type = WX_VALUE_QUANTITY;
    value->unit = s_unit(doc, at, head);
}

/* `made 2.2 million cars and sold 2.1 million`: large bare numbers of about the same size. */
static void s_from_before(const wx_doc_t *doc, wx_value_t *value, const wx_value_t *before,
                          uint32_t end)
{
    winnow_decimal_t thousand = {1, 3}, low, high;
    bool large = wx_decimal_compare(value->number, thousand) >= 0;
    bool noun = value->end < end && s_upos(doc, value->end) == WX_UPOS_NOUN;
    if (!large || noun || !wx_decimal_multiply(before->number, (winnow_decimal_t){1, -2}, &low) ||
        !wx_decimal_multiply(before->number, (winnow_decimal_t){1, 2}, &high) ||
        wx_decimal_compare(value->number, low) < 0 || wx_decimal_compare(value->number, high) > 0)
        return;
    value->type = before->type;
    value->unit = before->unit;
}

void wx_count(wx_doc_t *doc)
{
    for (uint32_t i = 0; i < doc->values.count; i++) {
        wx_value_t *value = &doc->values.at[i];
        uint32_t end = doc->sentences.at[doc->tokens.at[value->first].sentence].end;
        if (value->type == WX_VALUE_NUMBER && !(value->flags & WX_VALUE_AGE) &&
            !s_value(doc, value, end))
            value->flags |= WX_VALUE_DROPPED;
    }
    const wx_value_t *lender = NULL;
    for (uint32_t i = 0; i < doc->values.count; i++) {
        wx_value_t *value = &doc->values.at[i];
        uint32_t sentence = doc->tokens.at[value->first].sentence;
        const wx_value_t *next = i + 1 < doc->values.count ? value + 1 : NULL;
        if (value->type == WX_VALUE_NUMBER && !(value->flags & (WX_VALUE_DROPPED | WX_VALUE_AGE))) {
            if (next)
                s_from_next(doc, value, next);
            if (value->type == WX_VALUE_NUMBER)
                s_from_whole(doc, value, next, doc->sentences.at[sentence].end);
            if (value->type == WX_VALUE_NUMBER && lender &&
                doc->tokens.at[lender->first].sentence == sentence)
                s_from_before(doc, value, lender, doc->sentences.at[sentence].end);
        }
        if (s_lends(value) && !(value->flags & WX_VALUE_DROPPED))
            lender = value;
    }
    wx_values_sort(doc);
}
