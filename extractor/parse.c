/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parser: state, features, and the loop. Nearly all of the time goes into looking up the rows
 * of about a hundred features a move; the moves' model is asked first, the relations' model only
 * when an arc is made. At the sentence's end only one move is left at a time, and none is scored.
 *
 * Tried and dropped: scoring move and relation together (three times the weights, no gain).
 */
#include "parse.h"

wx_state_t wx_state_new(wx_arena_t *arena, uint32_t room, const wx_pairs_t *pairs)
{
    size_t n = (size_t)room + 1;
    wx_state_t self = {.pairs = pairs,
                       .stack = wx_new(arena, int32_t, n),
                       .head = wx_new(arena, int32_t, n),
                       .label = wx_new(arena, uint8_t, n),
                       .left_count = wx_new(arena, uint8_t, n),
                       .right_count = wx_new(arena, uint8_t, n),
                       .left_labels = wx_new(arena, uint64_t, n),
                       .right_labels = wx_new(arena, uint64_t, n)};
    for (int i = 0; i < 2; i++) {
        self.left[i] = wx_new(arena, int32_t, n);
        self.right[i] = wx_new(arena, int32_t, n);
    }
    return self;
}

void wx_state_begin(wx_state_t *self, const wx_item_t *items, uint32_t count)
{
    self->items = items;
    self->count = (int32_t)count;
    self->next = 0;
    self->depth = 0;
    for (uint32_t i = 0; i <= count; i++) {
        self->head[i] = WX_UNSET;
        self->label[i] = 0;
        self->left[0][i] = self->left[1][i] = WX_UNSET;
        self->right[0][i] = self->right[1][i] = WX_UNSET;
        self->left_count[i] = self->right_count[i] = 0;
        self->left_labels[i] = self->right_labels[i] = 0;
    }
}

unsigned wx_state_moves(const wx_state_t *self)
{
    if (self->next == self->count)
        return self->depth > 1 ? 1u << WX_MOVE_RIGHT : self->depth == 1 ? 1u << WX_MOVE_LEFT : 0;
    unsigned moves = 1u << WX_MOVE_SHIFT;
    if (self->depth > 0)
        moves |= 1u << WX_MOVE_LEFT;
    if (self->depth > 1)
        moves |= 1u << WX_MOVE_RIGHT;
    return moves;
}

int32_t wx_state_head(const wx_state_t *self, unsigned move)
{
    return move == WX_MOVE_LEFT ? self->next : self->stack[self->depth - 2];
}

void wx_state_move(wx_state_t *self, unsigned move, uint8_t label)
{
    if (move == WX_MOVE_SHIFT) {
        self->stack[self->depth++] = self->next++;
        return;
    }
    int32_t head = wx_state_head(self, move), child = self->stack[--self->depth];
    self->head[child] = head;
    self->label[child] = label;
    if (move == WX_MOVE_LEFT) {
        self->left[1][head] = self->left[0][head];
        self->left[0][head] = child;
        self->left_count[head]++;
        self->left_labels[head] |= (uint64_t)1 << label;
    } else {
        self->right[1][head] = self->right[0][head];
        self->right[0][head] = child;
        self->right_count[head]++;
        self->right_labels[head] |= (uint64_t)1 << label;
    }
}

static const wx_item_t s_none = {.lower = 2, .tag = 63, .upos = 31};
static const wx_item_t s_root = {.lower = 3, .tag = 62, .upos = 30};

static const wx_item_t *s_item(const wx_state_t *self, int32_t i)
{
    return i < 0 || i > self->count ? &s_none : i == self->count ? &s_root : &self->items[i];
}

static int32_t s_stack(const wx_state_t *self, int32_t depth)
{
    return depth < self->depth ? self->stack[self->depth - 1 - depth] : WX_UNSET;
}

static int32_t s_child(int32_t *const *children, int which, int32_t of)
{
    return of < 0 ? WX_UNSET : children[which][of];
}

