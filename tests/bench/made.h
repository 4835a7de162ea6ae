/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Made-up news for benches and property tests: articles of a given size with a given number of
 * records in the form of FACTS.md. The words are made of syllables and follow Zipf's law, as those
 * of a language do; names come from a large stock, some often. The same seed gives the same news.
 */
#ifndef TEST_MADE_H
#define TEST_MADE_H

#include "store.h"

typedef struct {
    uint64_t state; /* of the random numbers */
    char (*words)[16];
    char (*names)[48];
    double *weights; /* cumulative, of the words */
    size_t word_count, name_count;
    uint64_t stories; /* that were told so far */
} made_t;

void made_init(made_t *self, uint64_t seed);
void made_free(made_t *self);
uint64_t made_random(made_t *self, uint64_t below);

/* An article of about `size` bytes; its id is "made:N". */
wd_article_t *made_article(made_t *self, uint64_t number, size_t size);
/* Adds `count` records of about 600 bytes; a fifth of them was told by one of the articles before.
 * Sealing is left to the caller. */
void made_facts(made_t *self, wd_finished_t *finished, size_t count);

#endif
