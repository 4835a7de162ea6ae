/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules at work: every clause, item and quotation is offered to the rules, in the order of their
 * priority.
 */
#include "facts.h"
#include "modality.h"
#include "rule_index.h"
#include "rule_work.h"
#include "stages.h"

/* Among these kinds a figure goes into one record only. */
static bool s_figure_kind(winnow_kind_t kind)
{
    return kind == WINNOW_KIND_INVESTMENT || kind == WINNOW_KIND_STATISTIC ||
           kind == WINNOW_KIND_CHANGE || kind == WINNOW_KIND_TARGET;
}

/* Kinds whose figures no later rule may take; agreements leave theirs. */
static bool s_keeps_figure(winnow_kind_t kind)
{
    return s_figure_kind(kind) || kind == WINNOW_KIND_ACQUISITION || kind == WINNOW_KIND_OWNERSHIP;
}

/* ---- Facts ---------------------------------------------------------------------------------- */

static bool s_allowed(wx_match_t *m)
{
    wx_span_t span;
    for (uint32_t i = 0; i < m->rule->conditions.count; i++) {
        const wx_condition_t *condition = &m->rule->conditions.at[i];
        if (wx_source_find(m, condition->source, &span) == (condition->unless != 0))
            return false;
    }
    return true;
}

static void s_fill(wx_match_t *m, wx_fact_t *fact, uint32_t assign, const wx_span_t *span)
{
    winnow_str_t role = m->rule->assigns.at[assign].role;
    wx_span_fill(m->doc, fact, role, span);
    const wx_fillers_t *fillers = wx_fact_role(m->doc, fact, role.data);
    fillers->at[fillers->count - 1].source = m->by[assign];
}

/* The phrase of a span, also where it is only the phrase's name: `Senators` Jane Roe. */
static uint32_t s_list_of(const wx_doc_t *doc, const wx_span_t *span)
{
    if (span->phrase != WX_NONE || span->end <= span->first)
        return span->phrase;
    uint32_t p = doc->reading->phrase_at[span->first];
    bool name = p != WX_NONE && doc->reading->phrases.at[p].name != WX_NONE &&
                doc->names.at[doc->reading->phrases.at[p].name].first == span->first;
    return name ? p : WX_NONE;
}

static void s_fill_list(wx_match_t *m, wx_fact_t *fact, uint32_t assign, const wx_span_t *span)
{
    uint32_t phrase = m->rule->assigns.at[assign].all ? s_list_of(m->doc, span) : WX_NONE;
    const wx_phrase_t *at = m->doc->reading->phrases.at;
    /* A single one stays as it was found. */
    bool alone = phrase == WX_NONE || (at[phrase].next == WX_NONE && at[phrase].list == phrase);
    if (alone && (phrase == WX_NONE || span->phrase == WX_NONE)) {
        s_fill(m, fact, assign, span);
        return;
    }
    for (uint32_t p = at[phrase].list; p != WX_NONE; p = at[p].next) {
        wx_span_t one = wx_span_phrase(m->doc, wx_phrase_apposed(m->doc, p));
        s_fill(m, fact, assign, &one);
    }
}

