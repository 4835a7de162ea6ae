/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lexicon: classes of words from raw text (step `lexicon`), and then, with a first tagger,
 * which parts of speech the raw text uses each word as (step `usage`).
 */
#include "cluster.h"
#include "train.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_COUNT = 8, USAGE_SHARE = 10, USAGE_LEAST = 5 };

static int s_by_key(const void *a, const void *b)
{
    uint32_t x = ((const wx_lexeme_t *)a)->key, y = ((const wx_lexeme_t *)b)->key;
    return x < y ? -1 : x > y;
}

static void s_write(const char *path, wx_lexeme_t *lexemes, uint32_t count)
{
    qsort(lexemes, count, sizeof *lexemes, s_by_key);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (kept == 0 || lexemes[i].key != lexemes[kept - 1].key)
            lexemes[kept++] = lexemes[i];
    }
    wt_bytes_t out = {0};
    wt_bits_put(&out, kept, 32);
    uint32_t key = 0;
    for (uint32_t i = 0; i < kept; i++) {
        wt_bits_golomb(&out, lexemes[i].key - key - 1, 16);
        wt_bits_put(&out, lexemes[i].cluster, 11);
        wt_bits_put(&out, lexemes[i].group, 8);
        wt_bits_put(&out, lexemes[i].usage, 8);
        key = lexemes[i].key;
    }
    wt_bits_end(&out);
    wt_pack_section(path, "LEXI", out.at, out.size);
    free(out.at);
}

int wt_step_lexicon(int argc, char **argv)
{
    if (argc < 6)
        return 2;
    wt_text_t *text = wt_text_read(argv + 5, argc - 5);
    uint32_t words = (uint32_t)atoi(argv[1]);
    words = words < text->count ? words : text->count;
    while (words > 0 && text->counts[words - 1] < LEAST_COUNT)
        words--;
    fprintf(stderr, "%zu words of text, %" PRIu32 " different, %" PRIu32 " kept\n", text->length,
            text->count, words);
    uint16_t *class = wt_cluster(text, words, (uint32_t)atoi(argv[2]), atoi(argv[4]));
    uint16_t *group = wt_cluster(text, words, (uint32_t)atoi(argv[3]), atoi(argv[4]));
    wx_lexeme_t *lexemes = wt_alloc(words, sizeof *lexemes);
    for (uint32_t i = 0; i < words; i++)
        lexemes[i] = (wx_lexeme_t){wx_atom_hash(wx_str_from(text->words[i])),
                                   (uint16_t)(class[i] + 1), (uint8_t)(group[i] + 1), 0};
    s_write(argv[0], lexemes, words);
    free(lexemes);
    free(class);
    free(group);
    wt_text_destroy(&text);
    return 0;
}

typedef uint32_t counts_t[WX_UPOS_COUNT];

/* Cuts the stream into sentences, roughly: lines, and full stops before a capital. */
static size_t s_sentence_end(const wt_text_t *text, size_t at)
{
    size_t begin = at;
    for (; at < text->length && text->stream[at] != UINT32_MAX && at - begin < 150; at++) {
        const char *word = text->words[text->stream[at]];
        if (strcmp(word, ".") == 0 || strcmp(word, "?") == 0 || strcmp(word, "!") == 0)
            return at + 1;
    }
    return at;
}

static void s_count(const wx_stats_t *stats, const wt_text_t *text, counts_t *counts)
{
    wx_atom_t words[256];
    for (size_t at = 0; at < text->length; at++) {
        if (text->stream[at] == UINT32_MAX)
            continue;
        size_t end = s_sentence_end(text, at);
        uint32_t n = (uint32_t)(end - at);
        for (uint32_t i = 0; i < n; i++)
            wx_atom_read(&stats->lexicon, wx_str_from(text->words[text->stream[at + i]]), i == 0,
                         false, &words[i]);
        wx_gazetteer_mark(&stats->gazetteer, words, n);
        wx_tag_sentence(&stats->tagger, words, n);
        for (uint32_t i = 0; i < n; i++)
            counts[text->stream[at + i]][words[i].upos]++;
        at = end - (end > at);
    }
}

/* The parts of speech that a word is used as, the first the most frequent, as one number. */
static uint64_t s_usage(const counts_t counts)
{
    uint32_t total = 0, best = 0;
    for (uint32_t u = 1; u < WX_UPOS_COUNT; u++) {
        total += counts[u];
        if (counts[u] > counts[best])
            best = u;
    }
    if (total < USAGE_LEAST)
        return 0;
    uint64_t usage = (uint64_t)best << 32;
    for (uint32_t u = 1; u < WX_UPOS_COUNT; u++) {
        if (counts[u] * USAGE_SHARE >= total)
            usage |= 1u << u;
    }
    return usage;
}

typedef struct {
    uint64_t usage;
    uint32_t words;
} kind_t;

static int s_by_words(const void *a, const void *b)
{
    const kind_t *x = a, *y = b;
    if (x->words != y->words)
        return x->words > y->words ? -1 : 1;
    return x->usage < y->usage ? -1 : x->usage > y->usage;
}

static uint32_t s_kinds(const uint64_t *usage, uint32_t count, kind_t *kinds, uint32_t room)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t k = 0;
        while (k < n && kinds[k].usage != usage[i])
            k++;
        if (k == n && n < room)
            kinds[n++] = (kind_t){usage[i], 0};
        if (k < n && usage[i])
            kinds[k].words++;
    }
    qsort(kinds, n, sizeof *kinds, s_by_words);
    return n;
}

int wt_step_usage(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    wx_stats_t *stats = wt_model(argv[0]);
    wt_text_t *text = wt_text_read(argv + 1, argc - 1);
    counts_t *counts = wt_alloc(text->count, sizeof *counts);
    s_count(stats, text, counts);
    uint64_t *usage = wt_alloc(text->count, sizeof *usage);
    for (uint32_t i = 0; i < text->count; i++)
        usage[i] = s_usage(counts[i]);
    kind_t *kinds = wt_alloc(4096, sizeof *kinds);
    uint32_t kind_count = s_kinds(usage, text->count, kinds, 4096);
    fprintf(stderr, "%" PRIu32 " ways to be used\n", kind_count);
    kind_count = kind_count < 255 ? kind_count : 255;
    uint32_t room = stats->lexicon.mask + 1, n = 0;
    wx_lexeme_t *lexemes = wt_alloc(room, sizeof *lexemes);
    for (uint32_t slot = 0; slot < room; slot++) {
        if (stats->lexicon.slots[slot].key)
            lexemes[n++] = stats->lexicon.slots[slot];
    }
    qsort(lexemes, n, sizeof *lexemes, s_by_key);
    for (uint32_t i = 0; i < text->count; i++) {
        wx_lexeme_t key = {.key = wx_atom_hash(wx_str_from(text->words[i]))};
        wx_lexeme_t *lexeme = bsearch(&key, lexemes, n, sizeof *lexemes, s_by_key);
        for (uint32_t k = 0; lexeme && usage[i] && k < kind_count; k++) {
            if (kinds[k].usage == usage[i])
                lexeme->usage = (uint8_t)(k + 1);
        }
    }
    s_write(argv[0], lexemes, n);
    free(lexemes);
    free(kinds);
    free(usage);
    free(counts);
    wt_text_destroy(&text);
    wx_stats_destroy(&stats);
    return 0;
}
