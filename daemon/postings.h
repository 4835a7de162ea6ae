/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which articles of a block have which words.
 *
 * A block is WD_BLOCK revisions in a row (rev / WD_BLOCK); a posting is a set of them. In the store
 * it is written in the shorter of two forms: the gaps between members as numbers of 7 bits a byte,
 * the high bit saying that another follows (the first gap counts from -1), or a map of WD_BLOCK
 * bits.
 */
#ifndef WD_POSTINGS_H
#define WD_POSTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

#define WD_BLOCK         1024
#define WD_POSTING_BYTES (WD_BLOCK / 8)

typedef struct {
    uint64_t bits[WD_BLOCK / 64];
} wd_posting_t;

/* Encodes into ret_bytes; returns how many. */
size_t wd_posting_encode(const wd_posting_t *self, uint8_t ret_bytes[WD_POSTING_BYTES]);
/* Adds the members of an encoded posting to `self`; what is malformed adds nothing sensible,
 * safely. */
void wd_posting_add(wd_posting_t *self, const uint8_t *bytes, size_t size);

/* The words of one block, being gathered. */
typedef struct {
    uint32_t offset, size; /* of the word in `text` */
    uint64_t head;         /* its first 8 bytes, as a number that sorts like them */
    wd_posting_t posting;
} wd_posted_t;

typedef struct {
    wd_buf_t text; /* the words, each with a NUL behind */
    wd_posted_t *items;
    size_t count, capacity;
    uint32_t *slots; /* a hash table of indices into items, plus 1; 0: empty */
    size_t slot_count;
    bool failed; /* no memory */
} wd_postings_t;

void wd_postings_free(wd_postings_t *self);
/* Adds the words of one article, separated by blanks, as member `at` (below WD_BLOCK). */
void wd_postings_add(wd_postings_t *self, unsigned at, const char *words, size_t size);
/* Sorts the items by their words' bytes; nothing may be added behind it. */
void wd_postings_sort(wd_postings_t *self);
const char *wd_postings_word(const wd_postings_t *self, size_t index);

#endif
