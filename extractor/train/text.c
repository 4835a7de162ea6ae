/* SPDX-License-Identifier: Apache-2.0 */
/* Reading raw text for the trainer; see text.h. */
#include "text.h"

#include "../str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *wt_alloc(size_t count, size_t size)
{
    void *at = calloc(count ? count : 1, size);
    if (!at) {
        fprintf(stderr, "winnow-train: no memory\n");
        exit(1);
    }
    return at;
}

void *wt_grow(void *at, size_t count, size_t size)
{
    at = realloc(at, (count ? count : 1) * size);
    if (!at) {
        fprintf(stderr, "winnow-train: no memory\n");
        exit(1);
    }
    return at;
}

char *wt_slurp(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "winnow-train: %s: cannot be read\n", path);
        exit(1);
    }
    size_t size = 0, capacity = 1 << 16;
    char *at = wt_grow(NULL, capacity + 1, 1);
    size_t got;
    while ((got = fread(at + size, 1, capacity - size, file)) > 0) {
        size += got;
        if (size == capacity) {
            capacity *= 2;
            at = wt_grow(at, capacity + 1, 1);
        }
    }
    fclose(file);
    at[size] = '\0';
    *ret_size = size;
    return at;
}

typedef struct {
    wt_text_t *text;
    uint32_t *slots; /* word + 1, or 0 */
    size_t slot_count;
    size_t capacity, word_capacity;
} reader_t;

static uint32_t s_word(reader_t *self, const char *at, size_t size)
{
    wt_text_t *text = self->text;
    if (text->count * 2 >= self->slot_count) {
        size_t slot_count = self->slot_count * 2;
        free(self->slots);
        self->slots = wt_alloc(slot_count, sizeof *self->slots);
        self->slot_count = slot_count;
        for (uint32_t i = 0; i < text->count; ++i) {
            size_t slot = wx_str_hash(wx_str_from(text->words[i])) & (slot_count - 1);
            while (self->slots[slot]) {
                slot = (slot + 1) & (slot_count - 1);
            }
            self->slots[slot] = i + 1;
        }
    }
    size_t slot = wx_str_hash((winnow_str_t){at, size}) & (self->slot_count - 1);
    while (self->slots[slot]) {
        const char *known = text->words[self->slots[slot] - 1];
        if (strncmp(known, at, size) == 0 && known[size] == '\0') {
            return self->slots[slot] - 1;
        }
        slot = (slot + 1) & (self->slot_count - 1);
    }
    if (text->count == self->word_capacity) {
        self->word_capacity *= 2;
        text->words = wt_grow(text->words, self->word_capacity, sizeof *text->words);
        text->counts = wt_grow(text->counts, self->word_capacity, sizeof *text->counts);
    }
    char *copy = wt_alloc(size + 1, 1);
    memcpy(copy, at, size);
    text->words[text->count] = copy;
    text->counts[text->count] = 0;
    self->slots[slot] = text->count + 1;
    return text->count++;
}

static void s_push(reader_t *self, uint32_t number)
{
    wt_text_t *text = self->text;
    if (text->length == self->capacity) {
        self->capacity *= 2;
        text->stream = wt_grow(text->stream, self->capacity, sizeof *text->stream);
    }
    text->stream[text->length++] = number;
}

static void s_emit(reader_t *self, const char *at, size_t size)
{
    char word[64];
    if (size == 0 || size >= sizeof word) {
        return;
    }
    for (size_t i = 0; i < size; ++i) {
        word[i] = at[i] >= '0' && at[i] <= '9' ? '0' : at[i];
    }
    uint32_t number = s_word(self, word, size);
    self->text->counts[number]++;
    s_push(self, number);
}

static bool s_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

