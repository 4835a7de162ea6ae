/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of words for name.c: folded, each list sorted. */
#ifndef WD_NAME_WORDS_H
#define WD_NAME_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* "ltd", "gmbh", "group": what a firm's name may end with, or not. */
bool wd_word_legal(const char *word);
/* "technologies", "industries": what a firm may leave out before such an ending. */
bool wd_word_trade(const char *word);
/* "china", "india": what an acronym may stand behind. */
bool wd_word_country(const char *word);
/* "mr", "dr": what may stand before a person's name. */
bool wd_word_title(const char *word);
/* "the", "of", "for": what says nothing about a text's content. */
bool wd_word_stop(const char *word);
/* "total", "annual", "number": what a metric may have or not. */
bool wd_word_plain(const char *word);
/* The other spelling of a word ("centre" → "center"), or NULL. */
const char *wd_word_spelling(const char *word);

#endif
