/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spans: phrases, names, values and plain words of the article, resolved to whom they name.
 */
#include "span.h"

#include "facts.h"

uint32_t wx_name_mask(winnow_type_t type)
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

uint32_t wx_value_mask(const wx_value_t *value)
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

/* `the two sides`, `all three firms`, `our two countries`: spoken of before; `the "four plates"`,
 * `Seven Sisters`: called so. */
static bool s_known(const wx_doc_t *doc, const wx_value_t *value)
{
    static const char *const s_words[] = {"the",   "these", "those", "both",  "all",  "our",
                                          "its",   "their", "his",   "her",   "any",  "every",
                                          "first", "last",  "next",  "other", "past", "top"};
    uint32_t before = value->outer_first;
    if (before == 0 || doc->tokens.at[before - 1].sentence != doc->tokens.at[before].sentence)
        return false;
    for (size_t i = 0; i < sizeof s_words / sizeof *s_words; i++)
        if (wx_token_is(doc, before - 1, s_words[i]))
            return true;
    bool name = value->noun_end > value->noun_first && before > 0 &&
                (doc->tokens.at[value->first].shape & WX_SHAPE_UPPER) &&
                (doc->tokens.at[value->noun_first].shape & WX_SHAPE_UPPER);
    return name || (doc->tokens.at[before - 1].shape & WX_SHAPE_OPEN) ||
           doc->tokens.at[before - 1].upos == WX_UPOS_PART;
}

/* What can be asked of a value beside its type. */
static uint32_t s_value_traits(const wx_doc_t *doc, const wx_value_t *value)
{
    uint32_t mask = wx_value_mask(value);
    bool counts = (value->type == WX_VALUE_QUANTITY || value->type == WX_VALUE_NUMBER) &&
                  (value->noun_end > value->noun_first || value->unit.size == 0);
    if (counts && value->number.exponent == 0 && value->number.digits < 10 &&
        (value->number.digits < 2 || value->unit.size == 0 || s_known(doc, value)))
        mask |= WX_IS_SMALL;
    if (value->flags & WX_VALUE_DURATION)
        mask |= WX_IS_DURATION;
    if (value->flags & (WX_VALUE_RATE | WX_VALUE_PER))
        mask |= WX_IS_RATE;
    if (value->flags & WX_VALUE_DEADLINE)
        mask |= WX_IS_DEADLINE;
    return mask;
}

static uint32_t s_item_at_token(const wx_doc_t *doc, uint32_t sentence, uint32_t token)
{
    const wx_reading_t *r = doc->reading;
    uint32_t i = r->item_of[sentence], end = r->item_of[sentence + 1];
    while (i < end && r->items.at[i].first < token)
        i++;
    return i;
}

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
        return s_value_traits(doc, &doc->values.at[span->value]);
    if (span->entity != WX_NONE) {
        const wx_entity_t *entity = &doc->entities.at[span->entity];
        return wx_name_mask(entity->type);
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
    /* `the 2003 deficit`, `fiscal year 2003 profit`: the year is no part of it. */
    uint32_t v = measure.first < p->end ? doc->tokens.at[measure.first].value : WX_NONE;
    if (v != WX_NONE && doc->values.at[v].type >= WX_VALUE_DATE && doc->values.at[v].end < p->end)
        measure.first = doc->values.at[v].end;
    if (measure.first >= p->end)
        measure.first = p->first;
    measure.end = p->end;
    if (p->of != WX_NONE && wx_span_phrase(doc, p->of).entity == WX_NONE &&
        doc->reading->phrases.at[p->of].value == WX_NONE)
        measure.end = wx_phrase_full_end(doc, span->phrase);
    return measure;
}
