/* SPDX-License-Identifier: Apache-2.0 */
/* One model and one extractor for a group of tests, and the reading of short texts with them. */
#ifndef TEST_READING_H
#define TEST_READING_H

#include <winnow/extract.h>

#include "doc.h"

/* Group set-up and tear-down for cmocka: one model, one extractor. */
int reading_open(void **state);
int reading_close(void **state);

/* Those of the group. */
winnow_model_t *reading_model(void);
winnow_extractor_t *reading_extractor(void);

/* The document of a text; fails the test when it cannot be read. Good until the next call. */
wx_doc_t *reading(const char *text);

/* The first token written so; fails the test when there is none. */
uint32_t reading_token(const wx_doc_t *doc, const char *form);

#endif
