/* SPDX-License-Identifier: Apache-2.0 */
#include "fact_json.h"

#include "facts.h"
#include "json.h"

static void s_equivalents(wx_json_t *json, const winnow_equivalent_t *at, size_t count)
{
    if (!count)
        return;
    wx_json_open_list(json, WX_STR("equivalent"));
    for (size_t i = 0; i < count; i++) {
        wx_json_open_map(json, NULL);
        wx_json_decimal(json, "number", at[i].number);
        wx_json_string(json, "unit", at[i].unit);
        wx_json_close_map(json);
    }
    wx_json_close_list(json);
}

/* Number, unit, bound, equivalents: the part that fillers and values share. */
static void s_number(wx_json_t *json, const winnow_filler_t *filler)
{
    wx_json_decimal(json, "number", filler->number);
    if (filler->has_high)
        wx_json_decimal(json, "high", filler->high);
    if (filler->unit.size)
        wx_json_string(json, "unit", filler->unit);
    wx_json_string(json, "bound", wx_str_from(winnow_bound_name(filler->bound)));
    s_equivalents(json, filler->equivalents, filler->equivalent_count);
}

static void s_filler(wx_json_t *json, const winnow_filler_t *filler)
{
    wx_json_open_map(json, NULL);
    wx_json_string(json, "text", filler->text);
    wx_json_string(json, "type", wx_str_from(winnow_type_name(filler->type)));
    if (filler->has_number)
        s_number(json, filler);
    if (filler->value.size)
        wx_json_string(json, "value", filler->value);
    if (filler->start != WINNOW_NOWHERE) {
        wx_json_integer(json, "start", (long long)filler->start);
        wx_json_integer(json, "end", (long long)filler->end);
    }
    wx_json_close_map(json);
}

static void s_roles(wx_json_t *json, const winnow_fact_t *fact)
{
    wx_json_open_map(json, "roles");
    for (size_t r = 0; r < fact->role_count; r++) {
        wx_json_open_list(json, fact->roles[r].name);
        for (size_t i = 0; i < fact->roles[r].filler_count; i++)
            s_filler(json, &fact->roles[r].fillers[i]);
        wx_json_close_list(json);
    }
    wx_json_close_map(json);
}

static void s_evidence(wx_json_t *json, const winnow_fact_t *fact, winnow_str_t text)
{
    wx_json_open_map(json, "evidence");
    wx_json_integer(json, "start", (long long)fact->start);
    wx_json_integer(json, "end", (long long)fact->end);
    wx_json_string(json, "text", (winnow_str_t){text.data + fact->start, fact->end - fact->start});
    wx_json_close_map(json);
}

winnow_str_t wx_fact_json(wx_arena_t *arena, const winnow_fact_t *fact, winnow_str_t text)
{
    wx_json_t *json = wx_json_new(arena);
    wx_json_open_map(json, NULL);
    wx_json_string(json, "kind", wx_str_from(winnow_kind_name(fact->kind)));
    wx_json_string(json, "modality", wx_str_from(winnow_modality_name(fact->modality)));
    if (fact->reported_by.size)
        wx_json_string(json, "reported_by", fact->reported_by);
    else
        wx_json_null(json, "reported_by");
    s_roles(json, fact);
    s_evidence(json, fact, text);
    if (fact->confidence >= 0)
        wx_json_decimal(json, "confidence", (winnow_decimal_t){fact->confidence / 10, -2});
    if (fact->rule.size)
        wx_json_string(json, "rule", fact->rule);
    wx_json_close_map(json);
    return wx_json_text(json);
}

static const char *s_value_word(wx_value_type_t type)
{
    static const char *const s_words[] = {
        [WX_VALUE_NUMBER] = "number",     [WX_VALUE_ORDINAL] = "ordinal",
        [WX_VALUE_QUANTITY] = "quantity", [WX_VALUE_MONEY] = "money",
        [WX_VALUE_PERCENT] = "percent",   [WX_VALUE_MULTIPLE] = "quantity",
        [WX_VALUE_DATE] = "date",         [WX_VALUE_PERIOD] = "period",
    };
    return s_words[type];
}

static winnow_str_t s_value(wx_doc_t *doc, uint32_t index)
{
    const wx_value_t *v = &doc->values.at[index];
    uint32_t end = v->noun_end > v->outer_end ? v->noun_end : v->outer_end;
    wx_filler_t filler = {WINNOW_TYPE_QUANTITY,
                          {"", 0},
                          doc->tokens.at[v->outer_first].start,
                          doc->tokens.at[end - 1].end,
                          index,
                          WX_NONE,
                          NULL};
    winnow_filler_t form = wx_filler_public(doc, &filler);
    wx_json_t *json = wx_json_new(doc->arena);
    wx_json_open_map(json, NULL);
    wx_json_string(json, "type", wx_str_from(s_value_word(v->type)));
    wx_json_string(json, "text", form.text);
    wx_json_integer(json, "start", (long long)form.start);
    wx_json_integer(json, "end", (long long)form.end);
    if (form.has_number)
        s_number(json, &form);
    if (form.value.size)
        wx_json_string(json, "value", form.value);
    wx_json_close_map(json);
    return wx_json_text(json);
}

winnow_str_t wx_values_json(wx_doc_t *doc)
{
    winnow_str_t *lines = wx_new(doc->arena, winnow_str_t, doc->values.count);
    size_t size = 0;
    for (uint32_t i = 0; i < doc->values.count; i++) {
        if (doc->values.at[i].type == WX_VALUE_ORDINAL)
            continue;
        lines[i] = s_value(doc, i);
        size += lines[i].size + 1;
    }
    char *out = wx_new(doc->arena, char, size + 1), *to = out;
    for (uint32_t i = 0; i < doc->values.count; i++) {
        if (lines[i].size == 0)
            continue;
        memcpy(to, lines[i].data, lines[i].size);
        to += lines[i].size;
        *to++ = '\n';
    }
    return (winnow_str_t){out, size};
}
