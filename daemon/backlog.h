/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The work that is still to be done, as far as it is held in memory. The rest waits in the store.
 *
 * Articles go to the workers in the order of acceptance. `cursor` is the highest rev that was taken
 * into memory; `behind` says that the store holds unfinished ones above it. While that is so, newly
 * accepted articles stay in the store too, and are loaded when the queue runs empty: so the order
 * is kept, and the queue stays bounded. Suspects, which were in work at a crash or failed before,
 * come last (but at least one after SUSPECT_EVERY others), one at a time.
 */
#ifndef WD_BACKLOG_H
#define WD_BACKLOG_H

#include "store.h"

typedef struct {
    wd_job_t **jobs; /* a ring */
    size_t head, count, capacity;
    size_t bytes, max_bytes; /* of texts */
    int64_t cursor;
    bool behind;
    bool suspects;   /* the store may hold some */
    int64_t suspect; /* rev of the one in work, 0: none */
    unsigned since;  /* jobs given since the last suspect */
} wd_backlog_t;

/* False: no memory. Starts behind: the first take looks into the store. */
bool wd_backlog_init(wd_backlog_t *self, size_t capacity, size_t max_bytes);
void wd_backlog_free(wd_backlog_t *self);

/* An article was accepted (after the commit): takes it over when there is room and nothing waits
 * before it, else leaves it to the store. *article_p is NULL after it was taken. */
void wd_backlog_offer(wd_backlog_t *self, int64_t rev, uint32_t revision, wd_article_t **article_p);
/* A failed article was taken up again. */
void wd_backlog_suspect(wd_backlog_t *self);
/* The next job, for the caller to destroy; NULL: none, or *ret_code tells why not. */
wd_job_t *wd_backlog_take(wd_backlog_t *self, wd_store_t *store, wd_code_t *ret_code);
/* A job came back. */
void wd_backlog_done(wd_backlog_t *self, int64_t rev);
/* A job was lost without a result: it will be read from the store again. */
void wd_backlog_lost(wd_backlog_t *self, int64_t rev);

#endif
