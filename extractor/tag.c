/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tagger: an averaged perceptron over words, affixes, word classes and the tags before, greedy.
 * The classes come from raw text of 50 million words; they are what carries it from the treebanks'
 * web text to news.
 */
#include "tag.h"

#include "lemma.h"
#include "model.h"
#include "stages.h"
#include "stats.h"

static const wx_atom_t s_outside = {.form = 2, .lower = 2, .shape = 2};

static const wx_atom_t *s_at(const wx_atom_t *words, uint32_t count, uint32_t i, int offset)
{
    int64_t at = (int64_t)i + offset;
    return at < 0 || at >= count ? &s_outside : &words[at];
}

unsigned wx_tag_features(const wx_atom_t *words, uint32_t count, uint32_t i,
                         const wx_linear_t *ahead, uint32_t *rows)
{
    const wx_atom_t *w = &words[i];
    const wx_atom_t *p1 = s_at(words, count, i, -1), *p2 = s_at(words, count, i, -2);
    const wx_atom_t *n1 = s_at(words, count, i, 1), *n2 = s_at(words, count, i, 2);
    wx_features_t f = {rows, 0, ahead};
    wx_feature(&f, w->form);
    wx_feature(&f, w->lower);
    wx_feature(&f, p1->lower);
    wx_feature(&f, p2->lower);
    wx_feature(&f, n1->lower);
    wx_feature(&f, n2->lower);
    wx_feature2(&f, p1->lower, w->lower);
    wx_feature2(&f, w->lower, n1->lower);
    wx_feature2(&f, p1->lower, n1->lower);
    wx_feature(&f, w->prefix[0]);
    wx_feature(&f, w->prefix[1]);
    wx_feature(&f, w->prefix[2]);
    wx_feature(&f, w->suffix[0]);
    wx_feature(&f, w->suffix[1]);
    wx_feature(&f, w->suffix[2]);
    wx_feature(&f, w->suffix[3]);
    wx_feature2(&f, w->shape, w->flags & WX_ATOM_FIRST);
    wx_feature2(&f, w->suffix[2], w->flags);
    wx_feature2(&f, p1->shape, w->shape);
    wx_feature2(&f, w->shape, n1->shape);
    wx_feature(&f, w->cluster);
    wx_feature(&f, p1->cluster);
    wx_feature(&f, n1->cluster);
    wx_feature(&f, n2->cluster);
    wx_feature2(&f, p1->cluster, w->cluster);
    wx_feature2(&f, w->cluster, n1->cluster);
    wx_feature2(&f, p1->cluster, n1->cluster);
    wx_feature3(&f, p1->group, w->group, n1->group);
    wx_feature2(&f, w->usage, n1->usage);
    wx_feature3(&f, w->usage, n1->usage, n2->usage);
    wx_feature(&f, p1->tag);
    wx_feature2(&f, p1->tag, p2->tag);
    wx_feature2(&f, p1->tag, w->lower);
    wx_feature2(&f, p1->tag, n1->lower);
    wx_feature2(&f, p1->tag, n1->cluster);
    wx_feature3(&f, p1->tag, w->usage, n1->usage);
    wx_feature3(&f, p1->tag, p2->tag, w->usage);
    wx_feature3(&f, p1->tag, w->suffix[2], n1->usage);
    wx_feature2(&f, p1->tag, w->cluster);
    wx_feature2(&f, w->flags, p1->tag);
    wx_feature3(&f, w->flags & (WX_ATOM_UPPER | WX_ATOM_FIRST), w->usage, n1->flags);
    wx_feature2(&f, w->lists, w->flags);
    wx_feature3(&f, w->lists, n1->lists, p1->tag);
    wx_feature2(&f, w->lists, p1->lists);
    return f.count;
}

void wx_tag_sentence(const wx_tagger_t *self, wx_atom_t *words, uint32_t count)
{
    uint32_t rows[WX_TAG_FEATURES];
    int32_t score[WX_LINEAR_STRIDE_MAX];
    for (uint32_t i = 0; i < count; i++) {
        unsigned n = wx_tag_features(words, count, i, &self->linear, rows);
        wx_linear_score(&self->linear, rows, n, score);
        uint32_t best = 1;
        for (uint32_t c = 2; c < self->count; c++) {
            if (score[c] > score[best])
                best = c;
        }
        words[i].tag = (uint8_t)best;
        words[i].upos = self->upos[best];
    }
}

void wx_tag(wx_doc_t *doc)
{
    const wx_stats_t *stats = doc->model->stats;
    wx_atom_t *words = wx_doc_atoms(doc);
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        const wx_sentence_t *sentence = &doc->sentences.at[s];
        uint32_t count = sentence->end - sentence->first;
        wx_gazetteer_mark(&stats->gazetteer, words + sentence->first, count);
        wx_tag_sentence(&stats->tagger, words + sentence->first, count);
    }
    for (uint32_t i = 0; i < doc->tokens.count; i++) {
        wx_token_t *t = &doc->tokens.at[i];
        t->fine = words[i].tag;
        t->upos = words[i].upos;
        t->lemma = wx_lemma(doc, i);
    }
}
