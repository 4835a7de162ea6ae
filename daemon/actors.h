/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the daemon's threads say to each other around the writer.
 *
 *              PAIR wd_batch_t ▶                ROUTER wd_job_t ▶
 *   intake ◀─────────────────────▶  writer  ◀──────────────────────▶  worker 1..N
 *              ◀ wd_batch_t, wd_ends_t  │        ◀ NULL (ready), wd_finished_t    DEALER
 *                                       │ PAIR wd_publication_t ▶
 *                                       └────────────────────────▶  publisher
 *
 * All sockets are inproc in one czmq context, and the writer binds all of its three. A message is
 * one frame that holds a wd_parcel_t: a pointer and the word that says of what. The receiver owns
 * what it points to. The writer never blocks on the intake (no high-water mark: what is under way
 * is bounded by credit) nor on workers (it sends a worker at most WD_JOBS_AHEAD jobs that were not
 * returned); it waits for the publisher at most a second, then drops the publication, which
 * subscribers find in the replay.
 *
 * Order: an answer to a push comes to the intake before the end of its revision, on the same
 * socket. Events are published after their commit, in the order of their numbers.
 */
#ifndef WD_ACTORS_H
#define WD_ACTORS_H

#include <czmq.h>
#include <stdatomic.h>

#include "store.h"

#define WD_WRITER_INTAKE  "inproc://writer-intake"  /* PAIR; the intake connects */
#define WD_WRITER_WORK    "inproc://writer-work"    /* ROUTER; workers connect DEALERs */
#define WD_WRITER_PUBLISH "inproc://writer-publish" /* PAIR; the publisher connects */

#define WD_JOBS_AHEAD  2   /* jobs that a worker may hold: one in work, one waiting */
#define WD_WORKERS_MAX 256 /* a worker's routing id is "w" and one byte, its index */

typedef enum {
    WD_PARCEL_BATCH = 1, /* intake → writer and back: wd_batch_t */
    WD_PARCEL_ENDS,      /* writer → intake: wd_ends_t */
    WD_PARCEL_READY, /* worker → writer: pointer NULL; at its start, and for a job it gave up */
    WD_PARCEL_JOB,   /* writer → worker: wd_job_t */
    WD_PARCEL_FINISHED,   /* worker → writer: wd_finished_t */
    WD_PARCEL_PUBLICATION /* writer → publisher: wd_publication_t */
} wd_parcel_kind_t;

typedef struct {
    uint64_t kind; /* wd_parcel_kind_t */
    void *data;
} wd_parcel_t;

/* Sends a parcel, with the flags of zmq_send; 0, or -1 with errno: then the caller still owns the
 * data. */
int wd_parcel_send(void *socket, wd_parcel_kind_t kind, void *data, int flags);
/* Takes the next parcel; 0, or -1 with errno (EAGAIN: none). */
int wd_parcel_recv(void *socket, wd_parcel_t *ret_parcel, int flags);

/* -------------------------------------------------------------------------- intake and writer */

typedef enum { WD_PUSH, WD_RETRACT, WD_RETRY } wd_verb_t;

/* One request of a client. It goes to the writer and comes back with its result. */
typedef struct {
    wd_verb_t verb;
    uint64_t session; /* the intake's, as are `request` and `flags`: the writer leaves them alone */
    uint64_t request;
    uint32_t flags;
    uint32_t bytes; /* of credit that the push took */
    char *id;       /* RETRACT, RETRY: owned. PUSH: NULL in, the article's id when it comes back */
    wd_article_t *article; /* PUSH: taken by the writer, NULL when it comes back */
    wd_code_t code;        /* out: WD_OK, or why not */
    wd_outcome_t
        outcome; /* out, with WD_OK: answer ACCEPTED (PUSH, RETRY) or STORED (RETRACT) with it. When
                    the state is ACCEPTED, its end follows in a wd_ends_t. outcome.id is NULL */
} wd_request_t;

typedef struct {
    wd_request_t *items;
    size_t count, capacity;
} wd_batch_t;

