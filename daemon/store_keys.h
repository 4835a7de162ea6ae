/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys of observations: which may tell the same? A multimap from a 64-bit key to observation ids
 * that only grows, in a form that costs no page at random.
 *
 * The newest revisions' keys are rows of `key_tail` and a table in memory. When there are enough of
 * them they are sorted and written as a run of level 0; FAN runs of a level are merged into one of
 * the next, some chunks at a time (wd_keys_step). A look-up asks the table and every run: at most
 * FAN - 1 a level, so their number grows with the logarithm of the store.
 *
 * What of a run was written when a transaction was rolled back or the daemon died is deleted and
 * begun again. Inside transactions, on the writer's connection; look-ups also on a reader's.
 */
#ifndef WD_STORE_KEYS_H
#define WD_STORE_KEYS_H

#include "store_sql.h"

/* Files an observation under a key: look-ups find it from now on. */
wd_code_t wd_keys_file(wd_store_t *store, int64_t key, int64_t id);
/* Writes what was filed since the last call, some hundreds at most; before the transaction ends. */
wd_code_t wd_keys_save(wd_store_t *store);

/* Appends the observations under `key` to ret (room for `max`), the newest first; *ret_count. */
wd_code_t wd_keys_find(wd_store_t *store, int64_t key, int64_t *ret, size_t max, size_t *ret_count);

/* Goes on merging: `effort` as of wd_store_tidy. */
wd_code_t wd_keys_step(wd_store_t *store, size_t effort);
bool wd_keys_busy(const wd_store_t *store);

/* Forgets what memory holds: it will be read again. After a rollback, and at the end. */
void wd_keys_reset(wd_store_t *store);

#endif
