/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule at work on an article: where it stands, what its pattern has caught. Shared by the parts
 * that find (rule_pattern.c), fill (rule_source.c) and record (rule_match.c).
 */
#ifndef WX_RULE_WORK_H
#define WX_RULE_WORK_H

#include "rule.h"
#include "span.h"

typedef struct {
    wx_doc_t *doc;
    const wx_rules_t *rules;
    const wx_rule_t *rule;
    const wx_op_t *ops; /* that are run: the rule's, or those of a named pattern */
    uint32_t sentence;
    uint32_t clause; /* or WX_NONE */
    uint32_t quote;  /* or WX_NONE */
    uint32_t anchor; /* token that the match is about */
    uint32_t figure; /* the value that the rule has taken so far, or WX_NONE */
    struct {
        uint32_t first, end; /* tokens; end 0: not set */
    } captures[WX_RULE_CAPTURES];
    uint32_t match_first, match_end; /* tokens of the pattern's match */
    uint32_t said_first, said_end;   /* tokens of the content, whose dates are not the record's */
    struct wx_first {
        uint64_t kinds, words[4];
    } * first;       /* by item: what can begin with it */
    uint8_t **gates; /* by named pattern: by item, 1 it matches there, 2 it does not, 0 unknown */
    uint64_t *possible; /* by sentence: rules that it can match, as sets of the index */
    const wx_source_t *by[WX_RULE_ASSIGNS]; /* by assignment: the source that filled it */
    const wx_source_t *found_by;            /* the source that gave what was found last */
    uint8_t *used;                          /* by value: a record has it */
    uint32_t steps;
} wx_match_t;

/* Fills `first` for all items. */
void wx_pattern_firsts(wx_match_t *self);

/* Fills `possible` for all sentences; needs `first`. */
void wx_pattern_possible(wx_match_t *self);

/* May a match of the rule's pattern begin at the item? False: it cannot. */
bool wx_pattern_may_begin(const wx_match_t *self, uint32_t item);

/* Matches the rule's pattern at item i of a sentence with the items [first, end). Fills captures.
 * Returns the item behind the match, or WX_NONE. */
uint32_t wx_pattern_match(wx_match_t *self, uint32_t i, uint32_t first, uint32_t end);

/* What a source, or else one of those behind it, gives here; false: nothing. */
bool wx_source_find(wx_match_t *self, const wx_source_t *source, wx_span_t *ret_span);

/* Roles that hold a record's figure. */
bool wx_figure_role(winnow_str_t role);

#endif
