/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Edges that trees imply. Each rule below shows what it adds (+) to what is there (-):
 *
 *     The plant was built by Acme          - nsubj:pass(built, plant)   + obj(built, plant)
 *                                          - obl[by](built, Acme)       + nsubj(built, Acme)
 *     Acme bought and sold mills           - nsubj(bought, Acme)        + nsubj(sold, Acme)
 *     Acme and Bell met                    - conj(Acme, Bell)           + nsubj(met, Bell)
 *     Acme plans to build a mill           - xcomp(plans, build)        + nsubj(build, Acme)
 *     the firm that built the mill         - acl:relcl(firm, built)     + nsubj(built, firm)
 *     the mill built by Acme               - acl(mill, built)           + obj(built, mill)
 */
#include "normalise.h"

#include <stdlib.h>

static uint32_t s_child(const wx_doc_t *doc, uint32_t unit, uint8_t deprel)
{
    uint32_t child = doc->units.at[unit].child_first;
    while (child != WX_NONE && doc->units.at[child].deprel != deprel)
        child = doc->units.at[child].sibling;
    return child;
}

static void s_add(wx_doc_t *doc, uint32_t from, uint32_t to, uint8_t deprel)
{
    if (from != to)
        *wx_push(doc->arena, &doc->edges) = (wx_edge_t){from, to, deprel};
}

static bool s_lower_is(const wx_doc_t *doc, uint32_t unit, const char *word)
{
    return wx_token_is(doc, doc->units.at[unit].token, word);
}

static bool s_verb(const wx_doc_t *doc, uint32_t unit)
{
    return doc->units.at[unit].upos == WX_UPOS_VERB;
}

/* Participles: the fine tag's features would say it too, but words are what is certain. */
static bool s_participle(const wx_doc_t *doc, uint32_t unit)
{
    winnow_str_t lower = wx_token_lower(doc, doc->units.at[unit].token);
    return s_verb(doc, unit) && !wx_str_ends(lower, "ing");
}

static void s_passive(wx_doc_t *doc, uint32_t u)
{
    uint32_t subject = s_child(doc, u, WX_DEPREL_NSUBJ_PASS);
    bool auxiliary = s_child(doc, u, WX_DEPREL_AUX_PASS) != WX_NONE;
    bool reduced = doc->units.at[u].deprel == WX_DEPREL_ACL && s_participle(doc, u) &&
                   s_child(doc, u, WX_DEPREL_MARK) == WX_NONE;
    if (subject == WX_NONE && !auxiliary && !reduced)
        return;
    doc->units.at[u].passive = 1;
    if (subject != WX_NONE)
        s_add(doc, u, subject, WX_DEPREL_OBJ);
    else if (reduced && doc->units.at[u].head != WX_NONE)
        s_add(doc, u, doc->units.at[u].head, WX_DEPREL_OBJ);
    for (uint32_t c = doc->units.at[u].child_first; c != WX_NONE; c = doc->units.at[c].sibling) {
        uint8_t deprel = doc->units.at[c].deprel;
        uint32_t marker = s_child(doc, c, WX_DEPREL_CASE);
        if (deprel == WX_DEPREL_OBL_AGENT ||
            (deprel == WX_DEPREL_OBL && marker != WX_NONE && s_lower_is(doc, marker, "by") &&
             doc->units.at[c].kind != WX_UNIT_VALUE))
            s_add(doc, u, c, WX_DEPREL_NSUBJ);
    }
}

/* The subject of a clause, said or implied so far. */
static uint32_t s_subject(const wx_doc_t *doc, uint32_t begin, uint32_t u)
{
    uint32_t subject = s_child(doc, u, WX_DEPREL_NSUBJ);
    if (subject == WX_NONE)
        subject = s_child(doc, u, WX_DEPREL_NSUBJ_PASS);
    for (uint32_t e = begin; subject == WX_NONE && e < doc->edges.count; e++) {
        if (doc->edges.at[e].from == u && doc->edges.at[e].deprel == WX_DEPREL_NSUBJ)
            subject = doc->edges.at[e].to;
    }
    return subject;
}

static bool s_relative(const wx_doc_t *doc, uint32_t unit)
{
    return s_lower_is(doc, unit, "who") || s_lower_is(doc, unit, "which") ||
           s_lower_is(doc, unit, "that") || s_lower_is(doc, unit, "whom");
}

