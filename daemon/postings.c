/* SPDX-License-Identifier: Apache-2.0 */
/* Postings of a block; see postings.h. */
#define _GNU_SOURCE /* qsort_r */
#include "postings.h"

#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------------------------- one posting */

size_t wd_posting_encode(const wd_posting_t *self, uint8_t ret_bytes[WD_POSTING_BYTES])
{
    size_t size = 0;
    int before = -1;
    for (size_t i = 0; i < WD_BLOCK / 64; i++) {
        for (uint64_t rest = self->bits[i]; rest != 0; rest &= rest - 1) {
            int at = (int)(i * 64) + __builtin_ctzll(rest);
            unsigned gap = (unsigned)(at - before);
            before = at;
            /* A list as long as the map would be taken for one. */
            if (size + 2 >= WD_POSTING_BYTES)
                goto map;
            if (gap >= 0x80)
                ret_bytes[size++] = (uint8_t)(0x80 | (gap & 0x7f));
            ret_bytes[size++] = (uint8_t)(gap >= 0x80 ? gap >> 7 : gap);
        }
    }
    return size;
map:
    for (size_t i = 0; i < WD_POSTING_BYTES; i++)
        ret_bytes[i] = (uint8_t)(self->bits[i / 8] >> (i % 8 * 8));
    return WD_POSTING_BYTES;
}

void wd_posting_add(wd_posting_t *self, const uint8_t *bytes, size_t size)
{
    if (size == WD_POSTING_BYTES) {
        for (size_t i = 0; i < size; i++)
            self->bits[i / 8] |= (uint64_t)bytes[i] << (i % 8 * 8);
        return;
    }
    unsigned at = 0; /* one more than the member before */
    for (size_t i = 0; i < size; i++) {
        unsigned gap = bytes[i] & 0x7fu;
        if (bytes[i] >= 0x80 && ++i < size)
            gap |= (unsigned)bytes[i] << 7;
        at += gap;
        if (at == 0 || at > WD_BLOCK)
            return;
        self->bits[(at - 1) / 64] |= (uint64_t)1 << ((at - 1) % 64);
    }
}

/* -------------------------------------------------------------------------------------- a block */

void wd_postings_free(wd_postings_t *self)
{
    wd_buf_free(&self->text);
    free(self->items);
    free(self->slots);
    *self = (wd_postings_t){0};
}

const char *wd_postings_word(const wd_postings_t *self, size_t index)
{
    return self->text.data + self->items[index].offset;
}

static uint64_t s_hash(const char *word, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)word[i]) * 0x100000001b3u;
    return (hash ^ hash >> 32) * 0x9e3779b97f4a7c15u >> 20;
}

static void s_grow(wd_postings_t *self)
{
    size_t count = self->slot_count > 0 ? self->slot_count * 2 : 16384;
    uint32_t *slots = calloc(count, sizeof *slots);
    wd_posted_t *items = realloc(self->items, count / 2 * sizeof *items);
    if (items != NULL)
        self->items = items;
    if (slots == NULL || items == NULL) {
        free(slots);
        self->failed = true;
        return;
    }
    for (size_t i = 0; i < self->count; i++) {
        size_t at = s_hash(wd_postings_word(self, i), items[i].size) & (count - 1);
        while (slots[at] != 0)
            at = (at + 1) & (count - 1);
        slots[at] = (uint32_t)i + 1;
    }
    free(self->slots);
    self->slots = slots;
    self->slot_count = count;
    self->capacity = count / 2;
}

/* The item of the word, made when it is new; NULL: no memory. */
static wd_posted_t *s_item(wd_postings_t *self, const char *word, size_t size)
{
    if (self->count == self->capacity)
        s_grow(self);
    if (self->failed)
        return NULL;
    size_t at = s_hash(word, size) & (self->slot_count - 1);
    for (; self->slots[at] != 0; at = (at + 1) & (self->slot_count - 1)) {
        wd_posted_t *item = &self->items[self->slots[at] - 1];
        if (item->size == size && memcmp(self->text.data + item->offset, word, size) == 0)
            return item;
    }
    uint64_t head = 0;
    for (size_t i = 0; i < 8; i++)
        head = head << 8 | (i < size ? (unsigned char)word[i] : 0);
    wd_posted_t *item = &self->items[self->count];
    *item =
        (wd_posted_t){.offset = (uint32_t)self->text.size, .size = (uint32_t)size, .head = head};
    wd_buf_add(&self->text, word, size);
    wd_buf_char(&self->text, '\0');
    if (self->text.failed || self->text.size > UINT32_MAX / 2) {
        self->failed = true;
        return NULL;
    }
    self->slots[at] = (uint32_t)++self->count;
    return item;
}

void wd_postings_add(wd_postings_t *self, unsigned at, const char *words, size_t size)
{
    const char *p = words, *end = words + size;
    while (p < end && !self->failed) {
        const char *blank = memchr(p, ' ', (size_t)(end - p));
        const char *stop = blank != NULL ? blank : end;
        wd_posted_t *item = stop > p ? s_item(self, p, (size_t)(stop - p)) : NULL;
        if (item != NULL)
            item->posting.bits[at / 64] |= (uint64_t)1 << (at % 64);
        p = stop + 1;
    }
}

static int s_compare(const void *a, const void *b, void *text)
{
    const wd_posted_t *x = a, *y = b;
    if (x->head != y->head)
        return x->head < y->head ? -1 : 1;
    return strcmp((const char *)text + x->offset, (const char *)text + y->offset);
}

void wd_postings_sort(wd_postings_t *self)
{
    qsort_r(self->items, self->count, sizeof *self->items, s_compare, self->text.data);
}