static bool s_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* One piece between white space: "U.S.-led," gives "U.S." "-" "led" "," */
static void s_piece(reader_t *self, const char *at, size_t size)
{
    size_t begin = 0;
    bool dotted = false; /* "U.S.", "e.g.": letters with dots between */
    for (size_t i = 0; i < size; ++i) {
        char c = at[i];
        if (s_is_letter(c) || s_is_digit(c)) {
            continue;
        }
        bool inside = i + 1 < size && i > begin;
        if ((c == '.' || c == ',') && inside && s_is_digit(at[i - 1]) && s_is_digit(at[i + 1])) {
            continue;
        }
        if (c == '.' && inside && s_is_letter(at[i + 1])) {
            dotted = true;
            continue;
        }
        if (c == '.' && i > begin &&
            (dotted || (i == begin + 1 && at[begin] >= 'A' && at[begin] <= 'Z'))) {
            continue;
        }
        if (c == '\'' && inside) {
            if (at[i - 1] == 'n' && at[i + 1] == 't' && i + 2 == size) {
                s_emit(self, at + begin, i - 1 - begin);
                s_emit(self, at + i - 1, 3);
                return;
            }
            s_emit(self, at + begin, i - begin);
            begin = i;
            continue;
        }
        s_emit(self, at + begin, i - begin);
        s_emit(self, at + i, 1);
        begin = i + 1;
    }
    s_emit(self, at + begin, size - begin);
}

static const wt_text_t *s_sorted; /* qsort has no argument for it */

static int s_by_count(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    if (s_sorted->counts[x] != s_sorted->counts[y]) {
        return s_sorted->counts[x] > s_sorted->counts[y] ? -1 : 1;
    }
    return strcmp(s_sorted->words[x], s_sorted->words[y]);
}

static void s_renumber(wt_text_t *text)
{
    uint32_t *order = wt_alloc(text->count, sizeof *order);
    uint32_t *place = wt_alloc(text->count, sizeof *place);
    for (uint32_t i = 0; i < text->count; ++i) {
        order[i] = i;
    }
    s_sorted = text;
    qsort(order, text->count, sizeof *order, s_by_count);
    char **words = wt_alloc(text->count, sizeof *words);
    uint32_t *counts = wt_alloc(text->count, sizeof *counts);
    for (uint32_t i = 0; i < text->count; ++i) {
        place[order[i]] = i;
        words[i] = text->words[order[i]];
        counts[i] = text->counts[order[i]];
    }
    for (size_t i = 0; i < text->length; ++i) {
        if (text->stream[i] != UINT32_MAX) {
            text->stream[i] = place[text->stream[i]];
        }
    }
    free(text->words);
    free(text->counts);
    text->words = words;
    text->counts = counts;
    free(order);
    free(place);
}

wt_text_t *wt_text_read(char **paths, int path_count)
{
    wt_text_t *text = wt_alloc(1, sizeof *text);
    reader_t reader = {
        .text = text, .slot_count = 1 << 16, .capacity = 1 << 20, .word_capacity = 1 << 14};
    reader.slots = wt_alloc(reader.slot_count, sizeof *reader.slots);
    text->stream = wt_alloc(reader.capacity, sizeof *text->stream);
    text->words = wt_alloc(reader.word_capacity, sizeof *text->words);
    text->counts = wt_alloc(reader.word_capacity, sizeof *text->counts);
    for (int i = 0; i < path_count; ++i) {
        size_t size;
        char *bytes = wt_slurp(paths[i], &size);
        size_t begin = 0;
        for (size_t at = 0; at <= size; ++at) {
            char c = at < size ? bytes[at] : '\n';
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                if (at > begin) {
                    s_piece(&reader, bytes + begin, at - begin);
                }
                begin = at + 1;
            }
            if (c == '\n') {
                s_push(&reader, UINT32_MAX);
            }
        }
        free(bytes);
    }
    free(reader.slots);
    s_renumber(text);
    return text;
}

void wt_text_destroy(wt_text_t **self_p)
{
    wt_text_t *self = *self_p;
    if (self) {
        for (uint32_t i = 0; i < self->count; ++i) {
            free(self->words[i]);
        }
        free(self->words);
        free(self->counts);
        free(self->stream);
        free(self);
        *self_p = NULL;
    }
}
