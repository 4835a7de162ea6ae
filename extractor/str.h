/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slices of text: a pointer and a length, not NUL-terminated, most of them into the article.
 */
#ifndef WX_STR_H
#define WX_STR_H

#include "arena.h"

#include <winnow/fact.h>

#include <string.h>

/* A constant as a slice: WX_STR("yuan"). */
#define WX_STR(literal) ((winnow_str_t){(literal), sizeof(literal) - 1})

static inline winnow_str_t wx_str_from(const char *text)
{
    return (winnow_str_t){text, strlen(text)};
}

static inline bool wx_str_equal(winnow_str_t a, winnow_str_t b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool wx_str_is(winnow_str_t a, const char *text)
{
    /* The first byte decides nearly always. */
    return a.size ? a.data[0] == text[0] && wx_str_equal(a, wx_str_from(text)) : !text[0];
}

bool wx_str_starts(winnow_str_t self, const char *with);
bool wx_str_ends(winnow_str_t self, const char *with);

/* Order by bytes, the shorter first: <0, 0, >0. */
int wx_str_compare(winnow_str_t a, winnow_str_t b);

/* A hash of the bytes, the same on every machine. */
uint32_t wx_str_hash(winnow_str_t self);

/* A copy in the arena, NUL-terminated behind its size. */
winnow_str_t wx_str_copy(wx_arena_t *arena, winnow_str_t self);

/* The two, one behind the other, in the arena. */
winnow_str_t wx_str_join(wx_arena_t *arena, winnow_str_t a, winnow_str_t b);

/* A lower-case copy: ASCII and the Latin, Greek and Cyrillic letters. The slice itself when nothing
 * changes. */
winnow_str_t wx_str_lower(wx_arena_t *arena, winnow_str_t self);

/* printf into the arena, at most 1023 bytes. */
winnow_str_t wx_str_format(wx_arena_t *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Decodes the character at `at` (which must be below self.size, valid UTF-8) and moves `*at` past
 * it. */
uint32_t wx_str_next(winnow_str_t self, size_t *at);

/* Byte offset of the first byte that is not valid UTF-8, or self.size when all is. */
size_t wx_str_check_utf8(winnow_str_t self);

#endif
