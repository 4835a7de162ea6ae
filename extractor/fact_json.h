/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts and values as lines of JSON, in FACTS.md's form. Everything is made in the arena.
 */
#ifndef WX_FACT_JSON_H
#define WX_FACT_JSON_H

#include "doc.h"

/* One record, without a newline; the slices point into `text`, the article. */
winnow_str_t wx_fact_json(wx_arena_t *arena, const winnow_fact_t *fact, winnow_str_t text);

/* All values of the document but ordinals, one object a line: `type`, `text`, `start`, `end` and
 * what they mean. */
winnow_str_t wx_values_json(wx_doc_t *doc);

#endif
