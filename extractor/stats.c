/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the packed model to tables that can be searched: once at load, constant afterwards.
 *
 * Sections besides the linear models (model_file.h), all as bits:
 *
 *     LEXI  n (32 bits); for each word, by key: gap of keys (golomb 16), cluster (11 bits),
 *           group (8), usage (8)
 *     TAGS  n (8 bits); for each tag: part of speech, Penn tag and features as texts
 *     LEMM  n (32 bits); for each word, by key: gap of keys (golomb 18), lemma as text
 *     GAZE  n (32 bits); for each name, by key: gap of keys (golomb 14), lists (16 bits)
 *     PAIR  n (32 bits); for each pair, by key: gap of keys / 8 (golomb 10), strength (3 bits)
 *     LABS  n (8 bits); for each label of the parser: the relation as text
 *
 * A text is bytes up to a NUL.
 */
#include "stats.h"

#include "model_file.h"

#include <stdlib.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

enum { S_ARENA = 64 << 20, S_COUNT_MAX = 1 << 18, S_PAIRS_MAX = 1 << 19 };

static uint32_t s_slots(uint32_t count)
{
    uint32_t slots = 16;
    while (slots < 2 * count)
        slots *= 2;
    return slots;
}

static const char *s_text(wx_bits_t *bits, wx_arena_t *arena)
{
    char text[256];
    size_t size = 0;
    do
        text[size] = (char)wx_bits_get(bits, 8);
    while (text[size] && ++size < sizeof text - 1);
    return wx_str_copy(arena, (winnow_str_t){text, size}).data;
}

static bool s_lexicon(wx_stats_t *self, wx_bits_t *bits)
{
    uint32_t count = wx_bits_get(bits, 32), key = 0;
    if (count > S_COUNT_MAX)
        return false;
    uint32_t slots = s_slots(count);
    wx_lexeme_t *at = wx_new(&self->arena, wx_lexeme_t, slots);
    for (uint32_t i = 0; i < count; i++) {
        key += wx_bits_golomb(bits, 16) + 1;
        uint32_t slot = key & (slots - 1);
        while (at[slot].key)
            slot = (slot + 1) & (slots - 1);
        at[slot].key = key;
        at[slot].cluster = (uint16_t)wx_bits_get(bits, 11);
        at[slot].group = (uint8_t)wx_bits_get(bits, 8);
        at[slot].usage = (uint8_t)wx_bits_get(bits, 8);
    }
    self->lexicon = (wx_lexicon_t){at, slots - 1};
    return !bits->over;
}

static bool s_tags(wx_stats_t *self, wx_bits_t *bits)
{
    wx_tagger_t *tagger = &self->tagger;
    tagger->count = wx_bits_get(bits, 8);
    if (tagger->count > WX_TAG_MAX)
        return false;
    for (uint32_t i = 1; i < tagger->count; i++) {
        tagger->upos[i] = (uint8_t)wx_upos_from(s_text(bits, &self->arena));
        tagger->xpos[i] = s_text(bits, &self->arena);
        tagger->feats[i] = s_text(bits, &self->arena);
    }
    return !bits->over;
}

static bool s_lemmas(wx_stats_t *self, wx_bits_t *bits)
{
    uint32_t count = wx_bits_get(bits, 32), key = 0;
    if (count > S_COUNT_MAX)
        return false;
    wx_lemma_entry_t *at = wx_new(&self->arena, wx_lemma_entry_t, count);
    for (uint32_t i = 0; i < count; i++) {
        key += wx_bits_golomb(bits, 18) + 1;
        at[i] = (wx_lemma_entry_t){key, s_text(bits, &self->arena)};
    }
    self->lemmas = (wx_lemmas_t){at, count};
    return !bits->over;
}

static bool s_gazetteer(wx_stats_t *self, wx_bits_t *bits)
{
    uint32_t count = wx_bits_get(bits, 32), key = 0;
    if (count > S_COUNT_MAX)
        return false;
    uint32_t slots = s_slots(count);
    wx_gazetteer_entry_t *at = wx_new(&self->arena, wx_gazetteer_entry_t, slots);
    for (uint32_t i = 0; i < count; i++) {
        key += wx_bits_golomb(bits, 14) + 1;
        uint32_t slot = wx_gazetteer_slot(key, slots - 1);
        while (at[slot].key)
            slot = (slot + 1) & (slots - 1);
        at[slot] = (wx_gazetteer_entry_t){key, (uint16_t)wx_bits_get(bits, 16)};
    }
    self->gazetteer = (wx_gazetteer_t){at, slots - 1};
    return !bits->over;
}

