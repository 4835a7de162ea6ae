/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts as a result: copied out of the document into one allocation that outlives it.
 */
#ifndef WX_FACTS_H
#define WX_FACTS_H

#include "doc.h"

#include <winnow/extract.h>

/* A role's list in `fact`, made when it is not there yet; `name` is a constant string. */
wx_fillers_t *wx_fact_role(wx_doc_t *doc, wx_fact_t *fact, const char *name);

/* Appends a filler: words of the article, a value, an entity where it stands (bytes of the words
 * that name it there), or a word that does not stand in the article. */
wx_filler_t *wx_fact_add_text(wx_doc_t *doc, wx_fact_t *fact, const char *role, winnow_type_t type,
                              uint32_t start, uint32_t end);
wx_filler_t *wx_fact_add_value(wx_doc_t *doc, wx_fact_t *fact, const char *role, uint32_t value);
wx_filler_t *wx_fact_add_entity(wx_doc_t *doc, wx_fact_t *fact, const char *role, uint32_t entity,
                                uint32_t start, uint32_t end);
wx_filler_t *wx_fact_add_enum(wx_doc_t *doc, wx_fact_t *fact, const char *role, const char *word);

/* The public form of one filler of the document: everything filled in; slices stay the document's.
 * A date value gives type date, money money, and so on. */
winnow_filler_t wx_filler_public(const wx_doc_t *doc, const wx_filler_t *filler);

/* All facts that are not dropped, in their order, each with its JSON. NULL: no memory. May jump to
 * the arena's ceiling, before anything is owned. */
winnow_facts_t *wx_facts_pack(wx_doc_t *doc);

#endif
