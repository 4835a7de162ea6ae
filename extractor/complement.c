/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Complements: the words that a verb of saying or aiming governs.
 */
#include "span.h"

#include "model.h"

static bool s_closing(const wx_doc_t *doc, uint32_t token)
{
    return (doc->tokens.at[token].shape & WX_SHAPE_PUNCT) && !wx_token_is(doc, token, "%") &&
           !wx_token_is(doc, token, ")");
}

/* Cuts marks at both ends. */
bool wx_span_trim(const wx_doc_t *doc, wx_span_t *span)
{
    while (span->end > span->first && s_closing(doc, span->end - 1))
        span->end--;
    while (span->end > span->first && s_closing(doc, span->first))
        span->first++;
    return span->end > span->first;
}

/* Where the words end that say whom it is said to, if they begin here; else `token`. */
static uint32_t s_addressed(const wx_doc_t *doc, uint32_t clause, uint32_t token)
{
    const wx_reading_t *r = doc->reading;
    if (!wx_list_verb(doc, wx_known(doc, WX_LIST_ADDRESSING), &r->clauses.at[clause]))
        return token;
    uint32_t object = wx_clause_object(doc, clause);
    bool here = object != WX_NONE && r->phrases.at[object].first == token;
    return here ? r->phrases.at[object].end : token;
}

/* Behind the verb: over adverbs, dates, whom it is said to, and `that`. */
static uint32_t s_content_from(const wx_doc_t *doc, uint32_t clause, uint32_t end)
{
    const wx_reading_t *r = doc->reading;
    uint32_t t = r->clauses.at[clause].end, whom;
    for (uint32_t u = t; u < end && u < t + 14; u++) {
        if (wx_token_is(doc, u, "that") && r->phrase_at[u] == WX_NONE)
            return u + 1;
        if (wx_token_is(doc, u, "that") && u + 1 < end && r->clause_at[u + 1] == WX_NONE)
            return u + 1;
        if (r->clause_at[u] != WX_NONE || (wx_token_is(doc, u, ",") && u > t))
            break;
    }
    while (t < end) {
        const wx_token_t *token = &doc->tokens.at[t];
        if (token->value != WX_NONE && doc->values.at[token->value].type >= WX_VALUE_DATE)
            t = doc->values.at[token->value].end > t ? doc->values.at[token->value].end : t + 1;
        else if (wx_token_is(doc, t, "that") || wx_token_is(doc, t, ",") ||
                 wx_token_is(doc, t, ":"))
            t++;
        else if (token->upos == WX_UPOS_ADP && t + 1 < end &&
                 doc->tokens.at[t + 1].value != WX_NONE &&
                 doc->values.at[doc->tokens.at[t + 1].value].type >= WX_VALUE_DATE)
            t++;
        else if ((whom = s_addressed(doc, clause, t)) != t && whom < end)
            t = whom;
        else
            break;
    }
    return t;
}

/* Has the stretch a verb of its own? */
bool wx_has_clause(const wx_doc_t *doc, uint32_t first, uint32_t end)
{
    for (uint32_t t = first; t < end; t++)
        if (doc->reading->clause_at[t] != WX_NONE)
            return true;
    return false;
}

/* `S, the firm said on Tuesday, raising its forecast`: what follows the verb is no content, as it
 * begins with a comma and a participle. */
static bool s_trails(const wx_doc_t *doc, uint32_t clause, uint32_t from)
{
    const wx_reading_t *r = doc->reading;
    const wx_clause_t *c = &r->clauses.at[clause];
    if (clause + 1 >= r->clause_of[c->sentence + 1] || clause == r->clause_of[c->sentence])
        return false;
    const wx_clause_t *next = &r->clauses.at[clause + 1];
    bool gerund = (next->flags & (WX_CLAUSE_GERUND | WX_CLAUSE_PARTICIPLE)) != 0;
    return gerund && next->first > c->end && wx_token_is(doc, next->first - 1, ",") &&
           next->first <= from + 1;
}

bool wx_span_complement(const wx_doc_t *doc, uint32_t clause, wx_span_t *ret_span)
{
    const wx_clause_t *c = &doc->reading->clauses.at[clause];
    const wx_sentence_t *sentence = &doc->sentences.at[c->sentence];
    uint32_t from = s_content_from(doc, clause, sentence->end);
    wx_span_t span = {from, sentence->end, WX_NONE, WX_NONE, WX_NONE, {"", 0}, {"", 0}};
    if (wx_has_clause(doc, from, sentence->end) && !s_trails(doc, clause, from)) {
        *ret_span = span;
        return wx_span_trim(doc, ret_span);
    }
    /* `…, the company said.`: what stands before its subject. */
    uint32_t subject = c->subject == WX_NONE ? wx_clause_object(doc, clause) : c->subject;
    uint32_t before = subject == WX_NONE ? c->first : doc->reading->phrases.at[subject].first;
    if (before > c->first)
        before = c->first;
    span = (wx_span_t){sentence->first, before, WX_NONE, WX_NONE, WX_NONE, {"", 0}, {"", 0}};
    while (span.end > span.first && !wx_token_is(doc, span.end - 1, ","))
        span.end--;
    if (!wx_has_clause(doc, span.first, span.end))
        return false;
    *ret_span = span;
    return wx_span_trim(doc, ret_span);
}

bool wx_span_goal(const wx_doc_t *doc, uint32_t clause, wx_span_t *ret_span)
{
    const wx_reading_t *r = doc->reading;
    const wx_clause_t *c = &r->clauses.at[clause];
    uint32_t end = r->clause_of[c->sentence + 1];
    for (uint32_t i = clause + 1; i < end; i++) {
        const wx_clause_t *inf = &r->clauses.at[i];
        if (!(inf->flags & WX_CLAUSE_INFINITIVE))
            return false;
        wx_span_t span = {inf->first + 1, inf->first + 1, WX_NONE, WX_NONE,
                          WX_NONE,        {"", 0},        {"", 0}};
        uint32_t stop = doc->sentences.at[c->sentence].end;
        while (span.end < stop && !wx_token_is(doc, span.end, ",") &&
               !wx_token_is(doc, span.end, ";") &&
               (!(doc->tokens.at[span.end].shape & WX_SHAPE_CLOSE) ||
                doc->tokens.at[span.end].upos == WX_UPOS_PART))
            span.end++;
        *ret_span = span;
        return wx_span_trim(doc, ret_span);
    }
    return false;
}
