/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of known names and of words that stand in names, as hashes of their words: places, first
 * names, surnames, companies, and the heads (University, Airport, Summit) that say of what type a
 * name is. A list only hints; the name model weighs it.
 */
#ifndef WX_GAZETTEER_H
#define WX_GAZETTEER_H

#include "atom.h"

enum {
    WX_LIST_PLACE = 1 << 0,    /* begins a place, or is one */
    WX_LIST_PLACE_ON = 1 << 1, /* goes on with one: York */
    WX_LIST_COUNTRY = 1 << 2,  /* a country or a first-order division, likewise */
    WX_LIST_FIRST_NAME = 1 << 3,
    WX_LIST_SURNAME = 1 << 4,
    WX_LIST_COMPANY = 1 << 5, /* begins an organisation, or is one */
    WX_LIST_COMPANY_ON = 1 << 6,
    WX_LIST_ORG_SUFFIX = 1 << 7,  /* Inc, Ltd, AG: the name ends here, and is an organisation */
    WX_LIST_ORG_HEAD = 1 << 8,    /* Ministry, University, Bank */
    WX_LIST_FACILITY = 1 << 9,    /* Airport, Bridge, Stadium */
    WX_LIST_EVENT = 1 << 10,      /* Summit, Olympics, Festival */
    WX_LIST_PLACE_HEAD = 1 << 11, /* Province, River, Street */
    WX_LIST_TITLE = 1 << 12,      /* President, Mr., Senator: a person follows */
    WX_LIST_DEMONYM = 1 << 13,    /* Chinese, German: no name */
    WX_LIST_CALENDAR = 1 << 14    /* Monday, March: no name */
};

enum { WX_GAZETTEER_WORDS = 5 }; /* the longest entry */

typedef struct {
    uint32_t key;   /* wx_gazetteer_key() of the words; 0: a free slot */
    uint16_t lists; /* WX_LIST_… */
} wx_gazetteer_entry_t;

typedef struct {
    const wx_gazetteer_entry_t *slots; /* NULL: empty */
    uint32_t mask;
} wx_gazetteer_t;

/* The key of a row of words: begin with 0, add each word's `lower`. */
static inline uint32_t wx_gazetteer_key(uint32_t key, uint32_t lower)
{
    key = (key ^ lower) * 0x9E3779B1u + 0x7F4A7C15u;
    key ^= key >> 15;
    return key ? key : 1;
}

/* Where the search for a key begins. */
static inline uint32_t wx_gazetteer_slot(uint32_t key, uint32_t mask)
{
    return (key * 0x85EBCA6Bu >> 8) & mask;
}

/* The lists of a key; 0: unknown. */
uint16_t wx_gazetteer_find(const wx_gazetteer_t *self, uint32_t key);

/* Fills `lists` of the words of a sentence. Names are looked for at words with a capital only. */
void wx_gazetteer_mark(const wx_gazetteer_t *self, wx_atom_t *words, uint32_t count);

#endif
