/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parser (step `parse`), with a dynamic oracle: at each state the moves that lose no arc of the
 * gold tree which could still be made are right, also where earlier moves were wrong; after the
 * first rounds the parser follows its own moves, so that it learns to go on from its own errors.
 *
 * A tree may have heads that nobody knows (train_agree.c): then every move is as right as another.
 *
 * The gold trees are cut as articles are (../collapse.h): a group's head is the word of it whose
 * head lies outside. The trees inside of groups are learned as sentences of their own.
 */
#include "train.h"
#include "trees.h"

#include "../collapse.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOLLOW_AFTER = 1, FOLLOW_PERCENT = 90 };
enum { MOVE_ROWS_LOG2 = 22, LABEL_ROWS_LOG2 = 17, MOVE_SCALE = 2 };

/* ---- From treebank to trees --------------------------------------------------------------- */

typedef struct {
    winnow_str_t forms[1024];
    uint8_t space_after[1024];
    wx_group_t groups[1024];
    int32_t group_of[1024]; /* -1: punctuation */
    uint32_t words[1024];
    uint32_t group_count;
    wx_words_in_t in;
} cut_t;

static bool s_cut(cut_t *self, const wt_sentence_t *sentence, const wx_tagger_t *tagger)
{
    if (sentence->count >= 1024)
        return false;
    for (uint32_t i = 0; i < sentence->count; i++) {
        self->forms[i] = wx_str_from(sentence->tokens[i].form);
        self->space_after[i] = sentence->tokens[i].space_after;
        self->group_of[i] = -1;
    }
    self->in = (wx_words_in_t){sentence->words, self->forms, self->space_after, tagger->xpos,
                               sentence->count};
    self->group_count = wx_collapse_words(&self->in, self->groups);
    for (uint32_t g = 0; g < self->group_count; g++) {
        for (uint32_t i = self->groups[g].first; i < self->groups[g].end; i++)
            self->group_of[i] = (int32_t)g;
    }
    return true;
}

/* The group that a word hangs from, over words that are in no group; group_count: the root. */
static int32_t s_group_head(const cut_t *self, const wt_sentence_t *sentence, uint32_t word)
{
    int32_t at = sentence->tokens[word].head;
    for (uint32_t steps = 0; at >= 0 && steps < sentence->count; steps++) {
        if (self->group_of[at] >= 0)
            return self->group_of[at];
        at = sentence->tokens[at].head;
    }
    return (int32_t)self->group_count;
}

static uint8_t s_label_of(const wx_parser_t *parser, uint8_t deprel)
{
    for (uint32_t i = 0; i < parser->label_count; i++) {
        if (parser->deprel[i] == deprel)
            return (uint8_t)i;
    }
    return 0;
}

static void s_outer(wt_trees_t *trees, cut_t *cut, const wt_sentence_t *sentence,
                    const wx_parser_t *parser)
{
    wt_tree_t *tree = wt_trees_add(trees, cut->group_count);
    wx_collapse_items(&cut->in, cut->groups, cut->group_count, tree->items);
    bool rooted = false;
    for (uint32_t g = 0; g < cut->group_count; g++) {
        const wx_group_t *group = &cut->groups[g];
        uint32_t word = group->word;
        for (uint32_t i = group->end; i-- > group->first;) {
            if (s_group_head(cut, sentence, i) != (int32_t)g &&
                sentence->tokens[i].upos != WX_UPOS_PUNCT)
                word = i;
        }
        tree->head[g] = s_group_head(cut, sentence, word);
        tree->label[g] = s_label_of(parser, sentence->tokens[word].deprel);
        rooted |= tree->head[g] == (int32_t)cut->group_count;
    }
    if (!rooted || cut->group_count < 2)
        trees->count--;
}

static void s_inner(wt_trees_t *trees, cut_t *cut, const wx_group_t *group,
                    const wt_sentence_t *sentence, const wx_parser_t *parser)
{
    wt_tree_t *tree = wt_trees_add(trees, group->end - group->first);
    tree->count = wx_collapse_inside(&cut->in, group, tree->items, cut->words);
    uint32_t roots = 0;
    for (uint32_t k = 0; k < tree->count; k++) {
        int32_t head = sentence->tokens[cut->words[k]].head;
        tree->head[k] = (int32_t)tree->count;
        for (uint32_t j = 0; j < tree->count; j++) {
            if ((int32_t)cut->words[j] == head)
                tree->head[k] = (int32_t)j;
        }
        roots += tree->head[k] == (int32_t)tree->count;
        tree->label[k] = s_label_of(parser, sentence->tokens[cut->words[k]].deprel);
    }
    if (roots != 1 || tree->count < 2)
        trees->count--;
}

