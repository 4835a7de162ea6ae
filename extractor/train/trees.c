/* SPDX-License-Identifier: Apache-2.0 */
/* Trees to learn from; see trees.h. */
#include "trees.h"

#include "text.h"

#include <stdio.h>
#include <stdlib.h>

wt_tree_t *wt_trees_add(wt_trees_t *self, uint32_t count)
{
    if (self->count == self->capacity) {
        self->capacity = self->capacity ? 2 * self->capacity : 1024;
        self->at = wt_grow(self->at, self->capacity, sizeof *self->at);
    }
    wt_tree_t *tree = &self->at[self->count++];
    *tree = (wt_tree_t){wt_alloc(count, sizeof(wx_item_t)), wt_alloc(count, sizeof(int32_t)),
                        wt_alloc(count, 1), count};
    return tree;
}

/* Swaps items i and j, whose marks then stand on their other sides. */
static void s_swap(wt_tree_t *self, uint32_t i, uint32_t j)
{
    wx_item_t a = self->items[i], b = self->items[j];
    int32_t head = self->head[i];
    uint8_t label = self->label[i];
    self->items[i] = b;
    self->items[i].punct = b.after;
    self->items[i].after = b.punct;
    self->items[j] = a;
    self->items[j].punct = a.after;
    self->items[j].after = a.punct;
    self->head[i] = self->head[j];
    self->label[i] = self->label[j];
    self->head[j] = head;
    self->label[j] = label;
}

void wt_tree_reverse(wt_tree_t *self)
{
    for (uint32_t i = 0; i < (self->count + 1) / 2; i++)
        s_swap(self, i, self->count - 1 - i);
    for (uint32_t i = 0; i < self->count; i++) {
        if (self->head[i] >= 0 && self->head[i] < (int32_t)self->count)
            self->head[i] = (int32_t)self->count - 1 - self->head[i];
    }
}

static void s_done(bool good, const char *path)
{
    if (!good) {
        fprintf(stderr, "winnow-train: %s: cannot be read or written\n", path);
        exit(1);
    }
}

void wt_trees_write(const wt_trees_t *self, const char *path)
{
    FILE *file = fopen(path, "wb");
    s_done(file != NULL, path);
    for (size_t t = 0; t < self->count; t++) {
        const wt_tree_t *tree = &self->at[t];
        fwrite(&tree->count, sizeof tree->count, 1, file);
        fwrite(tree->items, sizeof *tree->items, tree->count, file);
        fwrite(tree->head, sizeof *tree->head, tree->count, file);
        fwrite(tree->label, 1, tree->count, file);
    }
    s_done(!ferror(file), path);
    s_done(fclose(file) == 0, path);
}

void wt_trees_read(wt_trees_t *self, const char *path)
{
    FILE *file = fopen(path, "rb");
    s_done(file != NULL, path);
    for (uint32_t count; fread(&count, sizeof count, 1, file) == 1;) {
        wt_tree_t *tree = wt_trees_add(self, count);
        s_done(fread(tree->items, sizeof *tree->items, count, file) == count &&
                   fread(tree->head, sizeof *tree->head, count, file) == count &&
                   fread(tree->label, 1, count, file) == count,
               path);
    }
    fclose(file);
}