static uint32_t s_label(const wx_state_t *self, int32_t i)
{
    return i < 0 ? 0 : self->label[i] + 1u;
}

static uint32_t s_count(const uint8_t *counts, int32_t i)
{
    return i < 0 ? 9 : counts[i] < 3 ? counts[i] : 3;
}

static uint32_t s_set(uint64_t labels)
{
    return (uint32_t)(labels ^ labels >> 32) * 0x9E3779B1u ^ (uint32_t)(labels >> 32);
}

/* 1, 2, 3, 4, 5-6, 7-10, more */
static uint32_t s_distance(int32_t a, int32_t b)
{
    int32_t d = b - a;
    return a < 0 ? 9 : d <= 4 ? (uint32_t)d : d <= 6 ? 5 : d <= 10 ? 6 : 7;
}

/* The word that introduces a phrase: its first child when that is a preposition or the like. */
static const wx_item_t *s_marker(const wx_state_t *self, int32_t i)
{
    return s_item(self, s_child(self->left, 0, i));
}

static uint32_t s_marks_of(const wx_state_t *self, const wx_item_t *head, int32_t phrase)
{
    const wx_item_t *marker = s_marker(self, phrase);
    if (marker->upos != WX_UPOS_ADP && marker->upos != WX_UPOS_SCONJ)
        return 9;
    return wx_pair_find(self->pairs, WX_PAIR_MARKER, head->lower, marker->lower);
}

static uint32_t s_pair(const wx_state_t *self, const wx_item_t *head, const wx_item_t *child)
{
    return wx_pair_find(self->pairs, WX_PAIR_WORDS, head->lower, child->lower);
}

/* What raw text says about the arcs that could be made now or soon. */
static void s_pair_features(const wx_state_t *self, wx_features_t *f)
{
    int32_t i0 = s_stack(self, 0), i1 = s_stack(self, 1), j0 = self->next;
    const wx_item_t *s0 = s_item(self, i0), *s1 = s_item(self, i1), *b0 = s_item(self, j0);
    uint32_t s0b0 = s_pair(self, s0, b0), s1b0 = s_pair(self, s1, b0);
    uint32_t b0s0 = s_pair(self, b0, s0), s1s0 = s_pair(self, s1, s0);
    uint32_t m0 = s_marks_of(self, s0, j0), m1 = s_marks_of(self, s1, j0);
    uint32_t m10 = s_marks_of(self, s1, i0), tags = wx_mix(wx_mix(s1->upos, s0->upos), b0->upos);
    wx_feature3(f, s0b0, s1b0, tags);
    wx_feature3(f, m0, m1, tags);
    wx_feature3(f, m0, m1, wx_mix(s0b0, wx_mix(s1b0, b0->upos)));
    wx_feature3(f, m0, m1, wx_mix(s_marker(self, j0)->lower, tags));
    wx_feature3(f, s0b0, s0->tag, b0->tag);
    wx_feature3(f, s1b0, s1->tag, b0->tag);
    wx_feature3(f, b0s0, s0->tag, b0->tag);
    wx_feature3(f, s1s0, s1->tag, s0->tag);
    wx_feature3(f, b0s0, s1s0, tags);
    wx_feature3(f, m10, s1s0, wx_mix(s1->upos, s0->upos));
    wx_feature3(f, m10, b0s0, tags);
}

