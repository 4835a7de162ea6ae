/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals: a sign, a magnitude and digits, so that comparing needs no arithmetic. */
#include "decimal.h"

#include <string.h>

#define EXPONENT_MAX 1000000

bool wd_decimal_parse(const char *text, size_t size, wd_decimal_t *ret)
{
    wd_decimal_t value = {0};
    const char *p = text, *end = text + size;
    bool negative = false, digits = false, point = false;
    if (p < end && (*p == '-' || *p == '+'))
        negative = *p++ == '-';
    for (; p < end; p++) {
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        if (*p < '0' || *p > '9')
            break;
        digits = true;
        if (value.count == 0 && *p == '0') {
            if (point)
                value.magnitude--;
            continue;
        }
        if (!point)
            value.magnitude++;
        if (value.count < WD_DECIMAL_DIGITS)
            value.digits[value.count++] = *p;
    }
    if (!digits || size > EXPONENT_MAX)
        return false;
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        bool minus = false, some = false;
        int exponent = 0;
        if (p < end && (*p == '-' || *p == '+'))
            minus = *p++ == '-';
        for (; p < end && *p >= '0' && *p <= '9'; p++) {
            some = true;
            if (exponent < EXPONENT_MAX)
                exponent = exponent * 10 + (*p - '0');
        }
        if (!some)
            return false;
        value.magnitude += minus ? -exponent : exponent;
    }
    if (p != end)
        return false;
    while (value.count > 0 && value.digits[value.count - 1] == '0')
        value.count--;
    if (value.count == 0)
        value.magnitude = 0;
    else
        value.sign = negative ? -1 : 1;
    *ret = value;
    return true;
}

int wd_decimal_compare(const wd_decimal_t *a, const wd_decimal_t *b)
{
    if (a->sign != b->sign)
        return a->sign < b->sign ? -1 : 1;
    if (a->magnitude != b->magnitude)
        return (a->magnitude < b->magnitude ? -1 : 1) * a->sign;
    int common = a->count < b->count ? a->count : b->count;
    int order = memcmp(a->digits, b->digits, (size_t)common);
    if (order == 0)
        order = (a->count > b->count) - (a->count < b->count);
    return order * a->sign;
}

int wd_decimal_power(const wd_decimal_t *self)
{
    if (self->magnitude <= 1 || self->sign < 0)
        return 0;
    return self->magnitude - 1 < 40 ? self->magnitude - 1 : 40;
}
