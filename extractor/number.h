/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers as they are written: digits of all styles, words, scales, fuzzy ones, fractions. What is
 * counted or measured is not looked at; see quantity.h.
 */
#ifndef WX_NUMBER_H
#define WX_NUMBER_H

#include "doc.h"

typedef struct {
    uint32_t first, end;       /* tokens */
    winnow_decimal_t number;   /* all of it, scales multiplied in */
    winnow_decimal_t mantissa; /* before the scale */
    winnow_decimal_t scale;    /* of the scale words; digits 0: none */
    bool digits;               /* begins with digits */
    bool fuzzy;                /* dozens, several hundred */
    bool article;              /* a million, a hundred: `a` stands for one */
    bool single;               /* nothing but `one` or `zero` */
} wx_number_t;

/* The number that begins at this token and ends before `end`; false: none. */
bool wx_number_at(const wx_doc_t *doc, uint32_t token, uint32_t end, wx_number_t *ret_number);

/* Digits with their separators: 1,200.5 3,5 1.234.567 5,00,000. False for 10:30, 9/11, 20th. */
bool wx_number_digits(winnow_str_t form, winnow_decimal_t *ret_number);

/* Is there no blank between a token and the next? */
static inline bool wx_token_tight(const wx_doc_t *doc, uint32_t token)
{
    return token + 1 < doc->tokens.count &&
           doc->tokens.at[token].end == doc->tokens.at[token + 1].start;
}

/* Is the token a hyphen or dash without blanks on either side? */
bool wx_token_hyphen(const wx_doc_t *doc, uint32_t token);

#endif
