/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trees of sentences: units, the tree over them, the little trees inside of them, and the marks
 * hung where they belong, so that every token has a head.
 *
 *     Shares of Siemens Energy rose 2.5 %          units, parsed
 *               -------------- ----  ----
 *               Siemens <- Energy                  inside of a unit, parsed alone: its root is the
 *                                                  unit's token, and takes the unit's head
 */
#include "tree.h"

#include "collapse.h"
#include "model.h"
#include "normalise.h"
#include "stages.h"
#include "stats.h"

typedef struct wx_trees {
    wx_doc_t *doc;
    const wx_stats_t *stats;
    const wx_sentence_t *sentence;
    wx_words_in_t in;
    winnow_str_t *forms;
    uint8_t *space_after;
    wx_group_t *groups;
    wx_item_t *items;
    uint32_t *words;
    wx_state_t state;
} wx_trees_t;

static uint32_t s_longest(const wx_doc_t *doc)
{
    uint32_t longest = 1;
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        uint32_t count = doc->sentences.at[s].end - doc->sentences.at[s].first;
        longest = count > longest ? count : longest;
    }
    return longest;
}

/* What all trees of a document are made with. */
static wx_trees_t *s_new(wx_doc_t *doc)
{
    uint32_t room = s_longest(doc);
    wx_trees_t *self = wx_new(doc->arena, wx_trees_t, 1);
    *self = (wx_trees_t){.doc = doc,
                         .stats = doc->model->stats,
                         .forms = wx_new(doc->arena, winnow_str_t, room),
                         .space_after = wx_new(doc->arena, uint8_t, room),
                         .groups = wx_new(doc->arena, wx_group_t, room),
                         .items = wx_new(doc->arena, wx_item_t, room),
                         .words = wx_new(doc->arena, uint32_t, room),
                         .state = wx_state_new(doc->arena, room, &doc->model->stats->parser.pairs)};
    return self;
}

static void s_open(wx_trees_t *self, uint32_t s)
{
    wx_doc_t *doc = self->doc;
    self->sentence = &doc->sentences.at[s];
    uint32_t first = self->sentence->first, count = self->sentence->end - first;
    for (uint32_t i = 0; i < count; i++) {
        self->forms[i] = wx_token_form(doc, first + i);
        self->space_after[i] = doc->tokens.at[first + i].space_after;
    }
    self->in = (wx_words_in_t){wx_doc_atoms(doc) + first, self->forms, self->space_after,
                               self->stats->tagger.xpos, count};
}

/* ---- Units -------------------------------------------------------------------------------- */

static void s_unit(wx_trees_t *self, const wx_group_t *group)
{
    wx_doc_t *doc = self->doc;
    uint32_t first = self->sentence->first + group->first, end = self->sentence->first + group->end;
    uint32_t token = self->sentence->first + group->word;
    const wx_token_t *t = &doc->tokens.at[token];
    wx_unit_t *unit = wx_push(doc->arena, &doc->units);
    *unit = (wx_unit_t){.first = first,
                        .end = end,
                        .token = token,
                        .kind = end > first + 1 ? WX_UNIT_COMPOUND : WX_UNIT_WORD,
                        .ref = WX_NONE,
                        .head = WX_NONE,
                        .child_first = WX_NONE,
                        .sibling = WX_NONE,
                        .upos = t->upos};
    if (t->value != WX_NONE) {
        unit->kind = WX_UNIT_VALUE;
        unit->ref = t->value;
    } else if (t->name != WX_NONE) {
        unit->kind = WX_UNIT_NAME;
        unit->ref = t->name;
    }
    for (uint32_t i = first; i < end; i++)
        doc->tokens.at[i].unit = doc->units.count - 1;
}

static void s_units(wx_trees_t *self, uint32_t s)
{
    wx_doc_t *doc = self->doc;
    s_open(self, s);
    for (uint32_t i = self->sentence->first; i < self->sentence->end; i++)
        doc->tokens.at[i].unit = WX_NONE;
    doc->sentences.at[s].unit_first = doc->units.count;
    uint32_t count = wx_collapse_words(&self->in, self->groups);
    for (uint32_t g = 0; g < count; g++)
        s_unit(self, &self->groups[g]);
    doc->sentences.at[s].unit_end = doc->units.count;
}

/* ---- The tree over units ------------------------------------------------------------------ */

static uint8_t s_deprel(const wx_trees_t *self, int32_t item)
{
    if (self->state.head[item] == self->state.count)
        return WX_DEPREL_ROOT;
    uint8_t deprel = self->stats->parser.deprel[self->state.label[item]];
    return deprel == WX_DEPREL_ROOT ? WX_DEPREL_DEP : deprel;
}

static void s_over(wx_trees_t *self)
{
    wx_doc_t *doc = self->doc;
    uint32_t first = self->sentence->unit_first, count = self->sentence->unit_end - first;
    wx_collapse_items(&self->in, self->groups, count, self->items);
    wx_parse_items(&self->stats->parser, &self->state, self->items, count);
    for (uint32_t g = 0; g < count; g++) {
        wx_unit_t *unit = &doc->units.at[first + g];
        int32_t head = self->state.head[g];
        unit->head = head == self->state.count ? WX_NONE : first + (uint32_t)head;
        unit->deprel = s_deprel(self, (int32_t)g);
        unit->punct = self->items[g].punct;
    }
    for (uint32_t g = count; g-- > 0;) {
        uint32_t head = doc->units.at[first + g].head;
        if (head == WX_NONE)
            continue;
        doc->units.at[first + g].sibling = doc->units.at[head].child_first;
        doc->units.at[head].child_first = first + g;
    }
}

/* ---- Inside of a unit --------------------------------------------------------------------- */

