/* SPDX-License-Identifier: Apache-2.0 */
/* Digits are kept as digits; a power of ten only moves the point. */
#include "amount.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *word;
    int power;
} s_words[] = {{"k", 3}, {"thousand", 3}, {"m", 6},       {"mn", 6}, {"mio", 6}, {"million", 6},
               {"b", 9}, {"bn", 9},       {"billion", 9}, {"t", 12}, {"tn", 12}, {"trillion", 12}};

/* A word of letters at *at: a power of ten, added to *power, or a currency. */
static bool s_word(const char **at, int *power, bool *had_power, char unit[4])
{
    size_t size = 0;
    while (isalpha((unsigned char)(*at)[size]))
        size++;
    for (size_t i = 0; i < sizeof s_words / sizeof s_words[0]; i++) {
        if (strlen(s_words[i].word) == size && strncasecmp(*at, s_words[i].word, size) == 0) {
            if (*had_power)
                return false;
            *had_power = true;
            *power += s_words[i].power;
            *at += size;
            return true;
        }
    }
    if (size != 3 || unit[0])
        return false;
    for (size_t i = 0; i < 3; i++)
        unit[i] = (char)toupper((unsigned char)(*at)[i]);
    unit[3] = '\0';
    *at += size;
    return true;
}

/* 12,345.6e7 at *at: its digits without the point, and how many stand behind it. */
static bool s_digits(const char **at, char digits[WC_AMOUNT_MAX], int *behind, int *power)
{
    size_t count = 0;
    bool point = false;
    const char *p = *at;

    *behind = 0;
    for (;; p++) {
        if (*p == ',' && !point && count > 0 && isdigit((unsigned char)p[1]))
            continue;
        if (*p == '_' && count > 0 && isdigit((unsigned char)p[1]))
            continue;
        if (*p == '.' && !point && isdigit((unsigned char)p[1])) {
            point = true;
            continue;
        }
        if (!isdigit((unsigned char)*p))
            break;
        if (count == WC_AMOUNT_MAX - 1)
            return false;
        digits[count++] = *p;
        *behind += point;
    }
    digits[count] = '\0';
    if (count > 0 && (*p == 'e' || *p == 'E') &&
        (isdigit((unsigned char)p[1]) || (p[1] == '+' && isdigit((unsigned char)p[2])))) {
        char *end;
        long exponent = strtol(p + 1, &end, 10);
        if (exponent > WC_AMOUNT_MAX)
            return false;
        *power += (int)exponent;
        p = end;
    }
    *at = p;
    return count > 0;
}

/* Puts the point where it belongs: `digits` times ten to the `shift`. */
static bool s_decimal(const char *digits, int shift, char out[WC_AMOUNT_MAX])
{
    int size = (int)strlen(digits);
    int whole = size + shift; /* digits before the point; 0 or less: "0." and zeros */
    int length = whole <= 0 ? 2 - whole + size : shift < 0 ? size + 1 : whole;
    int at = 0;

    if (length >= WC_AMOUNT_MAX)
        return false;
    if (whole <= 0) {
        out[at++] = '0';
        out[at++] = '.';
        for (int i = whole; i < 0; i++)
            out[at++] = '0';
    }
    for (int i = 0; i < size; i++) {
        if (i == whole && whole > 0)
            out[at++] = '.';
        out[at++] = digits[i];
    }
    while (at < whole)
        out[at++] = '0';
    out[at] = '\0';
    return true;
}

bool wc_amount(const char *text, char ret_decimal[WC_AMOUNT_MAX], char ret_unit[4])
{
    char digits[WC_AMOUNT_MAX] = "";
    int behind = 0;
    int power = 0;
    bool had_power = false;
    const char *at = text;

    ret_unit[0] = '\0';
    for (;;) {
        at += strspn(at, " ");
        if (*at == '\0')
            break;
        if (isdigit((unsigned char)*at)) {
            if (digits[0] || !s_digits(&at, digits, &behind, &power))
                return false;
        } else if (!isalpha((unsigned char)*at) || !s_word(&at, &power, &had_power, ret_unit)) {
            return false;
        }
    }
    if (!digits[0])
        return false;
    const char *first = digits;
    while (first[0] == '0' && first[1] && (int)strlen(first) + power - behind > 1)
        first++;
    return s_decimal(first, power - behind, ret_decimal);
}
