/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotated sentences: CoNLL-U (words, tags, trees) and IOB2 (words, names), as arrays.
 */
#ifndef WT_TREEBANK_H
#define WT_TREEBANK_H

#include "../gazetteer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *form, *lemma, *xpos, *feats; /* NUL-terminated, in the file's bytes */
    const char *name;                        /* IOB2 label without the prefix: "PER"; NULL: none */
    uint8_t upos;                            /* wx_upos_t */
    uint8_t deprel;   /* wx_deprel_t; unknown subtypes count as their relation */
    uint8_t jack;     /* tag by a tagger that has not seen the sentence */
    bool name_begins; /* B- */
    bool space_after;
    int32_t head; /* index in the sentence; -1: root */
} wt_token_t;

typedef struct {
    wt_token_t *tokens;
    wx_atom_t *words; /* as the models see them; filled by wt_treebank_words() */
    uint8_t *gold;    /* room for a label of each token, for the trainers */
    uint32_t count;
    bool document;    /* the first of a document */
    const char *text; /* `# text =`, or NULL */
} wt_sentence_t;

typedef struct {
    wt_sentence_t *at;
    size_t count, capacity;
} wt_treebank_t;

/* Appends a file of CoNLL-U; exits with a message that names file and line when it is damaged. */
void wt_treebank_conllu(wt_treebank_t *self, const char *path);

/* Appends a file of names: the columns of the form and of the label are counted from 0 and parted
 * by tabs or blanks. Labels are translated by `map`: pairs "theirs", "ours" up to NULL, a label not
 * in the map is none. */
void wt_treebank_names(wt_treebank_t *self, const char *path, int form, int label,
                       const char *const *map);

/* Makes the words of all sentences, with their lists. */
void wt_treebank_words(wt_treebank_t *self, const wx_lexicon_t *lexicon,
                       const wx_gazetteer_t *gazetteer);

#endif
