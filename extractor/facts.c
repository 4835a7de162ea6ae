/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packing: the public form of every fact is made in the document's arena first, with its JSON; then
 * two rounds over it, one that counts bytes and one that copies them, give one block.
 */
#include "facts.h"

#include "fact_json.h"

#include <stdlib.h>

struct winnow_facts {
    size_t count;
    winnow_fact_t *facts; /* in the same block, as is all that they point to */
};

static const char *const s_kinds[WINNOW_KIND_COUNT] = {
    [WINNOW_KIND_INVESTMENT] = "investment",
    [WINNOW_KIND_STATISTIC] = "statistic",
    [WINNOW_KIND_CHANGE] = "change",
    [WINNOW_KIND_TARGET] = "target",
    [WINNOW_KIND_STATEMENT] = "statement",
    [WINNOW_KIND_POSITION] = "position",
    [WINNOW_KIND_FACILITY_EVENT] = "facility_event",
    [WINNOW_KIND_FOUNDING] = "founding",
    [WINNOW_KIND_AGREEMENT] = "agreement",
    [WINNOW_KIND_OWNERSHIP] = "ownership",
    [WINNOW_KIND_ACQUISITION] = "acquisition",
    [WINNOW_KIND_LOCATION] = "location",
    [WINNOW_KIND_GATHERING] = "gathering",
};

static const char *const s_modalities[WINNOW_MODALITY_COUNT] = {
    "actual", "planned", "target", "forecast", "possible", "negated",
};

static const char *const s_types[WINNOW_TYPE_COUNT] = {
    "person",   "organisation", "place",   "facility", "event", "thing",
    "quantity", "money",        "percent", "date",     "enum",  "text",
};

static const char *const s_bounds[WINNOW_BOUND_COUNT] = {
    "exact", "about", "more_than", "less_than", "at_least", "at_most", "range",
};

const char *winnow_kind_name(winnow_kind_t kind)
{
    return (unsigned)kind < WINNOW_KIND_COUNT ? s_kinds[kind] : "";
}

const char *winnow_modality_name(winnow_modality_t modality)
{
    return (unsigned)modality < WINNOW_MODALITY_COUNT ? s_modalities[modality] : "";
}

const char *winnow_type_name(winnow_type_t type)
{
    return (unsigned)type < WINNOW_TYPE_COUNT ? s_types[type] : "";
}

const char *winnow_bound_name(winnow_bound_t bound)
{
    return (unsigned)bound < WINNOW_BOUND_COUNT ? s_bounds[bound] : "";
}

size_t winnow_facts_count(const winnow_facts_t *self)
{
    return self->count;
}

const winnow_fact_t *winnow_facts_at(const winnow_facts_t *self, size_t index)
{
    return &self->facts[index];
}

