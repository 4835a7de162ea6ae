/* SPDX-License-Identifier: Apache-2.0 */
/* Reading raw text for the parser; see reader.h. */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

static void s_read(wt_reader_t *self, const char *const *words, uint32_t count)
{
    const wx_stats_t *stats = self->stats;
    for (uint32_t i = 0; i < count; i++) {
        bool hyphen = strcmp(words[i], "-") == 0;
        self->forms[i] = wx_str_from(words[i]);
        self->space_after[i] = !hyphen;
        if (hyphen && i > 0)
            self->space_after[i - 1] = 0;
        wx_atom_read(&stats->lexicon, self->forms[i], i == 0, false, &self->atoms[i]);
    }
    wx_gazetteer_mark(&stats->gazetteer, self->atoms, count);
    wx_tag_sentence(&stats->tagger, self->atoms, count);
    wx_words_in_t in = {self->atoms, self->forms, self->space_after, stats->tagger.xpos, count};
    self->words = count;
    self->item_count = wx_collapse_words(&in, self->groups);
    wx_collapse_items(&in, self->groups, self->item_count, self->items);
}

void wt_reader_run(const wx_stats_t *stats, const wt_text_t *text, size_t limit,
                   wt_sentence_f *sentence, void *user)
{
    wt_reader_t *self = wt_alloc(1, sizeof *self);
    const char *words[WT_READER_WORDS];
    uint32_t count = 0;
    self->stats = stats;
    for (size_t at = 0; at < text->length && at < limit; at++) {
        bool end = text->stream[at] == UINT32_MAX;
        if (!end) {
            words[count++] = text->words[text->stream[at]];
            end = strcmp(words[count - 1], ".") == 0 || count == WT_READER_WORDS;
        }
        if (end && count > 2 && count < 80) {
            s_read(self, words, count);
            sentence(user, self);
        }
        if (end)
            count = 0;
    }
    free(self);
}
