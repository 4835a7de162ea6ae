/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources: where a rule's roles get their fillers, around the trigger.
 */
#include "figure_date.h"
#include "gazetteer.h"
#include "rule_work.h"
#include "words.h"

static bool s_is_date_value(const wx_doc_t *doc, uint32_t value)
{
    return doc->values.at[value].type >= WX_VALUE_DATE;
}

static bool s_accept(const wx_match_t *m, const wx_source_t *source, const wx_span_t *span)
{
    uint32_t mask = wx_span_mask(m->doc, span);
    if (span->phrase != WX_NONE && (m->doc->reading->phrases.at[span->phrase].next != WX_NONE ||
                                    m->doc->reading->phrases.at[span->phrase].list != span->phrase))
        mask |= WX_IS_TOGETHER;
    if (source->only && !(mask & source->only))
        return false;
    if (source->never && (mask & source->never))
        return false;
    uint32_t head = span->end > span->first ? span->end - 1 : WX_NONE;
    if (span->phrase != WX_NONE)
        head = m->doc->reading->phrases.at[span->phrase].head;
    if (source->head_in &&
        (head == WX_NONE || !wx_list_at(m->doc, m->rules->lists.at[source->head_in - 1], head)))
        return false;
    return !(source->head_out && head != WX_NONE &&
             wx_list_at(m->doc, m->rules->lists.at[source->head_out - 1], head));
}

static bool s_phrase(const wx_match_t *m, const wx_source_t *source, uint32_t phrase,
                     wx_span_t *ret)
{
    if (phrase == WX_NONE)
        return false;
    *ret = wx_span_phrase(m->doc, phrase);
    return s_accept(m, source, ret);
}

/* Where the clause begins: behind the one before, or its fronted part. */
static uint32_t s_clause_from(const wx_doc_t *doc, uint32_t clause)
{
    const wx_reading_t *r = doc->reading;
    const wx_clause_t *c = &r->clauses.at[clause];
    uint32_t first = r->clause_of[c->sentence];
    uint32_t from =
        clause > first ? r->clauses.at[clause - 1].end : doc->sentences.at[c->sentence].first;
    return from;
}

static bool s_pp(const wx_match_t *m, const wx_source_t *source, wx_span_t *ret)
{
    const wx_doc_t *doc = m->doc;
    if (m->clause == WX_NONE)
        return false;
    const wx_reading_t *r = doc->reading;
    const wx_clause_t *c = &r->clauses.at[m->clause];
    uint32_t from = s_clause_from(doc, m->clause);
    for (unsigned round = 0; round < 2; round++)
        for (uint32_t p = r->phrase_of[c->sentence]; p < r->phrase_of[c->sentence + 1]; p++) {
            const wx_phrase_t *phrase = &r->phrases.at[p];
            bool behind = phrase->first >= c->end && phrase->first < c->reach;
            bool before = phrase->first >= from && phrase->first < c->first;
            if ((round == 0 ? behind : before) && phrase->prep != WX_NONE &&
                wx_list_at(doc, source->list, phrase->prep) && s_phrase(m, source, p, ret))
                return true;
        }
    return false;
}

static bool s_usable_date(const wx_match_t *m, uint32_t value, bool deadline)
{
    const wx_doc_t *doc = m->doc;
    const wx_value_t *v = &doc->values.at[value];
    if (m->rule->kind == WINNOW_KIND_STATEMENT &&
        ((v->first >= m->said_first && v->first < m->said_end) ||
         doc->tokens.at[v->first].quote != doc->tokens.at[m->anchor].quote))
        return false;
    if (v->type < WX_VALUE_DATE || (v->flags & (WX_VALUE_RECUR | WX_VALUE_AGE)))
        return false;
    if (deadline && wx_token_is(doc, v->end - 1, "ago"))
        return false;
    return deadline || !(v->flags & WX_VALUE_DEADLINE);
}

static bool s_date_span(const wx_doc_t *doc, uint32_t value, wx_span_t *ret)
{
    if (value == WX_NONE)
        return false;
    const wx_value_t *date = &doc->values.at[value];
    *ret = (wx_span_t){date->first, date->end, WX_NONE, value, WX_NONE, {"", 0}, {"", 0}};
    return true;
}

