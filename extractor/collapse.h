/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parser need not look into: numbers, sums, dates, hyphened words and proper nouns in a
 * row become one item each; punctuation becomes flags of its neighbours.
 *
 *     Shares of Siemens Energy rose 2.5 % to $ 3 million on March 27 , 2020 .
 *     ------ -- -------------- ---- ----- -- ----------- -- ---------------
 *
 * Only words and tags decide, so that the treebanks the parser learns from are cut just as articles
 * are.
 */
#ifndef WX_COLLAPSE_H
#define WX_COLLAPSE_H

#include "parse.h"

/* What an item was made from; +WX_ITEM_INSIDE: a word inside of such a one. */
enum {
    WX_ITEM_WORD,
    WX_ITEM_NUMBER,  /* 3.4 million */
    WX_ITEM_MONEY,   /* $ 5 million */
    WX_ITEM_PERCENT, /* 17 % */
    WX_ITEM_DATE,    /* March 27 , 2020 */
    WX_ITEM_HYPHEN,  /* state - of - the - art */
    WX_ITEM_NAME,    /* Siemens Energy */
    WX_ITEM_INSIDE = 8
};

/* A sentence's words, as collapse needs them. */
typedef struct {
    const wx_atom_t *atoms; /* tagged */
    const winnow_str_t *forms;
    const uint8_t *space_after;
    const char *const *xpos; /* of the tagger, by tag */
    uint32_t count;
} wx_words_in_t;

/* The words of an item. */
typedef struct {
    uint32_t first, end;
    uint32_t word; /* the one whose form stands for it */
    uint8_t kind;
} wx_group_t;

/* Fills groups (room for count) and returns how many; words in none are punctuation. */
uint32_t wx_collapse_words(const wx_words_in_t *in, wx_group_t *groups);

/* The item of each group (room for as many), its neighbouring marks with it. */
void wx_collapse_items(const wx_words_in_t *in, const wx_group_t *groups, uint32_t count,
                       wx_item_t *items);

/* The words of one group as items of their own, without its marks; `words` gets their indices
 * (both have room for the group's words). Returns how many. */
uint32_t wx_collapse_inside(const wx_words_in_t *in, const wx_group_t *group, wx_item_t *items,
                            uint32_t *words);

#endif