static void s_trees(wt_trees_t *trees, const wt_treebank_t *bank, const wx_stats_t *stats,
                    const wx_parser_t *parser)
{
    static cut_t cut;
    for (size_t s = 0; s < bank->count; s++) {
        const wt_sentence_t *sentence = &bank->at[s];
        if (!s_cut(&cut, sentence, &stats->tagger))
            continue;
        s_outer(trees, &cut, sentence, parser);
        for (uint32_t g = 0; g < cut.group_count; g++) {
            if (cut.groups[g].end - cut.groups[g].first > 1)
                s_inner(trees, &cut, &cut.groups[g], sentence, parser);
        }
    }
}

/* ---- Learning ----------------------------------------------------------------------------- */

/* How many arcs of the gold tree a move would put out of reach. */
static unsigned s_cost(const wx_state_t *state, const wt_tree_t *tree, unsigned move)
{
    int32_t next = state->next, count = state->count;
    unsigned cost = 0;
    if (move == WX_MOVE_SHIFT) {
        for (int32_t k = 0; k < state->depth; k++) {
            cost += tree->head[state->stack[k]] == next;
            cost += k + 1 < state->depth && next < count && tree->head[next] == state->stack[k];
        }
        return cost;
    }
    int32_t s0 = state->stack[state->depth - 1];
    int32_t s1 = state->depth > 1 ? state->stack[state->depth - 2] : WX_UNSET;
    int32_t gold = tree->head[s0];
    cost += move == WX_MOVE_LEFT ? gold > next || (s1 != WX_UNSET && gold == s1) : gold >= next;
    for (int32_t k = next; k < count; k++)
        cost += tree->head[k] == s0;
    return cost;
}

typedef struct {
    wt_perceptron_t *moves, *labels;
    wx_parser_t *parser;
    wx_state_t state;
    uint32_t round;
    uint64_t random;
} learner_t;

static bool s_chance(learner_t *self, unsigned percent)
{
    self->random = self->random * 6364136223846793005u + 1442695040888963407u;
    return (self->random >> 33) % 100 < percent;
}

/* Learns the choice of a move where there is one; returns the move to make. */
static unsigned s_learn_move(learner_t *self, const wt_tree_t *tree, unsigned allowed)
{
    uint32_t rows[WX_PARSE_FEATURES];
    int32_t score[WX_LINEAR_STRIDE_MAX];
    unsigned cost[WX_MOVES] = {0}, least = UINT32_MAX, best = WX_MOVES, right = WX_MOVES;
    unsigned n = wx_move_features(&self->state, NULL, rows);
    wt_perceptron_score(self->moves, rows, n, score);
    for (unsigned move = 0; move < WX_MOVES; move++) {
        if (!(allowed >> move & 1))
            continue;
        cost[move] = s_cost(&self->state, tree, move);
        least = cost[move] < least ? cost[move] : least;
        if (best == WX_MOVES || score[move] > score[best])
            best = move;
    }
    for (unsigned move = 0; move < WX_MOVES; move++) {
        if ((allowed >> move & 1) && cost[move] == least &&
            (right == WX_MOVES || score[move] > score[right]))
            right = move;
    }
    self->moves->t++;
    if (cost[best] > least) {
        wt_perceptron_update(self->moves, rows, n, right, 1);
        wt_perceptron_update(self->moves, rows, n, best, -1);
        if (self->round < FOLLOW_AFTER || !s_chance(self, FOLLOW_PERCENT))
            return right;
    }
    return best;
}

static uint8_t s_learn_label(learner_t *self, const wt_tree_t *tree, unsigned move)
{
    uint32_t rows[WX_PARSE_FEATURES];
    int32_t score[WX_LINEAR_STRIDE_MAX];
    int32_t child = self->state.stack[self->state.depth - 1];
    unsigned n = wx_label_features(&self->state, move, NULL, rows);
    wt_perceptron_score(self->labels, rows, n, score);
    uint8_t best = 0;
    for (uint32_t label = 1; label < self->parser->label_count; label++) {
        if (score[label] > score[best])
            best = (uint8_t)label;
    }
    if (tree->head[child] == wx_state_head(&self->state, move)) {
        self->labels->t++;
        if (best != tree->label[child]) {
            wt_perceptron_update(self->labels, rows, n, tree->label[child], 1);
            wt_perceptron_update(self->labels, rows, n, best, -1);
        }
    }
    return best;
}

