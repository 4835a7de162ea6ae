/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of a sentence, made when it is first asked for: most sentences are read without one, and
 * trees are the dearest part of reading.
 */
#ifndef WX_TREE_H
#define WX_TREE_H

#include "doc.h"

/* Makes the tree of a sentence unless it is there: fills its units, and head and deprel of its
 * tokens. Any time behind wx_parse(); what it makes does not depend on when. The document is
 * constant but for that. */
void wx_tree(const wx_doc_t *doc, uint32_t sentence);

/* A token's relation in the tree of its sentence (wx_deprel_t). */
uint8_t wx_tree_deprel(const wx_doc_t *doc, uint32_t token);

#endif
