/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How sure a fact is: of the facts given 0.8, four in five should be right.
 *
 * A fact has features (what rule made it, what fills its roles and how, what sentence it stands
 * in), each feature has a weight, and a table says of which sum of weights how many facts were
 * right. Weights and table are model/confidence.tsv, which train/confidence.py learns from articles
 * with gold. All is in whole numbers: the same fact has the same confidence on every machine. It
 * depends on the fact and its sentence alone, so that it does not change with the rest of the
 * article, but for names that are resolved there.
 */
#ifndef WX_CONFIDENCE_H
#define WX_CONFIDENCE_H

#include "doc.h"
#include "embedded.h"
#include "model.h"

enum { WX_CONFIDENCE_FEATURES = 160 };

/* The features of a fact. */
typedef struct {
    uint32_t count;
    uint32_t hash[WX_CONFIDENCE_FEATURES];
    winnow_str_t *names; /* NULL, or room for as many: written for people and for training */
} wx_confidence_features_t;

/* Collects the features of the fact at `index`; names are made in the document's arena. */
void wx_confidence_features(wx_doc_t *doc, uint32_t index, wx_confidence_features_t *self);

/* The confidence below which facts are not given unless asked for, in thousandths. */
int wx_confidence_least(const winnow_model_t *model);

/* Drops the facts of less confidence, in thousandths; those of which none was computed stay. */
void wx_confidence_drop(wx_doc_t *doc, int least);

/* Reads the built-in weights. 0, or a negative code with `err` filled. */
int wx_confidence_load(winnow_model_t *model, winnow_error_t *err);

/* Reads one text of weights, for tests. `file` is for messages. */
int wx_confidence_parse(winnow_model_t *model, const char *file, winnow_str_t text,
                        winnow_error_t *err);

/* The weights that are built in; the second has no name. */
extern const wx_embedded_t wx_confidence_files[];

#endif
