/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words in lists: the look-ups by lemma and by form, and of entries of several words.
 */
#include "clause.h"
#include "rule.h"

bool wx_word_is(const wx_doc_t *doc, uint32_t token, wx_id_t id)
{
    const wx_token_t *t = &doc->tokens.at[token];
    return t->lower == id || t->lemma == id;
}

/* Most words are kept out by this. */
static bool s_may_hold(const wx_list_t *list, wx_id_t id)
{
    uint32_t bit = wx_first_bit(id);
    return list->firsts[bit >> 6] >> (bit & 63) & 1;
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
    if (id == 0 || !s_may_hold(list, id))
        return 0;
    for (uint32_t i = s_lower_bound(list, id); i < list->count && list->at[i].words[0] == id; i++) {
        uint32_t j = 1;
        while (j < list->at[i].count && token + j < doc->tokens.count &&
               doc->tokens.at[token + j].sentence == doc->tokens.at[token].sentence &&
               wx_word_is(doc, token + j, list->at[i].words[j]))
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
    if (!s_may_hold(list, id))
        return false;
    for (uint32_t i = s_lower_bound(list, id); i < list->count && list->at[i].words[0] == id; i++) {
        if (list->at[i].count == 1)
            return true;
        for (uint32_t t = clause->verb + 1; t < clause->verb + 5 && t < clause->reach; t++)
            if (wx_word_is(doc, t, list->at[i].words[1]))
                return true;
    }
    return false;
}
