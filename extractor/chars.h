/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a character is, for layout, sentences and words: Unicode's categories, cut down.
 */
#ifndef WX_CHARS_H
#define WX_CHARS_H

#include "str.h"

typedef enum {
    WX_CHAR_OTHER,      /* marks and signs of all sorts */
    WX_CHAR_SPACE,      /* blanks, also fixed ones, line ends, and what has no width */
    WX_CHAR_UPPER,      /* a capital */
    WX_CHAR_LOWER,      /* a small letter, or a letter without case; marks on letters */
    WX_CHAR_DIGIT,      /* 0 to 9 */
    WX_CHAR_OPEN,       /* ( [ { “ ‘ « „ */
    WX_CHAR_CLOSE,      /* ) ] } ” ’ » */
    WX_CHAR_QUOTE,      /* " that may be either */
    WX_CHAR_APOSTROPHE, /* ' and ’, which may also close */
    WX_CHAR_STOP,       /* . ! ? … */
    WX_CHAR_COMMA,      /* , ; : */
    WX_CHAR_HYPHEN,     /* - and its like without blanks */
    WX_CHAR_DASH,       /* – — ― */
    WX_CHAR_MONEY       /* currency signs */
} wx_char_t;

wx_char_t wx_char_class(uint32_t c);

/* The classes of ASCII, by character. */
extern const uint8_t wx_char_ascii[128];

static inline bool wx_char_letter(wx_char_t class)
{
    return class == WX_CHAR_UPPER || class == WX_CHAR_LOWER;
}

static inline bool wx_char_word(wx_char_t class)
{
    return wx_char_letter(class) || class == WX_CHAR_DIGIT;
}

/* The class of the character at a byte, where it is none of ASCII. */
wx_char_t wx_char_wide(winnow_str_t text, size_t at);

/* The class of the character at a byte; WX_CHAR_SPACE behind the end. */
static inline wx_char_t wx_char_at(winnow_str_t text, size_t at)
{
    if (at >= text.size)
        return WX_CHAR_SPACE;
    unsigned char byte = (unsigned char)text.data[at];
    return byte < 0x80 ? (wx_char_t)wx_char_ascii[byte] : wx_char_wide(text, at);
}

/* The class of the character before a byte; WX_CHAR_SPACE at the beginning. */
static inline wx_char_t wx_char_before(winnow_str_t text, size_t at)
{
    if (at == 0)
        return WX_CHAR_SPACE;
    do
        at--;
    while (at > 0 && ((unsigned char)text.data[at] & 0xC0) == 0x80);
    return wx_char_at(text, at);
}

/* The byte behind the character at `at`, which must be inside the text. */
static inline size_t wx_char_end(winnow_str_t text, size_t at)
{
    if ((unsigned char)text.data[at] >= 0x80)
        wx_str_next(text, &at);
    else
        at++;
    return at;
}

/* The slice without blanks at both ends. */
winnow_str_t wx_str_trim(winnow_str_t self);

#endif