static void s_learn_tree(learner_t *self, const wt_tree_t *tree)
{
    wx_state_begin(&self->state, tree->items, tree->count);
    for (unsigned allowed; (allowed = wx_state_moves(&self->state)) != 0;) {
        unsigned move = allowed >> WX_MOVE_SHIFT & 1  ? WX_MOVE_SHIFT
                        : allowed >> WX_MOVE_LEFT & 1 ? WX_MOVE_LEFT
                                                      : WX_MOVE_RIGHT;
        if (allowed & (allowed - 1))
            move = s_learn_move(self, tree, allowed);
        uint8_t label = move == WX_MOVE_SHIFT ? 0 : s_learn_label(self, tree, move);
        wx_state_move(&self->state, move, label);
    }
}

/* ---- Measuring ---------------------------------------------------------------------------- */

static void s_evaluate(const wx_parser_t *parser, wx_state_t *state, const wt_trees_t *trees,
                       const char *what)
{
    size_t total = 0, heads = 0, labels = 0;
    for (size_t s = 0; s < trees->count; s++) {
        const wt_tree_t *tree = &trees->at[s];
        if (tree->count > 0 && tree->items[0].kind >= WX_ITEM_INSIDE)
            continue;
        wx_parse_items(parser, state, tree->items, tree->count);
        for (uint32_t i = 0; i < tree->count; i++) {
            bool same = state->head[i] == tree->head[i];
            total++;
            heads += same;
            labels += same && state->label[i] == tree->label[i];
        }
    }
    fprintf(stderr, "%s: units UAS %.2f LAS %.2f\n", what, 100.0 * (double)heads / (double)total,
            100.0 * (double)labels / (double)total);
}

static void s_labels(wx_parser_t *parser, const wt_treebank_t *bank)
{
    bool seen[WX_DEPREL_COUNT] = {false};
    for (size_t s = 0; s < bank->count; s++) {
        for (uint32_t i = 0; i < bank->at[s].count; i++)
            seen[bank->at[s].tokens[i].deprel] = true;
    }
    for (unsigned d = 1; d < WX_DEPREL_COUNT; d++) {
        if (seen[d] && d != WX_DEPREL_PUNCT && parser->label_count < WX_PARSE_LABELS)
            parser->deprel[parser->label_count++] = (uint8_t)d;
    }
}

static void s_pack_labels(const char *path, const wx_parser_t *parser)
{
    wt_bytes_t out = {0};
    wt_bits_put(&out, parser->label_count, 8);
    for (uint32_t i = 0; i < parser->label_count; i++)
        wt_bits_text(&out, wx_deprel_name((wx_deprel_t)parser->deprel[i]));
    wt_bits_end(&out);
    wt_pack_section(path, "LABS", out.at, out.size);
    free(out.at);
}

static wx_linear_t s_pack(const char *path, const char *name, const wt_perceptron_t *p,
                          const int8_t *weights)
{
    wt_bytes_t packed = wt_pack_linear(weights, p->rows, p->stride);
    wt_pack_section(path, name, packed.at, packed.size);
    free(packed.at);
    return wt_linear(p, weights);
}

static void s_turn(wt_trees_t *trees)
{
    for (size_t t = 0; t < trees->count; t++)
        wt_tree_reverse(&trees->at[t]);
}

static void s_measure_file(const wx_stats_t *stats, const wx_parser_t *parser, wx_state_t *state,
                           const char *path, bool reverse)
{
    wt_treebank_t bank = {0};
    wt_treebank_conllu(&bank, path);
    wt_treebank_words(&bank, &stats->lexicon, &stats->gazetteer);
    for (size_t s = 0; s < bank.count; s++)
        wx_tag_sentence(&stats->tagger, bank.at[s].words, bank.at[s].count);
    wt_trees_t trees = {0};
    s_trees(&trees, &bank, stats, parser);
    if (reverse)
        s_turn(&trees);
    s_evaluate(parser, state, &trees, path);
}

