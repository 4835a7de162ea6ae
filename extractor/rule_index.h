/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules a sentence can match at all, by its words and by what stands in it.
 *
 * Of each rule is known a small set of which every match holds one: the verbs that trigger it, or
 * the words, names and values that no way through its pattern goes around. Sets of rules are bits.
 */
#ifndef WX_RULE_INDEX_H
#define WX_RULE_INDEX_H

#include "rule.h"

/* Constant once made; owned by the model's arena. */
struct wx_rule_index {
    uint32_t width;          /* pieces of 64 bits in a set of rules */
    uint32_t words;          /* rules know no word with this id or above */
    const uint64_t *by_word; /* [words][width]: rules that ask for the word */
    const uint64_t *by_kind; /* [64][width]: by WX_FIRST_… and WX_IS_…, those that ask for one */
    const uint64_t *always;  /* [width]: rules that ask for nothing */
};

/* Makes the index of all rules of the model, when the last of them is read. */
void wx_rules_index(winnow_model_t *model);

/* Adds the rules that a word calls for to a set. */
static inline void wx_index_word(const struct wx_rule_index *self, wx_id_t word, uint64_t *set)
{
    if (word < self->words)
        for (uint32_t i = 0; i < self->width; i++)
            set[i] |= self->by_word[(size_t)word * self->width + i];
}

/* Adds those that kinds (a mask as of items' beginnings) call for. */
static inline void wx_index_kinds(const struct wx_rule_index *self, uint64_t kinds, uint64_t *set)
{
    for (; kinds; kinds &= kinds - 1) {
        const uint64_t *row = self->by_kind + (size_t)__builtin_ctzll(kinds) * self->width;
        for (uint32_t i = 0; i < self->width; i++)
            set[i] |= row[i];
    }
}

#endif
