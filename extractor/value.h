/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the stages that fill values share.
 */
#ifndef WX_VALUE_H
#define WX_VALUE_H

#include "doc.h"

/* Appends a value whose core and outer range are these tokens, and marks the core's tokens with it;
 * the head is the last token. The address is good until the next one is added. */
wx_value_t *wx_value_push(wx_doc_t *doc, wx_value_type_t type, uint32_t first, uint32_t end);

/* Sorts values by their first token, takes out those with WX_VALUE_DROPPED, and marks all tokens
 * again. */
void wx_values_sort(wx_doc_t *doc);

#endif
