/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of several observations, inside the writer's transaction:
 *
 *   store_digest.c   observations as digests, and which of them may have to do with one
 *   store_fact.c     a fact's row
 *   store_settle.c   which observations tell one fact, which facts stand against each other
 *
 * What they come to is a function of the set of observations whose revisions are stored: which
 * tell one fact, and each fact's status. The order of arrival shows in ids and events alone.
 */
#ifndef WD_STORE_FACT_H
#define WD_STORE_FACT_H

#include "same.h"
#include "store_sql.h"

#define WD_GROUP_MAX      32 /* observations of a fact that are listed and compared */
#define WD_CANDIDATES_MAX 96 /* observations that one is compared with */
#define WD_EACH_MAX       32 /* of them, under one key: the newest */

/* ---------------------------------------------------------------------------- the store's calls */

/* Takes up a new observation, whose row is written: finds its fact, tells what changed. `article`
 * is wd_article_hash of its article's id, `day` its day. wd_keys_save follows when the revision's
 * last was added. */
wd_code_t wd_facts_add(wd_store_t *store, int64_t id, size_t stream, const wd_record_t *record,
                       uint64_t article, const char *day);
/* Takes the observations of a stored revision away; store->ending is it. */
wd_code_t wd_facts_withdraw(wd_store_t *store, int64_t rev);
/* Compares some of the revisions that were stored before there were keys. */
wd_code_t wd_facts_catch_up(wd_store_t *store, size_t effort);
bool wd_facts_behind(const wd_store_t *store);
/* Forgets what memory holds: after a rollback, and at the end. */
void wd_facts_reset(wd_store_t *store);

uint64_t wd_article_hash(const uint8_t id_hash[WD_HASH_SIZE]);

/* ------------------------------------------------------------------------------------- digests */

/* The digest of an observation; NULL in *ret_digest when there is none. It lives until the next
 * call. */
wd_code_t wd_digest_get(wd_store_t *store, int64_t id, const wd_digest_t **ret_digest);
/* The same of an observation whose record is at hand. */
wd_code_t wd_digest_put(wd_store_t *store, int64_t id, const wd_record_t *record, uint64_t article,
                        const char *day, const wd_digest_t **ret_digest);
/* Whether its revision is stored (or on its way to be). */
wd_code_t wd_digest_live(wd_store_t *store, int64_t id, bool *ret_live);
/* To be called when the state of a revision has changed. */
void wd_digest_moved(wd_store_t *store, int64_t rev);
/* Those that are live and have a key in common with it, the newest first; itself is left out. */
wd_code_t wd_digest_candidates(wd_store_t *store, const wd_digest_t *digest,
                               int64_t ret_ids[WD_CANDIDATES_MAX], size_t *ret_count);
/* Files it under its keys. */
wd_code_t wd_digest_file(wd_store_t *store, const wd_digest_t *digest);

/* --------------------------------------------------------------------------------------- rows */

typedef struct {
    int64_t ids[WD_GROUP_MAX];
    size_t count;
} wd_ids_t;

bool wd_ids_has(const wd_ids_t *self, int64_t id);
/* False: it is full. */
bool wd_ids_add(wd_ids_t *self, int64_t id);
/* Adds what is in a JSON array of numbers; NULL is an empty one. */
void wd_ids_parse(const char *text, wd_ids_t *ids);
void wd_ids_drop(wd_ids_t *self, int64_t id);

typedef struct {
    int64_t id;
    size_t stream;
    bool stored; /* it has a row; else it is what its one observation says */
    bool parted;
    wd_fact_status_t status;
    uint32_t sources;
    int64_t lead;
    wd_ids_t observations, others;
    wd_buf_t events; /* "101,205": to be freed */
} wd_fact_t;

/* The fact that an observation tells: its own, where nothing else is said. */
wd_code_t wd_fact_of(wd_store_t *store, int64_t observation, int64_t *ret_fact);
wd_code_t wd_fact_join(wd_store_t *store, int64_t observation, int64_t fact);
/* Reads a fact, or makes it of its observation where it has no row. wd_fact_free follows, also
 * after a failure. */
wd_code_t wd_fact_read(wd_store_t *store, int64_t id, wd_fact_t *ret_fact);
void wd_fact_free(wd_fact_t *self);
/* Writes the row: lead and sources made anew of the observations, as long as they are all listed.
 */
wd_code_t wd_fact_write(wd_store_t *store, wd_fact_t *self);
/* Counts articles and finds the lead. */
wd_code_t wd_fact_weigh(wd_store_t *store, wd_fact_t *self);

/* Tells a change of the fact that `cause` (its observation, record, stream) made. The event's
 * number is kept with the fact: wd_fact_write follows. */
wd_code_t wd_fact_tell(wd_store_t *store, wd_fact_t *self, wd_change_t change,
                       const wd_told_t *cause, int64_t other);

#endif