/* Files of trees among the treebanks. */
static bool s_is_trees(const char *path)
{
    size_t size = strlen(path);
    return size > 6 && strcmp(path + size - 6, ".trees") == 0;
}

static wt_trees_t s_read(char **paths, int count, const char *jack, const wx_stats_t *stats,
                         wx_parser_t *parser, bool reverse)
{
    wt_treebank_t bank = {0};
    wt_trees_t trees = {0};
    for (int i = 0; i < count; i++) {
        if (!s_is_trees(paths[i]))
            wt_treebank_conllu(&bank, paths[i]);
    }
    wt_treebank_words(&bank, &stats->lexicon, &stats->gazetteer);
    wt_jack_read(jack, &bank, &stats->tagger);
    s_labels(parser, &bank);
    s_trees(&trees, &bank, stats, parser);
    for (int i = 0; i < count; i++) {
        if (s_is_trees(paths[i]))
            wt_trees_read(&trees, paths[i]);
    }
    if (reverse)
        s_turn(&trees);
    fprintf(stderr, "%zu trees, %" PRIu32 " relations\n", trees.count, parser->label_count);
    return trees;
}

/* One perceptron for the moves, one for the relations, of the order of sentences `part`. */
static void s_learn(learner_t *self, const wt_trees_t *trees, uint32_t part, uint32_t rounds)
{
    wt_perceptron_destroy(&self->moves);
    wt_perceptron_destroy(&self->labels);
    self->moves = wt_perceptron_new(MOVE_ROWS_LOG2, 4, WX_MOVES);
    self->labels = wt_perceptron_new(LABEL_ROWS_LOG2, 64, self->parser->label_count);
    for (self->round = 0; self->round < rounds; self->round++) {
        uint32_t *order = wt_shuffle(trees->count, part * rounds + self->round);
        for (size_t k = 0; k < trees->count; k++)
            s_learn_tree(self, &trees->at[order[k]]);
        free(order);
    }
}

static int s_step(int argc, char **argv, bool reverse)
{
    if (argc < 6 || atoi(argv[3]) < 1 || atoi(argv[4]) < 1)
        return 2;
    wx_stats_t *stats = wt_model(argv[0]);
    wx_parser_t parser = {.label_count = 0};
    wt_trees_t trees = s_read(argv + 5, argc - 5, argv[1], stats, &parser, reverse);
    int parts = atoi(argv[3]);
    jmp_buf full;
    wx_arena_t arena = {.full = &full};
    if (!wx_arena_reserve(&arena, 1 << 20) || setjmp(full)) {
        fprintf(stderr, "winnow-train: no memory\n");
        return 1;
    }
    learner_t learner = {
        .parser = &parser, .state = wx_state_new(&arena, 1024, &stats->parser.pairs), .random = 1};
    int32_t *move_sum = wt_alloc((size_t)4 << MOVE_ROWS_LOG2, sizeof *move_sum);
    int32_t *label_sum = wt_alloc((size_t)64 << LABEL_ROWS_LOG2, sizeof *label_sum);
    for (int part = 0; part < parts; part++) {
        s_learn(&learner, &trees, (uint32_t)part, (uint32_t)atoi(argv[4]));
        wt_perceptron_add(learner.moves, move_sum);
        wt_perceptron_add(learner.labels, label_sum);
    }
    int8_t *moves = wt_perceptron_pack(learner.moves, move_sum, parts, MOVE_SCALE);
    int8_t *labels = wt_perceptron_pack(learner.labels, label_sum, parts, 0);
    free(move_sum);
    free(label_sum);
    s_pack_labels(argv[0], &parser);
    parser.moves = s_pack(argv[0], "MOVW", learner.moves, moves);
    parser.labels = s_pack(argv[0], "LABW", learner.labels, labels);
    s_measure_file(stats, &parser, &learner.state, argv[2], reverse);
    free(moves);
    free(labels);
    wt_perceptron_destroy(&learner.moves);
    wt_perceptron_destroy(&learner.labels);
    wx_arena_destroy(&arena);
    wx_stats_destroy(&stats);
    return 0;
}

int wt_step_parse(int argc, char **argv)
{
    return s_step(argc, argv, false);
}

int wt_step_reverse(int argc, char **argv)
{
    return s_step(argc, argv, true);
}
