/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Modality: what the verb of a clause and those that govern it say of its being so.
 */
#include "modality.h"

#include "model.h"
#include "rule.h"

/* What the verb itself says: to aim is a target, to plan is planned. */
winnow_modality_t wx_modality_own(const wx_doc_t *doc, uint32_t clause)
{
    if (clause == WX_NONE)
        return WINNOW_MODALITY_ACTUAL;
    const wx_clause_t *c = &doc->reading->clauses.at[clause];
    if (wx_list_verb(doc, wx_known(doc, WX_LIST_FORECASTING), c))
        return WINNOW_MODALITY_FORECAST;
    if (wx_list_verb(doc, wx_known(doc, WX_LIST_PLANNING), c))
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
        if (depth == 0 && !(c->flags & WX_CLAUSE_PASSIVE) &&
            wx_list_verb(doc, wx_known(doc, WX_LIST_EXPECTING_THINGS), c) &&
            wx_clause_object(doc, clause) != WX_NONE)
            return wx_modality_own(doc, clause);
        if (depth > 0 && wx_list_verb(doc, wx_known(doc, WX_LIST_FORECASTING), c))
            return WINNOW_MODALITY_FORECAST;
        if (depth > 0 && wx_list_verb(doc, wx_known(doc, WX_LIST_AIMING), c))
            return WINNOW_MODALITY_TARGET;
        if (c->flags & (WX_CLAUSE_FUTURE | WX_CLAUSE_SHOULD))
            return WINNOW_MODALITY_PLANNED;
        if (depth > 0 && wx_list_verb(doc, wx_known(doc, WX_LIST_PLANNING), c))
            return WINNOW_MODALITY_PLANNED;
        if ((c->flags & WX_CLAUSE_INFINITIVE) && c->first > 0) {
            uint32_t p = r->phrase_at[c->first - 1];
            if (wx_list_at(doc, wx_known(doc, WX_LIST_SCHEDULING), c->first - 1))
                return WINNOW_MODALITY_PLANNED;
            if (wx_list_at(doc, wx_known(doc, WX_LIST_LIKELY), c->first - 1))
                return WINNOW_MODALITY_FORECAST;
            if (p != WX_NONE &&
                wx_list_at(doc, wx_known(doc, WX_LIST_PLAN_NOUNS), r->phrases.at[p].head))
                return WINNOW_MODALITY_PLANNED;
            if (p != WX_NONE &&
                wx_list_at(doc, wx_known(doc, WX_LIST_AIM_NOUNS), r->phrases.at[p].head))
                return WINNOW_MODALITY_TARGET;
        }
        if (!(c->flags & (WX_CLAUSE_INFINITIVE | WX_CLAUSE_GERUND)))
            break;
        clause = c->parent;
    }
    return WINNOW_MODALITY_ACTUAL;
}