/* All fillers of a rule that has matched; false: a required one is missing. */
static bool s_fillers(wx_match_t *m, wx_span_t *spans, bool *found)
{
    m->figure = WX_NONE;
    m->said_first = m->said_end = 0;
    for (uint32_t i = 0; i < m->rule->assigns.count; i++) {
        const wx_assign_t *assign = &m->rule->assigns.at[i];
        found[i] = wx_source_find(m, assign->source, &spans[i]);
        m->by[i] = m->found_by;
        if (!found[i]) {
            if (assign->required)
                return false;
            continue;
        }
        if (wx_str_is(assign->role, "content") && m->quote == WX_NONE) {
            m->said_first = spans[i].first;
            m->said_end = spans[i].end;
        }
        /* The first assignment of a role that finds something wins. */
        for (uint32_t j = 0; j < i && !assign->also; j++)
            if (found[j] && wx_str_equal(m->rule->assigns.at[j].role, assign->role))
                found[i] = false;
        if (s_figure_kind(m->rule->kind) && wx_figure_role(assign->role) && found[i]) {
            if (spans[i].value == WX_NONE || m->used[spans[i].value])
                return false;
            m->figure = spans[i].value;
        }
    }
    /* Nobody owns or buys himself: a short reference was taken for the wrong one. */
    bool deal = m->rule->kind == WINNOW_KIND_ACQUISITION || m->rule->kind == WINNOW_KIND_OWNERSHIP;
    for (uint32_t i = 0; deal && i < m->rule->assigns.count; i++)
        for (uint32_t j = 0; j < i && found[i] && spans[i].entity != WX_NONE; j++)
            if (found[j] && spans[j].entity == spans[i].entity)
                return false;
    for (uint32_t i = 0; i < m->rule->assigns.count && s_keeps_figure(m->rule->kind); i++)
        if (found[i] && spans[i].value != WX_NONE &&
            (wx_figure_role(m->rule->assigns.at[i].role) ||
             wx_str_is(m->rule->assigns.at[i].role, "share")))
            m->used[spans[i].value] = 1;
    return true;
}

/* Words that begin with the record's own figure lose it: `2.5 gigawatt energy` is energy. A goal
 * is told with its figure. */
static void s_without_figure(const wx_match_t *m, wx_span_t *spans, bool *found)
{
    for (uint32_t i = 0; i < m->rule->assigns.count; i++)
        for (uint32_t j = 0; j < m->rule->assigns.count && found[i]; j++) {
            if (!found[j] || spans[i].value != WX_NONE || spans[j].value == WX_NONE ||
                !wx_figure_role(m->rule->assigns.at[j].role) || spans[i].end <= spans[i].first ||
                wx_str_is(m->rule->assigns.at[i].role, "goal"))
                continue;
            const wx_value_t *value = &m->doc->values.at[spans[j].value];
            if (value->first < spans[i].first || value->first >= spans[i].end)
                continue;
            if (value->first > spans[i].first + 1 || value->end >= spans[i].end) {
                spans[i].end = value->first;
            } else {
                spans[i].first = value->end;
                if (wx_token_is(m->doc, spans[i].first, "-") && spans[i].first + 1 < spans[i].end)
                    spans[i].first++;
            }
            spans[i].entity = WX_NONE;
            wx_span_trim(m->doc, &spans[i]);
            while (spans[i].end > spans[i].first &&
                   m->doc->tokens.at[spans[i].end - 1].upos == WX_UPOS_ADP)
                spans[i].end--;
            if (spans[i].end <= spans[i].first ||
                (spans[i].end == spans[i].first + 1 &&
                 m->doc->tokens.at[spans[i].first].upos == WX_UPOS_DET))
                found[i] = false;
        }
}

/* One filler does not fill two roles: the later one gives way. Dates and words may. */
static void s_apart(const wx_match_t *m, const wx_span_t *spans, bool *found)
{
    for (uint32_t i = 0; i < m->rule->assigns.count; i++)
        for (uint32_t j = 0; j < i && found[i]; j++)
            if (found[j] && spans[i].end > spans[i].first && spans[j].first == spans[i].first &&
                spans[j].end == spans[i].end && spans[i].value == WX_NONE &&
                !m->rule->assigns.at[i].required &&
                !wx_str_is(m->rule->assigns.at[j].role, "whole") &&
                !wx_str_is(m->rule->assigns.at[i].role, "whole"))
                found[i] = false;
}