/* The date of the clause: nearest behind its verb, then before it, then the only one of the
 * sentence. A figure has its own. */
static bool s_date(const wx_match_t *m, bool deadline, wx_span_t *ret)
{
    const wx_doc_t *doc = m->doc;
    const wx_sentence_t *sentence = &doc->sentences.at[m->sentence];
    uint32_t from = sentence->first, verb = m->anchor, reach = sentence->end;
    bool rise = m->rule->kind == WINNOW_KIND_CHANGE;
    if (m->figure != WX_NONE && (rise || m->rule->kind == WINNOW_KIND_STATISTIC))
        return s_date_span(doc, wx_figure_date(doc, m->figure, rise), ret);
    if (m->clause != WX_NONE) {
        const wx_clause_t *c = &doc->reading->clauses.at[m->clause];
        from = s_clause_from(doc, m->clause);
        verb = c->first;
        reach = c->reach;
    }
    uint32_t best = WX_NONE, count = 0, only = WX_NONE;
    uint32_t last = WX_NONE;
    for (uint32_t t = sentence->first; t < sentence->end; t++) {
        uint32_t v = doc->tokens.at[t].value;
        if (v == WX_NONE || v == last || !s_usable_date(m, v, deadline))
            continue;
        last = v;
        count++;
        only = v;
        bool prefer = deadline && (doc->values.at[v].flags & WX_VALUE_DEADLINE);
        if (t >= verb && t < reach && (best == WX_NONE || prefer))
            best = v;
    }
    last = WX_NONE;
    bool says = m->rule->kind == WINNOW_KIND_STATEMENT;
    if (says && m->clause != WX_NONE && m->clause > doc->reading->clause_of[m->sentence] &&
        (doc->reading->clauses.at[m->clause - 1].flags & WX_CLAUSE_RELATIVE))
        from = verb; /* `A, who voted on August 8, says` */
    for (uint32_t t = from; t < verb && best == WX_NONE; t++) {
        uint32_t v = doc->tokens.at[t].value;
        if (v != WX_NONE && v != last && s_usable_date(m, v, deadline))
            best = v;
        last = v;
    }
    if (best == WX_NONE && count == 1 && !says)
        best = only;
    return s_date_span(doc, best, ret);
}

static bool s_place_prep(const wx_doc_t *doc, uint32_t prep)
{
    static const char *const s_words[] = {"in", "at", "near", "on", "across", "throughout", NULL};
    for (const char *const *word = s_words; *word; word++)
        if (wx_token_is(doc, prep, *word))
            return true;
    return false;
}

/* The place of the clause: a named place behind `in` or `at`, in the clause or else anywhere before
 * the clause in the sentence. */
static bool s_place(const wx_match_t *m, wx_span_t *ret)
{
    const wx_doc_t *doc = m->doc;
    const wx_reading_t *r = doc->reading;
    uint32_t from = doc->sentences.at[m->sentence].first, verb = m->anchor;
    uint32_t reach = doc->sentences.at[m->sentence].end;
    if (m->clause != WX_NONE) {
        const wx_clause_t *c = &r->clauses.at[m->clause];
        verb = c->first;
        reach = c->reach;
    }
    for (unsigned round = 0; round < 2; round++)
        for (uint32_t p = r->phrase_of[m->sentence]; p < r->phrase_of[m->sentence + 1]; p++) {
            const wx_phrase_t *phrase = &r->phrases.at[p];
            bool behind = phrase->first >= verb && phrase->first < reach;
            bool before = phrase->first >= from && phrase->first < verb;
            if (!(round == 0 ? behind : before) || phrase->prep == WX_NONE ||
                !s_place_prep(doc, phrase->prep))
                continue;
            wx_span_t span = wx_span_phrase(doc, p);
            if (wx_span_mask(doc, &span) & (WX_IS_PLACE | WX_IS_FACILITY)) {
                *ret = span;
                return true;
            }
        }
    return false;
}

