/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which crowns, pesos, rupees, dollars? Of a currency that several countries have, the one of the
 * country that the article speaks of.
 */
#ifndef WX_CURRENCY_H
#define WX_CURRENCY_H

#include "words.h"

enum { WX_CURRENCY_FAMILIES = 16 };

/* What was found for an article so far, a family a place. In the article's arena. */
typedef struct wx_currencies {
    struct {
        const char *family; /* text of the family's entry; NULL: free */
        winnow_str_t code;  /* empty: the article names no country of it */
    } at[WX_CURRENCY_FAMILIES];
} wx_currencies_t;

/* The ISO 4217 code for the currency `entry`, which stands at this token. What several countries
 * call so is the one whose country, people or cities the article names most often; where it names
 * none, the lexicon's. doc->currencies must be set. */
winnow_str_t wx_currency_here(const wx_doc_t *doc, uint32_t token, const wx_word_t *entry);

#endif
