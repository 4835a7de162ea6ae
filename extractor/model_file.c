/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the packed model; the form is described in model_file.h. Every number out of the file is
 * checked before it is used as a place or a size. */
#include "model_file.h"

#include "model.h"

#include <string.h>

enum { S_ZEROS_MAX = 21 };

static const uint8_t s_magic[8] = {'w', 'i', 'n', 'n', 'o', 'w', 0, 'M'};

static uint32_t s_u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

wx_bits_t wx_bits_new(const void *bytes, size_t size)
{
    return (wx_bits_t){.at = bytes, .left = size};
}

static inline uint64_t s_u64(const uint8_t *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 |
           (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
           (uint64_t)at[7] << 56;
}

/* Brings at least 56 bits in. Above `have` may stand bits of the next byte: the same that come
 * again with it. */
static inline void s_refill(wx_bits_t *self)
{
    if (self->left >= 8) {
        unsigned bytes = (63 - self->have) >> 3;
        self->bits |= s_u64(self->at) << self->have;
        self->at += bytes;
        self->left -= bytes;
        self->have += 8 * bytes;
        return;
    }
    while (self->have <= 56) {
        uint64_t byte = 0;
        if (self->left > 0) {
            byte = *self->at++;
            self->left--;
        } else if (++self->pad > 16)
            self->over = true;
        self->bits |= byte << self->have;
        self->have += 8;
    }
}

static inline uint32_t s_take(wx_bits_t *self, unsigned count)
{
    uint32_t value = (uint32_t)(self->bits & (((uint64_t)1 << count) - 1));
    self->bits >>= count;
    self->have -= count;
    return value;
}

static inline unsigned s_zeros(uint64_t bits)
{
    unsigned zeros = 0;
#if defined(__GNUC__)
    zeros = (unsigned)__builtin_ctzll(bits | 1u << S_ZEROS_MAX);
#else
    while (zeros < S_ZEROS_MAX && !(bits >> zeros & 1))
        zeros++;
#endif
    return zeros;
}

/* n zeros, a one, n bits: value = 2^n - 1 + bits; the `order` lowest bits go plain. A code has at
 * most 21 + 20 + 15 bits, one refill. */
static inline uint32_t s_golomb(wx_bits_t *self, unsigned order)
{
    if (self->have < 56)
        s_refill(self);
    unsigned zeros = s_zeros(self->bits);
    if (zeros == S_ZEROS_MAX) {
        self->over = true;
        return WX_MODEL_END;
    }
    s_take(self, zeros + 1);
    uint32_t high = s_take(self, zeros) + (1u << zeros) - 1;
    return high << order | s_take(self, order);
}

uint32_t wx_bits_get(wx_bits_t *self, unsigned count)
{
    if (self->have < count)
        s_refill(self);
    return s_take(self, count);
}

uint32_t wx_bits_golomb(wx_bits_t *self, unsigned order)
{
    return s_golomb(self, order);
}

/* Four sums side by side, as in Adler's, over 32-bit pieces: fast enough to be run at each start.
 */
uint32_t wx_model_checksum(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint64_t a = 0x9E3779B97F4A7C15u, b = size;
    for (; size >= 4; size -= 4, at += 4) {
        a = (a ^ s_u32(at)) * 0xD6E8FEB86659FD93u;
        a ^= a >> 29;
        b += a;
    }
    for (; size > 0; size--, at++)
        b = (b ^ *at) * 0x100000001B3u;
    b ^= b >> 32;
    return (uint32_t)b;
}

int wx_model_file_check(const void *bytes, size_t size, winnow_error_t *err)
{
    const uint8_t *file = bytes;
    if (size < WX_MODEL_HEADER || memcmp(file, s_magic, sizeof s_magic) != 0)
        return wx_error(err, WINNOW_E_MODEL, "the model is no winnow model");
    if (s_u32(file + 8) != WX_MODEL_FORM)
        return wx_error(err, WINNOW_E_MODEL, "the model has form %u, not %d",
                        (unsigned)s_u32(file + 8), WX_MODEL_FORM);
    uint32_t sections = s_u32(file + 12);
    if (s_u32(file + 16) != size || sections > (size - WX_MODEL_HEADER) / WX_MODEL_ENTRY)
        return wx_error(err, WINNOW_E_MODEL, "the model is cut off");
    if (s_u32(file + 20) != wx_model_checksum(file + WX_MODEL_HEADER, size - WX_MODEL_HEADER))
        return wx_error(err, WINNOW_E_MODEL, "the model is damaged: its checksum is wrong");
    for (uint32_t i = 0; i < sections; i++) {
        const uint8_t *entry = file + WX_MODEL_HEADER + (size_t)i * WX_MODEL_ENTRY;
        uint32_t offset = s_u32(entry + 4), length = s_u32(entry + 8);
        if (offset > size || length > size - offset)
            return wx_error(err, WINNOW_E_MODEL, "section %.4s of the model is cut off",
                            (const char *)entry);
    }
    return WINNOW_OK;
}

const uint8_t *wx_model_section(const void *bytes, const char *name, size_t *ret_size)
{
    const uint8_t *file = bytes;
    uint32_t sections = s_u32(file + 12);
    for (uint32_t i = 0; i < sections; i++) {
        const uint8_t *entry = file + WX_MODEL_HEADER + (size_t)i * WX_MODEL_ENTRY;
        if (memcmp(entry, name, 4) == 0) {
            *ret_size = s_u32(entry + 8);
            return file + s_u32(entry + 4);
        }
    }
    return NULL;
}

/* Short codes are looked up by the bits that come next: nearly all of them, without a branch that
 * depends on their length. */
enum { S_CODE_BITS = 11 };

typedef struct {
    unsigned order;
    struct {
        uint16_t value;
        uint8_t length; /* 0: a longer code */
    } at[1 << S_CODE_BITS];
} s_codes_t;

static void s_codes(s_codes_t *self, unsigned order)
{
    self->order = order;
    for (uint32_t i = 0; i < 1u << S_CODE_BITS; i++) {
        unsigned zeros = s_zeros(i), length = 2 * zeros + 1 + order;
        self->at[i].length = 0;
        if (length > S_CODE_BITS)
            continue;
        uint32_t high = (i >> (zeros + 1) & ((1u << zeros) - 1)) + (1u << zeros) - 1;
        uint32_t low = i >> (2 * zeros + 1) & ((1u << order) - 1);
        self->at[i].value = (uint16_t)(high << order | low);
        self->at[i].length = (uint8_t)length;
    }
}

/* As s_golomb(). */
static inline uint32_t s_code(wx_bits_t *bits, const s_codes_t *codes)
{
    if (bits->have < S_CODE_BITS)
        s_refill(bits);
    uint32_t next = (uint32_t)bits->bits & ((1u << S_CODE_BITS) - 1);
    unsigned length = codes->at[next].length;
    if (length == 0)
        return s_golomb(bits, codes->order);
    s_take(bits, length);
    return codes->at[next].value;
}

/* A row's weight into its place; false: damaged. */
static inline bool s_weight(int8_t *to, uint32_t folded)
{
    int32_t weight = wx_unfold(folded);
    *to = (int8_t)weight;
    return weight <= INT8_MAX && weight >= -INT8_MAX;
}

/* The three weights of a row of stride 4, by the bits that come next. */
enum { S_THREE_BITS = 13 };

typedef struct {
    struct {
        int8_t weights[3];
        uint8_t length; /* 0: longer codes among them */
    } at[1 << S_THREE_BITS];
} s_threes_t;

static void s_threes(s_threes_t *self, const s_codes_t *codes)
{
    for (uint32_t i = 0; i < 1u << S_THREE_BITS; i++) {
        unsigned length = 0;
        bool good = true;
        for (unsigned k = 0; k < 3 && good; k++) {
            uint32_t next = i >> length & ((1u << S_CODE_BITS) - 1);
            good =
                codes->at[next].length && s_weight(&self->at[i].weights[k], codes->at[next].value);
            length += codes->at[next].length;
        }
        self->at[i].length = (uint8_t)(good && length <= S_THREE_BITS ? length : 0);
    }
}

static inline bool s_row_of_4(wx_bits_t *bits, const s_codes_t *codes, const s_threes_t *threes,
                              int8_t *weights)
{
    if (bits->have < S_THREE_BITS)
        s_refill(bits);
    uint32_t next = (uint32_t)bits->bits & ((1u << S_THREE_BITS) - 1);
    unsigned length = threes->at[next].length;
    if (length) {
        memcpy(weights, threes->at[next].weights, 3);
        s_take(bits, length);
        return !bits->over;
    }
    bool good = true;
    for (uint32_t i = 0; i < 3; i++)
        good = s_weight(&weights[i], s_code(bits, &codes[3])) && good;
    return good && !bits->over;
}

/* Reads one row, which is zero, into `weights`; false: damaged. */
static inline bool s_row(wx_bits_t *bits, const s_codes_t *codes, uint32_t stride, int8_t *weights)
{
    uint32_t count = s_code(bits, &codes[1]) + 1, class = UINT32_MAX;
    if (count > stride)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        class += s_code(bits, &codes[2]) + 1;
        if (class >= stride || !s_weight(&weights[class], s_code(bits, &codes[3]) + 1))
            return false;
    }
    return !bits->over;
}