static void s_arc(wx_trees_t *self, uint32_t word, uint32_t head, uint8_t deprel)
{
    wx_token_t *t = &self->doc->tokens.at[self->sentence->first + word];
    t->head = self->sentence->first + head;
    t->deprel = deprel;
}

/* Sets heads of the words within; the unit's token is the root. */
static void s_inside(wx_trees_t *self, wx_unit_t *unit, const wx_group_t *group)
{
    if (unit->end == unit->first + 1)
        return;
    uint32_t count = wx_collapse_inside(&self->in, group, self->items, self->words), root = 0;
    if (count > 0) {
        wx_parse_items(&self->stats->parser, &self->state, self->items, count);
        for (uint32_t k = 0; k < count; k++) {
            if (self->state.head[k] == self->state.count)
                root = k;
        }
        unit->token = self->sentence->first + self->words[root];
        unit->upos = self->doc->tokens.at[unit->token].upos;
        for (uint32_t k = 0; k < count; k++) {
            if (k != root)
                s_arc(self, self->words[k], self->words[self->state.head[k]],
                      s_deprel(self, (int32_t)k));
        }
    }
    /* the marks within hang from the word behind them, or from the unit's */
    uint32_t next = 0;
    for (uint32_t i = group->first; i < group->end; i++) {
        if (next < count && self->words[next] == i)
            next++;
        else if (self->sentence->first + i != unit->token)
            s_arc(self, i, next < count ? self->words[next] : unit->token - self->sentence->first,
                  WX_DEPREL_PUNCT);
    }
}

/* ---- Marks -------------------------------------------------------------------------------- */

static bool s_opens(winnow_str_t form)
{
    return wx_str_is(form, "(") || wx_str_is(form, "[") || wx_str_is(form, "``") ||
           wx_str_is(form, "\xE2\x80\x9C") || wx_str_is(form, "\xE2\x80\x98");
}

/* The highest word over `at` that is on the same side of the mark. */
static uint32_t s_climb(const wx_doc_t *doc, uint32_t at, uint32_t mark)
{
    for (;;) {
        uint32_t head = doc->tokens.at[at].head;
        if (head == WX_NONE || (head < mark) != (at < mark))
            return at;
        at = head;
    }
}

/* A mark goes with the phrase that it sets off: the one behind it when that hangs from the left,
 * else the one before it. */
static uint32_t s_host(const wx_trees_t *self, uint32_t mark, uint32_t before, uint32_t behind)
{
    const wx_doc_t *doc = self->doc;
    if (before == WX_NONE)
        return s_climb(doc, behind, mark);
    if (behind == WX_NONE)
        return s_climb(doc, before, mark);
    uint32_t left = s_climb(doc, before, mark), right = s_climb(doc, behind, mark);
    winnow_str_t form = wx_token_form(doc, mark);
    if (s_opens(form))
        return right;
    if (wx_str_is(form, ")") || wx_str_is(form, "]"))
        return left;
    uint32_t right_head = doc->tokens.at[right].head;
    return right_head != WX_NONE && right_head < mark ? right : left;
}

static void s_marks(wx_trees_t *self)
{
    wx_doc_t *doc = self->doc;
    uint32_t before = WX_NONE, behind = self->sentence->first;
    for (uint32_t i = self->sentence->first; i < self->sentence->end; i++) {
        if (doc->tokens.at[i].unit != WX_NONE) {
            before = i;
            continue;
        }
        behind = behind > i ? behind : i + 1;
        while (behind < self->sentence->end && doc->tokens.at[behind].unit == WX_NONE)
            behind++;
        doc->tokens.at[i].head =
            s_host(self, i, before, behind < self->sentence->end ? behind : WX_NONE);
        doc->tokens.at[i].deprel = WX_DEPREL_PUNCT;
    }
}

/* A sentence of marks alone: the first is the root. */
static void s_only_marks(wx_trees_t *self)
{
    uint32_t first = self->sentence->first;
    for (uint32_t i = first; i < self->sentence->end; i++) {
        self->doc->tokens.at[i].head = i == first ? WX_NONE : first;
        self->doc->tokens.at[i].deprel = i == first ? WX_DEPREL_ROOT : WX_DEPREL_PUNCT;
    }
}

static void s_sentence(wx_trees_t *self, uint32_t s)
{
    wx_doc_t *doc = self->doc;
    s_units(self, s);
    uint32_t first = self->sentence->unit_first, end = self->sentence->unit_end;
    if (first == end) {
        s_only_marks(self);
        return;
    }
    s_over(self);
    for (uint32_t u = first; u < end; u++)
        s_inside(self, &doc->units.at[u], &self->groups[u - first]);
    for (uint32_t u = first; u < end; u++) {
        const wx_unit_t *unit = &doc->units.at[u];
        wx_token_t *t = &doc->tokens.at[unit->token];
        t->head = unit->head == WX_NONE ? WX_NONE : doc->units.at[unit->head].token;
        t->deprel = unit->deprel;
    }
    s_marks(self);
    doc->sentences.at[s].parsed = 1;
}

void wx_tree(const wx_doc_t *doc, uint32_t sentence)
{
    wx_sentence_t *self = &doc->sentences.at[sentence];
    if (self->tried)
        return;
    self->tried = 1;
    if (self->first < self->end)
        s_sentence(doc->trees, sentence);
}

uint8_t wx_tree_deprel(const wx_doc_t *doc, uint32_t token)
{
    wx_tree(doc, doc->tokens.at[token].sentence);
    return doc->tokens.at[token].deprel;
}

void wx_parse(wx_doc_t *doc)
{
    doc->trees = s_new(doc);
    for (uint32_t s = 0; s < doc->sentences.count && doc->all_trees; s++)
        wx_tree(doc, s);
    if (doc->all_trees)
        wx_normalise(doc);
}
