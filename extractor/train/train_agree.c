/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trees of news that nobody annotated (step `agree`): two parsers read raw text, one from left to
 * right, one from right to left. They make different errors; where both find the same head it is
 * mostly right, and where they do not, nothing is learned of the word.
 */
#include "reader.h"
#include "train.h"
#include "trees.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_ITEMS = 4, AGREED_PERCENT = 70 };

typedef struct {
    const wx_parser_t *forward, *backward;
    wx_state_t state;
    wt_trees_t trees;
    uint32_t one_in, seen;
    size_t items, agreed;
} agree_t;

static void s_sentence(void *user, const wt_reader_t *reader)
{
    agree_t *self = user;
    uint32_t count = reader->item_count, same = 0;
    if (count < LEAST_ITEMS || self->seen++ % self->one_in != 0)
        return;
    wt_tree_t *tree = wt_trees_add(&self->trees, count);
    memcpy(tree->items, reader->items, count * sizeof *tree->items);
    wt_tree_reverse(tree);
    self->state.pairs = &self->backward->pairs;
    wx_parse_items(self->backward, &self->state, tree->items, count);
    memcpy(tree->head, self->state.head, count * sizeof *tree->head);
    wt_tree_reverse(tree);
    self->state.pairs = &self->forward->pairs;
    wx_parse_items(self->forward, &self->state, tree->items, count);
    for (uint32_t i = 0; i < count; i++) {
        bool agreed = tree->head[i] == self->state.head[i];
        tree->label[i] = self->state.label[i];
        tree->head[i] = agreed ? tree->head[i] : WT_UNKNOWN;
        same += agreed;
    }
    if (100 * same < AGREED_PERCENT * count) {
        self->trees.count--;
        return;
    }
    self->items += count;
    self->agreed += same;
}

int wt_step_agree(int argc, char **argv)
{
    if (argc < 6 || atoi(argv[4]) < 1)
        return 2;
    wx_stats_t *stats = wt_model(argv[0]), *reverse = wt_model(argv[1]);
    wt_text_t *text = wt_text_read(argv + 5, argc - 5);
    jmp_buf full;
    wx_arena_t arena = {.full = &full};
    if (!wx_arena_reserve(&arena, 1 << 20) || setjmp(full)) {
        fprintf(stderr, "winnow-train: no memory\n");
        return 1;
    }
    agree_t agree = {.forward = &stats->parser,
                     .backward = &reverse->parser,
                     .state = wx_state_new(&arena, WT_READER_WORDS, &stats->parser.pairs),
                     .one_in = (uint32_t)atoi(argv[4])};
    wt_reader_run(stats, text, (size_t)atol(argv[3]), s_sentence, &agree);
    wt_trees_write(&agree.trees, argv[2]);
    fprintf(stderr, "%s: %zu trees of %" PRIu32 ", %zu of %zu heads agreed\n", argv[2],
            agree.trees.count, agree.seen / agree.one_in, agree.agreed, agree.items);
    wx_arena_destroy(&arena);
    wt_text_destroy(&text);
    wx_stats_destroy(&reverse);
    wx_stats_destroy(&stats);
    return 0;
}
