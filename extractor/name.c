/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The name model: greedy, left to right, an averaged perceptron over words, tags, lists of names,
 * classes of words, the two labels before, and what the document called the word earlier.
 */
#include "name.h"

bool wx_label_follows(uint8_t before, uint8_t label, bool last)
{
    unsigned part = (label - 1u) % 4, part_before = (before - 1u) % 4;
    bool open =
        before != WX_LABEL_OUT && (part_before == WX_PART_BEGIN || part_before == WX_PART_IN);
    if (label == WX_LABEL_OUT)
        return !open;
    if (part == WX_PART_IN || part == WX_PART_LAST) {
        if (!open || (label - 1u) / 4 != (before - 1u) / 4)
            return false;
        return part == WX_PART_LAST || !last;
    }
    return !open && (part == WX_PART_UNIT || !last);
}

static const uint8_t *s_recall(const wx_name_memory_t *memory, const wx_atom_t *word)
{
    uint32_t slot = word->form % WX_NAME_MEMORY;
    return memory->key[slot] == word->form ? &memory->label[slot] : NULL;
}

void wx_name_remember(wx_name_memory_t *memory, const wx_atom_t *word, uint8_t label)
{
    if (!(word->flags & WX_ATOM_UPPER) || label == WX_LABEL_OUT)
        return;
    uint32_t slot = word->form % WX_NAME_MEMORY;
    memory->key[slot] = word->form;
    memory->label[slot] = label;
}

static const wx_atom_t s_outside = {.form = 2, .lower = 2, .shape = 2};

static const wx_atom_t *s_at(const wx_atom_t *words, uint32_t count, uint32_t i, int offset)
{
    int64_t at = (int64_t)i + offset;
    return at < 0 || at >= count ? &s_outside : &words[at];
}

unsigned wx_name_features(const wx_atom_t *words, uint32_t count, uint32_t i, const uint8_t *labels,
                          const wx_name_memory_t *memory, const wx_linear_t *ahead, uint32_t *rows)
{
    const wx_atom_t *w = &words[i];
    const wx_atom_t *p1 = s_at(words, count, i, -1), *p2 = s_at(words, count, i, -2);
    const wx_atom_t *n1 = s_at(words, count, i, 1), *n2 = s_at(words, count, i, 2);
    uint32_t l1 = i > 0 ? labels[i - 1] : 99, l2 = i > 1 ? labels[i - 2] : 99;
    const uint8_t *known = s_recall(memory, w);
    uint32_t earlier = known ? *known : 0;
    uint32_t case0 = w->flags & (WX_ATOM_UPPER | WX_ATOM_CAPS | WX_ATOM_FIRST);
    /* the word that ends a row of capitals: "Bank" of "World Bank", where the type is said */
    const wx_atom_t *end = w;
    for (uint32_t j = i; j < count && j < i + 6 && (words[j].flags & WX_ATOM_UPPER); j++)
        end = &words[j];
    wx_features_t f = {rows, 0, ahead};
    wx_feature(&f, 0);
    wx_feature(&f, l1);
    wx_feature2(&f, l1, l2);
    wx_feature(&f, w->form);
    wx_feature(&f, w->lower);
    wx_feature2(&f, w->lower, l1);
    wx_feature(&f, p1->lower);
    wx_feature(&f, p2->lower);
    wx_feature(&f, n1->lower);
    wx_feature(&f, n2->lower);
    wx_feature2(&f, p1->lower, l1);
    wx_feature2(&f, p1->lower, w->lower);
    wx_feature2(&f, w->lower, n1->lower);
    wx_feature2(&f, p1->lower, n1->lower);
    wx_feature2(&f, p1->lower, case0);
    wx_feature2(&f, n1->lower, case0);
    wx_feature(&f, w->prefix[2]);
    wx_feature(&f, w->suffix[1]);
    wx_feature(&f, w->suffix[2]);
    wx_feature(&f, w->suffix[3]);
    wx_feature2(&f, w->suffix[2], case0);
    wx_feature2(&f, w->shape, case0);
    wx_feature3(&f, p1->shape, w->shape, n1->shape);
    wx_feature2(&f, w->shape, l1);
    wx_feature2(&f, n1->shape, l1);
    wx_feature(&f, w->tag);
    wx_feature2(&f, w->tag, l1);
    wx_feature2(&f, p1->tag, w->tag);
    wx_feature2(&f, w->tag, n1->tag);
    wx_feature3(&f, p1->tag, w->tag, n1->tag);
    wx_feature(&f, w->cluster);
    wx_feature2(&f, w->cluster, l1);
    wx_feature(&f, p1->cluster);
    wx_feature(&f, n1->cluster);
    wx_feature(&f, p2->cluster);
    wx_feature(&f, n2->cluster);
    wx_feature2(&f, p1->cluster, w->cluster);
    wx_feature2(&f, w->cluster, n1->cluster);
    wx_feature3(&f, p1->cluster, w->cluster, n1->cluster);
    wx_feature3(&f, p2->cluster, p1->cluster, case0);
    wx_feature3(&f, n1->cluster, n2->cluster, case0);
    wx_feature3(&f, w->group, n1->group, case0);
    wx_feature2(&f, w->lists, case0);
    wx_feature2(&f, w->lists, l1);
    wx_feature3(&f, p1->lists, w->lists, n1->lists);
    wx_feature2(&f, w->lists, n1->lists);
    wx_feature2(&f, p1->lists, w->lists);
    wx_feature3(&f, w->lists, n1->shape, p1->group);
    wx_feature3(&f, w->lists, n1->group, p1->group);
    wx_feature2(&f, earlier, l1);
    wx_feature2(&f, earlier, case0);
    wx_feature2(&f, end->lower, l1);
    wx_feature2(&f, end->cluster, l1);
    wx_feature3(&f, end->lists, l1, w->lists);
    wx_feature3(&f, end->suffix[2], l1, case0);
    wx_feature3(&f, w->cluster, end->cluster, l1);
    for (uint32_t bit = 0; bit < 16 && f.count < WX_NAME_FEATURES; bit++) {
        if (w->lists >> bit & 1)
            rows[f.count++] = wx_mix_end(wx_mix(wx_mix(0x3C6EF372u, bit), l1));
    }
    return f.count;
}

void wx_name_sentence(const wx_namer_t *self, const wx_atom_t *words, uint32_t count,
                      wx_name_memory_t *memory, uint8_t *labels, int32_t *margins)
{
    uint32_t rows[WX_NAME_FEATURES];
    int32_t score[WX_LINEAR_STRIDE_MAX];
    for (uint32_t i = 0; i < count; i++) {
        uint8_t before = i > 0 ? labels[i - 1] : WX_LABEL_OUT, best = UINT8_MAX;
        unsigned n = wx_name_features(words, count, i, labels, memory, &self->linear, rows);
        wx_linear_score(&self->linear, rows, n, score);
        for (uint8_t c = 0; c < WX_LABEL_COUNT; c++) {
            if (wx_label_follows(before, c, i + 1 == count) &&
                (best == UINT8_MAX || score[c] > score[best]))
                best = c;
        }
        labels[i] = best;
        if (margins)
            margins[i] = score[best] - score[WX_LABEL_OUT];
    }
    for (uint32_t i = 0; i < count; i++)
        wx_name_remember(memory, &words[i], labels[i]);
}