/* The country or province that the article names most, if one stands out. */
static bool s_home(const wx_match_t *m, wx_span_t *ret)
{
    const wx_doc_t *doc = m->doc;
    uint32_t best = WX_NONE, most = 0;
    for (uint32_t e = 0; e < doc->entities.count; e++) {
        const wx_entity_t *entity = &doc->entities.at[e];
        if (entity->type != WINNOW_TYPE_PLACE || entity->name_first == WX_NONE ||
            !(doc->atoms[doc->names.at[entity->name_first].first].lists & WX_LIST_COUNTRY))
            continue;
        if (entity->mentions > most)
            best = e;
        else if (entity->mentions == most)
            best = WX_NONE;
        most = entity->mentions > most ? entity->mentions : most;
    }
    *ret = (wx_span_t){0, 0, WX_NONE, WX_NONE, best, {"", 0}, {"", 0}};
    return best != WX_NONE;
}

/* Who the text is about here: the subject of the sentence, or of those before it. */
static bool s_topic(const wx_match_t *m, const wx_source_t *source, wx_span_t *ret)
{
    const wx_doc_t *doc = m->doc;
    const wx_reading_t *r = doc->reading;
    for (uint32_t back = 0; back < 4 && back <= m->sentence; back++) {
        uint32_t s = m->sentence - back;
        for (uint32_t c = r->clause_of[s]; c < r->clause_of[s + 1]; c++) {
            uint32_t p = r->clauses.at[c].subject;
            if (p == WX_NONE)
                continue;
            wx_span_t span = wx_span_phrase(doc, p);
            if (!(wx_span_mask(doc, &span) & (WX_IS_ORGANISATION | WX_IS_PLACE | WX_IS_FACILITY)))
                continue;
            /* It stands elsewhere: only its name counts here. */
            span.phrase = WX_NONE;
            if (!s_accept(m, source, &span))
                continue;
            *ret = span;
            return true;
        }
    }
    return false;
}

bool wx_figure_role(winnow_str_t role)
{
    return wx_str_is(role, "amount") || wx_str_is(role, "value");
}

/* A filler of an earlier fact, as a span again. */
static wx_span_t s_span_of(const wx_doc_t *doc, const wx_sentence_t *sentence,
                           const wx_filler_t *filler)
{
    uint32_t first = sentence->first;
    while (first < sentence->end && doc->tokens.at[first].start < filler->start)
        first++;
    uint32_t end = first;
    while (end < sentence->end && doc->tokens.at[end].end <= filler->end)
        end++;
    return (wx_span_t){first, end, WX_NONE, filler->value, filler->entity, {"", 0}, {"", 0}};
}

/* The fact of a kind in this sentence whose figure, or else whose role, stands nearest before the
 * trigger; behind it if there is none before. */
static bool s_near(const wx_match_t *m, const wx_source_t *source, wx_span_t *ret)
{
    const wx_doc_t *doc = m->doc;
    const wx_sentence_t *sentence = &doc->sentences.at[m->sentence];
    uint32_t anchor = doc->tokens.at[m->anchor].start, best = WX_NONE;
    for (uint32_t i = doc->facts.count; i-- > 0;) {
        const wx_fact_t *fact = &doc->facts.at[i];
        if (fact->kind != (winnow_kind_t)source->index || fact->start < sentence->start_byte ||
            fact->end > sentence->end_byte)
            continue;
        const wx_filler_t *filler = NULL;
        uint32_t at = WX_NONE;
        for (uint32_t k = 0; k < fact->roles.count; k++) {
            if (wx_figure_role(fact->roles.at[k].name))
                at = fact->roles.at[k].fillers.at[0].start;
            if (wx_str_equal(fact->roles.at[k].name, source->word))
                filler = &fact->roles.at[k].fillers.at[0];
        }
        if (!filler || filler->start == WX_NONE)
            continue;
        at = at == WX_NONE ? filler->start : at;
        uint32_t distance = at <= anchor ? anchor - at : 100000 + at - anchor;
        if (distance >= best)
            continue;
        wx_span_t span = s_span_of(doc, sentence, filler);
        if (span.end == span.first && span.entity == WX_NONE)
            continue;
        if (s_accept(m, source, &span)) {
            best = distance;
            *ret = span;
        }
    }
    return best != WX_NONE;
}

