/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of speech: one fine tag (part of speech and form, as NOUN/NNS) for each word, from left to
 * right, each knowing the two before it.
 */
#ifndef WX_TAG_H
#define WX_TAG_H

#include "linear.h"
#include "atom.h"

enum { WX_TAG_MAX = 64, WX_TAG_FEATURES = 48 };

/* The model's part of it. Tag 0 is none. */
typedef struct {
    wx_linear_t linear;
    uint32_t count;                /* tags, with tag 0 */
    uint8_t upos[WX_TAG_MAX];      /* wx_upos_t */
    const char *xpos[WX_TAG_MAX];  /* `NNS`; constant */
    const char *feats[WX_TAG_MAX]; /* `Number=Plur`, "_" */
} wx_tagger_t;

/* The features of word `i`, all words before it being tagged, the lists of all being marked. `rows`
 * has room for WX_TAG_FEATURES; returns how many there are. */
unsigned wx_tag_features(const wx_atom_t *words, uint32_t count, uint32_t i,
                         const wx_linear_t *ahead, uint32_t *rows);

/* Tags a sentence: fills tag and upos of its words. */
void wx_tag_sentence(const wx_tagger_t *self, wx_atom_t *words, uint32_t count);

#endif
