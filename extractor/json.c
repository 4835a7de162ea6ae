/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include <stdio.h>

#include <yajl/yajl_gen.h>

struct wx_json {
    yajl_gen gen;
    wx_arena_t *arena;
};

/* yajl's memory: each piece has its size before it, so that it can be grown by copying. */
enum { S_HEADER = 16 };

static void *s_malloc(void *arena, size_t size)
{
    char *block = wx_arena_take(arena, 1, size + S_HEADER);
    memcpy(block, &size, sizeof size);
    return block + S_HEADER;
}

static void *s_realloc(void *arena, void *old, size_t size)
{
    char *block = s_malloc(arena, size);
    if (old) {
        size_t had;
        memcpy(&had, (char *)old - S_HEADER, sizeof had);
        memcpy(block, old, had < size ? had : size);
    }
    return block;
}

static void s_free(void *arena, void *block)
{
    (void)arena;
    (void)block;
}

wx_json_t *wx_json_new(wx_arena_t *arena)
{
    wx_json_t *self = wx_new(arena, wx_json_t, 1);
    yajl_alloc_funcs *memory = wx_new(arena, yajl_alloc_funcs, 1);
    *memory = (yajl_alloc_funcs){s_malloc, s_realloc, s_free, arena};
    self->arena = arena;
    self->gen = yajl_gen_alloc(memory);
    return self;
}

static void s_text(wx_json_t *self, winnow_str_t text)
{
    yajl_gen_string(self->gen, (const unsigned char *)text.data, text.size);
}

static void s_key(wx_json_t *self, const char *key)
{
    if (key)
        s_text(self, wx_str_from(key));
}

void wx_json_open_map(wx_json_t *self, const char *key)
{
    s_key(self, key);
    yajl_gen_map_open(self->gen);
}

void wx_json_open_list(wx_json_t *self, winnow_str_t key)
{
    if (key.size)
        s_text(self, key);
    yajl_gen_array_open(self->gen);
}

void wx_json_close_map(wx_json_t *self)
{
    yajl_gen_map_close(self->gen);
}

void wx_json_close_list(wx_json_t *self)
{
    yajl_gen_array_close(self->gen);
}

void wx_json_string(wx_json_t *self, const char *key, winnow_str_t value)
{
    s_key(self, key);
    s_text(self, value);
}

void wx_json_null(wx_json_t *self, const char *key)
{
    s_key(self, key);
    yajl_gen_null(self->gen);
}

void wx_json_integer(wx_json_t *self, const char *key, long long value)
{
    s_key(self, key);
    yajl_gen_integer(self->gen, value);
}

/* 269 * 10^7 -> 2690000000; 3333 * 10^-2 -> 33.33; beyond 30 zeros: 269e40. */
void wx_json_decimal(wx_json_t *self, const char *key, winnow_decimal_t value)
{
    char digits[24], out[80];
    bool negative = value.digits < 0;
    unsigned long long magnitude =
        negative ? 0 - (unsigned long long)value.digits : (unsigned long long)value.digits;
    int n = snprintf(digits, sizeof digits, "%llu", magnitude), size = 0;
    if (negative)
        out[size++] = '-';
    if (magnitude == 0) {
        out[size++] = '0';
    } else if (value.exponent > 30 || value.exponent < -30) {
        size += snprintf(out + size, sizeof out - (size_t)size, "%se%d", digits, value.exponent);
    } else if (value.exponent >= 0) {
        size += snprintf(out + size, sizeof out - (size_t)size, "%s", digits);
        for (int i = 0; i < value.exponent; i++)
            out[size++] = '0';
    } else {
        int whole = n + value.exponent; /* digits before the point */
        if (whole <= 0)
            out[size++] = '0';
        for (int i = 0; i < whole; i++)
            out[size++] = digits[i];
        out[size++] = '.';
        for (int i = whole; i < 0; i++)
            out[size++] = '0';
        for (int i = whole > 0 ? whole : 0; i < n; i++)
            out[size++] = digits[i];
        while (out[size - 1] == '0')
            size--;
        if (out[size - 1] == '.')
            size--;
    }
    s_key(self, key);
    yajl_gen_number(self->gen, out, (size_t)size);
}

winnow_str_t wx_json_text(wx_json_t *self)
{
    const unsigned char *bytes = NULL;
    size_t size = 0;
    yajl_gen_get_buf(self->gen, &bytes, &size);
    return wx_str_copy(self->arena, (winnow_str_t){(const char *)bytes, size});
}
