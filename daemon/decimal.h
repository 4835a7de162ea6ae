/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decimals as written ("15000000000", "2.5e9", "-3.40"), compared exactly: no binary floating
 * point. 60 significant digits count; further ones are cut off.
 */
#ifndef WD_DECIMAL_H
#define WD_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

#define WD_DECIMAL_DIGITS 60

typedef struct {
    int sign;      /* -1, 0, 1 */
    int magnitude; /* the value is 0.d1d2d3… × 10^magnitude, d1 not 0; 0 for zero */
    int count;     /* digits, without zeros at the end */
    char digits[WD_DECIMAL_DIGITS];
} wd_decimal_t;

/* False: not a decimal of JSON's form (a leading + or zeros are taken too). */
bool wd_decimal_parse(const char *text, size_t size, wd_decimal_t *ret);
/* Below, at or above 0 as a is less than, equal to or more than b. */
int wd_decimal_compare(const wd_decimal_t *a, const wd_decimal_t *b);
/* The number of digits before the point, less one: 9 for 2690000000. 0 below 1, at most 40. */
int wd_decimal_power(const wd_decimal_t *self);

#endif
