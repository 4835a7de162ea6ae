/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The packed model: sections behind a header, little-endian, the same on every machine.
 *
 *     offset  size
 *     0       8      "winnow\0M"
 *     8       4      version of the form: WX_MODEL_FORM
 *     12      4      number of sections
 *     16      4      size of the whole file
 *     20      4      checksum of all bytes from 24 on
 *     24      12 n   table: name (4 letters), offset, size of each section
 *     …              sections
 *
 * The first section, `TEXT`, says in words what the file is and under which licence.
 *
 * Numbers in sections are written as bits, lowest first: Exp-Golomb codes, whose order is chosen
 * for each row of numbers. A linear model (section of rows with weights) is
 *
 *     8 bits rows as power of two, 8 bits stride,
 *     4 x 4 bits: orders of the codes below
 *     then for each row that has weights, in order:
 *         gap to the row before (0: the next one)
 *         stride > 4: number of weights - 1, and for each the gap to the class before
 *         stride 4: the first three weights, zeros too (the fourth is unused)
 *         weights: sign folded in (0, -1, 1, -2, 2 … as 0, 1, 2, 3, 4 …), never 0 if stride > 4
 *     a gap of WX_MODEL_END ends it
 */
#ifndef WX_MODEL_FILE_H
#define WX_MODEL_FILE_H

#include "arena.h"
#include "linear.h"

#include <winnow/error.h>

enum { WX_MODEL_FORM = 1, WX_MODEL_HEADER = 24, WX_MODEL_ENTRY = 12 };
#define WX_MODEL_END 0xFFFFFu /* no gap between rows is as large */

/* Reading bits; past the end come zeros, and after a few of them `over` is set. */
typedef struct {
    const uint8_t *at;
    size_t left;  /* bytes from `at` on */
    unsigned pad; /* zero bytes that were made up */
    uint64_t bits;
    unsigned have;
    bool over;
} wx_bits_t;

wx_bits_t wx_bits_new(const void *bytes, size_t size);
uint32_t wx_bits_get(wx_bits_t *self, unsigned count); /* count <= 32 */
uint32_t wx_bits_golomb(wx_bits_t *self, unsigned order);

/* Folds and unfolds the sign. */
static inline uint32_t wx_fold(int32_t x)
{
    return x < 0 ? (uint32_t)(-(int64_t)x * 2 - 1) : (uint32_t)x * 2;
}

static inline int32_t wx_unfold(uint32_t x)
{
    return x & 1 ? -(int32_t)((x + 1) / 2) : (int32_t)(x / 2);
}

uint32_t wx_model_checksum(const void *bytes, size_t size);

/* Is this a whole, undamaged model of our form? WINNOW_OK, or WINNOW_E_MODEL with `err` filled. */
int wx_model_file_check(const void *bytes, size_t size, winnow_error_t *err);

/* A section by its name of four letters; NULL: there is none. The file must have been checked. */
const uint8_t *wx_model_section(const void *bytes, const char *name, size_t *ret_size);

/* Expands a linear model into the arena; false: the section is damaged. */
bool wx_model_linear(const uint8_t *section, size_t size, wx_arena_t *arena,
                     wx_linear_t *ret_linear);

#endif
