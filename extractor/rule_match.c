/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules at work: every clause, item and quotation is offered to the rules, in the order of their
 * priority. Patterns are run by a small backtracking machine, whose steps are bounded for each
 * starting point, so that the whole is linear in the text.
 */
#include "rule_match.h"

#include "facts.h"
#include "stages.h"

enum { S_STEPS = 2000 };

typedef struct {
    wx_doc_t *doc;
    const wx_rules_t *rules;
    const wx_rule_t *rule;
    uint32_t sentence;
    uint32_t clause; /* or WX_NONE */
    uint32_t quote;  /* or WX_NONE */
    uint32_t anchor; /* token that the match is about */
    struct {
        uint32_t first, end; /* tokens; end 0: not set */
    } captures[WX_RULE_CAPTURES];
    uint32_t match_first, match_end; /* tokens of the pattern's match */
    struct s_first {
        uint64_t kinds, words[4];
    } * first;     /* by item: what can begin with it */
    uint8_t *used; /* by value: a record has it */
    uint32_t steps;
} s_match_t;

/* ---- Lists ---------------------------------------------------------------------------------- */

static bool s_word_is(const wx_doc_t *doc, uint32_t token, wx_id_t id)
{
    const wx_token_t *t = &doc->tokens.at[token];
    return t->lower == id || t->lemma == id;
}

