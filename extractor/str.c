/* SPDX-License-Identifier: Apache-2.0 */
#include "str.h"

#include <stdarg.h>
#include <stdio.h>

#include <utf8proc.h>

bool wx_str_starts(winnow_str_t self, const char *with)
{
    size_t n = strlen(with);
    return self.size >= n && memcmp(self.data, with, n) == 0;
}

bool wx_str_ends(winnow_str_t self, const char *with)
{
    size_t n = strlen(with);
    return self.size >= n && memcmp(self.data + self.size - n, with, n) == 0;
}

int wx_str_compare(winnow_str_t a, winnow_str_t b)
{
    size_t n = a.size < b.size ? a.size : b.size;
    int order = n ? memcmp(a.data, b.data, n) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

/* FNV-1a with a final mix, as the low bits pick the slot. */
uint32_t wx_str_hash(winnow_str_t self)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < self.size; i++)
        h = (h ^ (unsigned char)self.data[i]) * 16777619u;
    h ^= h >> 15;
    h *= 0x2c1b3c6du;
    return h ^ h >> 12;
}

winnow_str_t wx_str_copy(wx_arena_t *arena, winnow_str_t self)
{
    char *copy = wx_new(arena, char, self.size + 1);
    if (self.size)
        memcpy(copy, self.data, self.size);
    return (winnow_str_t){copy, self.size};
}

winnow_str_t wx_str_join(wx_arena_t *arena, winnow_str_t a, winnow_str_t b)
{
    char *copy = wx_new(arena, char, a.size + b.size + 1);
    if (a.size)
        memcpy(copy, a.data, a.size);
    if (b.size)
        memcpy(copy + a.size, b.data, b.size);
    return (winnow_str_t){copy, a.size + b.size};
}

winnow_str_t wx_str_lower(wx_arena_t *arena, winnow_str_t self)
{
    bool ascii = true, upper = false;
    for (size_t i = 0; i < self.size; i++) {
        unsigned char c = (unsigned char)self.data[i];
        ascii &= c < 0x80;
        upper |= c >= 'A' && c <= 'Z';
    }
    if (ascii && !upper)
        return self;
    if (ascii) {
        char *copy = wx_new(arena, char, self.size + 1);
        for (size_t i = 0; i < self.size; i++) {
            char c = self.data[i];
            copy[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        }
        return (winnow_str_t){copy, self.size};
    }
    /* A letter's lower case may take more bytes than the letter: room for four each. */
    char *copy = wx_new(arena, char, 4 * self.size + 1);
    size_t size = 0;
    for (size_t at = 0; at < self.size;) {
        uint32_t c = wx_str_next(self, &at);
        size += (size_t)utf8proc_encode_char(utf8proc_tolower((utf8proc_int32_t)c),
                                             (utf8proc_uint8_t *)copy + size);
    }
    return (winnow_str_t){copy, size};
}

winnow_str_t wx_str_format(wx_arena_t *arena, const char *format, ...)
{
    char buffer[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    size_t size = n < 0 ? 0 : (size_t)n < sizeof buffer ? (size_t)n : sizeof buffer - 1;
    return wx_str_copy(arena, (winnow_str_t){buffer, size});
}

uint32_t wx_str_next(winnow_str_t self, size_t *at)
{
    utf8proc_int32_t c = -1;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)self.data + *at,
                                          (utf8proc_ssize_t)(self.size - *at), &c);
    if (n <= 0) {
        *at += 1;
        return 0xFFFD;
    }
    *at += (size_t)n;
    return (uint32_t)c;
}

size_t wx_str_check_utf8(winnow_str_t self)
{
    size_t at = 0;
    while (at < self.size) {
        if ((unsigned char)self.data[at] < 0x80) {
            at++;
            continue;
        }
        utf8proc_int32_t c;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)self.data + at,
                                              (utf8proc_ssize_t)(self.size - at), &c);
        if (n <= 0)
            return at;
        at += (size_t)n;
    }
    return self.size;
}
