/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 is checked at every door, mostly on English: eight bytes at a time while they are ASCII and
 * not NUL, and one character at a time elsewhere.
 */
#include "utf8.h"

#include <stdint.h>
#include <string.h>

/* The length of the character at `at`, of which `size` bytes are there, or 0 if it is none. The
   second byte's range depends on the first: that keeps out overlong forms, surrogates and what lies
   beyond U+10FFFF. */
static size_t s_character(const unsigned char *at, size_t size)
{
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    size_t length;

    if (at[0] < 0x80)
        return 1;
    if (at[0] >= 0xC2 && at[0] <= 0xDF) {
        length = 2;
    } else if ((at[0] & 0xF0) == 0xE0) {
        length = 3;
        low = at[0] == 0xE0 ? 0xA0 : 0x80;
        high = at[0] == 0xED ? 0x9F : 0xBF;
    } else if (at[0] >= 0xF0 && at[0] <= 0xF4) {
        length = 4;
        low = at[0] == 0xF0 ? 0x90 : 0x80;
        high = at[0] == 0xF4 ? 0x8F : 0xBF;
    } else {
        return 0;
    }
    if (size < length || at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

/* Whether all eight bytes are 01 to 7F: no high bit, and none from which taking one borrows. */
static bool s_plain(const unsigned char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return ((word | (word - UINT64_C(0x0101010101010101))) & UINT64_C(0x8080808080808080)) == 0;
}

wp_utf8_t wp_utf8_check(const char *text, size_t size, size_t *ret_offset)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t at = 0;

    while (at < size) {
        if (size - at >= 8 && s_plain(bytes + at)) {
            at += 8;
            continue;
        }
        size_t length = s_character(bytes + at, size - at);
        if (length == 0 || bytes[at] == 0) {
            if (ret_offset)
                *ret_offset = at;
            return length == 0 ? WP_UTF8_INVALID : WP_UTF8_NUL;
        }
        at += length;
    }
    return WP_UTF8_VALID;
}

bool wp_utf8_has_control(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 0x20 || byte == 0x7F)
            return true;
        /* U+0080 to U+009F are C2 80 to C2 9F */
        if (byte == 0xC2 && i + 1 < size && (unsigned char)text[i + 1] < 0xA0)
            return true;
    }
    return false;
}
