/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts in their last form: who reports them, what is said twice, and their order.
 *
 * A claim inside of what somebody says is reported by that speaker; `according to the ministry` and
 * `data from the ministry show` name the source of their sentence. Two records of a kind with the
 * same fillers in its key roles are one: the earlier stays.
 */
#include "clause.h"
#include "facts.h"
#include "rule.h"
#include "stages.h"

#include <stdlib.h>

/* The roles that say which fact it is (FACTS.md, table of kinds). */
static const char *const s_keys[WINNOW_KIND_COUNT][5] = {
    [WINNOW_KIND_INVESTMENT] = {"amount", "investor", "recipient", NULL},
    [WINNOW_KIND_STATISTIC] = {"value", "subject", "metric", NULL},
    [WINNOW_KIND_CHANGE] = {"amount", "subject", "metric", NULL},
    [WINNOW_KIND_TARGET] = {"value", "goal", "holder", NULL},
    [WINNOW_KIND_STATEMENT] = {"speaker", "content", NULL},
    [WINNOW_KIND_POSITION] = {"person", "title", NULL},
    [WINNOW_KIND_FACILITY_EVENT] = {"facility", "event", NULL},
    [WINNOW_KIND_FOUNDING] = {"entity", NULL},
    [WINNOW_KIND_AGREEMENT] = {"party", "topic", NULL},
    [WINNOW_KIND_OWNERSHIP] = {"entity", "owner", NULL},
    [WINNOW_KIND_ACQUISITION] = {"acquirer", "acquired", NULL},
    [WINNOW_KIND_LOCATION] = {"entity", "place", NULL},
    [WINNOW_KIND_GATHERING] = {"event", NULL},
};

static const wx_fillers_t *s_role(const wx_fact_t *fact, const char *name)
{
    for (uint32_t i = 0; i < fact->roles.count; i++)
        if (wx_str_is(fact->roles.at[i].name, name))
            return &fact->roles.at[i].fillers;
    return NULL;
}

/* ---- Said by whom --------------------------------------------------------------------------- */

/* Where the fact's main filler stands: of its first key role that stands in the article. */
static uint32_t s_place(const wx_fact_t *fact)
{
    for (const char *const *key = s_keys[fact->kind]; *key; key++) {
        const wx_fillers_t *fillers = s_role(fact, *key);
        if (fillers && fillers->count && fillers->at[0].start != WX_NONE)
            return fillers->at[0].start;
    }
    return fact->start;
}

/* Facts by where something of theirs stands. */
typedef struct {
    uint32_t at, fact;
} s_entry_t;

static int s_compare(const void *a, const void *b)
{
    const s_entry_t *x = a, *y = b;
    return x->at != y->at ? (x->at > y->at) - (x->at < y->at)
                          : (x->fact > y->fact) - (x->fact < y->fact);
}

/* All facts, by the place of their main filler or by their own beginning. */
static s_entry_t *s_entries(wx_doc_t *doc, bool places)
{
    s_entry_t *entries = wx_new(doc->arena, s_entry_t, doc->facts.count + 1);
    for (uint32_t i = 0; i < doc->facts.count; i++) {
        const wx_fact_t *fact = &doc->facts.at[i];
        entries[i] = (s_entry_t){places ? s_place(fact) : fact->start, i};
    }
    qsort(entries, doc->facts.count, sizeof *entries, s_compare);
    return entries;
}

