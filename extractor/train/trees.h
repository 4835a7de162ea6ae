/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trees over items, as the parser learns from them.
 */
#ifndef WT_TREES_H
#define WT_TREES_H

#include "../parse.h"

#include <stddef.h>

enum { WT_UNKNOWN = -9 }; /* a head that nobody knows: nothing is learned from it */

typedef struct {
    wx_item_t *items;
    int32_t *head; /* count: the root; or WT_UNKNOWN */
    uint8_t *label;
    uint32_t count;
} wt_tree_t;

typedef struct {
    wt_tree_t *at;
    size_t count, capacity;
} wt_trees_t;

/* Adds a tree with room for `count` items. */
wt_tree_t *wt_trees_add(wt_trees_t *self, uint32_t count);

/* Turns a tree round: the last item first. */
void wt_tree_reverse(wt_tree_t *self);

/* Writes and reads a file of trees; one is read by the program that wrote it only. Exits with a
 * message on failure. */
void wt_trees_write(const wt_trees_t *self, const char *path);
void wt_trees_read(wt_trees_t *self, const char *path);

#endif