static uint32_t s_lower_bound(const wx_list_t *list, wx_id_t id)
{
    uint32_t low = 0, high = list->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (list->at[middle].words[0] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t s_list_by(const wx_doc_t *doc, const wx_list_t *list, uint32_t token, wx_id_t id)
{
    if (id == 0)
        return 0;
    for (uint32_t i = s_lower_bound(list, id); i < list->count && list->at[i].words[0] == id; i++) {
        uint32_t j = 1;
        while (j < list->at[i].count && token + j < doc->tokens.count &&
               doc->tokens.at[token + j].sentence == doc->tokens.at[token].sentence &&
               s_word_is(doc, token + j, list->at[i].words[j]))
            j++;
        if (j == list->at[i].count)
            return j;
    }
    return 0;
}

uint32_t wx_list_at(const wx_doc_t *doc, const wx_list_t *list, uint32_t token)
{
    uint32_t found = s_list_by(doc, list, token, doc->tokens.at[token].lemma);
    uint32_t other = doc->tokens.at[token].lower == doc->tokens.at[token].lemma
                         ? 0
                         : s_list_by(doc, list, token, doc->tokens.at[token].lower);
    return found > other ? found : other;
}

bool wx_list_verb(const wx_doc_t *doc, const wx_list_t *list, const wx_clause_t *clause)
{
    wx_id_t id = doc->tokens.at[clause->verb].lemma;
    for (uint32_t i = s_lower_bound(list, id); i < list->count && list->at[i].words[0] == id; i++) {
        if (list->at[i].count == 1)
            return true;
        for (uint32_t t = clause->verb + 1; t < clause->verb + 5 && t < clause->reach; t++)
            if (s_word_is(doc, t, list->at[i].words[1]))
                return true;
    }
    return false;
}

/* ---- Patterns ------------------------------------------------------------------------------- */

static uint32_t s_name_mask(winnow_type_t type)
{
    switch (type) {
    case WINNOW_TYPE_PERSON:
        return WX_IS_PERSON;
    case WINNOW_TYPE_ORGANISATION:
        return WX_IS_ORGANISATION;
    case WINNOW_TYPE_PLACE:
        return WX_IS_PLACE;
    case WINNOW_TYPE_FACILITY:
        return WX_IS_FACILITY;
    case WINNOW_TYPE_EVENT:
        return WX_IS_EVENT;
    default:
        return WX_IS_THING;
    }
}

static uint32_t s_value_mask(const wx_value_t *value)
{
    switch (value->type) {
    case WX_VALUE_MONEY:
        return WX_IS_MONEY;
    case WX_VALUE_PERCENT:
        return WX_IS_PERCENT;
    case WX_VALUE_QUANTITY:
        return value->flags & WX_VALUE_AGE ? 0 : WX_IS_QUANTITY;
    case WX_VALUE_NUMBER:
        return WX_IS_NUMBER;
    case WX_VALUE_MULTIPLE:
        return WX_IS_MULTIPLE;
    case WX_VALUE_DATE:
    case WX_VALUE_PERIOD:
        return WX_IS_DATE;
    default:
        break;
    }
    return 0;
}

/* What can be asked of a value beside its type. */
static uint32_t s_value_traits(const wx_value_t *value)
{
    uint32_t mask = s_value_mask(value);
    bool small =
        value->number.exponent >= 0 && value->number.digits < 10 && value->number.exponent == 0;
    if (small && (value->type == WX_VALUE_QUANTITY || value->type == WX_VALUE_NUMBER) &&
        (value->noun_end > value->noun_first || value->unit.size == 0))
        mask |= WX_IS_SMALL;
    if (value->flags & WX_VALUE_DURATION)
        mask |= WX_IS_DURATION;
    if (value->flags & (WX_VALUE_RATE | WX_VALUE_PER))
        mask |= WX_IS_RATE;
    if (value->flags & WX_VALUE_DEADLINE)
        mask |= WX_IS_DEADLINE;
    return mask;
}

static bool s_is_date_value(const wx_doc_t *doc, uint32_t value)
{
    return doc->values.at[value].type >= WX_VALUE_DATE;
}

static uint32_t s_item_at_token(const wx_doc_t *doc, uint32_t sentence, uint32_t token)
{
    const wx_reading_t *r = doc->reading;
    uint32_t i = r->item_of[sentence], end = r->item_of[sentence + 1];
    while (i < end && r->items.at[i].first < token)
        i++;
    return i;
}

/* Does the step match at item i? Returns the item behind, or WX_NONE. */
static uint32_t s_test(const s_match_t *m, const wx_op_t *op, uint32_t i, uint32_t end)
{
    const wx_doc_t *doc = m->doc;
    const wx_chunk_t *item = &doc->reading->items.at[i];
    bool single = item->end == item->first + 1;
    uint32_t length;
    switch (op->kind) {
    case WX_OP_WORD:
        return single && s_word_is(doc, item->first, op->id) ? i + 1 : WX_NONE;
    case WX_OP_LIST:
        length = wx_list_at(doc, m->rules->lists.at[op->a], item->first);
        if (length == 0)
            return WX_NONE;
        for (uint32_t to = item->first + length; i < end && doc->reading->items.at[i].first < to;
             i++)
            if (doc->reading->items.at[i].end > to)
                return WX_NONE;
        return i;
    case WX_OP_UPOS:
        return item->kind != WX_CHUNK_VALUE && item->kind != WX_CHUNK_NAME && item->upos == op->a
                   ? i + 1
                   : WX_NONE;
    case WX_OP_NAME:
        return item->kind == WX_CHUNK_NAME && (s_name_mask(doc->names.at[item->ref].type) & op->a)
                   ? i + 1
                   : WX_NONE;
    case WX_OP_VALUE:
        return item->kind == WX_CHUNK_VALUE && (s_value_mask(&doc->values.at[item->ref]) & op->a)
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
    case WX_OP_ANY:
        return item->kind != WX_CHUNK_PUNCT || op->a ? i + 1 : WX_NONE;
    default:
        return WX_NONE;
    }
}

static uint32_t s_step(s_match_t *m, uint32_t pc, uint32_t i, uint32_t first, uint32_t end)
{
    for (;;) {
        const wx_op_t *op = &m->rule->ops[pc];
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

/* ---- Spans ---------------------------------------------------------------------------------- */

uint32_t wx_entity_at(const wx_doc_t *doc, uint32_t first, uint32_t end)
{
    if (end > first && doc->tokens.at[end - 1].name != WX_NONE) {
        const wx_name_t *name = &doc->names.at[doc->tokens.at[end - 1].name];
        if (name->entity != WX_NONE && name->end == end)
            return name->entity;
    }
    uint32_t low = 0, high = doc->mentions.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (doc->mentions.at[middle].first < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < doc->mentions.count && doc->mentions.at[low].first == first; low++)
        if (doc->mentions.at[low].end == end)
            return doc->mentions.at[low].entity;
    return WX_NONE;
}

wx_span_t wx_span_phrase(const wx_doc_t *doc, uint32_t phrase)
{
    const wx_phrase_t *p = &doc->reading->phrases.at[phrase];
    wx_span_t span = {p->first, p->end, phrase, p->value, WX_NONE, {"", 0}, {"", 0}};
    if (p->value != WX_NONE) {
        span.first = wx_phrase_bare(doc, phrase);
        return span;
    }
    if (p->name != WX_NONE) {
        const wx_name_t *name = &doc->names.at[p->name];
        span.entity = name->entity;
        span.first = name->first;
        span.end = name->end;
        return span;
    }
    span.entity = wx_entity_at(doc, p->first, p->end);
    if (span.entity != WX_NONE)
        return span;
    span.first = wx_phrase_bare(doc, phrase);
    span.end = wx_phrase_full_end(doc, phrase);
    return span;
}

wx_span_t wx_span_tokens(const wx_doc_t *doc, uint32_t first, uint32_t end)
{
    wx_span_t span = {first, end, WX_NONE, WX_NONE, WX_NONE, {"", 0}, {"", 0}};
    const wx_reading_t *r = doc->reading;
    uint32_t p = r->phrase_at[first];
    if (p != WX_NONE && r->phrases.at[p].first == first && end == r->phrases.at[p].end) {
        wx_span_t exact = wx_span_phrase(doc, p);
        if (exact.entity == WX_NONE && exact.value == WX_NONE)
            exact.end = end;
        return exact;
    }
    if (p != WX_NONE && r->phrases.at[p].first == first && end == wx_phrase_full_end(doc, p)) {
        wx_span_t full = wx_span_phrase(doc, p);
        if (full.entity == WX_NONE)
            full.end = end;
        return full;
    }
    uint32_t i = s_item_at_token(doc, doc->tokens.at[first].sentence, first);
    if (i < r->items.count && r->items.at[i].first == first && r->items.at[i].end == end) {
        if (r->items.at[i].kind == WX_CHUNK_VALUE)
            span.value = r->items.at[i].ref;
        if (r->items.at[i].kind == WX_CHUNK_NAME)
            span.entity = doc->names.at[r->items.at[i].ref].entity;
    }
    if (span.entity == WX_NONE && span.value == WX_NONE)
        span.entity = wx_entity_at(doc, first, end);
    return span;
}

uint32_t wx_span_mask(const wx_doc_t *doc, const wx_span_t *span)
{
    if (span->value != WX_NONE)
        return s_value_traits(&doc->values.at[span->value]);
    if (span->entity != WX_NONE) {
        const wx_entity_t *entity = &doc->entities.at[span->entity];
        return s_name_mask(entity->type);
    }
    if (span->phrase != WX_NONE && doc->reading->phrases.at[span->phrase].pronoun)
        return WX_IS_PRONOUN;
    return WX_IS_COMMON;
}

static winnow_type_t s_role_type(winnow_str_t role)
{
    static const char *const s_texts[] = {"metric", "title", "content", "goal",
                                          "topic",  "basis", NULL};
    for (const char *const *text = s_texts; *text; text++)
        if (wx_str_is(role, *text))
            return WINNOW_TYPE_TEXT;
    if (wx_str_is(role, "facility"))
        return WINNOW_TYPE_FACILITY;
    if (wx_str_is(role, "event") || wx_str_is(role, "venue"))
        return WINNOW_TYPE_EVENT;
    return WINNOW_TYPE_THING;
}

void wx_span_fill(wx_doc_t *doc, wx_fact_t *fact, winnow_str_t role, const wx_span_t *span)
{
    uint32_t start = span->end > span->first ? doc->tokens.at[span->first].start : WX_NONE;
    uint32_t end = span->end > span->first ? doc->tokens.at[span->end - 1].end : WX_NONE;
    if (span->word.size && s_role_type(role) == WINNOW_TYPE_TEXT && !wx_str_is(role, "basis"))
        wx_fact_add_text(doc, fact, role.data, WINNOW_TYPE_TEXT, WX_NONE, WX_NONE)->text =
            span->word;
    else if (span->word.size)
        wx_fact_add_enum(doc, fact, role.data, span->word.data);
    else if (span->value != WX_NONE)
        wx_fact_add_value(doc, fact, role.data, span->value);
    else if (span->entity != WX_NONE && s_role_type(role) != WINNOW_TYPE_TEXT)
        wx_fact_add_entity(doc, fact, role.data, span->entity, start, end);
    else
        wx_fact_add_text(doc, fact, role.data, s_role_type(role), start, end)->text = span->text;
}

bool wx_span_owner(const wx_doc_t *doc, const wx_span_t *span, wx_span_t *ret_owner)
{
    if (span->phrase == WX_NONE)
        return false;
    const wx_phrase_t *p = &doc->reading->phrases.at[span->phrase];
    if (p->possessor_end != WX_NONE) {
        uint32_t first = p->first;
        while (first + 1 < p->possessor_end && doc->tokens.at[first].upos == WX_UPOS_DET &&
               wx_entity_at(doc, first, p->possessor_end) == WX_NONE)
            first++;
        *ret_owner = wx_span_tokens(doc, first, p->possessor_end);
        return true;
    }
    uint32_t entity = doc->tokens.at[p->first].upos == WX_UPOS_PRON && p->end > p->first + 1
                          ? wx_entity_at(doc, p->first, p->first + 1)
                          : WX_NONE;
    if (entity != WX_NONE) {
        *ret_owner =
            (wx_span_t){p->first, p->first + 1, WX_NONE, WX_NONE, entity, {"", 0}, {"", 0}};
        return true;
    }
    if (p->of != WX_NONE) {
        wx_span_t of = wx_span_phrase(doc, p->of);
        if (of.value == WX_NONE && of.entity != WX_NONE) {
            *ret_owner = of;
            return true;
        }
    }
    /* A name before the noun: `Harbin Line shares`. */
    for (uint32_t t = p->first; t < p->end; t++) {
        uint32_t n = doc->tokens.at[t].name;
        if (n != WX_NONE && n != p->name && doc->names.at[n].first == t) {
            *ret_owner = wx_span_tokens(doc, t, doc->names.at[n].end);
            ret_owner->entity = doc->names.at[n].entity;
            return true;
        }
        if (n != WX_NONE)
            break;
    }
    /* A place or a name behind: `shares in Harbin Line`. */
    if (span->phrase + 1 < doc->reading->phrases.count) {
        const wx_phrase_t *next = &doc->reading->phrases.at[span->phrase + 1];
        if (next->prep != WX_NONE && next->prep == p->end && next->name != WX_NONE &&
            next->sentence == p->sentence && wx_token_is(doc, next->prep, "in")) {
            *ret_owner = wx_span_phrase(doc, span->phrase + 1);
            return true;
        }
    }
    return false;
}

wx_span_t wx_span_measure(const wx_doc_t *doc, const wx_span_t *span)
{
    wx_span_t measure = *span;
    if (span->phrase == WX_NONE)
        return measure;
    const wx_phrase_t *p = &doc->reading->phrases.at[span->phrase];
    measure.entity = WX_NONE;
    measure.first =
        p->possessor_end != WX_NONE ? p->possessor_end + 1 : wx_phrase_bare(doc, span->phrase);
    if (measure.first >= p->end)
        measure.first = p->first;
    measure.end = p->end;
    if (p->of != WX_NONE && wx_span_phrase(doc, p->of).entity == WX_NONE &&
        doc->reading->phrases.at[p->of].value == WX_NONE)
        measure.end = wx_phrase_full_end(doc, span->phrase);
    return measure;
}

static bool s_verb_in(const wx_doc_t *doc, const char *list, const wx_clause_t *clause)
{
    const wx_list_t *words = wx_rules_list(doc->model->rules, list);
    return words && wx_list_verb(doc, words, clause);
}

/* ---- Complements ---------------------------------------------------------------------------- */

static bool s_closing(const wx_doc_t *doc, uint32_t token)
{
    return (doc->tokens.at[token].shape & WX_SHAPE_PUNCT) && !wx_token_is(doc, token, "%") &&
           !wx_token_is(doc, token, ")");
}

/* Cuts marks at both ends. */
static bool s_trim(const wx_doc_t *doc, wx_span_t *span)
{
    while (span->end > span->first && s_closing(doc, span->end - 1))
        span->end--;
    while (span->end > span->first && s_closing(doc, span->first))
        span->first++;
    return span->end > span->first;
}

/* Behind the verb: over adverbs, dates, whom it is said to, and `that`. */
static uint32_t s_content_from(const wx_doc_t *doc, const wx_clause_t *clause, uint32_t end)
{
    const wx_reading_t *r = doc->reading;
    uint32_t t = clause->end;
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
        else if (clause->object != WX_NONE && r->phrases.at[clause->object].first == t &&
                 r->phrases.at[clause->object].end < end && s_verb_in(doc, "addressing", clause))
            t = r->phrases.at[clause->object].end;
        else
            break;
    }
    return t;
}

/* Has the stretch a verb of its own? */
static bool s_has_clause(const wx_doc_t *doc, uint32_t first, uint32_t end)
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
    uint32_t from = s_content_from(doc, c, sentence->end);
    wx_span_t span = {from, sentence->end, WX_NONE, WX_NONE, WX_NONE, {"", 0}, {"", 0}};
    if (s_has_clause(doc, from, sentence->end) && !s_trails(doc, clause, from)) {
        *ret_span = span;
        return s_trim(doc, ret_span);
    }
    /* `…, the company said.`: what stands before its subject. */
    uint32_t subject = c->subject == WX_NONE ? c->object : c->subject;
    uint32_t before = subject == WX_NONE ? c->first : doc->reading->phrases.at[subject].first;
    if (before > c->first)
        before = c->first;
    span = (wx_span_t){sentence->first, before, WX_NONE, WX_NONE, WX_NONE, {"", 0}, {"", 0}};
    while (span.end > span.first && !wx_token_is(doc, span.end - 1, ","))
        span.end--;
    if (!s_has_clause(doc, span.first, span.end))
        return false;
    *ret_span = span;
    return s_trim(doc, ret_span);
}

static bool s_goal(const wx_doc_t *doc, uint32_t clause, wx_span_t *ret_span)
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
               !(doc->tokens.at[span.end].shape & WX_SHAPE_CLOSE))
            span.end++;
        *ret_span = span;
        return s_trim(doc, ret_span);
    }
    return false;
}

