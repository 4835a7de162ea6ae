/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What taggers, which learn from all sorts of text, often get wrong in news: words that are noun
 * and verb. The words are data (lists of the rules); the patterns are these:
 *
 *     The city set up a fund             a verb and its particle
 *     The company plans to open a shop   a verb before `to`, when the sentence has no other
 *     It is due to open in May           a verb behind `to`
 *     its harvest forecast by 8%         a noun: it has an owner before it and no object behind
 *     Revenue rose 5 percent             a noun: it begins the sentence, and a verb follows
 */
#include "atom.h"
#include "lemma.h"
#include "model.h"
#include "rule.h"
#include "stages.h"
#include "stats.h"

typedef struct {
    wx_doc_t *doc;
    const wx_list_t *phrasal, *before_to, *behind_to, *owned, *nouns, *measures;
    uint32_t first, end; /* the sentence's tokens */
} s_work_t;

static void s_set(const s_work_t *w, uint32_t t, const char *xpos)
{
    const wx_tagger_t *tagger = &w->doc->model->stats->tagger;
    for (uint32_t tag = 1; tag < tagger->count; tag++) {
        if (!tagger->xpos[tag] || strcmp(tagger->xpos[tag], xpos) != 0 ||
            tagger->upos[tag] == WX_UPOS_AUX)
            continue;
        wx_token_t *token = &w->doc->tokens.at[t];
        token->fine = (uint8_t)tag;
        token->upos = tagger->upos[tag];
        w->doc->atoms[t].tag = (uint8_t)tag;
        w->doc->atoms[t].upos = tagger->upos[tag];
        token->lemma = wx_lemma(w->doc, t);
        return;
    }
}

static uint8_t s_upos(const s_work_t *w, uint32_t t)
{
    return t >= w->first && t < w->end ? w->doc->tokens.at[t].upos : WX_UPOS_NONE;
}

static bool s_in(const s_work_t *w, const wx_list_t *list, uint32_t t)
{
    return list && !(w->doc->tokens.at[t].shape & WX_SHAPE_UPPER) &&
           wx_list_at(w->doc, list, t) > 0;
}

static bool s_subject_end(const s_work_t *w, uint32_t t)
{
    uint8_t upos = s_upos(w, t);
    return upos == WX_UPOS_NOUN || upos == WX_UPOS_PROPN || upos == WX_UPOS_PRON ||
           upos == WX_UPOS_ADV;
}

static void s_phrasal(const s_work_t *w, uint32_t t)
{
    if (s_upos(w, t) == WX_UPOS_NOUN && t > w->first && s_subject_end(w, t - 1) &&
        s_in(w, w->phrasal, t) && wx_list_at(w->doc, w->phrasal, t) == 2)
        s_set(w, t, "VBD");
}

/* Is there a finite verb between here and the next mark? */
static bool s_verb_follows(const s_work_t *w, uint32_t t)
{
    for (; t < w->end && !(w->doc->tokens.at[t].shape & WX_SHAPE_PUNCT); t++) {
        const char *tag = wx_token_tag(w->doc, t);
        bool finite = strcmp(tag, "VBD") == 0 || strcmp(tag, "VBZ") == 0 ||
                      strcmp(tag, "VBP") == 0 || strcmp(tag, "MD") == 0;
        if (finite)
            return true;
    }
    return false;
}

static void s_before_to(const s_work_t *w, uint32_t t)
{
    if (t == w->first || t + 2 >= w->end || s_upos(w, t) != WX_UPOS_NOUN ||
        !s_subject_end(w, t - 1) || !s_in(w, w->before_to, t) ||
        !wx_token_is(w->doc, t + 1, "to") || s_verb_follows(w, t + 2))
        return;
    uint8_t behind = s_upos(w, t + 2);
    if (behind != WX_UPOS_VERB && behind != WX_UPOS_AUX && behind != WX_UPOS_ADV &&
        behind != WX_UPOS_NOUN && behind != WX_UPOS_ADJ)
        return;
    s_set(w, t, "VBZ");
    s_set(w, t + 1, "TO");
}

