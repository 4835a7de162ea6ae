/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Modality: is what a clause claims so, planned, expected, possible, denied?
 */
#ifndef WX_MODALITY_H
#define WX_MODALITY_H

#include "clause.h"

/* By the clause's verb group and the verbs that govern it. WX_NONE: actual. */
winnow_modality_t wx_modality(const wx_doc_t *doc, uint32_t clause);

/* What the clause's verb itself says: to aim is a target, to plan is planned. */
winnow_modality_t wx_modality_own(const wx_doc_t *doc, uint32_t clause);

#endif