/* ---- Modality ------------------------------------------------------------------------------- */

static bool s_noun_in(const wx_doc_t *doc, const char *list, uint32_t token)
{
    const wx_list_t *words = wx_rules_list(doc->model->rules, list);
    return words && wx_list_at(doc, words, token) > 0;
}

/* What the verb itself says: to aim is a target, to plan is planned. */
static winnow_modality_t s_own_modality(const wx_doc_t *doc, uint32_t clause)
{
    if (clause == WX_NONE)
        return WINNOW_MODALITY_ACTUAL;
    const wx_clause_t *c = &doc->reading->clauses.at[clause];
    if (s_verb_in(doc, "forecasting", c))
        return WINNOW_MODALITY_FORECAST;
    if (s_verb_in(doc, "planning", c))
        return WINNOW_MODALITY_PLANNED;
    return WINNOW_MODALITY_TARGET;
}

winnow_modality_t wx_modality(const wx_doc_t *doc, uint32_t clause)
{
    const wx_reading_t *r = doc->reading;
    uint32_t depth = 0;
    for (; clause != WX_NONE && depth < 6; depth++) {
        const wx_clause_t *c = &r->clauses.at[clause];
        if (c->flags & WX_CLAUSE_NEGATED)
            return WINNOW_MODALITY_NEGATED;
        if (c->flags & WX_CLAUSE_POSSIBLE)
            return WINNOW_MODALITY_POSSIBLE;
        if (depth == 0 && c->object != WX_NONE && !(c->flags & WX_CLAUSE_PASSIVE) &&
            s_verb_in(doc, "expecting-things", c))
            return s_own_modality(doc, clause);
        if (depth > 0 && s_verb_in(doc, "forecasting", c))
            return WINNOW_MODALITY_FORECAST;
        if (depth > 0 && s_verb_in(doc, "aiming", c))
            return WINNOW_MODALITY_TARGET;
        if (c->flags & (WX_CLAUSE_FUTURE | WX_CLAUSE_SHOULD))
            return WINNOW_MODALITY_PLANNED;
        if (depth > 0 && s_verb_in(doc, "planning", c))
            return WINNOW_MODALITY_PLANNED;
        if ((c->flags & WX_CLAUSE_INFINITIVE) && c->first > 0) {
            uint32_t p = r->phrase_at[c->first - 1];
            if (s_noun_in(doc, "scheduling", c->first - 1))
                return WINNOW_MODALITY_PLANNED;
            if (s_noun_in(doc, "likely", c->first - 1))
                return WINNOW_MODALITY_FORECAST;
            if (p != WX_NONE && s_noun_in(doc, "plan-nouns", r->phrases.at[p].head))
                return WINNOW_MODALITY_PLANNED;
            if (p != WX_NONE && s_noun_in(doc, "aim-nouns", r->phrases.at[p].head))
                return WINNOW_MODALITY_TARGET;
        }
        if (!(c->flags & (WX_CLAUSE_INFINITIVE | WX_CLAUSE_GERUND)))
            break;
        clause = c->parent;
    }
    return WINNOW_MODALITY_ACTUAL;
}