static bool s_counted(const wx_doc_t *doc, const wx_span_t *of, wx_span_t *ret)
{
    if (of->value == WX_NONE)
        return false;
    const wx_value_t *value = &doc->values.at[of->value];
    if (value->noun_end <= value->noun_first)
        return false;
    *ret = (wx_span_t){value->noun_first, value->noun_end, WX_NONE, WX_NONE,
                       WX_NONE,           {"", 0},         {"", 0}};
    /* `nine cases of measles` */
    uint32_t phrase = doc->reading->phrase_at[value->noun_end - 1];
    if (phrase != WX_NONE && doc->reading->phrases.at[phrase].end == value->noun_end &&
        doc->reading->phrases.at[phrase].of != WX_NONE)
        ret->end = doc->reading->phrases.at[doc->reading->phrases.at[phrase].of].end;
    return true;
}

/* The first phrase or value inside a span that is what the source asks for. */
static bool s_within(const wx_match_t *m, const wx_source_t *source, const wx_span_t *of,
                     wx_span_t *ret)
{
    const wx_reading_t *r = m->doc->reading;
    uint32_t begin = of->first;
    if (of->phrase != WX_NONE && r->phrases.at[of->phrase].first < begin)
        begin = r->phrases.at[of->phrase].first; /* with the sum before its noun */
    for (uint32_t i = r->item_of[m->sentence]; i < r->item_of[m->sentence + 1]; i++) {
        const wx_chunk_t *item = &r->items.at[i];
        if (item->first < begin || item->end > of->end)
            continue;
        if (item->kind == WX_CHUNK_VALUE) {
            *ret =
                (wx_span_t){item->first, item->end, WX_NONE, item->ref, WX_NONE, {"", 0}, {"", 0}};
            bool date = s_is_date_value(m->doc, item->ref);
            if (date == (source->only == WX_IS_DATE) && s_accept(m, source, ret))
                return true;
        }
        if (item->phrase != WX_NONE && r->phrases.at[item->phrase].item_first == i &&
            s_phrase(m, source, item->phrase, ret))
            return true;
    }
    return false;
}

/* The first figure behind the verb that no record has yet. */
static bool s_figure(const wx_match_t *m, const wx_source_t *source, wx_span_t *ret)
{
    const wx_reading_t *r = m->doc->reading;
    if (m->clause == WX_NONE)
        return false;
    const wx_clause_t *c = &r->clauses.at[m->clause];
    for (uint32_t i = r->item_of[m->sentence]; i < r->item_of[m->sentence + 1]; i++) {
        const wx_chunk_t *item = &r->items.at[i];
        if (item->first < c->end || item->first >= c->reach || item->kind != WX_CHUNK_VALUE ||
            m->used[item->ref])
            continue;
        *ret = (wx_span_t){item->first, item->end, WX_NONE, item->ref, WX_NONE, {"", 0}, {"", 0}};
        if (!s_is_date_value(m->doc, item->ref) && s_accept(m, source, ret))
            return true;
    }
    return false;
}

static bool s_said(const wx_match_t *m, const wx_source_t *source, wx_span_t *ret)
{
    const wx_doc_t *doc = m->doc;
    uint32_t end = doc->sentences.at[m->sentence].end;
    for (uint32_t t = m->anchor; t < end && t < m->anchor + 24; t++) {
        uint32_t length = wx_list_at(doc, source->list, t);
        if (length) {
            *ret = (wx_span_t){t, t + length, WX_NONE, WX_NONE, WX_NONE, {"", 0}, {"", 0}};
            return true;
        }
    }
    return false;
}