void winnow_facts_destroy(winnow_facts_t **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

wx_fillers_t *wx_fact_role(wx_doc_t *doc, wx_fact_t *fact, const char *name)
{
    for (uint32_t i = 0; i < fact->roles.count; i++)
        if (wx_str_is(fact->roles.at[i].name, name))
            return &fact->roles.at[i].fillers;
    wx_role_t *role = wx_push(doc->arena, &fact->roles);
    role->name = wx_str_from(name);
    return &role->fillers;
}

static wx_filler_t *s_add(wx_doc_t *doc, wx_fact_t *fact, const char *role, wx_filler_t filler)
{
    wx_fillers_t *fillers = wx_fact_role(doc, fact, role);
    wx_filler_t *added = wx_push(doc->arena, fillers);
    *added = filler;
    return added;
}

wx_filler_t *wx_fact_add_text(wx_doc_t *doc, wx_fact_t *fact, const char *role, winnow_type_t type,
                              uint32_t start, uint32_t end)
{
    wx_filler_t filler = {type, {"", 0}, start, end, WX_NONE, WX_NONE, NULL};
    return s_add(doc, fact, role, filler);
}

static winnow_type_t s_value_type(wx_value_type_t type)
{
    switch (type) {
    case WX_VALUE_MONEY:
        return WINNOW_TYPE_MONEY;
    case WX_VALUE_PERCENT:
        return WINNOW_TYPE_PERCENT;
    case WX_VALUE_DATE:
    case WX_VALUE_PERIOD:
        return WINNOW_TYPE_DATE;
    case WX_VALUE_NUMBER:
    case WX_VALUE_ORDINAL:
    case WX_VALUE_QUANTITY:
    case WX_VALUE_MULTIPLE:
    case WX_VALUE_COUNT:
        break;
    }
    return WINNOW_TYPE_QUANTITY;
}

wx_filler_t *wx_fact_add_value(wx_doc_t *doc, wx_fact_t *fact, const char *role, uint32_t value)
{
    const wx_value_t *v = &doc->values.at[value];
    uint32_t end = v->noun_end > v->outer_end ? v->noun_end : v->outer_end;
    wx_filler_t filler = {s_value_type(v->type),
                          {"", 0},
                          doc->tokens.at[v->outer_first].start,
                          doc->tokens.at[end - 1].end,
                          value,
                          WX_NONE,
                          NULL};
    return s_add(doc, fact, role, filler);
}

wx_filler_t *wx_fact_add_entity(wx_doc_t *doc, wx_fact_t *fact, const char *role, uint32_t entity,
                                uint32_t start, uint32_t end)
{
    wx_filler_t filler = {
        doc->entities.at[entity].type, {"", 0}, start, end, WX_NONE, entity, NULL};
    return s_add(doc, fact, role, filler);
}

wx_filler_t *wx_fact_add_enum(wx_doc_t *doc, wx_fact_t *fact, const char *role, const char *word)
{
    wx_filler_t filler = {WINNOW_TYPE_ENUM, wx_str_from(word), WX_NONE, WX_NONE,
                          WX_NONE,          WX_NONE,           NULL};
    return s_add(doc, fact, role, filler);
}

winnow_filler_t wx_filler_public(const wx_doc_t *doc, const wx_filler_t *filler)
{
    bool placed = filler->start != WX_NONE;
    winnow_filler_t out = {.type = filler->type,
                           .text = filler->text,
                           .start = placed ? filler->start : WINNOW_NOWHERE,
                           .end = placed ? filler->end : WINNOW_NOWHERE};
    if (out.text.size == 0 && filler->entity != WX_NONE)
        out.text = doc->entities.at[filler->entity].text;
    if (out.text.size == 0 && placed)
        out.text = wx_doc_slice(doc, filler->start, filler->end);
    if (filler->value == WX_NONE)
        return out;
    const wx_value_t *v = &doc->values.at[filler->value];
    if (v->type == WX_VALUE_DATE || v->type == WX_VALUE_PERIOD) {
        out.value = v->value;
        return out;
    }
    out.has_number = true;
    out.number = v->number;
    out.has_high = v->has_high;
    out.high = v->high;
    out.bound = v->bound;
    out.unit = v->unit;
    out.equivalents = v->equivalents;
    out.equivalent_count = v->equivalent_count;
    return out;
}

static winnow_fact_t s_public(wx_doc_t *doc, const wx_fact_t *fact)
{
    winnow_role_t *roles = wx_new(doc->arena, winnow_role_t, fact->roles.count);
    for (uint32_t r = 0; r < fact->roles.count; r++) {
        const wx_role_t *from = &fact->roles.at[r];
        winnow_filler_t *fillers = wx_new(doc->arena, winnow_filler_t, from->fillers.count);
        for (uint32_t i = 0; i < from->fillers.count; i++)
            fillers[i] = wx_filler_public(doc, &from->fillers.at[i]);
        roles[r] = (winnow_role_t){from->name, fillers, from->fillers.count};
    }
    return (winnow_fact_t){.kind = fact->kind,
                           .modality = fact->modality,
                           .reported_by = fact->reported_by,
                           .roles = roles,
                           .role_count = fact->roles.count,
                           .start = fact->start,
                           .end = fact->end,
                           .confidence = fact->confidence,
                           .rule = fact->rule};
}

/* A block that is filled from the front; without a block it only counts. */
typedef struct {
    char *block;
    size_t used;
} s_block_t;

static void *s_put(s_block_t *to, const void *data, size_t size, size_t align)
{
    to->used = (to->used + align - 1) / align * align;
    void *at = to->block ? to->block + to->used : NULL;
    if (at && size)
        memcpy(at, data, size);
    to->used += size;
    return at;
}

static winnow_str_t s_put_str(s_block_t *to, winnow_str_t text)
{
    const char *at = s_put(to, text.data, text.size, 1);
    return (winnow_str_t){at ? at : "", text.size};
}

static void s_put_filler(s_block_t *to, winnow_filler_t *copy, const winnow_filler_t *from)
{
    winnow_str_t text = s_put_str(to, from->text), unit = s_put_str(to, from->unit);
    winnow_str_t value = s_put_str(to, from->value);
    winnow_equivalent_t *equivalents =
        s_put(to, from->equivalents, from->equivalent_count * sizeof *from->equivalents,
              _Alignof(winnow_equivalent_t));
    for (size_t i = 0; i < from->equivalent_count; i++) {
        winnow_str_t of = s_put_str(to, from->equivalents[i].unit);
        if (equivalents)
            equivalents[i].unit = of;
    }
    if (copy) {
        copy->text = text;
        copy->unit = unit;
        copy->value = value;
        copy->equivalents = equivalents;
    }
}

static void s_put_fact(s_block_t *to, winnow_fact_t *copy, const winnow_fact_t *from)
{
    winnow_str_t reported_by = s_put_str(to, from->reported_by);
    winnow_str_t rule = s_put_str(to, from->rule), json = s_put_str(to, from->json);
    winnow_role_t *roles =
        s_put(to, from->roles, from->role_count * sizeof *from->roles, _Alignof(winnow_role_t));
    for (size_t r = 0; r < from->role_count; r++) {
        const winnow_role_t *role = &from->roles[r];
        winnow_str_t name = s_put_str(to, role->name);
        winnow_filler_t *fillers =
            s_put(to, role->fillers, role->filler_count * sizeof *role->fillers,
                  _Alignof(winnow_filler_t));
        for (size_t i = 0; i < role->filler_count; i++)
            s_put_filler(to, fillers ? &fillers[i] : NULL, &role->fillers[i]);
        if (roles) {
            roles[r].name = name;
            roles[r].fillers = fillers;
        }
    }
    if (copy) {
        copy->reported_by = reported_by;
        copy->rule = rule;
        copy->json = json;
        copy->roles = roles;
    }
}

static winnow_facts_t *s_put_all(s_block_t *to, const winnow_fact_t *facts, size_t count)
{
    winnow_facts_t head = {.count = count};
    winnow_facts_t *self = s_put(to, &head, sizeof head, _Alignof(winnow_facts_t));
    winnow_fact_t *copies = s_put(to, facts, count * sizeof *facts, _Alignof(winnow_fact_t));
    for (size_t i = 0; i < count; i++)
        s_put_fact(to, copies ? &copies[i] : NULL, &facts[i]);
    if (self)
        self->facts = copies;
    return self;
}

winnow_facts_t *wx_facts_pack(wx_doc_t *doc)
{
    winnow_fact_t *facts = wx_new(doc->arena, winnow_fact_t, doc->facts.count);
    size_t count = 0;
    for (uint32_t i = 0; i < doc->facts.count; i++) {
        if (doc->facts.at[i].dropped)
            continue;
        winnow_fact_t *fact = &facts[count++];
        *fact = s_public(doc, &doc->facts.at[i]);
        fact->json = wx_fact_json(doc->arena, fact, doc->text);
    }
    s_block_t block = {NULL, 0};
    s_put_all(&block, facts, count);
    block.block = malloc(block.used);
    if (!block.block)
        return NULL;
    block.used = 0;
    return s_put_all(&block, facts, count);
}
