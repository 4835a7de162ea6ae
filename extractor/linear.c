/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scoring. The cost is the cache misses on the rows, so each is asked for as soon as its feature is
 * known (linear.h); the sums are loops of a constant length over vectors.
 */
#include "linear.h"

#include <string.h>

/* Bytes in pairs: the first of each pair is summed in one row of 16-bit lanes, the second in
 * another, and they are put side by side again at the end. At most 256 rows of bytes cannot
 * overflow 16 bits. Vectors of the compiler's, so that the sums stay in registers on every machine
 * that has some. */
typedef int16_t s_lanes_t __attribute__((vector_size(16)));
typedef uint16_t s_bits_t __attribute__((vector_size(16)));

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
enum { S_LOW = 1, S_HIGH = 0 };
#else
enum { S_LOW = 0, S_HIGH = 1 };
#endif

static inline void s_add(const int8_t *row, s_lanes_t *low, s_lanes_t *high)
{
    s_lanes_t pairs;
    memcpy(&pairs, row, sizeof pairs);
    *low += (s_lanes_t)((s_bits_t)pairs << 8) >> 8;
    *high += pairs >> 8;
}

static inline void s_spread(s_lanes_t low, s_lanes_t high, int32_t *score)
{
    for (unsigned i = 0; i < 8; i++) {
        score[2 * i + S_LOW] = low[i];
        score[2 * i + S_HIGH] = high[i];
    }
}

static void s_score_4(const wx_linear_t *self, const uint32_t *rows, unsigned count, int32_t *score)
{
    uint32_t low = 0, high = 0; /* two lanes each, of weights + 128 */
    for (unsigned i = 0; i < count; i++) {
        uint32_t row;
        memcpy(&row, self->weights + (size_t)(rows[i] & self->mask) * 4, sizeof row);
        row ^= 0x80808080u;
        low += row & 0x00FF00FFu;
        high += row >> 8 & 0x00FF00FFu;
    }
    int32_t base = 128 * (int32_t)count;
    const uint32_t sums[4] = {low & 0xFFFF, high & 0xFFFF, low >> 16, high >> 16};
    for (unsigned c = 0; c < 4; c++)
        score[S_LOW ? 3 - c : c] = (int32_t)sums[c] - base;
}

static void s_score_16(const wx_linear_t *self, const uint32_t *rows, unsigned count,
                       int32_t *score)
{
    s_lanes_t low = {0}, high = {0};
    for (unsigned i = 0; i < count; i++)
        s_add(self->weights + (size_t)(rows[i] & self->mask) * 16, &low, &high);
    s_spread(low, high, score);
}

static void s_score_64(const wx_linear_t *self, const uint32_t *rows, unsigned count,
                       int32_t *score)
{
    s_lanes_t low0 = {0}, low1 = {0}, low2 = {0}, low3 = {0};
    s_lanes_t high0 = {0}, high1 = {0}, high2 = {0}, high3 = {0};
    for (unsigned i = 0; i < count; i++) {
        const int8_t *row = self->weights + (size_t)(rows[i] & self->mask) * 64;
        s_add(row, &low0, &high0);
        s_add(row + 16, &low1, &high1);
        s_add(row + 32, &low2, &high2);
        s_add(row + 48, &low3, &high3);
    }
    s_spread(low0, high0, score);
    s_spread(low1, high1, score + 16);
    s_spread(low2, high2, score + 32);
    s_spread(low3, high3, score + 48);
}

void wx_linear_score(const wx_linear_t *self, const uint32_t *rows, unsigned count, int32_t *score)
{
    if (self->stride == 4)
        s_score_4(self, rows, count, score);
    else if (self->stride == 16)
        s_score_16(self, rows, count, score);
    else
        s_score_64(self, rows, count, score);
}
