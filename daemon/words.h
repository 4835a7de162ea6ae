/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words: how text is cut and folded for look-ups, the same for what is stored and what is asked.
 *
 * A word is a run of letters and digits; case and diacritics are folded away; a Han, Hiragana or
 * Katakana character is a word by itself. Words over WD_WORD_MAX bytes are cut there.
 *
 * An article is found by a set of words, in any order, each once:
 *
 *   changchun       stands in its text
 *   e:bmw           stands in the name of something that fills a role
 *   p:shenyang      stands in the name of a place
 *   k:investment    it has a fact of this kind
 *   a:cny:09 a:09   it has an amount of CNY (of any currency) with 10 digits before the point
 *   d:20220623      it was published on that day
 *
 * The set names candidates; the records themselves decide.
 */
#ifndef WD_WORDS_H
#define WD_WORDS_H

#include "buf.h"
#include "store.h"

#define WD_WORD_MAX 64

typedef struct {
    const char *p, *end;
    char word[WD_WORD_MAX + 8];
    size_t size;
} wd_words_t;

void wd_words_start(wd_words_t *self, const char *text, size_t size);
/* The next word into self->word, self->size; false: none is left. Bytes that are not UTF-8
 * separate. */
bool wd_words_next(wd_words_t *self);

/* The set of an article without its day, joined by blanks, for the caller to free; NULL: no memory.
 */
char *wd_words_make(const wd_article_t *article, const wd_record_t *records, size_t count);

/* A phrase to look for: its words, each with a NUL behind. */
typedef struct {
    wd_buf_t words;
    size_t count;
} wd_phrase_t;

/* False: no memory. A text without a word gives count 0. */
bool wd_phrase_parse(wd_phrase_t *ret, const char *text);
void wd_phrase_free(wd_phrase_t *self);
/* Whether the words stand in `text`, one after the other. */
bool wd_phrase_in(const wd_phrase_t *self, const char *text, size_t size);
/* Whether each word stands somewhere in `text`. */
bool wd_phrase_all_in(const wd_phrase_t *self, const char *text, size_t size);

#endif
