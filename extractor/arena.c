/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One block, bump allocation, a ceiling. Free space is poisoned for AddressSanitizer, so that a use
 * after a reset or release is seen.
 */
#include "arena.h"

#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define S_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define S_ASAN 1
#endif
#ifdef S_ASAN
#include <sanitizer/asan_interface.h>
#define S_POISON(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define S_UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define S_POISON(p, n)   ((void)(p), (void)(n))
#define S_UNPOISON(p, n) ((void)(p), (void)(n))
#endif

enum { S_ALIGN = 16, S_FIRST_CAPACITY = 16 };

bool wx_arena_reserve(wx_arena_t *self, size_t limit)
{
    limit = (limit + S_ALIGN - 1) / S_ALIGN * S_ALIGN;
    if (limit > self->size) {
        wx_arena_destroy(self);
        self->block = calloc(1, limit);
        if (!self->block)
            return false;
        self->size = limit;
    }
    self->limit = limit;
    self->used = 0;
    S_POISON(self->block, self->size);
    return true;
}

void wx_arena_destroy(wx_arena_t *self)
{
    if (self->block)
        S_UNPOISON(self->block, self->size);
    free(self->block);
    *self = (wx_arena_t){.full = self->full};
}

void *wx_arena_take(wx_arena_t *self, size_t size, size_t count)
{
    size_t room = self->limit - self->used;
    if (count > 0 && size > room / count)
        longjmp(*self->full, 1);
    size_t bytes = size * count;
    char *at = self->block + self->used;
    size_t padded = (bytes + S_ALIGN - 1) / S_ALIGN * S_ALIGN;
    self->used += padded < room ? padded : room;
    S_UNPOISON(at, bytes);
    size_t begin = (size_t)(at - self->block);
    if (begin < self->dirty)
        memset(at, 0, bytes < self->dirty - begin ? bytes : self->dirty - begin);
    if (self->dirty < self->used)
        self->dirty = self->used;
    return at;
}

size_t wx_arena_mark(const wx_arena_t *self)
{
    return self->used;
}

void wx_arena_release(wx_arena_t *self, size_t mark)
{
    S_POISON(self->block + mark, self->used - mark);
    self->used = mark;
}

void *wx_arena_grow(wx_arena_t *self, void *at, size_t size, uint32_t *capacity)
{
    uint32_t wanted = *capacity ? *capacity : S_FIRST_CAPACITY / 2;
    if (wanted > UINT32_MAX / 2)
        longjmp(*self->full, 1);
    wanted *= 2;
    void *grown = wx_arena_take(self, size, wanted);
    if (*capacity)
        memcpy(grown, at, size * *capacity);
    *capacity = wanted;
    return grown;
}
