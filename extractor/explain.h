/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How facts came about: for whoever writes rules.
 */
#ifndef WX_EXPLAIN_H
#define WX_EXPLAIN_H

#include "doc.h"

/* For each fact, in their order: its rule with file and line, the words that it was tried for, and
 * of each filler the words, the source in the rule that gave it and what its words refer to. To be
 * read by people. In the arena. */
winnow_str_t wx_explain_text(wx_doc_t *doc);

/* The same, an object a line. */
winnow_str_t wx_explain_json(wx_doc_t *doc);

#endif