unsigned wx_move_features(const wx_state_t *self, const wx_linear_t *ahead, uint32_t *rows)
{
    int32_t i0 = s_stack(self, 0), i1 = s_stack(self, 1), i2 = s_stack(self, 2), j0 = self->next;
    int32_t i0l = s_child(self->left, 0, i0), i0l2 = s_child(self->left, 1, i0);
    int32_t i0r = s_child(self->right, 0, i0), i0r2 = s_child(self->right, 1, i0);
    int32_t i1l = s_child(self->left, 0, i1), i1r = s_child(self->right, 0, i1);
    int32_t i1r2 = s_child(self->right, 1, i1), j0l = s_child(self->left, 0, j0);
    int32_t j0l2 = s_child(self->left, 1, j0), i2r = s_child(self->right, 0, i2);
    const wx_item_t *s0 = s_item(self, i0), *s1 = s_item(self, i1), *s2 = s_item(self, i2);
    const wx_item_t *b0 = s_item(self, j0), *b1 = s_item(self, j0 + 1), *b2 = s_item(self, j0 + 2);
    const wx_item_t *b3 = s_item(self, j0 + 3);
    const wx_item_t *s0l = s_item(self, i0l), *s0r = s_item(self, i0r), *s1l = s_item(self, i1l);
    const wx_item_t *s1r = s_item(self, i1r), *b0l = s_item(self, j0l);
    const wx_item_t *s0l2 = s_item(self, i0l2), *s0r2 = s_item(self, i0r2);
    const wx_item_t *b0l2 = s_item(self, j0l2), *s1r2 = s_item(self, i1r2);
    uint32_t vr0 = s_count(self->right_count, i0), vl0 = s_count(self->left_count, i0);
    uint32_t vr1 = s_count(self->right_count, i1), vlb = s_count(self->left_count, j0);
    uint32_t set0 = i0 < 0 ? 0 : s_set(self->left_labels[i0] ^ self->right_labels[i0] << 1);
    uint32_t set1 = i1 < 0 ? 0 : s_set(self->left_labels[i1] ^ self->right_labels[i1] << 1);
    uint32_t setb = s_set(self->left_labels[j0]);
    uint32_t d0 = s_distance(i0, j0), d1 = s_distance(i1, i0);
    uint32_t marks0 = wx_mix(b0->punct, s0->after), marks1 = wx_mix(s0->punct, s1->after);
    wx_features_t f = {rows, 0, ahead};
    wx_feature(&f, 0);
    /* words alone */
    wx_feature2(&f, s0->lower, s0->upos);
    wx_feature2(&f, s0->tag, s0->kind);
    wx_feature2(&f, s0->cluster, s0->upos);
    wx_feature2(&f, s1->lower, s1->upos);
    wx_feature2(&f, s1->tag, s1->kind);
    wx_feature2(&f, s1->cluster, s1->upos);
    wx_feature2(&f, b0->lower, b0->upos);
    wx_feature2(&f, b0->tag, b0->kind);
    wx_feature2(&f, b0->cluster, b0->upos);
    wx_feature2(&f, b1->lower, b1->upos);
    wx_feature2(&f, b1->tag, b1->kind);
    wx_feature(&f, b1->cluster);
    wx_feature2(&f, b2->lower, b2->upos);
    wx_feature2(&f, b2->tag, b2->kind);
    wx_feature(&f, b3->tag);
    wx_feature2(&f, s2->lower, s2->upos);
    wx_feature2(&f, s2->tag, s2->kind);
    /* pairs */
    wx_feature2(&f, s0->lower, b0->lower);
    wx_feature2(&f, s0->lower, b0->tag);
    wx_feature2(&f, s0->tag, b0->lower);
    wx_feature2(&f, s0->tag, b0->tag);
    wx_feature2(&f, s0->cluster, b0->cluster);
    wx_feature2(&f, s0->cluster, b0->tag);
    wx_feature2(&f, s0->tag, b0->cluster);
    wx_feature2(&f, s0->lower, b0->cluster);
    wx_feature2(&f, s0->cluster, b0->lower);
    wx_feature2(&f, s1->lower, s0->lower);
    wx_feature2(&f, s1->lower, s0->tag);
    wx_feature2(&f, s1->tag, s0->lower);
    wx_feature2(&f, s1->tag, s0->tag);
    wx_feature2(&f, s1->cluster, s0->cluster);
    wx_feature2(&f, s1->cluster, s0->tag);
    wx_feature2(&f, s1->tag, s0->cluster);
    wx_feature2(&f, s1->tag, b0->tag);
    wx_feature2(&f, s1->lower, b0->lower);
    wx_feature2(&f, s1->cluster, b0->cluster);
    wx_feature2(&f, b0->lower, b1->tag);
    wx_feature2(&f, b0->tag, b1->lower);
    wx_feature2(&f, b0->tag, b1->tag);
    wx_feature2(&f, b0->cluster, b1->cluster);
    wx_feature2(&f, s0->lower, b1->tag);
    wx_feature2(&f, s0->tag, b1->lower);
    /* threes */
    wx_feature3(&f, s0->tag, b0->tag, b1->tag);
    wx_feature3(&f, s1->tag, s0->tag, b0->tag);
    wx_feature3(&f, s2->tag, s1->tag, s0->tag);
    wx_feature3(&f, b0->tag, b1->tag, b2->tag);
    wx_feature3(&f, s0->lower, b0->tag, b1->tag);
    wx_feature3(&f, s0->tag, b0->lower, b1->tag);
    wx_feature3(&f, s1->lower, s0->tag, b0->tag);
    wx_feature3(&f, s1->tag, s0->lower, b0->tag);
    wx_feature3(&f, s1->tag, s0->tag, b0->lower);
    wx_feature3(&f, s1->cluster, s0->cluster, b0->cluster);
    wx_feature3(&f, s1->group, s0->group, b0->group);
    wx_feature3(&f, s1->cluster, s0->lower, b0->cluster);
    wx_feature3(&f, s0->group, b0->group, b1->group);
    wx_feature3(&f, s1->tag, s0->tag, wx_mix(b0->tag, b1->tag));
    wx_feature3(&f, s1->upos, s0->upos, wx_mix(b0->upos, wx_mix(b1->upos, b2->upos)));
    wx_feature3(&f, s1->upos, s2->upos, wx_mix(b0->upos, s0->upos));
    /* children */
    wx_feature3(&f, s0->tag, s0l->tag, b0->tag);
    wx_feature3(&f, s0->tag, s0r->tag, b0->tag);
    wx_feature3(&f, s1->tag, s0->tag, s0l->tag);
    wx_feature3(&f, s1->tag, s0->tag, s0r->tag);
    wx_feature3(&f, s1->tag, s1r->tag, s0->tag);
    wx_feature3(&f, s1->tag, s1l->tag, s0->tag);
    wx_feature3(&f, s0->tag, b0->tag, b0l->tag);
    wx_feature3(&f, s0->tag, s0l->lower, b0->tag);
    wx_feature3(&f, s0->tag, s0l->lower, s1->tag);
    wx_feature3(&f, s0->tag, s0l->lower, s1->lower);
    wx_feature3(&f, s0->lower, s0l->lower, s1->cluster);
    wx_feature2(&f, s0l->lower, b0->cluster);
    wx_feature2(&f, s0->lower, s0l->tag);
    wx_feature2(&f, s0->lower, s0r->tag);
    wx_feature2(&f, b0->lower, b0l->tag);
    wx_feature2(&f, s1->lower, s1r->tag);
    wx_feature3(&f, s0->tag, s0l->tag, s0l2->tag);
    wx_feature3(&f, s0->tag, s0r->tag, s0r2->tag);
    wx_feature3(&f, b0->tag, b0l->tag, b0l2->tag);
    wx_feature3(&f, s1->tag, s1r->tag, s1r2->tag);
    wx_feature3(&f, s2->tag, s_label(self, i2r), s1->tag);
    /* relations of children */
    wx_feature2(&f, s0->tag, s_label(self, i0l));
    wx_feature2(&f, s0->tag, s_label(self, i0r));
    wx_feature2(&f, s1->tag, s_label(self, i1r));
    wx_feature2(&f, s1->tag, s_label(self, i1l));
    wx_feature2(&f, b0->tag, s_label(self, j0l));
    wx_feature3(&f, s0->lower, s_label(self, i0l), s_label(self, i0r));
    wx_feature3(&f, s0->tag, set0, b0->tag);
    wx_feature3(&f, s1->tag, set1, s0->tag);
    wx_feature3(&f, b0->tag, setb, s0->tag);
    wx_feature2(&f, s1->lower, set1);
    wx_feature2(&f, s0->lower, set0);
    wx_feature2(&f, b0->lower, setb);
    /* how many, how far, what marks between */
    wx_feature3(&f, s0->tag, vr0, vl0);
    wx_feature3(&f, s0->lower, vr0, vl0);
    wx_feature2(&f, s1->tag, vr1);
    wx_feature2(&f, s1->lower, vr1);
    wx_feature2(&f, b0->tag, vlb);
    wx_feature2(&f, b0->lower, vlb);
    wx_feature3(&f, s0->tag, b0->tag, d0);
    wx_feature3(&f, s0->lower, b0->lower, d0);
    wx_feature2(&f, s0->lower, d0);
    wx_feature2(&f, b0->lower, d0);
    wx_feature3(&f, s1->tag, s0->tag, d1);
    wx_feature2(&f, s1->lower, d1);
    wx_feature3(&f, s0->tag, b0->tag, marks0);
    wx_feature3(&f, s1->tag, s0->tag, marks1);
    wx_feature3(&f, s1->tag, b0->tag, wx_mix(marks0, marks1));
    wx_feature3(&f, marks0, b1->punct, wx_mix(s0->upos, b0->upos));
    wx_feature3(&f, s0->kind, b0->kind, wx_mix(s1->kind, marks0));
    wx_feature2(&f, s0->suffix, b0->suffix);
    if (self->pairs->slots)
        s_pair_features(self, &f);
    return f.count;
}

