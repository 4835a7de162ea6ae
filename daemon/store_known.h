/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which revisions has this article? A multimap from the hash of an article's id to its revisions.
 *
 * Hashes come at random, so a tree of them costs a page for each article, written twice. Therefore
 * the newest revisions are in memory only (their rows of `revision` say it all), and go into the
 * table `known` in the order of the hash, some of them with each transaction, when enough have
 * gathered that several fall on a page, or when nothing else is to be done. tally.known tells up to
 * which revision the table is complete; a revision that is in both does no harm.
 *
 * Inside transactions, on the writer's connection. Readers ask the table and, behind tally.known,
 * `revision` itself.
 */
#ifndef WD_STORE_KNOWN_H
#define WD_STORE_KNOWN_H

#include "store_sql.h"

/* Reads the revisions that the table does not have. `gather`: as of the options. */
wd_code_t wd_known_load(wd_store_t *store, size_t gather);
void wd_known_free(wd_known_t *self);

/* Adds a revision, the newest; may move others into the table. */
wd_code_t wd_known_add(wd_store_t *store, const wd_article_t *article);
/* The newest revision of the id below `before`; *ret_rev 0: none. */
wd_code_t wd_known_before(wd_store_t *store, const uint8_t id_hash[WD_HASH_SIZE], int64_t before,
                          int64_t *ret_rev);
/* The newest revision of the article that may have the same text; *ret_rev 0: none. */
wd_code_t wd_known_same(wd_store_t *store, const wd_article_t *article, int64_t *ret_rev);

/* To be called when a transaction has been committed, or rolled back and the counts put back. */
void wd_known_commit(wd_store_t *store);
void wd_known_rollback(wd_store_t *store);

#endif
