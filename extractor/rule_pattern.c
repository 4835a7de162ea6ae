/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns: a small backtracking machine over the items of a sentence. Its steps are bounded for
 * each starting point, so that the whole is linear in the text.
 */
#include "rule_index.h"
#include "rule_work.h"
#include "words.h"

enum { S_STEPS = 2000 };

/* The item that begins at token `to`, from item i on; WX_NONE: one goes on beyond it. */
static uint32_t s_items_to(const wx_doc_t *doc, uint32_t i, uint32_t end, uint32_t to)
{
    for (; i < end && doc->reading->items.at[i].first < to; i++)
        if (doc->reading->items.at[i].end > to)
            return WX_NONE;
    return i;
}

/* Does the step match at item i? Returns the item behind, or WX_NONE. */
static uint32_t s_test(const wx_match_t *m, const wx_op_t *op, uint32_t i, uint32_t end)
{
    const wx_doc_t *doc = m->doc;
    const wx_chunk_t *item = &doc->reading->items.at[i];
    bool single = item->end == item->first + 1;
    uint32_t length;
    switch (op->kind) {
    case WX_OP_WORD:
        return single && wx_word_is(doc, item->first, op->id) ? i + 1 : WX_NONE;
    case WX_OP_LIST:
        length = wx_list_at(doc, m->rules->lists.at[op->a], item->first);
        return length ? s_items_to(doc, i, end, item->first + length) : WX_NONE;
    case WX_OP_UPOS:
        return item->kind != WX_CHUNK_VALUE && item->kind != WX_CHUNK_NAME && item->upos == op->a
                   ? i + 1
                   : WX_NONE;
    case WX_OP_NAME:
        return item->kind == WX_CHUNK_NAME && (wx_name_mask(doc->names.at[item->ref].type) & op->a)
                   ? i + 1
                   : WX_NONE;
    case WX_OP_VALUE:
        return item->kind == WX_CHUNK_VALUE && (wx_value_mask(&doc->values.at[item->ref]) & op->a)
                   ? i + 1
                   : WX_NONE;
    case WX_OP_PHRASE: {
        uint32_t p = item->phrase;
        if (p == WX_NONE || doc->reading->phrases.at[p].item_first != i)
            return WX_NONE;
        if (!op->a)
            return doc->reading->phrases.at[p].item_end;
        while (doc->reading->phrases.at[p].of != WX_NONE)
            p = doc->reading->phrases.at[p].of;
        return doc->reading->phrases.at[p].item_end;
    }
    case WX_OP_CAPITAL:
        return item->kind != WX_CHUNK_VALUE && (doc->tokens.at[item->first].shape & WX_SHAPE_UPPER)
                   ? i + 1
                   : WX_NONE;
    case WX_OP_NATION: {
        uint32_t stop = doc->sentences.at[doc->tokens.at[item->first].sentence].end;
        const wx_word_t *word = wx_word_at(doc, item->first, stop, WX_WORD_DEMONYM);
        if (!word || !(doc->tokens.at[item->first].shape & WX_SHAPE_UPPER))
            return WX_NONE;
        return s_items_to(doc, i, end, item->first + word->length);
    }
    case WX_OP_ANY:
        return item->kind != WX_CHUNK_PUNCT || op->a ? i + 1 : WX_NONE;
    default:
        return WX_NONE;
    }
}

static uint32_t s_step(wx_match_t *m, uint32_t pc, uint32_t i, uint32_t first, uint32_t end);

/* May a named pattern match at item i, with whatever stands behind? It is tried once, by itself,
 * with steps of its own; when they do not suffice nobody knows. */
static bool s_gate(wx_match_t *m, uint32_t macro, uint32_t i, uint32_t first, uint32_t end)
{
    if (!m->gates)
        m->gates = wx_new(m->doc->arena, uint8_t *, m->rules->macros.count);
    if (!m->gates[macro])
        m->gates[macro] = wx_new(m->doc->arena, uint8_t, m->doc->reading->items.count);
    uint8_t *known = &m->gates[macro][i];
    if (*known)
        return *known == 1;
    wx_match_t trial = *m;
    trial.ops = m->rules->macros.at[macro].ops;
    trial.steps = S_STEPS;
    bool found = s_step(&trial, 0, i, first, end) != WX_NONE;
    m->doc->steps += S_STEPS - trial.steps;
    *known = found || trial.steps == 0 ? 1 : 2;
    return *known == 1;
}