/* The first entry that stands at `at` or behind it. */
static uint32_t s_entry_from(const s_entry_t *entries, uint32_t count, uint32_t at)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (entries[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static winnow_str_t s_text(const wx_doc_t *doc, const wx_filler_t *filler)
{
    return wx_filler_public(doc, filler).text;
}

static void s_from_statements(wx_doc_t *doc)
{
    uint32_t count = doc->facts.count;
    const s_entry_t *entries = s_entries(doc, true);
    for (uint32_t i = 0; i < count; i++) {
        const wx_fact_t *statement = &doc->facts.at[i];
        if (statement->kind != WINNOW_KIND_STATEMENT || statement->dropped)
            continue;
        const wx_fillers_t *speaker = s_role(statement, "speaker"),
                           *content = s_role(statement, "content");
        if (!speaker || !content)
            continue;
        winnow_str_t name = s_text(doc, &speaker->at[0]);
        for (uint32_t k = s_entry_from(entries, count, content->at[0].start);
             k < count && entries[k].at < content->at[0].end; k++) {
            wx_fact_t *fact = &doc->facts.at[entries[k].fact];
            doc->steps++;
            if (fact->kind != WINNOW_KIND_STATEMENT && fact->kind != WINNOW_KIND_POSITION &&
                fact->reported_by.size == 0)
                fact->reported_by = name;
        }
    }
}

static uint32_t s_source_of(const wx_doc_t *doc, const wx_sentence_t *sentence)
{
    const wx_reading_t *r = doc->reading;
    const wx_list_t *data = wx_rules_list(doc->model->rules, "data-nouns");
    for (uint32_t t = sentence->first; t + 2 < sentence->end; t++) {
        if (wx_token_is(doc, t, "according") && wx_token_is(doc, t + 1, "to"))
            return r->phrase_at[t + 2];
        if (data && wx_list_at(doc, data, t) && wx_token_is(doc, t + 1, "from"))
            return r->phrase_at[t + 2];
    }
    return WX_NONE;
}

static void s_from_sources(wx_doc_t *doc)
{
    uint32_t count = doc->facts.count;
    const s_entry_t *entries = s_entries(doc, false);
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        const wx_sentence_t *sentence = &doc->sentences.at[s];
        uint32_t p = s_source_of(doc, sentence);
        if (p == WX_NONE)
            continue;
        const wx_phrase_t *phrase = &doc->reading->phrases.at[p];
        uint32_t entity = phrase->name != WX_NONE ? doc->names.at[phrase->name].entity : WX_NONE;
        winnow_str_t name = entity != WX_NONE ? doc->entities.at[entity].text
                                              : wx_doc_words(doc, wx_phrase_bare(doc, p),
                                                             wx_phrase_full_end(doc, p));
        for (uint32_t k = s_entry_from(entries, count, sentence->start_byte);
             k < count && entries[k].at < sentence->end_byte; k++) {
            wx_fact_t *fact = &doc->facts.at[entries[k].fact];
            doc->steps++;
            if (fact->kind != WINNOW_KIND_STATEMENT && fact->kind != WINNOW_KIND_POSITION &&
                fact->reported_by.size == 0 && fact->end <= sentence->end_byte)
                fact->reported_by = name;
        }
    }
}

/* ---- Doubles -------------------------------------------------------------------------------- */

static bool s_same_filler(wx_doc_t *doc, const wx_filler_t *a, const wx_filler_t *b)
{
    if (a->value != WX_NONE && b->value != WX_NONE)
        return a->value == b->value;
    if (a->entity != WX_NONE && b->entity != WX_NONE)
        return a->entity == b->entity;
    winnow_str_t x = s_text(doc, a), y = s_text(doc, b);
    if (a->type != WINNOW_TYPE_TEXT)
        return wx_str_equal(x, y);
    /* `Western President`, later `president` */
    if (y.size > x.size) {
        winnow_str_t longer = y;
        y = x;
        x = longer;
    }
    if (y.size + 1 < x.size && x.data[x.size - y.size - 1] == ' ')
        x = (winnow_str_t){x.data + (x.size - y.size), y.size};
    return wx_str_equal(wx_str_lower(doc->arena, x), wx_str_lower(doc->arena, y));
}

static bool s_ends_with(winnow_str_t text, winnow_str_t end)
{
    return text.size > end.size && text.data[text.size - end.size - 1] == ' ' &&
           memcmp(text.data + (text.size - end.size), end.data, end.size) == 0;
}

/* `the Harlow Book Fair`, later `the fair`: one gathering, unless they have two dates. */
static bool s_same_gathering(wx_doc_t *doc, const wx_fact_t *a, const wx_fact_t *b)
{
    const wx_fillers_t *x = s_role(a, "event"), *y = s_role(b, "event");
    if (!x || !y)
        return false;
    winnow_str_t name = s_text(doc, &x->at[0]), again = s_text(doc, &y->at[0]);
    if (!wx_str_equal(name, again) && !s_ends_with(name, again) && !s_ends_with(again, name))
        return false;
    const wx_fillers_t *when = s_role(a, "date"), *then = s_role(b, "date");
    return !when || !then || s_same_filler(doc, &when->at[0], &then->at[0]);
}

static bool s_same(wx_doc_t *doc, const wx_fact_t *a, const wx_fact_t *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == WINNOW_KIND_GATHERING)
        return s_same_gathering(doc, a, b);
    bool any = false;
    for (const char *const *key = s_keys[a->kind]; *key; key++) {
        const wx_fillers_t *x = s_role(a, *key), *y = s_role(b, *key);
        if (!x != !y)
            return false;
        if (!x)
            continue;
        if (!s_same_filler(doc, &x->at[0], &y->at[0]))
            return false;
        any = true;
    }
    return any;
}