/* ---- Sources -------------------------------------------------------------------------------- */

static bool s_accept(const s_match_t *m, const wx_source_t *source, const wx_span_t *span)
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

static bool s_phrase(const s_match_t *m, const wx_source_t *source, uint32_t phrase, wx_span_t *ret)
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

static bool s_pp(const s_match_t *m, const wx_source_t *source, wx_span_t *ret)
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

static bool s_usable_date(const wx_doc_t *doc, uint32_t value, bool deadline)
{
    const wx_value_t *v = &doc->values.at[value];
    if (v->type < WX_VALUE_DATE || (v->flags & (WX_VALUE_RECUR | WX_VALUE_AGE)))
        return false;
    return deadline || !(v->flags & WX_VALUE_DEADLINE);
}

/* The date of the clause: nearest behind its verb, then before it, then the only one of the
 * sentence. */
static bool s_date(const s_match_t *m, bool deadline, wx_span_t *ret)
{
    const wx_doc_t *doc = m->doc;
    const wx_sentence_t *sentence = &doc->sentences.at[m->sentence];
    uint32_t from = sentence->first, verb = m->anchor, reach = sentence->end;
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
        if (v == WX_NONE || v == last || !s_usable_date(doc, v, deadline))
            continue;
        last = v;
        count++;
        only = v;
        bool prefer = deadline && (doc->values.at[v].flags & WX_VALUE_DEADLINE);
        if (t >= verb && t < reach && (best == WX_NONE || prefer))
            best = v;
    }
    last = WX_NONE;
    for (uint32_t t = from; t < verb && best == WX_NONE; t++) {
        uint32_t v = doc->tokens.at[t].value;
        if (v != WX_NONE && v != last && s_usable_date(doc, v, deadline))
            best = v;
        last = v;
    }
    if (best == WX_NONE && count == 1)
        best = only;
    if (best == WX_NONE)
        return false;
    *ret = (wx_span_t){doc->values.at[best].first,
                       doc->values.at[best].end,
                       WX_NONE,
                       best,
                       WX_NONE,
                       {"", 0},
                       {"", 0}};
    return true;
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
static bool s_place(const s_match_t *m, wx_span_t *ret)
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

