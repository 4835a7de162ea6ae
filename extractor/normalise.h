/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a tree means without saying it, as further edges between units (wx_edge_t): the object of a
 * passive, its agent, subjects that conjoined and subordinate verbs share, what a relative clause
 * is about.
 */
#ifndef WX_NORMALISE_H
#define WX_NORMALISE_H

#include "doc.h"

/* Needs the trees of units. Fills edges, sorted by `from` then `to`, and the units' `passive`. */
void wx_normalise(wx_doc_t *doc);

#endif
