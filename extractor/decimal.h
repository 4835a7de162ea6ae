/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact decimals: digits * 10^exponent, with digits that do not end in 0 (but for 0 itself), so
 * that equal numbers have equal members.
 */
#ifndef WX_DECIMAL_H
#define WX_DECIMAL_H

#include "str.h"

winnow_decimal_t wx_decimal_from(int64_t whole);

/* Plain digits with at most one point, at most 18 digits that count: `12`, `0.5`. False otherwise.
 */
bool wx_decimal_parse(winnow_str_t text, winnow_decimal_t *ret_number);

/* False, and *ret untouched, when the result has more digits than fit. */
bool wx_decimal_add(winnow_decimal_t a, winnow_decimal_t b, winnow_decimal_t *ret);
bool wx_decimal_multiply(winnow_decimal_t a, winnow_decimal_t b, winnow_decimal_t *ret);

/* a / b for a small whole b, rounded half up to two places behind the point. */
winnow_decimal_t wx_decimal_divide(winnow_decimal_t a, int64_t b);

/* <0, 0, >0 */
int wx_decimal_compare(winnow_decimal_t a, winnow_decimal_t b);

/* The number as a whole one; `otherwise` when it is none or does not fit. */
int64_t wx_decimal_whole(winnow_decimal_t a, int64_t otherwise);

#endif
