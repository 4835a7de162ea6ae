/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the statistical stages see of a word: hashes of its form and its parts, its classes in the
 * model's lexicon. Made once for each token, read by tagger, names and parser, in training as at
 * run time.
 */
#ifndef WX_ATOM_H
#define WX_ATOM_H

#include "doc.h"

/* An entry of the model's lexicon, found by the hash of a word as written. */
typedef struct {
    uint32_t key;     /* wx_atom_hash(); 0: a free slot */
    uint16_t cluster; /* fine class of words used alike, from 1 */
    uint8_t group;    /* coarse class, from 1 */
    uint8_t usage;    /* which parts of speech it is seen as, from 1; 0: not known */
} wx_lexeme_t;

typedef struct {
    const wx_lexeme_t *slots; /* NULL: empty */
    uint32_t mask;            /* slots - 1 */
} wx_lexicon_t;

typedef struct wx_atom {
    uint32_t form;      /* as written, digits as 0, typographic marks as ASCII */
    uint32_t lower;     /* the same in small letters */
    uint32_t prefix[3]; /* first 1, 2, 3 bytes of lower */
    uint32_t suffix[4]; /* last 1, 2, 3, 4 bytes of lower */
    uint32_t shape;     /* runs of capitals, small letters, digits, marks */
    uint16_t cluster;   /* of the lexicon; 0: unknown word */
    uint8_t group;      /* of the lexicon */
    uint8_t usage;      /* of the lexicon */
    uint8_t flags;      /* WX_ATOM_… */
    uint8_t tag;        /* fine tag, once tagged */
    uint8_t upos;       /* its part of speech */
    uint16_t lists;     /* WX_LIST_…: the lists of names that know it, see gazetteer.h */
} wx_atom_t;

enum {
    WX_ATOM_UPPER = 1, /* begins with a capital */
    WX_ATOM_CAPS = 2,  /* no small letter */
    WX_ATOM_DIGIT = 4, /* has a digit */
    WX_ATOM_MARK = 8,  /* neither letter nor digit */
    WX_ATOM_FIRST = 16 /* first word of its sentence */
};

/* The hash that the lexicon is keyed by. */
uint32_t wx_atom_hash(winnow_str_t form);

/* The entry of a key, or NULL. */
const wx_lexeme_t *wx_lexicon_find(const wx_lexicon_t *self, uint32_t key);

/* Fills *ret_atom, but for tag, upos and lists. `shouted`: case says nothing, the form counts as
 * written small. */
void wx_atom_read(const wx_lexicon_t *lexicon, winnow_str_t form, bool first, bool shouted,
                  wx_atom_t *ret_atom);

/* The words of all tokens of the document, made in its arena at the first call. */
wx_atom_t *wx_doc_atoms(wx_doc_t *doc);

#endif