/* What the later record of a post says beside what both say. */
static void s_complete(wx_doc_t *doc, wx_fact_t *to, const wx_fact_t *from)
{
    if (to->kind != WINNOW_KIND_POSITION || s_role(to, "organisation"))
        return;
    for (uint32_t i = 0; i < from->roles.count; i++)
        if (wx_str_is(from->roles.at[i].name, "organisation"))
            *wx_push(doc->arena, &to->roles) = from->roles.at[i];
}

static void s_doubles(wx_doc_t *doc)
{
    for (uint32_t i = 1; i < doc->facts.count; i++) {
        uint32_t from = i > 200 ? i - 200 : 0;
        for (uint32_t k = from; k < i && !doc->facts.at[i].dropped; k++)
            if (!doc->facts.at[k].dropped && s_same(doc, &doc->facts.at[k], &doc->facts.at[i])) {
                doc->facts.at[i].dropped = 1;
                s_complete(doc, &doc->facts.at[k], &doc->facts.at[i]);
            }
    }
}

/* ---- Order ---------------------------------------------------------------------------------- */

static bool s_before(const wx_fact_t *a, const wx_fact_t *b)
{
    if (a->start != b->start)
        return a->start < b->start;
    uint32_t x = s_place(a), y = s_place(b);
    if (x != y)
        return x < y;
    return a->kind < b->kind;
}

/* A merge sort: stable, and linear in what is sorted already. */
static void s_sort(wx_doc_t *doc)
{
    uint32_t count = doc->facts.count;
    wx_fact_t *from = doc->facts.at, *to = wx_new(doc->arena, wx_fact_t, count + 1);
    for (uint32_t width = 1; width < count; width *= 2) {
        for (uint32_t low = 0; low < count; low += 2 * width) {
            uint32_t middle = low + width < count ? low + width : count;
            uint32_t high = low + 2 * width < count ? low + 2 * width : count;
            uint32_t i = low, k = middle;
            for (uint32_t at = low; at < high; at++)
                to[at] = i < middle && (k >= high || !s_before(&from[k], &from[i])) ? from[i++]
                                                                                    : from[k++];
        }
        wx_fact_t *swap = from;
        from = to;
        to = swap;
    }
    doc->facts.at = from;
    doc->facts.capacity = count;
}

void wx_assemble(wx_doc_t *doc)
{
    s_from_statements(doc);
    s_from_sources(doc);
    s_sort(doc);
    s_doubles(doc);
}