/* With the stride a constant, each of the three is its own loop. */
static inline bool s_rows(wx_bits_t from, const s_codes_t *codes, const s_threes_t *threes,
                          uint32_t rows, uint32_t stride, int8_t *to)
{
    wx_bits_t bits = from; /* in registers */
    uint32_t row = UINT32_MAX;
    for (;;) {
        uint32_t gap = s_code(&bits, &codes[0]);
        if (gap == WX_MODEL_END && !bits.over)
            return true;
        row += gap + 1;
        if (gap >= rows || row >= rows)
            return false;
        int8_t *weights = to + (size_t)row * stride;
        if (stride == 4 ? !s_row_of_4(&bits, codes, threes, weights)
                        : !s_row(&bits, codes, stride, weights))
            return false;
    }
}

bool wx_model_linear(const uint8_t *section, size_t size, wx_arena_t *arena,
                     wx_linear_t *ret_linear)
{
    wx_bits_t bits = wx_bits_new(section, size);
    unsigned rows_log2 = wx_bits_get(&bits, 8);
    uint32_t stride = wx_bits_get(&bits, 8);
    s_codes_t codes[4]; /* gaps of rows, counts, gaps of classes, weights */
    for (unsigned i = 0; i < 4; i++)
        s_codes(&codes[i], wx_bits_get(&bits, 4));
    bool known = stride == 4 || stride == 16 || stride == 64;
    if (!known || rows_log2 > 23)
        return false;
    uint32_t rows = 1u << rows_log2;
    /* No row lies across two cache lines: only one is fetched ahead. */
    enum { S_LINE = 64 };
    char *room = wx_new(arena, char, (size_t)rows *stride + S_LINE);
    int8_t *to = (int8_t *)(room + (S_LINE - (uintptr_t)room % S_LINE) % S_LINE);
    s_threes_t threes;
    if (stride == 4)
        s_threes(&threes, &codes[3]);
    bool good = stride == 4    ? s_rows(bits, codes, &threes, rows, 4, to)
                : stride == 16 ? s_rows(bits, codes, NULL, rows, 16, to)
                               : s_rows(bits, codes, NULL, rows, 64, to);
    *ret_linear = (wx_linear_t){rows - 1, stride, to};
    return good;
}