static uint32_t s_step(wx_match_t *m, uint32_t pc, uint32_t i, uint32_t first, uint32_t end)
{
    for (;;) {
        const wx_op_t *op = &m->ops[pc];
        if (m->steps == 0)
            return WX_NONE;
        m->steps--;
        switch (op->kind) {
        case WX_OP_DONE:
            return i;
        case WX_OP_JUMP:
            pc = op->a;
            continue;
        case WX_OP_SPLIT: {
            uint32_t found = s_step(m, op->a, i, first, end);
            if (found != WX_NONE)
                return found;
            pc = op->b;
            continue;
        }
        case WX_OP_OPEN:
        case WX_OP_CLOSE: {
            uint32_t *at =
                op->kind == WX_OP_OPEN ? &m->captures[op->a].first : &m->captures[op->a].end;
            uint32_t before = *at;
            const wx_chunk_t *items = m->doc->reading->items.at;
            *at = op->kind == WX_OP_CLOSE ? (i > first ? items[i - 1].end : 0)
                  : i < end               ? items[i].first
                                          : WX_NONE;
            uint32_t found = s_step(m, pc + 1, i, first, end);
            if (found == WX_NONE)
                *at = before;
            return found;
        }
        case WX_OP_NOT:
            if (s_step(m, pc + 1, i, first, end) != WX_NONE)
                return WX_NONE;
            pc = op->a;
            continue;
        case WX_OP_GATE:
            if (i < end && !s_gate(m, op->a, i, first, end))
                return WX_NONE;
            pc++;
            continue;
        case WX_OP_FIRST:
            if (i != first)
                return WX_NONE;
            pc++;
            continue;
        case WX_OP_LAST:
            if (i != end)
                return WX_NONE;
            pc++;
            continue;
        default:
            if (i >= end)
                return WX_NONE;
            i = s_test(m, op, i, end);
            if (i == WX_NONE)
                return WX_NONE;
            pc++;
        }
    }
}

uint32_t wx_pattern_match(wx_match_t *m, uint32_t i, uint32_t first, uint32_t end)
{
    memset(m->captures, 0, sizeof m->captures);
    m->steps = S_STEPS;
    m->ops = m->rule->ops;
    uint32_t to = s_step(m, 0, i, first, end);
    m->doc->steps += S_STEPS - m->steps;
    return to;
}

/* ---- Where matches may begin ---------------------------------------------------------------- */

static void s_first_word(struct wx_first *first, wx_id_t id)
{
    uint32_t bit = wx_first_bit(id);
    first->words[bit >> 6] |= (uint64_t)1 << (bit & 63);
}

/* What every item may begin, so that most rules need not be tried at it. */
void wx_pattern_firsts(wx_match_t *m)
{
    const wx_doc_t *doc = m->doc;
    const wx_reading_t *r = doc->reading;
    m->first = wx_new(m->doc->arena, struct wx_first, r->items.count + 1);
    for (uint32_t i = 0; i < r->items.count; i++) {
        const wx_chunk_t *item = &r->items.at[i];
        const wx_token_t *token = &doc->tokens.at[item->first];
        struct wx_first *first = &m->first[i];
        first->kinds = WX_FIRST_ANY;
        if (item->kind != WX_CHUNK_PUNCT)
            first->kinds |= WX_FIRST_WORD;
        if (item->phrase != WX_NONE && r->phrases.at[item->phrase].item_first == i)
            first->kinds |= WX_FIRST_PHRASE;
        if (item->kind == WX_CHUNK_VALUE) {
            first->kinds |= wx_value_mask(&doc->values.at[item->ref]);
            if (item->end > item->first + 1)
                continue;
        } else if (item->kind == WX_CHUNK_NAME) {
            first->kinds |= wx_name_mask(doc->names.at[item->ref].type);
        } else {
            first->kinds |= (uint64_t)1 << (WX_FIRST_UPOS + item->upos);
        }
        if (item->kind != WX_CHUNK_VALUE && (token->shape & WX_SHAPE_UPPER))
            first->kinds |= WX_FIRST_CAPITAL;
        s_first_word(first, token->lower);
        s_first_word(first, token->lemma);
    }
}

bool wx_pattern_may_begin(const wx_match_t *m, uint32_t item)
{
    const struct wx_first *first = &m->first[item];
    const wx_rule_t *rule = m->rule;
    return (first->kinds & rule->first_kinds) || (first->words[0] & rule->first_words[0]) ||
           (first->words[1] & rule->first_words[1]) || (first->words[2] & rule->first_words[2]) ||
           (first->words[3] & rule->first_words[3]);
}

void wx_pattern_possible(wx_match_t *m)
{
    const wx_doc_t *doc = m->doc;
    const wx_reading_t *r = doc->reading;
    const struct wx_rule_index *index = m->rules->index;
    m->possible = wx_new(doc->arena, uint64_t, (size_t)doc->sentences.count * index->width);
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        uint64_t *set = m->possible + (size_t)s * index->width, kinds = 0;
        memcpy(set, index->always, index->width * sizeof *set);
        for (uint32_t i = r->item_of[s]; i < r->item_of[s + 1]; i++)
            kinds |= m->first[i].kinds;
        wx_index_kinds(index, kinds, set);
        for (uint32_t t = doc->sentences.at[s].first; t < doc->sentences.at[s].end; t++) {
            const wx_token_t *token = &doc->tokens.at[t];
            wx_index_word(index, token->lower, set);
            if (token->lemma != token->lower)
                wx_index_word(index, token->lemma, set);
        }
    }
}
