/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The extractor from inside, for tests that walk through its limits or look at the document.
 */
#ifndef WX_EXTRACT_H
#define WX_EXTRACT_H

#include "doc.h"

#include <winnow/extract.h>

struct winnow_extractor {
    const winnow_model_t *model;
    wx_arena_t arena;
    jmp_buf full;   /* where the arena goes at its ceiling */
    int least;      /* facts of less confidence are not given, in thousandths */
    size_t ceiling; /* 0: from the size of the text; else in bytes, for tests */
    wx_doc_t doc;   /* the last article, until the next one */
};

/* Reads a text as far as winnow_extract() does, but leaves the facts in self->doc. Returns 0 or a
 * negative code with `err` filled; then self->doc is empty. */
int wx_read(winnow_extractor_t *self, const char *text, size_t size, const char *published,
            winnow_error_t *err);

/* Reads an ISO 8601 date (a time behind it is ignored); false when it is none. */
bool wx_day_parse(const char *text, wx_day_t *ret_day);

#endif
