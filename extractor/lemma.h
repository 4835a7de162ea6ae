/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lemmas: a table of words that go their own way (`better` good, `men` man, `paid` pay), and rules
 * of spelling for the others.
 */
#ifndef WX_LEMMA_H
#define WX_LEMMA_H

#include "doc.h"

typedef struct {
    uint32_t key;      /* wx_lemma_key() */
    const char *lemma; /* NUL-terminated */
} wx_lemma_entry_t;

/* Sorted by key. */
typedef struct {
    const wx_lemma_entry_t *entries;
    uint32_t count;
} wx_lemmas_t;

enum { WX_LEMMA_SIZE = 64 };

/* What a word in small letters with this part of speech and form (Penn tag) is looked up by. */
uint32_t wx_lemma_key(winnow_str_t lower, const char *xpos);

/* The lemma by spelling alone, into `to` of WX_LEMMA_SIZE bytes; returns its length, 0 for words
 * that do not fit. `lower`: the word in small letters. */
size_t wx_lemma_rule(winnow_str_t lower, const char *xpos, char *to);

/* The lemma of a tagged token: of its small form, but names keep theirs. */
wx_id_t wx_lemma(wx_doc_t *doc, uint32_t token);

#endif
