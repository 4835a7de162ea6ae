/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trees: a greedy transition parser (arc-hybrid) over units, with relations of Universal
 * Dependencies.
 *
 *     stack  … s2 s1 s0 | b0 b1 …  buffer
 *
 *     SHIFT   b0 goes on the stack
 *     LEFT    s0 becomes a dependent of b0 and leaves the stack
 *     RIGHT   s0 becomes a dependent of s1 and leaves the stack
 *
 * The root stands behind the last unit: the sentence's head is the one that LEFT takes there. A
 * second model names the relation as each arc is made, knowing those made before.
 */
#ifndef WX_PARSE_H
#define WX_PARSE_H

#include "linear.h"
#include "atom.h"

enum { WX_MOVE_SHIFT, WX_MOVE_LEFT, WX_MOVE_RIGHT, WX_MOVES };
enum { WX_PARSE_LABELS = 64, WX_PARSE_FEATURES = 128 };

typedef struct {
    wx_linear_t moves;
    wx_linear_t labels;
    uint32_t label_count;
    uint8_t deprel[WX_PARSE_LABELS]; /* wx_deprel_t of each label */
} wx_parser_t;

/* A unit as the models see it. */
typedef struct {
    uint32_t form, lower; /* of the word that stands for it */
    uint32_t suffix;      /* last three letters */
    uint16_t cluster;
    uint8_t group, tag, upos;
    uint8_t kind;  /* what was collapsed, WX_ITEM_… */
    uint8_t punct; /* marks before it, WX_PUNCT_… */
    uint8_t after; /* marks behind it */
    uint8_t flags; /* WX_ATOM_… */
} wx_item_t;

enum {
    WX_ITEM_WORD,
    WX_ITEM_NAME,   /* proper nouns in a row */
    WX_ITEM_NUMBER, /* 3.4 million */
    WX_ITEM_MONEY,  /* $ 5 million */
    WX_ITEM_PERCENT,
    WX_ITEM_DATE,  /* March 27 , 2020 */
    WX_ITEM_HYPHEN /* state-of-the-art */
};

enum { WX_ROOT = -1, WX_UNSET = -2 };

/* A sentence that is being parsed. The arrays have room for count + 1 (the root stands at
 * [count]). */
typedef struct {
    const wx_item_t *items;
    int32_t count;
    int32_t next;  /* b0 */
    int32_t depth; /* of the stack */
    int32_t *stack;
    int32_t *head; /* WX_UNSET: none yet; count: the root */
    uint8_t *label;
    int32_t *left[2];    /* leftmost children: the outermost, the one inside of it; WX_UNSET */
    int32_t *right[2];   /* rightmost, likewise */
    uint8_t *left_count; /* children on each side, at most 7 */
    uint8_t *right_count;
} wx_state_t;

/* Makes a state in the arena; wx_state_begin() starts on a sentence of at most `room` items. */
wx_state_t wx_state_new(wx_arena_t *arena, int32_t room);
void wx_state_begin(wx_state_t *self, const wx_item_t *items, int32_t count);

/* Which moves are allowed, as bits; 0: the tree is complete. */
unsigned wx_state_moves(const wx_state_t *self);

/* Makes a move; `label` counts for LEFT and RIGHT. */
void wx_state_move(wx_state_t *self, unsigned move, uint8_t label);

/* The arc that a move would make. */
int32_t wx_state_dependent(const wx_state_t *self);
int32_t wx_state_head(const wx_state_t *self, unsigned move);

/* Features of the next move, and of the label of an arc; `rows` has room for WX_PARSE_FEATURES.
 * Return how many there are. */
unsigned wx_move_features(const wx_state_t *self, uint32_t *rows);
unsigned wx_label_features(const wx_state_t *self, int32_t head, int32_t dependent, uint32_t *rows);

/* Parses: fills head (an index, or WX_ROOT) and label of the state. */
void wx_parse_items(const wx_parser_t *self, wx_state_t *state, const wx_item_t *items,
                    int32_t count);

#endif
