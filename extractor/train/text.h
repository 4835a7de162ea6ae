/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Raw text as a stream of word numbers, the most frequent word first.
 *
 * Words are cut as the treebanks do, roughly: white space, punctuation by itself, hyphens split,
 * clitics ("'s", "n't") apart; digits become 0. It need not be exact: the numbers are for
 * statistics over millions of words.
 */
#ifndef WT_TEXT_H
#define WT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t *stream; /* word numbers; UINT32_MAX: a line's end */
    size_t length;
    char **words;     /* by number, in falling frequency, then by bytes */
    uint32_t *counts; /* by number */
    uint32_t count;   /* of words */
} wt_text_t;

/* Reads the files; exits with a message when one cannot be read. */
wt_text_t *wt_text_read(char **paths, int path_count);
void wt_text_destroy(wt_text_t **self_p);

/* Zeroed memory, or the end of the program. */
void *wt_alloc(size_t count, size_t size);
void *wt_grow(void *at, size_t count, size_t size);

/* A whole file, a NUL behind it; exits with a message when it cannot be read. */
char *wt_slurp(const char *path, size_t *ret_size);

#endif