static void s_clause(wx_doc_t *doc, uint32_t begin, uint32_t u)
{
    const wx_unit_t *unit = &doc->units.at[u];
    if (unit->head == WX_NONE)
        return;
    uint32_t own = s_subject(doc, begin, u);
    if (unit->deprel == WX_DEPREL_CONJ && s_verb(doc, u) && own == WX_NONE && !unit->passive) {
        uint32_t subject = s_subject(doc, begin, unit->head);
        if (subject != WX_NONE)
            s_add(doc, u, subject, WX_DEPREL_NSUBJ);
    } else if (unit->deprel == WX_DEPREL_XCOMP && s_verb(doc, u) && own == WX_NONE) {
        uint32_t object = s_child(doc, unit->head, WX_DEPREL_OBJ);
        uint32_t subject = object != WX_NONE ? object : s_subject(doc, begin, unit->head);
        if (subject != WX_NONE)
            s_add(doc, u, subject, unit->passive ? WX_DEPREL_OBJ : WX_DEPREL_NSUBJ);
    } else if (unit->deprel == WX_DEPREL_ACL_RELCL) {
        uint32_t object = s_child(doc, u, WX_DEPREL_OBJ);
        if (own != WX_NONE && s_relative(doc, own))
            s_add(doc, u, unit->head, unit->passive ? WX_DEPREL_OBJ : WX_DEPREL_NSUBJ);
        else if (object != WX_NONE && s_relative(doc, object))
            s_add(doc, u, unit->head, WX_DEPREL_OBJ);
        else if (own != WX_NONE && object == WX_NONE && s_verb(doc, u) && !unit->passive)
            s_add(doc, u, unit->head, WX_DEPREL_OBJ); /* the mill (that) Acme built */
    } else if (unit->deprel == WX_DEPREL_ACL && s_verb(doc, u) && !unit->passive &&
               own == WX_NONE && s_child(doc, u, WX_DEPREL_MARK) == WX_NONE) {
        s_add(doc, u, unit->head, WX_DEPREL_NSUBJ); /* a firm making mills */
    }
}

/* What holds for a word holds for the words that it is joined with. */
static void s_join(wx_doc_t *doc, uint32_t begin, uint32_t u)
{
    uint32_t over = u;
    while (doc->units.at[over].deprel == WX_DEPREL_CONJ && doc->units.at[over].head != WX_NONE)
        over = doc->units.at[over].head;
    if (over == u || s_verb(doc, u))
        return;
    const wx_unit_t *first = &doc->units.at[over];
    if (first->head != WX_NONE &&
        (first->deprel == WX_DEPREL_NSUBJ || first->deprel == WX_DEPREL_NSUBJ_PASS ||
         first->deprel == WX_DEPREL_OBJ || first->deprel == WX_DEPREL_OBL ||
         first->deprel == WX_DEPREL_NMOD || first->deprel == WX_DEPREL_APPOS))
        s_add(doc, first->head, u, first->deprel);
    uint32_t end = doc->edges.count;
    for (uint32_t e = begin; e < end; e++) {
        wx_edge_t edge = doc->edges.at[e];
        if (edge.to == over && edge.from != u)
            s_add(doc, edge.from, u, edge.deprel);
    }
}

static int s_order(const void *a, const void *b)
{
    const wx_edge_t *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return x->deprel < y->deprel ? -1 : x->deprel > y->deprel;
}

void wx_normalise(wx_doc_t *doc)
{
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        const wx_sentence_t *sentence = &doc->sentences.at[s];
        uint32_t begin = doc->edges.count;
        for (uint32_t u = sentence->unit_first; u < sentence->unit_end; u++)
            s_passive(doc, u);
        for (uint32_t u = sentence->unit_first; u < sentence->unit_end; u++)
            s_clause(doc, begin, u);
        /* members of a list lie behind each other, so that one pass is enough */
        uint32_t limit = begin + 8 * (sentence->unit_end - sentence->unit_first);
        for (uint32_t u = sentence->unit_first; u < sentence->unit_end; u++) {
            if (doc->units.at[u].deprel == WX_DEPREL_CONJ && doc->edges.count < limit)
                s_join(doc, begin, u);
        }
        if (doc->edges.count > begin + 1)
            qsort(doc->edges.at + begin, doc->edges.count - begin, sizeof *doc->edges.at, s_order);
    }
}
