/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scoring. The cost is the cache misses on the rows, so all of them are asked for first; the sums
 * are plain loops of a constant length, which compilers turn into vector code.
 */
#include "linear.h"

#if defined(__GNUC__)
#define S_PREFETCH(at) __builtin_prefetch(at)
#else
#define S_PREFETCH(at) ((void)(at))
#endif

/* One function for each stride, so that the inner loop's length is a constant. At most 256 rows of
 * bytes cannot overflow 16 bits. */
#define S_SCORE(STRIDE)                                                                            \
    static void s_score_##STRIDE(const wx_linear_t *self, const uint32_t *rows, unsigned count,    \
                                 int32_t *score)                                                   \
    {                                                                                              \
        int16_t sum[STRIDE] = {0};                                                                 \
        for (unsigned i = 0; i < count; i++) {                                                     \
            const int8_t *row = self->weights + (size_t)(rows[i] & self->mask) * STRIDE;           \
            for (unsigned c = 0; c < STRIDE; c++)                                                  \
                sum[c] = (int16_t)(sum[c] + row[c]);                                               \
        }                                                                                          \
        for (unsigned c = 0; c < STRIDE; c++)                                                      \
            score[c] = sum[c];                                                                     \
    }

S_SCORE(4)
S_SCORE(16)
S_SCORE(64)

void wx_linear_score(const wx_linear_t *self, const uint32_t *rows, unsigned count, int32_t *score)
{
    for (unsigned i = 0; i < count; i++)
        S_PREFETCH(self->weights + (size_t)(rows[i] & self->mask) * self->stride);
    if (self->stride == 4)
        s_score_4(self, rows, count, score);
    else if (self->stride == 16)
        s_score_16(self, rows, count, score);
    else
        s_score_64(self, rows, count, score);
}
