/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reading of the words as CoNLL-U: a block for each sentence, `# text =` before it, ten columns
 * a word, a line of its own (`1-2  don't`) before the words of a contraction. What was not made is
 * `_`.
 */
#ifndef WX_CONLLU_H
#define WX_CONLLU_H

#include "doc.h"

/* All sentences; in the arena. */
winnow_str_t wx_conllu(wx_doc_t *doc);

#endif
