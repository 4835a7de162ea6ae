/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Units left out: what a bare number counts when the sentence says it elsewhere.
 *
 *     The number of farms has grown to 5,686           what there is a number of
 *     Its workforce shrank to 9,000                    whom the word stands for (lexicon)
 *     It employs 450 people, up from 380 in 2019       what was counted before
 *     At least 49 have died                            who dies or is hurt is a person
 *
 * Runs when clauses are known, so that the subject of a number is.
 */
#include "clause.h"
#include "rule.h"
#include "stages.h"
#include "words.h"

static bool s_any(const wx_doc_t *doc, uint32_t token, const char *const *words)
{
    for (; *words; words++)
        if (wx_token_is(doc, token, *words))
            return true;
    return false;
}

/* One of what the plural at this token names: `farms` is `farm`. */
static winnow_str_t s_one(wx_doc_t *doc, uint32_t token)
{
    const wx_word_t *irregular = wx_word_at(doc, token, token + 1, WX_WORD_PLURAL);
    if (irregular)
        return irregular->text;
    return doc->tokens.at[token].name == WX_NONE ? wx_token_lemma(doc, token)
                                                 : wx_token_form(doc, token);
}

/* What a phrase says that it counts: `the number of farms`, `its workforce`; empty: nothing. */
static winnow_str_t s_of_phrase(wx_doc_t *doc, uint32_t phrase, uint32_t *ret_first,
                                uint32_t *ret_end)
{
    static const char *const s_numbers[] = {"number", "numbers", "total", "count", "tally", NULL};
    if (phrase == WX_NONE)
        return WX_STR("");
    const wx_phrase_t *p = &doc->reading->phrases.at[phrase];
    const wx_word_t *as = wx_word_at(doc, p->head, p->head + 1, WX_WORD_COUNTED_AS);
    *ret_first = *ret_end = p->head;
    if (as)
        return as->text;
    if (p->of == WX_NONE || !s_any(doc, p->head, s_numbers))
        return WX_STR("");
    const wx_phrase_t *of = &doc->reading->phrases.at[p->of];
    if (of->value != WX_NONE || of->pronoun)
        return WX_STR("");
    return s_one(doc, of->head);
}

/* Are those that the number counts hurt or killed in the clause? */
static bool s_victims(const wx_doc_t *doc, uint32_t clause, const wx_value_t *value)
{
    static const char *const s_lists[] = {"harming", "perishing"};
    const wx_reading_t *r = doc->reading;
    const wx_clause_t *c = &r->clauses.at[clause];
    uint32_t phrase = r->phrase_at[value->first];
    if (phrase == WX_NONE || (phrase != c->subject && phrase != wx_clause_object(doc, clause)))
        return false;
    for (size_t i = 0; i < sizeof s_lists / sizeof *s_lists; i++) {
        const wx_list_t *list = wx_rules_list(doc->model->rules, s_lists[i]);
        if (list && wx_list_verb(doc, list, c))
            return true;
    }
    return false;
}

/* Does the number stand alone, as one that goes up or down or is compared does? */
static bool s_alone(const wx_doc_t *doc, const wx_value_t *value, const wx_sentence_t *sentence)
{
    static const char *const s_before[] = {
        "from",    "to",       "than",     "against", "with",     "another",   "further",
        "killing", "wounding", "injuring", "leaving", "totaling", "totalling", NULL};
    uint32_t first = value->outer_first < value->first ? value->outer_first : value->first;
    uint32_t end = value->outer_end > value->end ? value->outer_end : value->end;
    if (first <= sentence->first || !s_any(doc, first - 1, s_before))
        return false;
    if (end >= sentence->end)
        return true;
    uint8_t upos = doc->tokens.at[end].upos;
    return upos == WX_UPOS_PUNCT || upos == WX_UPOS_ADP || upos == WX_UPOS_AUX ||
           upos == WX_UPOS_CCONJ || upos == WX_UPOS_VERB || upos == WX_UPOS_SCONJ ||
           (doc->tokens.at[end].value != WX_NONE &&
            doc->values.at[doc->tokens.at[end].value].type >= WX_VALUE_DATE);
}

static void s_left_out(wx_doc_t *doc, wx_value_t *value, const wx_value_t *before)
{
    const wx_sentence_t *sentence = &doc->sentences.at[doc->tokens.at[value->first].sentence];
    uint32_t clause = wx_clause_around(doc, value->first), first = 0, end = 0;
    winnow_str_t unit = WX_STR("");
    if (clause != WX_NONE) {
        unit = s_of_phrase(doc, doc->reading->clauses.at[clause].subject, &first, &end);
        if (unit.size == 0)
            unit = s_of_phrase(doc, wx_clause_object(doc, clause), &first, &end);
    }
    if (unit.size == 0 && before && s_alone(doc, value, sentence)) {
        unit = before->unit;
        first = before->noun_first;
        end = before->noun_end;
    }
    if (unit.size == 0 && clause != WX_NONE && s_victims(doc, clause, value))
        unit = WX_STR("person");
    if (unit.size == 0)
        return;
    value->type = WX_VALUE_QUANTITY;
    value->unit = unit;
    value->noun_first = first;
    value->noun_end = end;
}

void wx_count_left(wx_doc_t *doc)
{
    const wx_value_t *before = NULL;
    uint32_t sentence = WX_NONE;
    for (uint32_t i = 0; i < doc->values.count; i++) {
        wx_value_t *value = &doc->values.at[i];
        if (doc->tokens.at[value->first].sentence != sentence)
            before = NULL;
        sentence = doc->tokens.at[value->first].sentence;
        if (value->type == WX_VALUE_NUMBER && !(value->flags & WX_VALUE_AGE))
            s_left_out(doc, value, before);
        if (value->type == WX_VALUE_QUANTITY && value->noun_end > value->noun_first)
            before = value;
    }
}
