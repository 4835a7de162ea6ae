/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statistical part of the model: lexicon, tagger, names, parser, read from one packed file
 * (model_file.h) that is built into the library.
 */
#ifndef WX_STATS_H
#define WX_STATS_H

#include "gazetteer.h"
#include "lemma.h"
#include "model.h"
#include "name.h"
#include "parse.h"
#include "tag.h"
#include "atom.h"

typedef struct wx_stats {
    wx_lexicon_t lexicon;
    wx_tagger_t tagger;
    wx_lemmas_t lemmas;
    wx_gazetteer_t gazetteer;
    wx_namer_t namer;
    wx_parser_t parser;
    wx_arena_t arena; /* holds all of it */
    jmp_buf full;     /* for the arena, while loading */
} wx_stats_t;

/* Expands a packed model, which must stay where it is. NULL on failure with `err` filled: the bytes
 * are damaged, or of another version. Parts that the file lacks are empty. */
wx_stats_t *wx_stats_new(const void *bytes, size_t size, winnow_error_t *err);
void wx_stats_destroy(wx_stats_t **self_p);

/* The model that is built in. */
const void *wx_stats_embedded(size_t *ret_size);

#endif
