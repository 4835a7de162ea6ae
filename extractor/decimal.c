/* SPDX-License-Identifier: Apache-2.0 */
#include "decimal.h"

enum { S_MAX_DIGITS = 18, S_MAX_EXPONENT = 60 };

static winnow_decimal_t s_normal(int64_t digits, int32_t exponent)
{
    if (digits == 0)
        return (winnow_decimal_t){0, 0};
    while (digits % 10 == 0) {
        digits /= 10;
        exponent++;
    }
    return (winnow_decimal_t){digits, exponent};
}

winnow_decimal_t wx_decimal_from(int64_t whole)
{
    return s_normal(whole, 0);
}

bool wx_decimal_parse(winnow_str_t text, winnow_decimal_t *ret_number)
{
    int64_t digits = 0;
    int32_t exponent = 0;
    int count = 0;
    bool point = false, any = false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        any = true;
        count += digits > 0 || c != '0';
        if (count > S_MAX_DIGITS)
            return false;
        digits = 10 * digits + (c - '0');
        exponent -= point;
    }
    if (!any || exponent < -S_MAX_EXPONENT)
        return false;
    *ret_number = s_normal(digits, exponent);
    return true;
}

/* Writes a with a lower exponent; false when it does not fit. */
static bool s_lower(winnow_decimal_t *a, int32_t exponent)
{
    while (a->exponent > exponent) {
        if (__builtin_mul_overflow(a->digits, (int64_t)10, &a->digits))
            return false;
        a->exponent--;
    }
    return true;
}

bool wx_decimal_add(winnow_decimal_t a, winnow_decimal_t b, winnow_decimal_t *ret)
{
    if (a.digits == 0 || b.digits == 0) {
        *ret = a.digits ? a : b;
        return true;
    }
    int64_t sum;
    if (!s_lower(&a, b.exponent) || !s_lower(&b, a.exponent) ||
        __builtin_add_overflow(a.digits, b.digits, &sum))
        return false;
    *ret = s_normal(sum, a.exponent);
    return true;
}

bool wx_decimal_multiply(winnow_decimal_t a, winnow_decimal_t b, winnow_decimal_t *ret)
{
    int64_t product;
    int32_t exponent = a.exponent + b.exponent;
    if (__builtin_mul_overflow(a.digits, b.digits, &product) || exponent > S_MAX_EXPONENT ||
        exponent < -S_MAX_EXPONENT)
        return false;
    *ret = s_normal(product, exponent);
    return true;
}

winnow_decimal_t wx_decimal_divide(winnow_decimal_t a, int64_t b)
{
    winnow_decimal_t hundredths = a;
    if (a.exponent < -2)
        return a;
    if (!s_lower(&hundredths, -2) || b <= 0)
        return a;
    int64_t quotient = hundredths.digits / b;
    if (2 * (hundredths.digits % b) >= b)
        quotient++;
    return s_normal(quotient, -2);
}

int wx_decimal_compare(winnow_decimal_t a, winnow_decimal_t b)
{
    if ((a.digits > 0) != (b.digits > 0) || a.digits == 0 || b.digits == 0)
        return (a.digits > b.digits) - (a.digits < b.digits);
    int sign = a.digits > 0 ? 1 : -1;
    if (!s_lower(&a, b.exponent))
        return sign;
    if (!s_lower(&b, a.exponent))
        return -sign;
    return (a.digits > b.digits) - (a.digits < b.digits);
}

int64_t wx_decimal_whole(winnow_decimal_t a, int64_t otherwise)
{
    if (a.exponent < 0 || !s_lower(&a, 0))
        return otherwise;
    return a.digits;
}
