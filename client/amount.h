/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts as people type them: "1bn", "5m CNY", "1e9", "2,500,000". */
#ifndef WC_AMOUNT_H
#define WC_AMOUNT_H

#include <stdbool.h>

#define WC_AMOUNT_MAX 41 /* digits, point and NUL */

/* Reads an amount: a decimal in *ret_decimal, and the currency in *ret_unit, "" if there is none.
 * False: it is none. Exact: no binary fraction is ever made of it. */
bool wc_amount(const char *text, char ret_decimal[WC_AMOUNT_MAX], char ret_unit[4]);

#endif
