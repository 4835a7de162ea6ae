/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Raw text as the parser sees it: sentences of tagged words, and the items they make.
 */
#ifndef WT_READER_H
#define WT_READER_H

#include "text.h"

#include "../collapse.h"
#include "../stats.h"

enum { WT_READER_WORDS = 256 };

/* One sentence; everything holds until the next. */
typedef struct {
    const wx_stats_t *stats;
    wx_atom_t atoms[WT_READER_WORDS];
    winnow_str_t forms[WT_READER_WORDS];
    uint8_t space_after[WT_READER_WORDS];
    wx_group_t groups[WT_READER_WORDS];
    wx_item_t items[WT_READER_WORDS];
    uint32_t words, item_count;
} wt_reader_t;

typedef void wt_sentence_f(void *user, const wt_reader_t *reader);

/* Calls back for each sentence of 3 to 79 words among the first `limit` of the text. */
void wt_reader_run(const wx_stats_t *stats, const wt_text_t *text, size_t limit,
                   wt_sentence_f *sentence, void *user);

#endif
