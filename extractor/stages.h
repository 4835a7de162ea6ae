/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stages of reading, in order. extract.c calls them one after the other; each fills its part of
 * the document (doc.h) from the parts that are filled before it. None keeps anything of its own;
 * none fails, but for the arena's ceiling.
 */
#ifndef WX_STAGES_H
#define WX_STAGES_H

#include "doc.h"

/* Layout: needs text and, if given, published. Fills blocks; fills published from a stamp or a
 * dateline when it was not given. */
void wx_clean(wx_doc_t *doc);

/* Sentences: needs blocks. Fills sentences (bytes, block, class), only of readable blocks (of
 * all, when doc->whole is set), and the blocks' ranges of sentences. */
void wx_segment(wx_doc_t *doc);

/* Words: needs sentences. Fills tokens (bytes, form, lower, shape) and the sentences' ranges. */
void wx_tokenise(wx_doc_t *doc);

/* Days, months, years, periods: needs tokens and published. Fills values with dates, and the
 * tokens' `value`. */
void wx_date(wx_doc_t *doc);

/* Numbers, money, percentages, measures, multiples, without counted nouns: needs tokens and the
 * dates. Adds to values, which are sorted then, and fills the tokens' `value`. */
void wx_quantity(wx_doc_t *doc);

/* Parts of speech and lemmas: needs tokens and values. Fills upos, fine and lemma. */
void wx_tag(wx_doc_t *doc);

/* Words that taggers take for nouns instead of verbs, and the other way round: needs what wx_tag()
 * fills, and puts it right. */
void wx_retag(wx_doc_t *doc);

/* Counted nouns: needs values and, if there is one, upos. Makes bare numbers that count something
 * quantities, and fills unit, noun_first, noun_end and head. */
void wx_count(wx_doc_t *doc);

/* Names: needs tokens, upos, values. Fills names (without entities) and the tokens' `name`. */
void wx_name(wx_doc_t *doc);

/* Trees: needs tokens, values, names, what wx_tag() fills. Makes ready for them; with all_trees set
 * fills units, head and deprel of units and all tokens, and the relations that trees imply (edges),
 * else the stages behind ask for the trees that they need (tree.h). */
void wx_parse(wx_doc_t *doc);

/* Phrases and clauses: needs tokens, values, names and, where there is one, the tree. Fills
 * reading. */
void wx_clause(wx_doc_t *doc);

/* Units left out: needs clauses. Makes bare numbers quantities whose unit the sentence says
 * elsewhere. */
void wx_count_left(wx_doc_t *doc);

/* Quotations: needs tokens and names. Fills quotes (with speakers as words, where they are plain)
 * and the tokens' `quote`. */
void wx_quote(wx_doc_t *doc);

/* References: needs names, quotes, tree. Fills entities, mentions, the names' entities and the
 * quotations' speakers. */
void wx_refer(wx_doc_t *doc);

/* Rules: needs all of the above. Fills facts. */
void wx_rules(wx_doc_t *doc);

/* Facts in their last form: attribution, modality, evidence, without doubles, in the order of their
 * evidence. Needs and fills facts. */
void wx_assemble(wx_doc_t *doc);

/* Confidence: needs all of the above. Fills the facts' confidence (confidence.h). */
void wx_confidence(wx_doc_t *doc);

#endif