static bool s_pairs(wx_stats_t *self, wx_bits_t *bits)
{
    uint32_t count = wx_bits_get(bits, 32), key = 0;
    if (count > S_PAIRS_MAX)
        return false;
    uint32_t slots = s_slots(count);
    uint32_t *at = wx_new(&self->arena, uint32_t, slots);
    for (uint32_t i = 0; i < count; i++) {
        key += (wx_bits_golomb(bits, 10) + 1) << 3;
        uint32_t slot = wx_pair_slot(key, slots - 1);
        while (at[slot])
            slot = (slot + 1) & (slots - 1);
        at[slot] = key | wx_bits_get(bits, 3);
        if (!at[slot])
            return false;
    }
    self->parser.pairs = (wx_pairs_t){at, slots - 1};
    return !bits->over;
}

static bool s_labels(wx_stats_t *self, wx_bits_t *bits)
{
    wx_parser_t *parser = &self->parser;
    parser->label_count = wx_bits_get(bits, 8);
    if (parser->label_count > WX_PARSE_LABELS)
        return false;
    for (uint32_t i = 0; i < parser->label_count; i++)
        parser->deprel[i] = (uint8_t)wx_deprel_from(s_text(bits, &self->arena));
    return !bits->over;
}

typedef bool s_reader_t(wx_stats_t *, wx_bits_t *);

static bool s_section(wx_stats_t *self, const void *bytes, const char *name, s_reader_t *reader)
{
    size_t size;
    const uint8_t *section = wx_model_section(bytes, name, &size);
    if (!section)
        return true;
    wx_bits_t bits = wx_bits_new(section, size);
    return reader(self, &bits);
}

static bool s_linear(wx_stats_t *self, const void *bytes, const char *name, uint32_t stride,
                     wx_linear_t *ret_linear)
{
    size_t size;
    const uint8_t *section = wx_model_section(bytes, name, &size);
    if (!section)
        return true;
    return wx_model_linear(section, size, &self->arena, ret_linear) && ret_linear->stride == stride;
}

static bool s_load(wx_stats_t *self, const void *bytes)
{
    return s_section(self, bytes, "LEXI", s_lexicon) && s_section(self, bytes, "TAGS", s_tags) &&
           s_section(self, bytes, "LEMM", s_lemmas) &&
           s_section(self, bytes, "GAZE", s_gazetteer) && s_section(self, bytes, "PAIR", s_pairs) &&
           s_section(self, bytes, "LABS", s_labels) &&
           s_linear(self, bytes, "TAGW", 64, &self->tagger.linear) &&
           s_linear(self, bytes, "NAMW", 16, &self->namer.linear) &&
           s_linear(self, bytes, "MOVW", 4, &self->parser.moves) &&
           s_linear(self, bytes, "LABW", 64, &self->parser.labels);
}

/* Rows are looked up all over 50 MB: with small pages most look-ups miss the table of pages too.
 * Only advice; without it everything is the same but slower. */
static void s_large_pages(const wx_arena_t *arena)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    const uintptr_t page = (uintptr_t)2 << 20;
    uintptr_t begin = ((uintptr_t)arena->block + page - 1) / page * page;
    uintptr_t end = ((uintptr_t)arena->block + arena->size) / page * page;
    if (end > begin)
        (void)madvise((void *)begin, end - begin, MADV_HUGEPAGE);
#else
    (void)arena;
#endif
}

wx_stats_t *wx_stats_new(const void *bytes, size_t size, winnow_error_t *err)
{
    if (wx_model_file_check(bytes, size, err) != WINNOW_OK)
        return NULL;
    wx_stats_t *self = calloc(1, sizeof *self);
    if (!self || !wx_arena_reserve(&self->arena, S_ARENA)) {
        free(self);
        wx_error(err, WINNOW_E_MEMORY, "no memory for the model");
        return NULL;
    }
    s_large_pages(&self->arena);
    self->arena.full = &self->full;
    if (setjmp(self->full) || !s_load(self, bytes)) {
        wx_error(err, WINNOW_E_MODEL, "the model is damaged");
        wx_stats_destroy(&self);
        return NULL;
    }
    return self;
}

void wx_stats_destroy(wx_stats_t **self_p)
{
    if (*self_p) {
        wx_arena_destroy(&(*self_p)->arena);
        free(*self_p);
        *self_p = NULL;
    }
}