static void s_behind_to(const s_work_t *w, uint32_t t)
{
    if (t + 2 >= w->end || !s_in(w, w->behind_to, t) || !wx_token_is(w->doc, t + 1, "to"))
        return;
    uint8_t behind = s_upos(w, t + 2);
    bool object = s_upos(w, t + 3) != WX_UPOS_NOUN && s_upos(w, t + 3) != WX_UPOS_PROPN;
    if (behind == WX_UPOS_VERB || ((behind == WX_UPOS_ADJ || behind == WX_UPOS_NOUN) && object)) {
        s_set(w, t + 1, "TO");
        s_set(w, t + 2, "VB");
    }
}

/* `copper mine`, `investment fund`: no words of grammar; `to Acme Capital`: no infinitive. */
static void s_closed(const s_work_t *w, uint32_t t)
{
    uint8_t upos = s_upos(w, t);
    bool closed = upos == WX_UPOS_ADP || upos == WX_UPOS_PRON || upos == WX_UPOS_SCONJ;
    bool noun = s_upos(w, t - 1) == WX_UPOS_NOUN || s_upos(w, t - 1) == WX_UPOS_ADJ ||
                s_upos(w, t - 1) == WX_UPOS_DET;
    if (closed && t > w->first && noun && s_in(w, w->nouns, t))
        s_set(w, t, "NN");
    bool bare = s_upos(w, t + 1) == WX_UPOS_NOUN || s_upos(w, t + 1) == WX_UPOS_PROPN ||
                s_upos(w, t + 1) == WX_UPOS_DET;
    if (upos == WX_UPOS_PART && bare && wx_token_is(w->doc, t, "to"))
        s_set(w, t, "IN");
}

static void s_owned(const s_work_t *w, uint32_t t)
{
    if (s_upos(w, t) != WX_UPOS_VERB || t < w->first + 2 || !s_in(w, w->owned, t) ||
        (s_upos(w, t + 1) != WX_UPOS_ADP && s_upos(w, t + 1) != WX_UPOS_PUNCT))
        return;
    uint32_t at = t;
    while (at > w->first && (s_upos(w, at - 1) == WX_UPOS_NOUN ||
                             s_upos(w, at - 1) == WX_UPOS_ADJ || s_upos(w, at - 1) == WX_UPOS_NUM))
        at--;
    if (at > w->first && at < t && strcmp(wx_token_tag(w->doc, at - 1), "PRP$") == 0)
        s_set(w, t, "NN");
}

/* `Revenue rose`, `Output in May`: what opens a sentence is no verb when another one or a
 * preposition follows. */
static void s_opening(const s_work_t *w)
{
    uint32_t t = w->first;
    if (s_upos(w, t) != WX_UPOS_VERB || !w->measures || !wx_list_at(w->doc, w->measures, t))
        return;
    const char *next = t + 1 < w->end ? wx_token_tag(w->doc, t + 1) : "";
    uint8_t upos = s_upos(w, t + 1);
    if (strcmp(next, "VBD") == 0 || strcmp(next, "VBZ") == 0 || strcmp(next, "VBP") == 0 ||
        strcmp(next, "MD") == 0 || upos == WX_UPOS_AUX || upos == WX_UPOS_ADP)
        s_set(w, t, wx_str_ends(wx_token_lower(w->doc, t), "s") ? "NNS" : "NN");
}

void wx_retag(wx_doc_t *doc)
{
    const wx_rules_t *rules = doc->model->rules;
    s_work_t w = {
        .doc = doc,
        .phrasal = wx_rules_list(rules, "phrasal"),
        .before_to = wx_rules_list(rules, "verbs-before-to"),
        .behind_to = wx_rules_list(rules, "before-infinitive"),
        .owned = wx_rules_list(rules, "owned-nouns"),
        .nouns = wx_rules_list(rules, "plain-nouns"),
        .measures = wx_rules_list(rules, "measure-nouns"),
    };
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        w.first = doc->sentences.at[s].first;
        w.end = doc->sentences.at[s].end;
        if (w.first < w.end)
            s_opening(&w);
        for (uint32_t t = w.first; t < w.end; t++) {
            s_closed(&w, t);
            s_phrasal(&w, t);
            s_before_to(&w, t);
            s_behind_to(&w, t);
            s_owned(&w, t);
        }
    }
}
