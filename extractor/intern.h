/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strings that are compared often, as numbers: the same bytes have the same id.
 *
 * A table may stand on a constant base table (the model's, filled once at load): what the base
 * knows keeps its id there, so rules and lexicons compare ids in every document. Id 0 is the empty
 * string.
 */
#ifndef WX_INTERN_H
#define WX_INTERN_H

#include "str.h"

typedef uint32_t wx_id_t;

typedef struct wx_intern wx_intern_t;
struct wx_intern {
    wx_arena_t *arena;       /* where all of it lives */
    const wx_intern_t *base; /* looked up first; or NULL */
    uint32_t first;          /* ids below are the base's */
    uint32_t count;          /* strings of this table */
    uint32_t slot_count;     /* a power of two, more than 4/3 of count */
    uint32_t *slots;         /* 0: free, else index + 1 into texts */
    uint32_t *hashes;        /* by index */
    winnow_str_t *texts;     /* by index; owned by the arena */
};

/* A table in `arena` with room for about `expected` strings (it grows); `base` must stay unchanged
 * from now on. */
wx_intern_t *wx_intern_new(wx_arena_t *arena, const wx_intern_t *base, uint32_t expected);

/* The id of the string, which is copied when it is new. */
wx_id_t wx_intern(wx_intern_t *self, winnow_str_t text);

/* The id of the string if it is known, else 0. Changes nothing. */
wx_id_t wx_intern_find(const wx_intern_t *self, winnow_str_t text);

/* The string of an id that this table or its base gave out. */
winnow_str_t wx_intern_text(const wx_intern_t *self, wx_id_t id);

#endif
