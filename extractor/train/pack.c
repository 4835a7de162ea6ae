/* SPDX-License-Identifier: Apache-2.0 */
/* Writing the packed model; see pack.h. */
#include "pack.h"

#include "text.h"

#include "../model_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wt_bytes_put(wt_bytes_t *self, const void *data, size_t size)
{
    if (self->size + size > self->capacity) {
        self->capacity = 2 * (self->size + size);
        self->at = wt_grow(self->at, self->capacity, 1);
    }
    memcpy(self->at + self->size, data, size);
    self->size += size;
}

void wt_bits_put(wt_bytes_t *self, uint32_t value, unsigned count)
{
    self->bits |= (uint64_t)value << self->have;
    self->have += count;
    while (self->have >= 8) {
        uint8_t byte = (uint8_t)self->bits;
        wt_bytes_put(self, &byte, 1);
        self->bits >>= 8;
        self->have -= 8;
    }
}

static unsigned s_log2(uint32_t x)
{
    unsigned n = 0;
    while (x >> (n + 1))
        n++;
    return n;
}

void wt_bits_golomb(wt_bytes_t *self, uint32_t value, unsigned order)
{
    uint32_t high = (value >> order) + 1;
    unsigned n = s_log2(high);
    wt_bits_put(self, 0, n);
    wt_bits_put(self, 1, 1);
    wt_bits_put(self, high - (1u << n), n);
    wt_bits_put(self, value & ((1u << order) - 1), order);
}

void wt_bits_end(wt_bytes_t *self)
{
    if (self->have > 0)
        wt_bits_put(self, 0, 8 - self->have);
}

unsigned wt_golomb_order(const uint32_t *values, size_t count)
{
    unsigned best = 0;
    uint64_t least = UINT64_MAX;
    for (unsigned order = 0; order < 16; order++) {
        uint64_t cost = 0;
        for (size_t i = 0; i < count; i++)
            cost += 2 * s_log2((values[i] >> order) + 1) + 1 + order;
        if (cost < least) {
            least = cost;
            best = order;
        }
    }
    return best;
}

typedef struct {
    uint32_t *at;
    size_t count, capacity;
} list_t;

static void s_add(list_t *self, uint32_t value)
{
    if (self->count == self->capacity) {
        self->capacity = self->capacity ? 2 * self->capacity : 1024;
        self->at = wt_grow(self->at, self->capacity, sizeof *self->at);
    }
    self->at[self->count++] = value;
}

/* The same walk twice: first to learn the orders, then to write. */
static void s_walk(const int8_t *weights, uint32_t rows, uint32_t stride, const unsigned *order,
                   wt_bytes_t *out, list_t *lists)
{
    uint32_t row_before = UINT32_MAX;
    for (uint32_t r = 0; r < rows; r++) {
        const int8_t *row = weights + (size_t)r * stride;
        uint32_t count = 0;
        for (uint32_t c = 0; c < stride; c++)
            count += row[c] != 0;
        if (count == 0)
            continue;
        uint32_t gap = r - row_before - 1, class_before = UINT32_MAX;
        row_before = r;
        out ? wt_bits_golomb(out, gap, order[0]) : s_add(&lists[0], gap);
        if (stride > 4)
            out ? wt_bits_golomb(out, count - 1, order[1]) : s_add(&lists[1], count - 1);
        for (uint32_t c = 0; c < (stride > 4 ? stride : 3); c++) {
            if (stride > 4 && row[c] == 0)
                continue;
            if (stride > 4) {
                uint32_t step = c - class_before - 1;
                class_before = c;
                out ? wt_bits_golomb(out, step, order[2]) : s_add(&lists[2], step);
            }
            uint32_t weight = wx_fold(row[c]) - (stride > 4 ? 1 : 0);
            out ? wt_bits_golomb(out, weight, order[3]) : s_add(&lists[3], weight);
        }
    }
}

wt_bytes_t wt_pack_linear(const int8_t *weights, uint32_t rows, uint32_t stride)
{
    list_t lists[4] = {{0}};
    unsigned order[4] = {0};
    s_walk(weights, rows, stride, NULL, NULL, lists);
    fprintf(stderr, "  %zu rows, %zu weights\n", lists[0].count, lists[3].count);
    for (int i = 0; i < 4; i++) {
        order[i] = wt_golomb_order(lists[i].at, lists[i].count);
        free(lists[i].at);
    }
    wt_bytes_t out = {0};
    wt_bits_put(&out, s_log2(rows), 8);
    wt_bits_put(&out, stride, 8);
    for (int i = 0; i < 4; i++)
        wt_bits_put(&out, order[i], 4);
    s_walk(weights, rows, stride, order, &out, NULL);
    wt_bits_golomb(&out, WX_MODEL_END, order[0]);
    wt_bits_end(&out);
    return out;
}

static void s_put_u32(uint8_t *at, size_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

enum { SECTIONS = 32 };

typedef struct {
    char name[5];
    const uint8_t *data;
    size_t size;
} section_t;

static size_t s_read_sections(const char *path, section_t *sections)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return 0;
    fclose(file);
    size_t size, count = 0;
    uint8_t *bytes = (uint8_t *)wt_slurp(path, &size);
    winnow_error_t err;
    if (wx_model_file_check(bytes, size, &err) != WINNOW_OK) {
        fprintf(stderr, "winnow-train: %s: %s\n", path, err.message);
        exit(1);
    }
    uint32_t total = bytes[12];
    for (uint32_t i = 0; i < total && i < SECTIONS; i++) {
        section_t *section = &sections[count++];
        memcpy(section->name, bytes + WX_MODEL_HEADER + i * WX_MODEL_ENTRY, 4);
        section->name[4] = '\0';
        section->data = wx_model_section(bytes, section->name, &section->size);
    }
    return count;
}

void wt_pack_section(const char *path, const char *name, const void *data, size_t size)
{
    section_t sections[SECTIONS + 1] = {{{0}, NULL, 0}};
    size_t count = s_read_sections(path, sections), at = 0;
    while (at < count && strcmp(sections[at].name, name) != 0)
        at++;
    count += at == count;
    memcpy(sections[at].name, name, 4);
    sections[at].data = data;
    sections[at].size = size;
    size_t total = WX_MODEL_HEADER + count * WX_MODEL_ENTRY;
    for (size_t i = 0; i < count; i++)
        total += sections[i].size;
    uint8_t *bytes = wt_alloc(total, 1);
    memcpy(bytes, "winnow\0M", 8);
    s_put_u32(bytes + 8, WX_MODEL_FORM);
    s_put_u32(bytes + 12, count);
    s_put_u32(bytes + 16, total);
    size_t offset = WX_MODEL_HEADER + count * WX_MODEL_ENTRY;
    for (size_t i = 0; i < count; i++) {
        uint8_t *entry = bytes + WX_MODEL_HEADER + i * WX_MODEL_ENTRY;
        memcpy(entry, sections[i].name, 4);
        s_put_u32(entry + 4, offset);
        s_put_u32(entry + 8, sections[i].size);
        if (sections[i].size > 0)
            memcpy(bytes + offset, sections[i].data, sections[i].size);
        offset += sections[i].size;
    }
    s_put_u32(bytes + 20, wx_model_checksum(bytes + WX_MODEL_HEADER, total - WX_MODEL_HEADER));
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, total, file) != total || fclose(file) != 0) {
        fprintf(stderr, "winnow-train: %s: cannot be written\n", path);
        exit(1);
    }
    fprintf(stderr, "%s: section %s, %zu bytes\n", path, name, size);
    free(bytes);
}
