/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trees: a greedy transition parser (arc-hybrid) over items, with relations of Universal
 * Dependencies.
 *
 *     stack  … s2 s1 s0 | b0 b1 …  buffer
 *
 *     SHIFT   b0 goes on the stack
 *     LEFT    s0 becomes a dependent of b0 and leaves the stack
 *     RIGHT   s0 becomes a dependent of s1 and leaves the stack
 *
 * The root stands behind the last item: the sentence's head is the one that LEFT takes there. A
 * second model names the relation as each arc is made, knowing those made before.
 */
#ifndef WX_PARSE_H
#define WX_PARSE_H

#include "atom.h"
#include "linear.h"
#include "pairs.h"

enum { WX_MOVE_SHIFT, WX_MOVE_LEFT, WX_MOVE_RIGHT, WX_MOVES };
enum { WX_PARSE_LABELS = 64, WX_PARSE_FEATURES = 160 };

typedef struct {
    wx_linear_t moves;
    wx_linear_t labels;
    wx_pairs_t pairs;
    uint32_t label_count;
    uint8_t deprel[WX_PARSE_LABELS]; /* wx_deprel_t of each label */
} wx_parser_t;

/* What the models see of a unit: the word that stands for it, and what is around. */
typedef struct {
    uint32_t lower;  /* small form, as in wx_atom_t */
    uint32_t suffix; /* last three letters */
    uint16_t cluster;
    uint8_t group;
    uint8_t tag;
    uint8_t upos;
    uint8_t kind;  /* what was collapsed, WX_ITEM_… */
    uint8_t punct; /* marks before it, WX_PUNCT_… */
    uint8_t after; /* marks behind it */
    uint8_t flags; /* WX_ATOM_… */
} wx_item_t;

enum { WX_UNSET = -1 };

/* A sentence that is being parsed. Arrays of items have room for one more, the root. */
typedef struct {
    const wx_item_t *items;
    const wx_pairs_t *pairs;
    int32_t count;
    int32_t next;  /* b0 */
    int32_t depth; /* of the stack */
    int32_t *stack;
    int32_t *head;       /* WX_UNSET: none yet; count: the root */
    uint8_t *label;      /* of the arc to the head */
    int32_t *left[2];    /* leftmost child, and the one next to it; WX_UNSET */
    int32_t *right[2];   /* rightmost, likewise */
    uint8_t *left_count; /* children on each side */
    uint8_t *right_count;
    uint64_t *left_labels; /* bit by label of the children on each side */
    uint64_t *right_labels;
} wx_state_t;

/* A state for sentences of at most `room` items, in the arena; keeps a pointer to `pairs`. */
wx_state_t wx_state_new(wx_arena_t *arena, uint32_t room, const wx_pairs_t *pairs);
void wx_state_begin(wx_state_t *self, const wx_item_t *items, uint32_t count);

/* The moves that are allowed, as bits; 0: the tree is complete. */
unsigned wx_state_moves(const wx_state_t *self);

/* The head that LEFT or RIGHT would give to s0. */
int32_t wx_state_head(const wx_state_t *self, unsigned move);

/* Makes a move; `label` counts for LEFT and RIGHT. */
void wx_state_move(wx_state_t *self, unsigned move, uint8_t label);

/* Features of the next move, and of the relation that LEFT or RIGHT would make; `rows` has room
 * for WX_PARSE_FEATURES. Return how many there are. */
unsigned wx_move_features(const wx_state_t *self, const wx_linear_t *ahead, uint32_t *rows);
unsigned wx_label_features(const wx_state_t *self, unsigned move, const wx_linear_t *ahead,
                           uint32_t *rows);

/* Parses: fills head and label of the state. */
void wx_parse_items(const wx_parser_t *self, wx_state_t *state, const wx_item_t *items,
                    uint32_t count);

#endif
