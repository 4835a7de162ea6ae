/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a verb of saying governs, as a span of words:
 *
 *     The port said on Monday that it would grow, but the union said it would not.
 *                                  ------------- of the first `said`
 *     The port would grow, the minister said.
 *     -------------------
 *     The port, the minister said, would grow.
 *     --------                     ----------
 */
#include "span.h"

#include "model.h"

static bool s_closing(const wx_doc_t *doc, uint32_t token)
{
    return (doc->tokens.at[token].shape & WX_SHAPE_PUNCT) && !wx_token_is(doc, token, "%") &&
           !wx_token_is(doc, token, ")");
}

bool wx_span_trim(const wx_doc_t *doc, wx_span_t *span)
{
    while (span->end > span->first && s_closing(doc, span->end - 1))
        span->end--;
    while (span->end > span->first && s_closing(doc, span->first))
        span->first++;
    return span->end > span->first;
}

bool wx_has_clause(const wx_doc_t *doc, uint32_t first, uint32_t end)
{
    for (uint32_t t = first; t < end; t++)
        if (doc->reading->clause_at[t] != WX_NONE)
            return true;
    return false;
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
        /* `said the bomb that hurt two was home-made` */
        bool which = u > t && u + 1 < end && doc->tokens.at[u].upos == WX_UPOS_PRON &&
                     r->clause_at[u + 1] != WX_NONE;
        if (wx_token_is(doc, u, "that") && !which &&
            (r->phrase_at[u] == WX_NONE || (u + 1 < end && r->clause_at[u + 1] == WX_NONE)))
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

/* Where what a verb of saying governs ends: where the next one begins (`…, but B said`, `…, and
 * added that`), or the sentence. */
static uint32_t s_content_end(const wx_doc_t *doc, uint32_t clause, uint32_t from)
{
    const wx_reading_t *r = doc->reading;
    const wx_clause_t *c = &r->clauses.at[clause];
    uint32_t end = doc->sentences.at[c->sentence].end;
    for (uint32_t i = clause + 1; i < r->clause_of[c->sentence + 1]; i++) {
        const wx_clause_t *next = &r->clauses.at[i];
        if ((next->flags & (WX_CLAUSE_RELATIVE | WX_CLAUSE_INFINITIVE | WX_CLAUSE_GERUND |
                            WX_CLAUSE_PARTICIPLE)) ||
            doc->tokens.at[next->verb].quote != doc->tokens.at[c->verb].quote ||
            !wx_list_verb(doc, wx_known(doc, WX_LIST_SAYING), next))
            continue;
        uint32_t at = next->first;
        if (next->subject != WX_NONE && r->phrases.at[next->subject].first >= from &&
            r->phrases.at[next->subject].end <= at)
            at = r->phrases.at[next->subject].first;
        if (at < from + 2)
            continue;
        bool joined = doc->tokens.at[at - 1].upos == WX_UPOS_CCONJ ||
                      wx_token_is(doc, at - 1, "while") || wx_token_is(doc, at - 1, "whereas");
        bool comma = wx_token_is(doc, at - 2, ",");
        if (wx_token_is(doc, at - 1, ";") || (joined && (comma || next->first == at)))
            return at - 1;
    }
    return end;
}

/* Verbs that report whatever follows: `said sales rose`. Of others, an object or a phrase with a
 * preposition is dealt with and not said: `maintain a lead`, `complained about delays`. */
static bool s_reports(const wx_doc_t *doc, uint32_t clause, uint32_t from, uint32_t end)
{
    static const char *const s_freely[] = {"say", "tell", "state", "insist", NULL};
    static const char *const s_strictly[] = {"find", "show", "determine", "discover", NULL};
    static const char *const s_asking[] = {"whether", "if", "how", "why", "what", "who", NULL};
    const wx_reading_t *r = doc->reading;
    const wx_clause_t *c = &r->clauses.at[clause];
    for (const char *const *word = s_strictly; *word; word++) /* `found that`, not `found a note` */
        if (wx_str_is(wx_token_lemma(doc, c->verb), *word))
            return from == c->end + 1 && wx_token_is(doc, c->end, "that");
    if (from > c->end && wx_token_is(doc, from - 1, "that"))
        return true;
    for (const char *const *word = s_asking; *word; word++)
        if (wx_token_is(doc, from, *word))
            return true;
    uint32_t next = from;
    while (next < end && r->clause_at[next] == WX_NONE && r->phrase_at[next] == WX_NONE)
        next++;
    if (next < end && r->clause_at[next] != WX_NONE &&
        (r->clauses.at[r->clause_at[next]].flags & WX_CLAUSE_INFINITIVE))
        return false;
    for (const char *const *word = s_freely; *word; word++)
        if (wx_str_is(wx_token_lemma(doc, c->verb), *word))
            return true;
    if (doc->tokens.at[from].upos == WX_UPOS_ADP)
        return false;
    uint32_t object = wx_clause_object(doc, clause);
    if (object == WX_NONE || wx_list_verb(doc, wx_known(doc, WX_LIST_ADDRESSING), c))
        return true;
    for (uint32_t i = r->clause_of[c->sentence]; i < r->clause_of[c->sentence + 1]; i++)
        if (r->clauses.at[i].first > c->first && r->clauses.at[i].subject == object &&
            !(r->clauses.at[i].flags & (WX_CLAUSE_RELATIVE | WX_CLAUSE_INFINITIVE |
                                        WX_CLAUSE_GERUND | WX_CLAUSE_PARTICIPLE)))
            return true;
    return false;
}

static bool s_finite_in(const wx_doc_t *doc, uint32_t first, uint32_t end)
{
    for (uint32_t t = first; t < end; t++) {
        uint32_t c = doc->reading->clause_at[t];
        if (c != WX_NONE && !(doc->reading->clauses.at[c].flags &
                              (WX_CLAUSE_INFINITIVE | WX_CLAUSE_GERUND | WX_CLAUSE_PARTICIPLE)))
            return true;
    }
    return false;
}

/* `The port, the minister said, would grow`: what stands on both sides, in one text. */
static bool s_interrupted(wx_doc_t *doc, const wx_clause_t *c, wx_span_t before, wx_span_t behind,
                          wx_span_t *ret)
{
    if (!wx_token_is(doc, c->end, ",") || behind.first != c->end + 1 || before.end <= before.first)
        return false;
    const wx_reading_t *r = doc->reading;
    uint32_t next = behind.first;
    while (next < behind.end && r->clause_at[next] == WX_NONE && r->phrase_at[next] == WX_NONE)
        next++;
    bool headless = next < behind.end && r->clause_at[next] != WX_NONE;
    if (!headless && !s_finite_in(doc, before.first, before.end))
        return false;
    if (!wx_span_trim(doc, &before) || !wx_span_trim(doc, &behind))
        return false;
    winnow_str_t text = wx_doc_words(doc, before.first, before.end);
    text = wx_str_join(doc->arena, text, WX_STR(" "));
    text = wx_str_join(doc->arena, text, wx_doc_words(doc, behind.first, behind.end));
    *ret = before;
    ret->end = behind.end;
    ret->text = text;
    return true;
}

bool wx_span_complement(wx_doc_t *doc, uint32_t clause, wx_span_t *ret_span)
{
    const wx_clause_t *c = &doc->reading->clauses.at[clause];
    const wx_sentence_t *sentence = &doc->sentences.at[c->sentence];
    uint32_t from = s_content_from(doc, clause, sentence->end);
    /* `…, the company said.`: what stands before its subject. */
    uint32_t subject = c->subject == WX_NONE ? wx_clause_object(doc, clause) : c->subject;
    uint32_t first = subject == WX_NONE ? c->first : doc->reading->phrases.at[subject].first;
    if (first > c->first)
        first = c->first;
    wx_span_t before = {sentence->first, first, WX_NONE, WX_NONE, WX_NONE, {"", 0}, {"", 0}};
    while (before.end > before.first && !wx_token_is(doc, before.end - 1, ",") &&
           doc->reading->clause_at[before.end - 1] == WX_NONE)
        before.end--;
    uint8_t upos = before.end < sentence->end ? doc->tokens.at[before.end].upos : WX_UPOS_X;
    if (before.end == before.first || !wx_token_is(doc, before.end - 1, ",") ||
        upos == WX_UPOS_CCONJ || upos == WX_UPOS_SCONJ)
        before.end = before.first;
    wx_span_t behind = {
        from, s_content_end(doc, clause, from), WX_NONE, WX_NONE, WX_NONE, {"", 0}, {"", 0}};
    if (wx_has_clause(doc, behind.first, behind.end) && !s_trails(doc, clause, from) &&
        s_reports(doc, clause, from, behind.end)) {
        if (before.end == first && s_interrupted(doc, c, before, behind, ret_span))
            return true;
        *ret_span = behind;
        return wx_span_trim(doc, ret_span);
    }
    if (!wx_has_clause(doc, before.first, before.end))
        return false;
    *ret_span = before;
    return wx_span_trim(doc, ret_span);
}

bool wx_span_goal(const wx_doc_t *doc, uint32_t clause, wx_span_t *ret_span)
{
    const wx_reading_t *r = doc->reading;
    const wx_clause_t *c = &r->clauses.at[clause];
    uint32_t end = r->clause_of[c->sentence + 1];
    for (uint32_t i = clause + 1; i < end; i++) {
        const wx_clause_t *inf = &r->clauses.at[i];
        /* `provide $5 million (including tax) to enable` */
        if ((inf->flags & WX_CLAUSE_GERUND) && wx_token_is(doc, inf->verb, "including"))
            continue;
        if (!(inf->flags & WX_CLAUSE_INFINITIVE))
            return false;
        uint32_t verb = inf->first + (wx_token_is(doc, inf->first, "to") ? 1 : 0);
        wx_span_t span = {verb, verb, WX_NONE, WX_NONE, WX_NONE, {"", 0}, {"", 0}};
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