unsigned wx_label_features(const wx_state_t *self, unsigned move, const wx_linear_t *ahead,
                           uint32_t *rows)
{
    int32_t c = s_stack(self, 0), h = wx_state_head(self, move);
    const wx_item_t *child = s_item(self, c), *head = s_item(self, h);
    const wx_item_t *mark = s_marker(self, c), *last = s_item(self, s_child(self->right, 0, c));
    const wx_item_t *second = s_item(self, s_child(self->left, 1, c));
    const wx_item_t *before = s_item(self, c - 1), *after = s_item(self, c + 1);
    const wx_item_t *head_mark = s_marker(self, h);
    uint64_t sets = h == self->count
                        ? 0
                        : (move == WX_MOVE_LEFT ? self->left_labels[h]
                                                : self->left_labels[h] | self->right_labels[h]);
    uint32_t made = s_set(sets), d = s_distance(h < c ? h : c, h < c ? c : h);
    uint32_t own = s_set(self->left_labels[c] ^ self->right_labels[c] << 1);
    uint32_t marks = move == WX_MOVE_LEFT ? wx_mix(head->punct, child->after) : child->punct;
    uint32_t m = wx_mix(0x3C6EF372u, move * 16 + (h == self->count));
    wx_features_t f = {rows, 0, ahead};
    wx_feature(&f, m);
    wx_feature2(&f, child->lower, m);
    wx_feature2(&f, child->tag, m);
    wx_feature2(&f, child->cluster, m);
    wx_feature2(&f, head->lower, m);
    wx_feature2(&f, head->tag, m);
    wx_feature2(&f, head->cluster, m);
    wx_feature3(&f, child->tag, head->tag, m);
    wx_feature3(&f, child->lower, head->tag, m);
    wx_feature3(&f, child->tag, head->lower, m);
    wx_feature3(&f, child->lower, head->lower, m);
    wx_feature3(&f, child->cluster, head->cluster, m);
    wx_feature3(&f, child->cluster, head->tag, m);
    wx_feature3(&f, child->tag, head->cluster, m);
    wx_feature3(&f, child->lower, head->cluster, m);
    wx_feature3(&f, child->cluster, head->lower, m);
    wx_feature3(&f, mark->lower, child->tag, m);
    wx_feature3(&f, mark->lower, head->tag, m);
    wx_feature3(&f, mark->lower, head->lower, m);
    wx_feature3(&f, mark->lower, head->cluster, m);
    wx_feature3(&f, mark->lower, child->cluster, wx_mix(m, head->upos));
    wx_feature3(&f, mark->tag, child->tag, wx_mix(m, head->tag));
    wx_feature3(&f, mark->tag, second->lower, wx_mix(m, child->tag));
    wx_feature3(&f, mark->lower, child->lower, m);
    wx_feature3(&f, own, child->tag, m);
    wx_feature3(&f, own, child->tag, wx_mix(m, head->tag));
    wx_feature3(&f, made, child->tag, m);
    wx_feature3(&f, made, child->tag, wx_mix(m, head->tag));
    wx_feature3(&f, made, head->lower, wx_mix(m, child->tag));
    wx_feature3(&f, made, child->cluster, m);
    wx_feature3(&f, d, child->tag, wx_mix(m, head->tag));
    wx_feature3(&f, marks, child->tag, wx_mix(m, head->tag));
    wx_feature3(&f, marks, mark->lower, wx_mix(m, child->tag));
    wx_feature3(&f, child->punct, child->after, wx_mix(m, head->tag));
    wx_feature3(&f, before->lower, child->tag, m);
    wx_feature3(&f, after->lower, child->tag, m);
    wx_feature3(&f, before->tag, child->tag, wx_mix(m, after->tag));
    wx_feature3(&f, last->tag, child->tag, m);
    wx_feature3(&f, child->kind, head->kind, m);
    wx_feature3(&f, child->kind, head->tag, wx_mix(m, child->tag));
    wx_feature3(&f, child->suffix, head->tag, m);
    wx_feature3(&f, head_mark->lower, child->tag, wx_mix(m, head->tag));
    wx_feature3(&f, child->flags & WX_ATOM_UPPER, head->flags & WX_ATOM_UPPER,
                wx_mix(m, child->tag));
    wx_feature3(&f, child->lower, wx_mix(after->tag, before->tag), m);
    if (self->pairs->slots) {
        wx_feature3(&f, s_pair(self, head, child), wx_mix(head->tag, child->tag), m);
        wx_feature3(&f, s_marks_of(self, head, c), wx_mix(head->upos, child->upos), m);
    }
    return f.count;
}

