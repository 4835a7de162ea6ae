/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of an article: one block that is handed out from the front and emptied at once.
 *
 * Nothing taken from an arena is freed, and taking does not fail: when the block is used up, the
 * arena jumps to `full`, which the owner has set (in extract.c, once). So no caller checks for
 * NULL, and nobody between the setjmp and here may own anything outside the arena.
 *
 * Temporary memory: keep the value of wx_arena_mark() and give it to wx_arena_release().
 */
#ifndef WX_ARENA_H
#define WX_ARENA_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *block;   /* what was allocated; owned */
    size_t size;   /* of the block, in bytes */
    size_t limit;  /* how much of it may be used: the ceiling, at most `size` */
    size_t used;   /* how much is used */
    size_t dirty;  /* what lies behind was never used: it is zero as it came from the system */
    jmp_buf *full; /* where to go when the ceiling is reached; never NULL while in use */
} wx_arena_t;

/* Makes room for `limit` bytes and empties the arena; keeps an older block that is large enough.
 * False: the system has no memory, the arena is empty then. */
bool wx_arena_reserve(wx_arena_t *self, size_t limit);

/* Gives all back to the system. */
void wx_arena_destroy(wx_arena_t *self);

/* `count` zeroed objects of `size` bytes, aligned for any type; wx_new() is the usual way. */
void *wx_arena_take(wx_arena_t *self, size_t size, size_t count);

size_t wx_arena_mark(const wx_arena_t *self);
void wx_arena_release(wx_arena_t *self, size_t mark);

/* Doubles an array of `*capacity` objects of `size` bytes, at least to 16; returns the new place.
 * wx_push() is the usual way. */
void *wx_arena_grow(wx_arena_t *self, void *at, size_t size, uint32_t *capacity);

/* Zeroed memory for `n` objects of `type`; does not fail. */
#define wx_new(arena, type, n) ((type *)wx_arena_take((arena), sizeof(type), (n)))

/* A growing array is a struct of `at`, `count` and `capacity`. wx_push() appends a zeroed member
 * and gives its address, which is good until the next push. */
#define wx_push(arena, array)                                                                      \
    ((array)->count < (array)->capacity                                                            \
         ? (void)0                                                                                 \
         : (void)((array)->at = wx_arena_grow((arena), (array)->at, sizeof *(array)->at,           \
                                              &(array)->capacity)),                                \
     &(array)->at[(array)->count++])

#endif
