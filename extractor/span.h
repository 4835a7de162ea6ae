/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a rule's sources find: a span of the article with what is known of it. Used by the rules and
 * by the stages that fill facts beside them.
 */
#ifndef WX_SPAN_H
#define WX_SPAN_H

#include "rule.h"

typedef struct {
    uint32_t first, end; /* tokens; equal: nothing stands there */
    uint32_t phrase;     /* or WX_NONE */
    uint32_t value;      /* or WX_NONE */
    uint32_t entity;     /* whom it names or refers to, or WX_NONE */
    winnow_str_t word;   /* an enum */
    winnow_str_t text;   /* instead of the bytes, or empty */
} wx_span_t;

/* A phrase as a span: resolved, without determiners, with its `of` phrases. */
wx_span_t wx_span_phrase(const wx_doc_t *doc, uint32_t phrase);

/* Tokens as a span: a name, a value, or just words. */
wx_span_t wx_span_tokens(const wx_doc_t *doc, uint32_t first, uint32_t end);

/* What it is: WX_IS_…; a name of this type; a value, without what else can be asked of it. */
uint32_t wx_span_mask(const wx_doc_t *doc, const wx_span_t *span);
uint32_t wx_name_mask(winnow_type_t type);
uint32_t wx_value_mask(const wx_value_t *value);

/* Appends it to a role of a fact. `role` is a constant. */
void wx_span_fill(wx_doc_t *doc, wx_fact_t *fact, winnow_str_t role, const wx_span_t *span);

/* Possessor or owner of a phrase, and the phrase without it; false: there is none. */
bool wx_span_owner(const wx_doc_t *doc, const wx_span_t *span, wx_span_t *ret_owner);
wx_span_t wx_span_measure(const wx_doc_t *doc, const wx_span_t *span);

/* The clause that a verb of saying or of aiming governs: its words. */
bool wx_span_complement(wx_doc_t *doc, uint32_t clause, wx_span_t *ret_span);

/* Cuts marks at both ends; false: nothing is left. */
bool wx_span_trim(const wx_doc_t *doc, wx_span_t *span);

/* Has the stretch of tokens a verb of its own? */
bool wx_has_clause(const wx_doc_t *doc, uint32_t first, uint32_t end);

/* The infinitive behind the clause's verb, without `to`. */
bool wx_span_goal(const wx_doc_t *doc, uint32_t clause, wx_span_t *ret_span);

/* Has the stretch of tokens a verb of its own? */
bool wx_has_clause(const wx_doc_t *doc, uint32_t first, uint32_t end);

/* Cuts marks at both ends; false: nothing is left. */
bool wx_span_trim(const wx_doc_t *doc, wx_span_t *span);

/* The entity that the words refer to (a name, `the company`, `it`), or WX_NONE. */
uint32_t wx_entity_at(const wx_doc_t *doc, uint32_t first, uint32_t end);

#endif