/* What stands directly behind one of the words. */
static bool s_next(const wx_match_t *m, const wx_source_t *source, wx_span_t *ret)
{
    const wx_doc_t *doc = m->doc;
    const wx_reading_t *r = doc->reading;
    uint32_t end = doc->sentences.at[m->sentence].end;
    for (uint32_t t = m->anchor; t < end; t++) {
        uint32_t length = wx_list_at(doc, source->list, t);
        uint32_t p = length && t + length < end ? r->phrase_at[t + length] : WX_NONE;
        if (p != WX_NONE && r->phrases.at[p].first == t + length && s_phrase(m, source, p, ret))
            return true;
    }
    return false;
}

/* `French`: France, as the article's place if it names it. */
static bool s_country(const wx_doc_t *doc, const wx_span_t *of, wx_span_t *ret)
{
    const wx_word_t *word = wx_word_at(doc, of->first, of->end, WX_WORD_DEMONYM);
    if (!word)
        return false;
    *ret = (wx_span_t){of->first, of->first + word->length, WX_NONE, WX_NONE, WX_NONE, {"", 0},
                       word->text};
    return true;
}

static bool s_derived(wx_match_t *m, const wx_source_t *source, wx_span_t *ret)
{
    wx_span_t of;
    if (!wx_source_find(m, source->of, &of))
        return false;
    switch (source->kind) {
    case WX_SOURCE_OWNER:
        return wx_span_owner(m->doc, &of, ret) && s_accept(m, source, ret);
    case WX_SOURCE_MEASURE:
        *ret = wx_span_measure(m->doc, &of);
        return s_accept(m, source, ret);
    case WX_SOURCE_COUNTED:
        return s_counted(m->doc, &of, ret);
    case WX_SOURCE_WITHIN:
        return s_within(m, source, &of, ret);
    case WX_SOURCE_COUNTRY:
        return s_country(m->doc, &of, ret);
    case WX_SOURCE_NAMED:
        *ret = of;
        if (of.phrase != WX_NONE && of.entity == WX_NONE)
            *ret = wx_span_phrase(m->doc, wx_phrase_named(m->doc, of.phrase));
        return s_accept(m, source, ret);
    case WX_SOURCE_COMPLETE:
        *ret = of;
        if (of.phrase != WX_NONE && of.entity == WX_NONE)
            ret->end = wx_phrase_full_end(m->doc, of.phrase);
        return s_accept(m, source, ret);
    default:
        return false;
    }
}

/* A quotation that was interrupted: its parts in one text. */
static bool s_joined(const wx_match_t *m, const wx_quote_t *quote, wx_span_t *ret)
{
    wx_doc_t *doc = m->doc;
    if (quote->next == WX_NONE)
        return true;
    winnow_str_t text = wx_doc_words(doc, ret->first, ret->end);
    for (uint32_t q = quote->next; q != WX_NONE; q = doc->quotes.at[q].next) {
        const wx_quote_t *part = &doc->quotes.at[q];
        text = wx_str_join(doc->arena, text, WX_STR(" "));
        text = wx_str_join(doc->arena, text, wx_doc_words(doc, part->first, part->end));
        ret->end = part->end;
    }
    ret->text = text;
    return true;
}

