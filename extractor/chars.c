/* SPDX-License-Identifier: Apache-2.0 */
#include "chars.h"

#include <utf8proc.h>

/* One letter for each class, so that the table of ASCII can be seen as a whole. */
enum {
    X = WX_CHAR_OTHER,
    S = WX_CHAR_SPACE,
    U = WX_CHAR_UPPER,
    L = WX_CHAR_LOWER,
    D = WX_CHAR_DIGIT,
    O = WX_CHAR_OPEN,
    C = WX_CHAR_CLOSE,
    Q = WX_CHAR_QUOTE,
    A = WX_CHAR_APOSTROPHE,
    T = WX_CHAR_STOP,
    M = WX_CHAR_COMMA,
    H = WX_CHAR_HYPHEN,
    Y = WX_CHAR_MONEY
};

const uint8_t wx_char_ascii[128] = {
    S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, /* ................ */
    S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, /* ................ */
    S, T, Q, X, Y, X, X, A, O, C, X, X, M, H, T, X, /* .!"#$%&'()*+,-./ */
    D, D, D, D, D, D, D, D, D, D, M, M, X, X, X, T, /* 0123456789:;<=>? */
    X, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, /* @ABCDEFGHIJKLMNO */
    U, U, U, U, U, U, U, U, U, U, U, O, X, C, X, X, /* PQRSTUVWXYZ[\]^_ */
    A, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, /* `abcdefghijklmno */
    L, L, L, L, L, L, L, L, L, L, L, O, X, C, X, S, /* pqrstuvwxyz{|}~. */
};

static wx_char_t s_special(uint32_t c)
{
    switch (c) {
    case 0x2018: /* ‘ */
    case 0x201A:
    case 0x201C: /* “ */
    case 0x201E:
    case 0xAB: /* « */
    case 0x2039:
    case 0xFF08:
    case 0x300C:
        return WX_CHAR_OPEN;
    case 0x201D: /* ” */
    case 0xBB:   /* » */
    case 0x203A:
    case 0xFF09:
    case 0x300D:
        return WX_CHAR_CLOSE;
    case 0x2019: /* ’ */
    case 0x2BC:
    case 0xB4:
        return WX_CHAR_APOSTROPHE;
    case 0x2026: /* … */
    case 0x3002:
        return WX_CHAR_STOP;
    case 0xFF0C:
    case 0xFF1A:
    case 0xFF1B:
        return WX_CHAR_COMMA;
    case 0x2010:
    case 0x2011:
    case 0xAD:
        return WX_CHAR_HYPHEN;
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
        return WX_CHAR_DASH;
    case 0x200B:
    case 0x2060:
    case 0xFEFF:
        return WX_CHAR_SPACE;
    default:
        return WX_CHAR_OTHER;
    }
}

wx_char_t wx_char_class(uint32_t c)
{
    if (c < 0x80)
        return (wx_char_t)wx_char_ascii[c];
    wx_char_t special = s_special(c);
    if (special != WX_CHAR_OTHER)
        return special;
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
        return WX_CHAR_UPPER;
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_CF:
        return WX_CHAR_LOWER;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
        return WX_CHAR_SPACE;
    case UTF8PROC_CATEGORY_SC:
        return WX_CHAR_MONEY;
    default:
        return WX_CHAR_OTHER;
    }
}

wx_char_t wx_char_wide(winnow_str_t text, size_t at)
{
    return wx_char_class(wx_str_next(text, &at));
}

winnow_str_t wx_str_trim(winnow_str_t self)
{
    size_t at = 0;
    while (at < self.size && wx_char_at(self, at) == WX_CHAR_SPACE)
        at = wx_char_end(self, at);
    self.data += at;
    self.size -= at;
    while (self.size && wx_char_before(self, self.size) == WX_CHAR_SPACE) {
        do
            self.size--;
        while (self.size && ((unsigned char)self.data[self.size] & 0xC0) == 0x80);
    }
    return self;
}