/* FACTS.md, rule 3: a figure that is to come is a target, whichever rule has read it. */
static void s_to_come(const wx_doc_t *doc, wx_fact_t *fact)
{
    static const char *const s_names[][2] = {{"amount", "value"},
                                             {"period", "deadline"},
                                             {"direction", NULL},
                                             {"basis", NULL},
                                             {"whole", NULL}};
    bool comes = fact->modality == WINNOW_MODALITY_PLANNED ||
                 fact->modality == WINNOW_MODALITY_TARGET ||
                 fact->modality == WINNOW_MODALITY_FORECAST;
    if (!comes || (fact->kind != WINNOW_KIND_STATISTIC && fact->kind != WINNOW_KIND_CHANGE))
        return;
    fact->kind = WINNOW_KIND_TARGET;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < fact->roles.count; i++) {
        wx_role_t role = fact->roles.at[i];
        /* `will hold two meetings`: nobody aims at a few. */
        uint32_t v = wx_figure_role(role.name) ? role.fillers.at[0].value : WX_NONE;
        if (v != WX_NONE && doc->values.at[v].noun_end > doc->values.at[v].noun_first &&
            doc->values.at[v].number.exponent == 0 && doc->values.at[v].number.digits < 5)
            fact->dropped = 1;
        bool keep = true;
        for (size_t k = 0; k < sizeof s_names / sizeof *s_names; k++)
            if (wx_str_is(role.name, s_names[k][0])) {
                keep = s_names[k][1] != NULL;
                if (keep)
                    role.name = wx_str_from(s_names[k][1]);
                break;
            }
        if (keep)
            fact->roles.at[kept++] = role;
    }
    fact->roles.count = kept;
}

/* The tokens that the rule was tried for. */
static void s_trigger(const wx_match_t *m, uint32_t *ret_first, uint32_t *ret_end)
{
    bool pattern = m->rule->trigger == WX_TRIGGER_MATCH;
    *ret_first = pattern ? m->match_first : m->anchor;
    *ret_end = pattern ? m->match_end : m->anchor + 1;
    if (!pattern && m->clause != WX_NONE) {
        *ret_first = m->doc->reading->clauses.at[m->clause].first;
        *ret_end = m->doc->reading->clauses.at[m->clause].end;
    }
}

static void s_record(wx_match_t *m, const wx_span_t *spans, const bool *found, uint32_t each,
                     const wx_span_t *instead)
{
    wx_doc_t *doc = m->doc;
    wx_fact_t *fact = wx_push(doc->arena, &doc->facts);
    const wx_sentence_t *sentence = &doc->sentences.at[m->sentence];
    fact->kind = m->rule->kind;
    fact->confidence = -1;
    fact->rule = m->rule->name;
    fact->made_by = m->rule;
    s_trigger(m, &fact->trigger_first, &fact->trigger_end);
    fact->start = sentence->start_byte;
    fact->end = sentence->end_byte;
    fact->reported_by = WX_STR("");
    if (m->quote != WX_NONE) {
        const wx_quote_t *quote = &doc->quotes.at[m->quote];
        fact->start = quote->start_byte;
        fact->end = quote->end_byte;
    }
    if (m->rule->modality == WX_RULE_MODALITY_AUTO)
        fact->modality = wx_modality(doc, m->clause);
    else if (m->rule->modality == WX_RULE_MODALITY_OWN)
        fact->modality = wx_modality_own(doc, m->clause);
    else
        fact->modality = (winnow_modality_t)m->rule->modality;
    for (uint32_t i = 0; i < m->rule->assigns.count; i++)
        if (found[i])
            s_fill_list(m, fact, i, i == each && instead ? instead : &spans[i]);
    s_to_come(m->doc, fact);
}

static bool s_apply(wx_match_t *m)
{
    wx_span_t spans[WX_RULE_ASSIGNS];
    bool found[WX_RULE_ASSIGNS] = {false};
    if (m->rule->assigns.count > WX_RULE_ASSIGNS || !s_allowed(m) || !s_fillers(m, spans, found))
        return false;
    s_without_figure(m, spans, found);
    s_apart(m, spans, found);
    for (uint32_t i = 0; i < m->rule->assigns.count; i++) {
        uint32_t phrase = found[i] ? s_list_of(m->doc, &spans[i]) : WX_NONE;
        if (!m->rule->assigns.at[i].each || phrase == WX_NONE)
            continue;
        const wx_phrase_t *at = m->doc->reading->phrases.at;
        for (uint32_t p = at[phrase].list; p != WX_NONE; p = at[p].next) {
            wx_span_t one = wx_span_phrase(m->doc, wx_phrase_apposed(m->doc, p));
            s_record(m, spans, found, i, &one);
        }
        return true;
    }
    s_record(m, spans, found, WX_NONE, NULL);
    return true;
}

