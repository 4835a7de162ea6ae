/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names as lines of JSON: `{"type":"person","text":"Ann Lee","start":10,"end":17}`, in the order of
 * the text. A name of a kind that cannot be told is a `thing`.
 */
#ifndef WX_ENTITY_JSON_H
#define WX_ENTITY_JSON_H

#include "doc.h"

/* All names of the document; in the arena. */
winnow_str_t wx_entities_json(wx_doc_t *doc);

#endif