/* Who the text is about here: the subject of the sentence, or of those before it. */
static bool s_topic(const s_match_t *m, wx_span_t *ret)
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
            *ret = span;
            ret->phrase = WX_NONE;
            return true;
        }
    }
    return false;
}

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

static bool s_figure_role(winnow_str_t role)
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
static bool s_near(const s_match_t *m, const wx_source_t *source, wx_span_t *ret)
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
            if (s_figure_role(fact->roles.at[k].name))
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
    return true;
}

/* The first phrase or value inside a span that is what the source asks for. */
static bool s_within(const s_match_t *m, const wx_source_t *source, const wx_span_t *of,
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
static bool s_figure(const s_match_t *m, const wx_source_t *source, wx_span_t *ret)
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

static bool s_said(const s_match_t *m, const wx_source_t *source, wx_span_t *ret)
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
static bool s_next(const s_match_t *m, const wx_source_t *source, wx_span_t *ret)
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

static bool s_source(s_match_t *m, const wx_source_t *source, wx_span_t *ret);

static bool s_derived(s_match_t *m, const wx_source_t *source, wx_span_t *ret)
{
    wx_span_t of;
    if (!s_source(m, source->of, &of))
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
static bool s_joined(const s_match_t *m, const wx_quote_t *quote, wx_span_t *ret)
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

static bool s_one(s_match_t *m, const wx_source_t *source, wx_span_t *ret)
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
        return c && s_phrase(m, source, c->object, ret);
    case WX_SOURCE_ACTOR:
        return c && s_phrase(m, source, passive ? c->agent : c->subject, ret);
    case WX_SOURCE_PATIENT:
        return c && s_phrase(m, source, passive ? c->subject : c->object, ret);
    case WX_SOURCE_PP:
        return s_pp(m, source, ret);
    case WX_SOURCE_COMPLEMENT:
        return c && wx_span_complement(doc, m->clause, ret);
    case WX_SOURCE_GOAL:
        return c && s_goal(doc, m->clause, ret);
    case WX_SOURCE_DATE:
        return s_date(m, false, ret);
    case WX_SOURCE_DEADLINE:
        return s_date(m, true, ret);
    case WX_SOURCE_PLACE:
        return s_place(m, ret);
    case WX_SOURCE_OWNER:
    case WX_SOURCE_MEASURE:
    case WX_SOURCE_COUNTED:
    case WX_SOURCE_COMPLETE:
    case WX_SOURCE_WITHIN:
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
        return s_trim(doc, ret) && s_has_clause(doc, ret->first, ret->end);
    }
    case WX_SOURCE_TOPIC:
        return s_topic(m, ret) && s_accept(m, source, ret);
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
        return s_trim(doc, ret) && s_joined(m, quote, ret);
    }
    case WX_SOURCE_VERB:
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