/* Is the sentence there for the rule, and can it match it at all? */
static bool s_offered(const wx_match_t *m, uint32_t sentence)
{
    uint32_t rule = (uint32_t)(m->rule - m->rules->rules.at), width = m->rules->index->width;
    if (!(m->possible[(size_t)sentence * width + (rule >> 6)] >> (rule & 63) & 1))
        return false;
    uint8_t class = m->doc->sentences.at[sentence].class;
    return (class != WX_BLOCK_TITLE && class != WX_BLOCK_HEADING) || m->rule->titles;
}

static void s_verbs(wx_match_t *m, uint32_t sentence)
{
    const wx_reading_t *r = m->doc->reading;
    for (uint32_t c = r->clause_of[sentence]; c < r->clause_of[sentence + 1]; c++) {
        const wx_clause_t *clause = &r->clauses.at[c];
        if (!wx_list_verb(m->doc, m->rule->verbs, clause))
            continue;
        m->clause = c;
        m->anchor = clause->verb;
        s_apply(m);
    }
}

static void s_matches(wx_match_t *m, uint32_t sentence)
{
    const wx_reading_t *r = m->doc->reading;
    uint32_t first = r->item_of[sentence], end = r->item_of[sentence + 1];
    for (uint32_t i = first; i < end;) {
        uint32_t to = wx_pattern_may_begin(m, i) ? wx_pattern_match(m, i, first, end) : WX_NONE;
        if (to == WX_NONE || to == i) {
            i++;
            continue;
        }
        m->anchor = m->match_first = r->items.at[i].first;
        m->match_end = r->items.at[to - 1].end;
        for (uint32_t k = 0; k < m->rule->capture_count; k++)
            if (wx_str_is(m->rule->captures[k], "anchor") && m->captures[k].end)
                m->anchor = m->captures[k].first;
        m->clause = wx_clause_around(m->doc, m->anchor);
        i = s_apply(m) ? to : i + 1;
    }
}

static void s_quotes(wx_match_t *m)
{
    for (uint32_t q = 0; q < m->doc->quotes.count; q++) {
        const wx_quote_t *quote = &m->doc->quotes.at[q];
        if (quote->scare || quote->continued || quote->end <= quote->first)
            continue;
        m->quote = q;
        m->anchor = quote->verb != WX_NONE ? quote->verb : quote->first;
        m->sentence = m->doc->tokens.at[m->anchor].sentence;
        m->clause = quote->verb != WX_NONE ? m->doc->reading->clause_at[quote->verb] : WX_NONE;
        s_apply(m);
        m->quote = WX_NONE;
    }
}

void wx_rules(wx_doc_t *doc)
{
    const wx_rules_t *rules = doc->model->rules;
    wx_match_t *m = wx_new(doc->arena, wx_match_t, 1);
    *m = (wx_match_t){.doc = doc, .rules = rules, .clause = WX_NONE, .quote = WX_NONE};
    m->used = wx_new(doc->arena, uint8_t, doc->values.count + 1);
    wx_pattern_firsts(m);
    wx_pattern_possible(m);
    for (uint32_t i = 0; i < rules->rules.count; i++) {
        m->rule = &rules->rules.at[i];
        memset(m->captures, 0, sizeof m->captures);
        if (m->rule->trigger == WX_TRIGGER_QUOTE) {
            s_quotes(m);
            continue;
        }
        for (m->sentence = 0; m->sentence < doc->sentences.count; m->sentence++) {
            if (!s_offered(m, m->sentence))
                continue;
            if (m->rule->trigger == WX_TRIGGER_VERB)
                s_verbs(m, m->sentence);
            else
                s_matches(m, m->sentence);
        }
    }
}
