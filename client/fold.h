/* SPDX-License-Identifier: Apache-2.0 */
/* Names compared as readers do: without regard to case and diacritics, by whole words. */
#ifndef WC_FOLD_H
#define WC_FOLD_H

#include <stdbool.h>

/* The folded form of a text: to be freed. NULL: no memory, or no valid UTF-8. */
char *wc_fold(const char *text);

/* Whether `words`, folded, stand in `text`, folded, not cutting a word at either end. */
bool wc_fold_holds(const char *text, const char *words);

#endif