static bool s_source(s_match_t *m, const wx_source_t *source, wx_span_t *ret)
{
    for (; source; source = source->next) {
        if (!s_one(m, source, ret))
            continue;
        if (source->instead.size)
            *ret = (wx_span_t){0, 0, WX_NONE, WX_NONE, WX_NONE, source->instead, {"", 0}};
        return true;
    }
    return false;
}

/* ---- Facts ---------------------------------------------------------------------------------- */

static bool s_allowed(s_match_t *m)
{
    wx_span_t span;
    for (uint32_t i = 0; i < m->rule->conditions.count; i++) {
        const wx_condition_t *condition = &m->rule->conditions.at[i];
        if (s_source(m, condition->source, &span) == (condition->unless != 0))
            return false;
    }
    return true;
}

static void s_fill_list(s_match_t *m, wx_fact_t *fact, const wx_assign_t *assign,
                        const wx_span_t *span)
{
    wx_doc_t *doc = m->doc;
    if (!assign->all || span->phrase == WX_NONE) {
        wx_span_fill(doc, fact, assign->role, span);
        return;
    }
    const wx_phrase_t *at = doc->reading->phrases.at;
    for (uint32_t p = at[span->phrase].list; p != WX_NONE; p = at[p].next) {
        wx_span_t one = wx_span_phrase(doc, p);
        wx_span_fill(doc, fact, assign->role, &one);
    }
}