static bool s_one(wx_match_t *m, const wx_source_t *source, wx_span_t *ret)
{
    const wx_doc_t *doc = m->doc;
    const wx_clause_t *c = m->clause == WX_NONE ? NULL : &doc->reading->clauses.at[m->clause];
    bool passive = c && (c->flags & WX_CLAUSE_PASSIVE);
    switch (source->kind) {
    case WX_SOURCE_CAPTURE:
        if (m->captures[source->index].end <= m->captures[source->index].first)
            return false;
        *ret =
            wx_span_tokens(doc, m->captures[source->index].first, m->captures[source->index].end);
        return s_accept(m, source, ret);
    case WX_SOURCE_SUBJECT:
        return c && s_phrase(m, source, c->subject, ret);
    case WX_SOURCE_OBJECT:
        return c && s_phrase(m, source, wx_clause_object(doc, m->clause), ret);
    case WX_SOURCE_ACTOR:
        return c && s_phrase(m, source, passive ? c->agent : c->subject, ret);
    case WX_SOURCE_PATIENT:
        return c &&
               s_phrase(m, source, passive ? c->subject : wx_clause_object(doc, m->clause), ret);
    case WX_SOURCE_PP:
        return s_pp(m, source, ret);
    case WX_SOURCE_COMPLEMENT:
        return c && wx_span_complement(m->doc, m->clause, ret);
    case WX_SOURCE_GOAL:
        /* The aim stands next to its word: `plan a route, and how to pay`. */
        return c && wx_span_goal(doc, m->clause, ret) &&
               (m->rule->kind != WINNOW_KIND_TARGET || ret->first <= c->end + 9);
    case WX_SOURCE_DATE:
        return s_date(m, false, ret);
    case WX_SOURCE_DEADLINE:
        return s_date(m, true, ret) && s_accept(m, source, ret);
    case WX_SOURCE_PLACE:
        return s_place(m, ret);
    case WX_SOURCE_OWNER:
    case WX_SOURCE_MEASURE:
    case WX_SOURCE_COUNTED:
    case WX_SOURCE_NAMED:
    case WX_SOURCE_COMPLETE:
    case WX_SOURCE_WITHIN:
    case WX_SOURCE_COUNTRY:
        return s_derived(m, source, ret);
    case WX_SOURCE_NEXT:
        return s_next(m, source, ret);
    case WX_SOURCE_FIGURE:
        return s_figure(m, source, ret);
    case WX_SOURCE_SAID:
        return s_said(m, source, ret);
    case WX_SOURCE_BEFORE:
    case WX_SOURCE_BEHIND: {
        const wx_sentence_t *sentence = &doc->sentences.at[m->sentence];
        bool before = source->kind == WX_SOURCE_BEFORE;
        *ret = (wx_span_t){before ? sentence->first : m->match_end,
                           before ? m->match_first : sentence->end,
                           WX_NONE,
                           WX_NONE,
                           WX_NONE,
                           {"", 0},
                           {"", 0}};
        return wx_span_trim(doc, ret) && wx_has_clause(doc, ret->first, ret->end);
    }
    case WX_SOURCE_TOPIC:
        return s_topic(m, source, ret);
    case WX_SOURCE_HOME:
        return s_home(m, ret);
    case WX_SOURCE_SPEAKER: {
        if (m->quote == WX_NONE)
            return false;
        const wx_quote_t *quote = &doc->quotes.at[m->quote];
        if (quote->speaker == WX_NONE && quote->speaker_end <= quote->speaker_first)
            return false;
        *ret = (wx_span_t){quote->speaker_first,
                           quote->speaker_end,
                           WX_NONE,
                           WX_NONE,
                           quote->speaker,
                           {"", 0},
                           {"", 0}};
        return true;
    }
    case WX_SOURCE_CONTENT: {
        if (m->quote == WX_NONE)
            return false;
        const wx_quote_t *quote = &doc->quotes.at[m->quote];
        *ret = (wx_span_t){quote->first, quote->end, WX_NONE, WX_NONE, WX_NONE, {"", 0}, {"", 0}};
        return wx_span_trim(doc, ret) && s_joined(m, quote, ret);
    }
    case WX_SOURCE_VERB:
        if (c)
            *ret = wx_span_tokens(doc, c->verb, c->verb + 1);
        return c && wx_list_verb(doc, source->list, c);
    case WX_SOURCE_PARENT:
        return c && c->parent != WX_NONE &&
               wx_list_verb(doc, source->list, &doc->reading->clauses.at[c->parent]);
    case WX_SOURCE_FLAG:
        return c && (c->flags & source->mask);
    case WX_SOURCE_NEAR:
        return s_near(m, source, ret);
    case WX_SOURCE_ENUM:
        *ret = (wx_span_t){0, 0, WX_NONE, WX_NONE, WX_NONE, source->word, {"", 0}};
        return true;
    }
    return false;
}

bool wx_source_find(wx_match_t *m, const wx_source_t *source, wx_span_t *ret)
{
    for (; source; source = source->next) {
        if (!s_one(m, source, ret))
            continue;
        m->found_by = source;
        if (source->instead.size)
            *ret = (wx_span_t){0, 0, WX_NONE, WX_NONE, WX_NONE, source->instead, {"", 0}};
        return true;
    }
    return false;
}
