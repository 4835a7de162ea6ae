/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scoring. The cost is the cache misses on the rows, so all of them are asked for first; the sums
 * are plain loops of a constant length, which compilers turn into vector code.
 */
#include "linear.h"

#include <string.h>

#if defined(__GNUC__)
#define S_PREFETCH(at) __builtin_prefetch(at)
#else
#define S_PREFETCH(at) ((void)(at))
#endif

static void s_score_64(const int8_t *bytes, const uint32_t *rows, unsigned count, uint32_t mask,
                       int16_t *sum)
{
    for (unsigned i = 0; i < count; i++) {
        const int8_t *row = bytes + (size_t)(rows[i] & mask) * 64;
        for (unsigned c = 0; c < 64; c++)
            sum[c] = (int16_t)(sum[c] + row[c]);
    }
}

static void s_score_16(const int8_t *bytes, const uint32_t *rows, unsigned count, uint32_t mask,
                       int16_t *sum)
{
    for (unsigned i = 0; i < count; i++) {
        const int8_t *row = bytes + (size_t)(rows[i] & mask) * 16;
        for (unsigned c = 0; c < 16; c++)
            sum[c] = (int16_t)(sum[c] + row[c]);
    }
}

static void s_score_4(const int16_t *shorts, const uint32_t *rows, unsigned count, uint32_t mask,
                      int32_t *score)
{
    for (unsigned i = 0; i < count; i++) {
        const int16_t *row = shorts + (size_t)(rows[i] & mask) * 4;
        for (unsigned c = 0; c < 4; c++)
            score[c] += row[c];
    }
}

void wx_linear_score(const wx_linear_t *self, const uint32_t *rows, unsigned count, int32_t *score)
{
    uint32_t stride = self->stride;
    memset(score, 0, stride * sizeof *score);
    if (self->shorts) {
        for (unsigned i = 0; i < count; i++)
            S_PREFETCH(self->shorts + (size_t)(rows[i] & self->mask) * stride);
        s_score_4(self->shorts, rows, count, self->mask, score);
        return;
    }
    /* 256 rows of bytes cannot overflow 16 bits */
    int16_t sum[WX_LINEAR_STRIDE_MAX] = {0};
    for (unsigned i = 0; i < count; i++)
        S_PREFETCH(self->bytes + (size_t)(rows[i] & self->mask) * stride);
    if (stride == 64)
        s_score_64(self->bytes, rows, count, self->mask, sum);
    else
        s_score_16(self->bytes, rows, count, self->mask, sum);
    for (uint32_t c = 0; c < stride; c++)
        score[c] = sum[c];
}