/* All fillers of a rule that has matched; false: a required one is missing. */
static bool s_fillers(s_match_t *m, wx_span_t *spans, bool *found)
{
    for (uint32_t i = 0; i < m->rule->assigns.count; i++) {
        const wx_assign_t *assign = &m->rule->assigns.at[i];
        found[i] = s_source(m, assign->source, &spans[i]);
        if (!found[i]) {
            if (assign->required)
                return false;
            continue;
        }
        /* The first assignment of a role that finds something wins. */
        for (uint32_t j = 0; j < i && !assign->also; j++)
            if (found[j] && wx_str_equal(m->rule->assigns.at[j].role, assign->role))
                found[i] = false;
        if (s_figure_kind(m->rule->kind) && s_figure_role(assign->role) && found[i]) {
            if (spans[i].value == WX_NONE || m->used[spans[i].value])
                return false;
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
            (s_figure_role(m->rule->assigns.at[i].role) ||
             wx_str_is(m->rule->assigns.at[i].role, "share")))
            m->used[spans[i].value] = 1;
    return true;
}

/* Words that begin with the record's own figure lose it: `2.5 gigawatt energy` is energy. A goal
 * is told with its figure. */
static void s_without_figure(const s_match_t *m, wx_span_t *spans, bool *found)
{
    for (uint32_t i = 0; i < m->rule->assigns.count; i++)
        for (uint32_t j = 0; j < m->rule->assigns.count && found[i]; j++) {
            if (!found[j] || spans[i].value != WX_NONE || spans[j].value == WX_NONE ||
                !s_figure_role(m->rule->assigns.at[j].role) || spans[i].end <= spans[i].first ||
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
            s_trim(m->doc, &spans[i]);
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
static void s_apart(const s_match_t *m, const wx_span_t *spans, bool *found)
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
static void s_to_come(wx_fact_t *fact)
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

static void s_record(s_match_t *m, const wx_span_t *spans, const bool *found, uint32_t each,
                     const wx_span_t *instead)
{
    wx_doc_t *doc = m->doc;
    wx_fact_t *fact = wx_push(doc->arena, &doc->facts);
    const wx_sentence_t *sentence = &doc->sentences.at[m->sentence];
    fact->kind = m->rule->kind;
    fact->confidence = -1;
    fact->rule = m->rule->name;
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
        fact->modality = s_own_modality(doc, m->clause);
    else
        fact->modality = (winnow_modality_t)m->rule->modality;
    for (uint32_t i = 0; i < m->rule->assigns.count; i++)
        if (found[i])
            s_fill_list(m, fact, &m->rule->assigns.at[i],
                        i == each && instead ? instead : &spans[i]);
    s_to_come(fact);
}

static bool s_apply(s_match_t *m)
{
    enum { S_MOST = 24 };
    wx_span_t spans[S_MOST];
    bool found[S_MOST] = {false};
    if (m->rule->assigns.count > S_MOST || !s_allowed(m) || !s_fillers(m, spans, found))
        return false;
    s_without_figure(m, spans, found);
    s_apart(m, spans, found);
    for (uint32_t i = 0; i < m->rule->assigns.count; i++) {
        if (!m->rule->assigns.at[i].each || !found[i] || spans[i].phrase == WX_NONE)
            continue;
        const wx_phrase_t *at = m->doc->reading->phrases.at;
        for (uint32_t p = at[spans[i].phrase].list; p != WX_NONE; p = at[p].next) {
            wx_span_t one = wx_span_phrase(m->doc, p);
            s_record(m, spans, found, i, &one);
        }
        return true;
    }
    s_record(m, spans, found, WX_NONE, NULL);
    return true;
}

static bool s_readable(const s_match_t *m, uint32_t sentence)
{
    uint8_t class = m->doc->sentences.at[sentence].class;
    return (class != WX_BLOCK_TITLE && class != WX_BLOCK_HEADING) || m->rule->titles;
}

static void s_verbs(s_match_t *m)
{
    const wx_reading_t *r = m->doc->reading;
    for (uint32_t c = 0; c < r->clauses.count; c++) {
        const wx_clause_t *clause = &r->clauses.at[c];
        if (!wx_list_verb(m->doc, m->rule->verbs, clause))
            continue;
        m->sentence = clause->sentence;
        m->clause = c;
        m->anchor = clause->verb;
        if (s_readable(m, m->sentence))
            s_apply(m);
    }
}

static void s_first_word(struct s_first *first, wx_id_t id)
{
    uint32_t bit = wx_first_bit(id);
    first->words[bit >> 6] |= (uint64_t)1 << (bit & 63);
}

/* What every item may begin, so that most rules need not be tried at it. */
static void s_firsts(s_match_t *m)
{
    const wx_doc_t *doc = m->doc;
    const wx_reading_t *r = doc->reading;
    m->first = wx_new(m->doc->arena, struct s_first, r->items.count + 1);
    for (uint32_t i = 0; i < r->items.count; i++) {
        const wx_chunk_t *item = &r->items.at[i];
        const wx_token_t *token = &doc->tokens.at[item->first];
        struct s_first *first = &m->first[i];
        first->kinds = WX_FIRST_ANY;
        if (item->kind != WX_CHUNK_PUNCT)
            first->kinds |= WX_FIRST_WORD;
        if (item->phrase != WX_NONE && r->phrases.at[item->phrase].item_first == i)
            first->kinds |= WX_FIRST_PHRASE;
        if (item->kind == WX_CHUNK_VALUE) {
            first->kinds |= s_value_mask(&doc->values.at[item->ref]);
            if (item->end > item->first + 1)
                continue;
        } else if (item->kind == WX_CHUNK_NAME) {
            first->kinds |= s_name_mask(doc->names.at[item->ref].type);
        } else {
            first->kinds |= (uint64_t)1 << (WX_FIRST_UPOS + item->upos);
        }
        if (item->kind != WX_CHUNK_VALUE && (token->shape & WX_SHAPE_UPPER))
            first->kinds |= WX_FIRST_CAPITAL;
        s_first_word(first, token->lower);
        s_first_word(first, token->lemma);
    }
}

static bool s_may_begin(const s_match_t *m, uint32_t item)
{
    const struct s_first *first = &m->first[item];
    const wx_rule_t *rule = m->rule;
    return (first->kinds & rule->first_kinds) || (first->words[0] & rule->first_words[0]) ||
           (first->words[1] & rule->first_words[1]) || (first->words[2] & rule->first_words[2]) ||
           (first->words[3] & rule->first_words[3]);
}

static void s_matches(s_match_t *m)
{
    const wx_reading_t *r = m->doc->reading;
    for (uint32_t s = 0; s < m->doc->sentences.count; s++) {
        if (!s_readable(m, s))
            continue;
        uint32_t first = r->item_of[s], end = r->item_of[s + 1];
        m->sentence = s;
        for (uint32_t i = first; i < end;) {
            if (!s_may_begin(m, i)) {
                i++;
                continue;
            }
            memset(m->captures, 0, sizeof m->captures);
            m->steps = S_STEPS;
            uint32_t to = s_step(m, 0, i, first, end);
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
}

static void s_quotes(s_match_t *m)
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
    s_match_t *m = wx_new(doc->arena, s_match_t, 1);
    *m = (s_match_t){.doc = doc, .rules = rules, .clause = WX_NONE, .quote = WX_NONE};
    m->used = wx_new(doc->arena, uint8_t, doc->values.count + 1);
    s_firsts(m);
    for (uint32_t i = 0; i < rules->rules.count; i++) {
        m->rule = &rules->rules.at[i];
        memset(m->captures, 0, sizeof m->captures);
        switch (m->rule->trigger) {
        case WX_TRIGGER_VERB:
            s_verbs(m);
            break;
        case WX_TRIGGER_MATCH:
            s_matches(m);
            break;
        case WX_TRIGGER_QUOTE:
            s_quotes(m);
            break;
        }
    }
}
