/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairs of words (step `pairs`): a first parser reads raw text, and what hangs from what is
 * counted. The strength of a pair of words is how much more often it is met than its words by
 * themselves let expect; that of a head and a preposition, in how large a share of the head's uses
 * it is met.
 */
#include "reader.h"
#include "train.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_PAIR = 4, LEAST_HEAD = 12, PAIRS_MAX = 400000 };

typedef struct {
    uint32_t key, head, other;
} pair_t;

typedef struct {
    pair_t *at;
    size_t count, capacity;
} pairs_t;

static void s_push(pairs_t *self, wx_pair_t kind, uint32_t head, uint32_t other)
{
    if (self->count == self->capacity) {
        self->capacity = self->capacity ? 2 * self->capacity : 1 << 16;
        self->at = wt_grow(self->at, self->capacity, sizeof *self->at);
    }
    self->at[self->count++] = (pair_t){wx_pair_key(kind, head, other), head, other};
}

typedef struct {
    const wx_stats_t *stats;
    wx_state_t state;
    pairs_t words, markers, uses;
} counter_t;

static void s_sentence(void *user, const wt_reader_t *reader)
{
    counter_t *self = user;
    const wx_item_t *items = reader->items;
    wx_parse_items(&self->stats->parser, &self->state, items, reader->item_count);
    for (uint32_t i = 0; i < reader->item_count; i++) {
        int32_t head = self->state.head[i], marker = self->state.left[0][i];
        s_push(&self->uses, WX_PAIR_WORDS, items[i].lower, 0);
        if (head == (int32_t)reader->item_count)
            continue;
        s_push(&self->words, WX_PAIR_WORDS, items[head].lower, items[i].lower);
        if (marker != WX_UNSET &&
            (items[marker].upos == WX_UPOS_ADP || items[marker].upos == WX_UPOS_SCONJ))
            s_push(&self->markers, WX_PAIR_MARKER, items[head].lower, items[marker].lower);
    }
}

static int s_by_key(const void *a, const void *b)
{
    uint32_t x = ((const pair_t *)a)->key, y = ((const pair_t *)b)->key;
    return x < y ? -1 : x > y;
}

typedef struct {
    uint32_t key, count, head, other;
} counted_t;

/* Sorts and counts; returns how many are different. */
static size_t s_count(pairs_t *self, counted_t **ret)
{
    qsort(self->at, self->count, sizeof *self->at, s_by_key);
    counted_t *counted = wt_alloc(self->count + 1, sizeof *counted);
    size_t n = 0;
    for (size_t i = 0; i < self->count; i++) {
        if (n == 0 || counted[n - 1].key != self->at[i].key)
            counted[n++] = (counted_t){self->at[i].key, 0, self->at[i].head, self->at[i].other};
        counted[n - 1].count++;
    }
    free(self->at);
    *ret = counted;
    return n;
}

static uint32_t s_uses(const counted_t *uses, size_t count, uint32_t lower)
{
    uint32_t key = wx_pair_key(WX_PAIR_WORDS, lower, 0);
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (uses[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && uses[low].key == key ? uses[low].count : 0;
}

/* n times all, over uses of both: 2, 8, 32 … times more than chance. */
static uint32_t s_word_strength(uint64_t n, uint64_t all, uint64_t head, uint64_t other)
{
    uint64_t chance = head * other;
    uint64_t ratio = n * all / (chance > 0 ? chance : 1);
    return ratio < 1 ? 1 : ratio < 4 ? 2 : ratio < 16 ? 3 : ratio < 64 ? 4 : ratio < 256 ? 5 : 6;
}

static uint32_t s_marker_strength(uint64_t n, uint64_t head)
{
    uint64_t mille = 1000 * n / (head ? head : 1);
    return mille < 5 ? 1 : mille < 15 ? 2 : mille < 40 ? 3 : mille < 90 ? 4 : mille < 200 ? 5 : 6;
}

typedef struct {
    uint32_t key, strength, count;
} kept_t;

static int s_kept_by_count(const void *a, const void *b)
{
    const kept_t *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

static int s_kept_by_key(const void *a, const void *b)
{
    const kept_t *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static void s_write(const char *path, kept_t *kept, size_t count)
{
    qsort(kept, count, sizeof *kept, s_kept_by_count);
    count = count < PAIRS_MAX ? count : PAIRS_MAX;
    qsort(kept, count, sizeof *kept, s_kept_by_key);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (n == 0 || kept[n - 1].key != kept[i].key)
            kept[n++] = kept[i];
    }
    wt_bytes_t out = {0};
    wt_bits_put(&out, (uint32_t)n, 32);
    uint32_t key = 0;
    for (size_t i = 0; i < n; i++) {
        wt_bits_golomb(&out, ((kept[i].key - key) >> 3) - 1, 10);
        wt_bits_put(&out, kept[i].strength, 3);
        key = kept[i].key;
    }
    wt_bits_end(&out);
    fprintf(stderr, "%zu pairs\n", n);
    wt_pack_section(path, "PAIR", out.at, out.size);
    free(out.at);
}

int wt_step_pairs(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    wx_stats_t *stats = wt_model(argv[0]);
    wt_text_t *text = wt_text_read(argv + 2, argc - 2);
    jmp_buf full;
    wx_arena_t arena = {.full = &full};
    if (!wx_arena_reserve(&arena, 1 << 20) || setjmp(full)) {
        fprintf(stderr, "winnow-train: no memory\n");
        return 1;
    }
    counter_t *counter = wt_alloc(1, sizeof *counter);
    counter->stats = stats;
    counter->state = wx_state_new(&arena, WT_READER_WORDS, &stats->parser.pairs);
    wt_reader_run(stats, text, (size_t)atol(argv[1]), s_sentence, counter);
    counted_t *words, *markers, *uses;
    size_t word_arcs = counter->words.count;
    size_t word_count = s_count(&counter->words, &words);
    size_t marker_count = s_count(&counter->markers, &markers);
    size_t use_count = s_count(&counter->uses, &uses), kept_count = 0;
    kept_t *kept = wt_alloc(word_count + marker_count, sizeof *kept);
    for (size_t i = 0; i < word_count; i++) {
        const counted_t *c = &words[i];
        if (c->count >= LEAST_PAIR)
            kept[kept_count++] =
                (kept_t){c->key,
                         s_word_strength(c->count, word_arcs, s_uses(uses, use_count, c->head),
                                         s_uses(uses, use_count, c->other)),
                         c->count};
    }
    for (size_t i = 0; i < marker_count; i++) {
        const counted_t *c = &markers[i];
        uint32_t head = s_uses(uses, use_count, c->head);
        if (head >= LEAST_HEAD && c->count >= 2)
            kept[kept_count++] = (kept_t){c->key, s_marker_strength(c->count, head), c->count};
    }
    s_write(argv[0], kept, kept_count);
    free(kept);
    free(words);
    free(markers);
    free(uses);
    free(counter);
    wx_arena_destroy(&arena);
    wt_text_destroy(&text);
    wx_stats_destroy(&stats);
    return 0;
}