static unsigned s_best_move(const wx_parser_t *self, const wx_state_t *state, unsigned allowed)
{
    uint32_t rows[WX_PARSE_FEATURES];
    int32_t score[WX_LINEAR_STRIDE_MAX];
    wx_linear_score(&self->moves, rows, wx_move_features(state, &self->moves, rows), score);
    unsigned best = WX_MOVES;
    for (unsigned move = 0; move < WX_MOVES; move++) {
        if ((allowed >> move & 1) && (best == WX_MOVES || score[move] > score[best]))
            best = move;
    }
    return best;
}

static uint8_t s_best_label(const wx_parser_t *self, const wx_state_t *state, unsigned move)
{
    uint32_t rows[WX_PARSE_FEATURES];
    int32_t score[WX_LINEAR_STRIDE_MAX];
    wx_linear_score(&self->labels, rows, wx_label_features(state, move, &self->labels, rows),
                    score);
    uint8_t best = 0;
    for (uint32_t label = 1; label < self->label_count; label++) {
        if (score[label] > score[best])
            best = (uint8_t)label;
    }
    return best;
}

void wx_parse_items(const wx_parser_t *self, wx_state_t *state, const wx_item_t *items,
                    uint32_t count)
{
    wx_state_begin(state, items, count);
    for (unsigned allowed; (allowed = wx_state_moves(state)) != 0;) {
        bool choice = (allowed & (allowed - 1)) != 0;
        unsigned move = choice                         ? s_best_move(self, state, allowed)
                        : allowed >> WX_MOVE_SHIFT & 1 ? WX_MOVE_SHIFT
                        : allowed >> WX_MOVE_LEFT & 1  ? WX_MOVE_LEFT
                                                       : WX_MOVE_RIGHT;
        wx_state_move(state, move, move == WX_MOVE_SHIFT ? 0 : s_best_label(self, state, move));
    }
}
