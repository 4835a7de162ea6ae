/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer without its sockets: what comes in is queued, a turn makes one transaction of it, what
 * goes out lies ready. writer_actor.c moves things between this and the other threads.
 *
 * A turn takes requests that have queued since the last one (group commit, no timer; as many as
 * make the commit worth the while) and as many finished articles as keep the transaction short.
 * When the disk refuses, all of it is rolled back: requests are answered with the reason, finished
 * articles are kept and tried again. Used by one thread.
 */
#ifndef WD_WRITER_H
#define WD_WRITER_H

#include "actors.h"
#include "backlog.h"

typedef struct wd_writer wd_writer_t;

/* Counts the crashes in args->suspects. NULL: no memory, or the store refused: `message` says why.
 */
wd_writer_t *wd_writer_new(const wd_writer_args_t *args, int64_t now, char *message, size_t size);
void wd_writer_destroy(wd_writer_t **self_p);

/* Queues requests; takes the batch over. False: no memory, the batch is still the caller's. */
bool wd_writer_add_batch(wd_writer_t *self, wd_batch_t *batch);
/* Queues finished work; takes it over. */
void wd_writer_add_finished(wd_writer_t *self, wd_finished_t *finished);
/* A worker gave a job up without a result. */
void wd_writer_lost(wd_writer_t *self, int64_t rev);

/* Whether a turn would find something to do at `now`. */
bool wd_writer_busy(const wd_writer_t *self, int64_t now);
/* Makes a transaction. `waiting` (may be NULL) tells whether further requests have come: then the
 * turn ends soon. */
void wd_writer_turn(wd_writer_t *self, int64_t now, bool (*waiting)(void *arg), void *arg);
/* Whether wd_writer_spare would find something to do. */
bool wd_writer_has_spare(const wd_writer_t *self);
/* A few milliseconds of work that can wait, to be done when nothing else waits. */
void wd_writer_spare(wd_writer_t *self, int64_t now);
/* To be called when nothing came for a while: a checkpoint, and on a full disk a try. */
void wd_writer_idle(wd_writer_t *self, int64_t now);

/* What lies ready, each for the caller to own; NULL: nothing (more). Answers first. */
wd_batch_t *wd_writer_take_answers(wd_writer_t *self);
wd_ends_t *wd_writer_take_ends(wd_writer_t *self);
wd_publication_t *wd_writer_take_publication(wd_writer_t *self);
wd_job_t *wd_writer_take_job(wd_writer_t *self);

/* Where the streams stand, without events: the first publication. NULL: no memory. */
wd_publication_t *wd_writer_streams(wd_writer_t *self);

/* Nothing is accepted and unfinished, nothing waits for its transaction. */
bool wd_writer_drained(const wd_writer_t *self);
/* After the last turn: moves the log into the file when enough has gathered. */
void wd_writer_checkpoint(wd_writer_t *self);

#endif