wd_batch_t *wd_batch_new(size_t capacity);
/* A further request, zeroed, to be filled; NULL: no memory. Valid until the next add. */
wd_request_t *wd_batch_add(wd_batch_t *self);
void wd_batch_destroy(wd_batch_t **self_p);

/* Revisions that ended in one transaction: for each, answer STORED to whoever waits for
 * outcome.rev. `full` tells that the disk is full or failing (1), or no longer (0); `backlog` how
 * many accepted articles are not finished. Sent after each transaction that ended one, and whenever
 * `full` changes (then perhaps with count 0). */
typedef struct {
    wd_outcome_t *items;
    size_t count;
    bool full;
    uint64_t backlog;
} wd_ends_t;

void wd_ends_destroy(wd_ends_t **self_p);

/* ----------------------------------------------------------------------- writer and publisher */

typedef struct {
    char *name; /* "article", "fact.investment" … */
    uint64_t last;
} wd_stream_t;

/* The events of one transaction, and where each stream stands after them. The first, at the start,
 * has no events. */
typedef struct {
    wd_events_t *events; /* NULL: none */
    uint64_t last;       /* number of the newest event */
    wd_stream_t *streams;
    size_t stream_count;
} wd_publication_t;

void wd_publication_destroy(wd_publication_t **self_p);

/* ------------------------------------------------------------------------------ the writer's own
 */

/* What the writer counts, for /metrics and STATUS: written by it, read by anyone, relaxed. */
typedef struct {
    _Atomic uint64_t ticks;         /* turns of its loop */
    _Atomic uint64_t commits;       /* transactions */
    _Atomic uint64_t commit_micros; /* spent in COMMIT */
    _Atomic uint64_t write_micros;  /* spent in transactions, commit included */
    _Atomic uint64_t checkpoints;
    _Atomic uint64_t checkpoint_micros;
    _Atomic uint64_t accepted;    /* new revisions */
    _Atomic uint64_t duplicates;  /* pushes of what was there */
    _Atomic uint64_t stored;      /* articles whose facts were stored */
    _Atomic uint64_t failed;      /* articles set aside */
    _Atomic uint64_t facts;       /* facts stored */
    _Atomic uint64_t events;      /* events committed */
    _Atomic uint64_t dropped;     /* publications the publisher did not take in time */
    _Atomic uint64_t disk_errors; /* transactions rolled back for the disk */
    _Atomic uint64_t full;        /* 1 while the disk is full or failing */
    _Atomic uint64_t backlog;     /* accepted and unfinished */
    _Atomic uint64_t ready;       /* jobs in memory that wait for a worker */
    _Atomic uint64_t in_work;     /* jobs at workers */
    _Atomic uint64_t pending;     /* finished articles that wait for their transaction */
    _Atomic uint64_t search_lag;  /* revisions that the full-text index is behind */
    _Atomic uint64_t wal_pages;
    _Atomic uint64_t last;              /* newest event's number */
    _Atomic uint64_t commit_bucket[16]; /* transactions that took under 2^i × 100 µs, not
                                           cumulative; the last: longer */
} wd_writer_stats_t;

typedef struct {
    wd_store_t
        *store; /* opened by the caller; the actor uses it alone and leaves it open at its end */
    wd_writer_stats_t *stats;
    void (*log)(int priority, const char *event,
                const char *detail); /* syslog priorities; may be NULL */
    const int64_t *suspects;         /* revs that were in work when the last run crashed */
    size_t suspect_count;
    size_t ready_max;   /* jobs held in memory for workers, 0: 256 */
    size_t ready_bytes; /* and their bytes, 0: 16 MiB */
    char failure[256];  /* out: why it could not start, or "" */
} wd_writer_args_t;

/* zactor: the writer. Signals when its sockets are bound. Commands on the pipe: "DRAIN": answers
 * "DRAINED" once no accepted article is unfinished and all is committed; "$TERM": commits what has
 * come in, takes no job any more and ends. Jobs still at workers stay in the store as accepted.
 *
 * Order of starting: writer, publisher, workers, intake; of stopping: intake, workers, writer,
 * publisher. A worker that stops returns what it has finished and destroys the job that it has not
 * begun. */
void wd_writer_actor(zsock_t *pipe, void *args);

#endif
