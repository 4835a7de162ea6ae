/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Word classes from raw text.
 */
#ifndef WT_CLUSTER_H
#define WT_CLUSTER_H

#include "text.h"

/* Puts the `words` most frequent words of `text` into `classes` classes in so many rounds; returns
 * the class of each, for the caller to free(). */
uint16_t *wt_cluster(const wt_text_t *text, uint32_t words, uint32_t classes, int rounds);

#endif
