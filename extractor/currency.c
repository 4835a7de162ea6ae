/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The article's words are counted once for each family that it uses, over a part of the text with a
 * limit: the place is named early.
 */
#include "currency.h"

#include "chars.h"

enum { S_LOOK = 20000, S_CODES = 8 };

/* The codes of a family, `NOK SEK DKK`, apart. */
static uint32_t s_codes(winnow_str_t list, winnow_str_t *codes)
{
    uint32_t count = 0;
    for (size_t at = 0; at + 3 <= list.size && count < S_CODES; at += 4)
        codes[count++] = (winnow_str_t){list.data + at, 3};
    return count;
}

/* Adds one to the code that is used where the word belongs. */
static void s_word(const wx_doc_t *doc, winnow_str_t word, const winnow_str_t *codes,
                   uint32_t count, uint32_t *counts)
{
    const wx_word_t *of = wx_word_find(doc->model, word, WX_WORD_CURRENCY_OF);
    for (uint32_t i = 0; of && i < count; i++)
        counts[i] += wx_str_equal(of->text, codes[i]);
}

/* Is the country of the best code what the article is about? American dollars are spoken of
 * everywhere: another country must be named twice, and much more often than America. */
static bool s_clear(const winnow_str_t *codes, const uint32_t *counts, uint32_t best)
{
    if (!wx_str_is(codes[0], "USD"))
        return counts[best] > 0;
    return best == 0 || (counts[best] >= 2 && counts[best] > 3 * counts[0]);
}

/* The code of the family whose country the article names most often; empty: none. */
static winnow_str_t s_count(const wx_doc_t *doc, winnow_str_t family)
{
    winnow_str_t codes[S_CODES], text = doc->text;
    uint32_t counts[S_CODES] = {0}, count = s_codes(family, codes), best = 0;
    text.size = text.size < S_LOOK ? text.size : S_LOOK;
    for (size_t at = 0; at < text.size;) {
        size_t start = at;
        while (at < text.size && wx_char_letter(wx_char_at(text, at)))
            at = wx_char_end(text, at);
        bool us = at == start + 1 && text.data[start] == 'U' && at + 1 < text.size &&
                  text.data[at] == '.' && text.data[at + 1] == 'S';
        if (us)
            s_word(doc, WX_STR("us"), codes, count, counts);
        else if (at > start && wx_char_at(text, start) == WX_CHAR_UPPER)
            s_word(doc, (winnow_str_t){text.data + start, at - start}, codes, count, counts);
        if (at == start)
            at = wx_char_end(text, at);
    }
    for (uint32_t i = 1; i < count; i++)
        if (counts[i] > counts[best])
            best = i;
    return s_clear(codes, counts, best) ? codes[best] : WX_STR("");
}

winnow_str_t wx_currency_here(const wx_doc_t *doc, uint32_t token, const wx_word_t *entry)
{
    const wx_word_t *family =
        wx_word_at(doc, token, token + entry->length, WX_WORD_CURRENCY_FAMILY);
    if (!family || family->length != entry->length)
        return entry->text;
    wx_currencies_t *seen = doc->currencies;
    uint32_t i = 0;
    while (i < WX_CURRENCY_FAMILIES && seen->at[i].family &&
           seen->at[i].family != family->text.data)
        i++;
    if (i == WX_CURRENCY_FAMILIES)
        return entry->text;
    if (!seen->at[i].family) {
        seen->at[i].family = family->text.data;
        seen->at[i].code = s_count(doc, family->text);
    }
    return seen->at[i].code.size ? seen->at[i].code : entry->text;
}
