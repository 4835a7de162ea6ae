/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hashed linear models: a feature is a hash, a hash picks a row, a row has a weight for each class,
 * and the class with the largest sum of weights wins. No floating point: the same bytes score the
 * same on every machine.
 *
 *     rows      r0 r1 r2 …           one for each feature that is on
 *     score[c] = w[r0][c] + w[r1][c] + w[r2][c] + …
 *
 * Weights are bytes: whole numbers up to 127 are as good as finer ones (measured: a tenth of a
 * point on trees).
 */
#ifndef WX_LINEAR_H
#define WX_LINEAR_H

#include <stddef.h>
#include <stdint.h>

/* Constant after load. */
typedef struct {
    uint32_t mask;         /* rows - 1; a power of two of them */
    uint32_t stride;       /* weights in a row: classes, rounded up to 4, 16 or 64 */
    const int8_t *weights; /* [rows][stride] */
} wx_linear_t;

enum { WX_LINEAR_STRIDE_MAX = 64 };

/* Sums the rows into score[0 .. stride). At most 256 rows. */
void wx_linear_score(const wx_linear_t *self, const uint32_t *rows, unsigned count, int32_t *score);

/* Where the weights of a feature are. */
static inline const int8_t *wx_linear_row(const wx_linear_t *self, uint32_t row)
{
    return self->weights + (size_t)(row & self->mask) * self->stride;
}

#if defined(__GNUC__)
#define WX_PREFETCH(at) __builtin_prefetch(at)
#else
#define WX_PREFETCH(at) ((void)(at))
#endif

/* Joins a hash and a value. */
static inline uint32_t wx_mix(uint32_t hash, uint32_t value)
{
    hash = (hash ^ value) * 0x9E3779B1u;
    return hash ^ hash >> 15;
}

/* The last step from hash to row: spreads all bits into the low ones. */
static inline uint32_t wx_mix_end(uint32_t hash)
{
    hash *= 0x85EBCA6Bu;
    hash ^= hash >> 13;
    hash *= 0xC2B2AE35u;
    return hash ^ hash >> 16;
}

/* The features of one state share most of their parts: put in line, each part is mixed once. */
#if defined(__GNUC__)
#define WX_INLINE static inline __attribute__((always_inline))
#else
#define WX_INLINE static inline
#endif

/* A list of features under construction: each call adds one, numbered by its place, so that the
 * same values at another place are another feature. */
typedef struct {
    uint32_t *rows;
    unsigned count;
    const wx_linear_t *ahead; /* the model that will score them: rows are fetched early; or NULL */
} wx_features_t;

WX_INLINE void wx_feature(wx_features_t *self, uint32_t a)
{
    uint32_t seed = self->count * 0x632BE5ABu + 0x1F83D9ABu;
    uint32_t row = wx_mix_end(wx_mix(seed, a));
    if (self->ahead)
        WX_PREFETCH(wx_linear_row(self->ahead, row));
    self->rows[self->count++] = row;
}

WX_INLINE void wx_feature2(wx_features_t *self, uint32_t a, uint32_t b)
{
    wx_feature(self, wx_mix(wx_mix(0x5BE0CD19u, a), b));
}

WX_INLINE void wx_feature3(wx_features_t *self, uint32_t a, uint32_t b, uint32_t c)
{
    wx_feature(self, wx_mix(wx_mix(wx_mix(0x5BE0CD19u, a), b), c));
}

#endif
