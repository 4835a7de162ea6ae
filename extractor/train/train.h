/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of training. Each reads the model file as far as it is made, and adds its section.
 */
#ifndef WT_TRAIN_H
#define WT_TRAIN_H

#include "pack.h"
#include "perceptron.h"
#include "text.h"
#include "treebank.h"

#include "../stats.h"

/* Arguments behind the step's name; each returns the exit status. */
int wt_step_new(int argc, char **argv);
int wt_step_lexicon(int argc, char **argv);
int wt_step_usage(int argc, char **argv);
int wt_step_tags(int argc, char **argv);
int wt_step_lemmas(int argc, char **argv);
int wt_step_gazetteer(int argc, char **argv);
int wt_step_names(int argc, char **argv);
int wt_step_pairs(int argc, char **argv);
int wt_step_parse(int argc, char **argv);
int wt_step_facts(int argc, char **argv);
int wt_step_reverse(int argc, char **argv);
int wt_step_agree(int argc, char **argv);

/* The model file, expanded; exits with a message when it cannot be read. */
wx_stats_t *wt_model(const char *path);

/* An order of `count` things, different in each round, the same on every machine. For the caller
 * to free(). */
uint32_t *wt_shuffle(size_t count, uint32_t round);

/* The tags that a tagger gave which had not seen the sentence: written by the step `tags`, one line
 * a sentence. Fills tag and upos of the words. Exits when the file does not fit the treebank. */
void wt_jack_read(const char *path, wt_treebank_t *bank, const wx_tagger_t *tagger);

/* Sends a text of NULs to the bits. */
void wt_bits_text(wt_bytes_t *out, const char *text);

#endif
