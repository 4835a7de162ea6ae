/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer's turns.
 *
 *   HEALTHY   requests and finished articles share a transaction
 *     │ the disk refuses: s_refused              ▲ a commit succeeds: s_accepted_again
 *     ▼                                          │
 *   REFUSING  requests and finished articles have transactions of their own, so that one's failure
 * is not the other's; finished ones are tried at most each RETRY_MS, and without any, a few bytes
 * are
 *
 * A fact transaction holds FACTS_ALONE articles, or FACTS_BESIDE, and FACTS_US of work, when
 * requests are in it too or have come meanwhile: an answer waits for the transaction before it.
 *
 * Of the requests a transaction holds as many as make its commit worth the while, not all that
 * wait: when senders have a window, what they send next depends on these answers, and one large
 * transaction would let writer and senders wait for each other in turns.
 */
#include "writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#define REQUESTS_MIN 64    /* in a transaction, if so many wait */
#define REQUESTS_US  10000 /* no more are begun after so long, */
#define SYNCS        2     /* nor after so many times what a commit takes */
#define FACTS_ALONE  64
#define FACTS_BESIDE 6
#define FACTS_US     2000       /* or, of these, as many as fit */
#define PENDING_MAX  64         /* finished articles beyond which no job is given out */
#define BYTES_MAX    (4u << 20) /* of records in a transaction */
#define TIDY_SPARE   4          /* effort of a tidying when nothing else is to be done */
#define RETRY_MS     500
#define READY_MAX    256
#define READY_BYTES  (16u << 20)

typedef struct {
    void **items; /* a ring */
    size_t head, count, capacity;
} s_queue_t;

struct wd_writer {
    wd_writer_args_t args;
    wd_store_t *store;
    wd_backlog_t backlog;
    s_queue_t batches; /* of wd_batch_t: to be written */
    size_t taken;      /* how many of them the transaction under way holds */
    uint64_t commit;   /* what a commit takes, in microseconds, a running mean */
    s_queue_t pending; /* of wd_finished_t: to be written */
    s_queue_t answers; /* of wd_batch_t: written, to be answered */
    wd_ends_t *ends;
    wd_publication_t *publication;
    bool refusing; /* the disk is full or failing */
    bool blaming;  /* the crashes in args.suspects are not counted yet */
    bool told;     /* the intake knows of `refusing` as it is */
    bool single;   /* a finished article was refused for itself: they are tried one by one */
    int64_t again; /* when to try again, while refusing */
    bool spoilt;   /* spare work failed: not before the next idle moment again */
};

/* ---------------------------------------------------------------------------------------- queues
 */

static bool s_put(s_queue_t *self, void *item)
{
    if (self->count == self->capacity) {
        size_t capacity = self->capacity > 0 ? self->capacity * 2 : 64;
        void **items = calloc(capacity, sizeof *items);
        if (items == NULL)
            return false;
        for (size_t i = 0; i < self->count; i++)
            items[i] = self->items[(self->head + i) % self->capacity];
        free(self->items);
        self->items = items;
        self->capacity = capacity;
        self->head = 0;
    }
    self->items[(self->head + self->count) % self->capacity] = item;
    self->count++;
    return true;
}

static void *s_at(const s_queue_t *self, size_t index)
{
    return self->items[(self->head + index) % self->capacity];
}

static void *s_get(s_queue_t *self)
{
    if (self->count == 0)
        return NULL;
    void *item = self->items[self->head];
    self->head = (self->head + 1) % self->capacity;
    self->count--;
    return item;
}

static uint64_t s_micros(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void s_count(_Atomic uint64_t *counter, uint64_t more)
{
    atomic_fetch_add_explicit(counter, more, memory_order_relaxed);
}

static void s_gauge(_Atomic uint64_t *gauge, uint64_t value)
{
    atomic_store_explicit(gauge, value, memory_order_relaxed);
}

static void s_log(wd_writer_t *self, int priority, const char *event, const char *detail)
{
    if (self->args.log != NULL)
        self->args.log(priority, event, detail);
}

/* ------------------------------------------------------------------------------------------ life
 */

static wd_code_t s_blame(wd_writer_t *self, int64_t now);
static bool s_disk(wd_code_t code);
static void s_refused(wd_writer_t *self, int64_t now, wd_code_t code);

wd_writer_t *wd_writer_new(const wd_writer_args_t *args, int64_t now, char *message, size_t size)
{
    wd_writer_t *self = calloc(1, sizeof *self);
    size_t ready = args->ready_max > 0 ? args->ready_max : READY_MAX;
    size_t bytes = args->ready_bytes > 0 ? args->ready_bytes : READY_BYTES;
    if (self == NULL || !wd_backlog_init(&self->backlog, ready, bytes)) {
        free(self);
        snprintf(message, size, "out of memory");
        return NULL;
    }
    self->args = *args;
    self->store = args->store;
    self->told = true;
    wd_code_t code = s_blame(self, now);
    if (s_disk(code)) {
        /* No reason not to start: they are counted when there is room, and before any work. */
        self->blaming = true;
        s_refused(self, now, code);
    } else if (code != WD_OK) {
        snprintf(message, size, "%s", wd_store_message(self->store));
        wd_writer_destroy(&self);
        return NULL;
    }
    /* Articles that a third crash has put aside are events like others. */
    wd_events_t *events = wd_store_take_events(self->store);
    wd_events_unref(&events);
    s_gauge(&args->stats->backlog, wd_store_backlog(self->store));
    s_gauge(&args->stats->last, wd_store_last(self->store));
    return self;
}

void wd_writer_destroy(wd_writer_t **self_p)
{
    wd_writer_t *self = *self_p;
    *self_p = NULL;
    if (self == NULL)
        return;
    void *item;
    while ((item = s_get(&self->batches)) != NULL || (item = s_get(&self->answers)) != NULL) {
        wd_batch_t *batch = item;
        wd_batch_destroy(&batch);
    }
    while ((item = s_get(&self->pending)) != NULL) {
        wd_finished_t *finished = item;
        wd_finished_destroy(&finished);
    }
    free(self->batches.items);
    free(self->answers.items);
    free(self->pending.items);
    wd_ends_destroy(&self->ends);
    wd_publication_destroy(&self->publication);
    wd_backlog_free(&self->backlog);
    free(self);
}

/* ------------------------------------------------------------------------------------- coming in
 */

bool wd_writer_add_batch(wd_writer_t *self, wd_batch_t *batch)
{
    return s_put(&self->batches, batch);
}

void wd_writer_add_finished(wd_writer_t *self, wd_finished_t *finished)
{
    if (!s_put(&self->pending, finished)) {
        /* The article stays accepted in the store. */
        wd_backlog_lost(&self->backlog, finished->job->rev);
        wd_finished_destroy(&finished);
    }
}

void wd_writer_lost(wd_writer_t *self, int64_t rev)
{
    wd_backlog_lost(&self->backlog, rev);
}

bool wd_writer_busy(const wd_writer_t *self, int64_t now)
{
    return self->batches.count > 0 ||
           (self->pending.count > 0 && (!self->refusing || now >= self->again));
}

bool wd_writer_drained(const wd_writer_t *self)
{
    return self->batches.count == 0 && self->pending.count == 0 &&
           wd_store_backlog(self->store) == 0;
}

/* ------------------------------------------------------------------------------------- one turn */

/* One request inside a transaction. A failure of the transaction is returned, one of the request
 * is its own. */
static wd_code_t s_request(wd_writer_t *self, wd_request_t *request)
{
    wd_code_t code = WD_E_INTERNAL;
    wd_outcome_clear(&request->outcome);
    switch (request->verb) {
    case WD_PUSH:
        code = wd_store_accept(self->store, request->article, &request->outcome);
        break;
    case WD_RETRACT:
        code = wd_store_retract(self->store, request->id, &request->outcome);
        break;
    case WD_RETRY:
        code = wd_store_retry(self->store, request->id, &request->outcome);
        break;
    }
    request->code = code;
    return code == WD_E_NOT_FOUND || code == WD_E_NOT_FAILED ? WD_OK : code;
}

/* Whether the requests in the transaction are enough; `start`: when it began. */
static bool s_enough(const wd_writer_t *self, size_t count, uint64_t start)
{
    if (count < REQUESTS_MIN)
        return false;
    uint64_t worth = self->commit * SYNCS;
    return s_micros() - start >= (worth < REQUESTS_US ? worth : REQUESTS_US);
}

/* Writes waiting requests, whole batches; self->taken: how many of these. */
static wd_code_t s_requests(wd_writer_t *self, uint64_t start)
{
    wd_code_t code = WD_OK;
    size_t count = 0;
    while (code == WD_OK && self->taken < self->batches.count && !s_enough(self, count, start)) {
        wd_batch_t *batch = s_at(&self->batches, self->taken++);
        for (size_t k = 0; code == WD_OK && k < batch->count; k++)
            code = s_request(self, &batch->items[k]);
        count += batch->count;
    }
    return code;
}

/* Writes finished articles, as many as fit; *ret_count: how many. */
static wd_code_t s_facts(wd_writer_t *self, bool beside, bool (*waiting)(void *arg), void *arg,
                         size_t *ret_count)
{
    wd_code_t code = WD_OK;
    size_t count = 0, bytes = 0;
    uint64_t start = s_micros();
    size_t limit = self->single ? 1 : FACTS_ALONE;
    while (code == WD_OK && count < self->pending.count && count < limit && bytes < BYTES_MAX) {
        const wd_finished_t *finished = s_at(&self->pending, count);
        code = wd_store_finish(self->store, finished);
        bytes += finished->bytes;
        count++;
        if (code == WD_OK)
            code = wd_store_tidy(self->store, 1);
        bool enough = count >= FACTS_BESIDE || s_micros() - start >= FACTS_US;
        if (enough && (beside || (waiting != NULL && waiting(arg))))
            break;
    }
    *ret_count = count;
    /* Too far behind: beside the facts, for as many texts as there were articles. */
    for (size_t i = 0; code == WD_OK && i < count; i += 16)
        if (wd_store_search_late(self->store))
            code = wd_store_search_step(self->store);
    return code;
}

static void s_histogram(wd_writer_t *self, uint64_t micros)
{
    size_t bucket = 0;
    while (bucket < 15 && micros >= (uint64_t)100 << bucket)
        bucket++;
    s_count(&self->args.stats->commit_bucket[bucket], 1);
}

/* A whole transaction over what `requests` and `facts` say. */
static wd_code_t s_transaction(wd_writer_t *self, int64_t now, bool requests, bool facts,
                               bool (*waiting)(void *arg), void *arg, size_t *ret_finished)
{
    uint64_t start = s_micros();
    *ret_finished = 0;
    self->taken = 0;
    wd_code_t code = wd_store_begin(self->store, now);
    if (code != WD_OK)
        return code;
    if (requests)
        code = s_requests(self, start);
    if (code == WD_OK && facts)
        code = s_facts(self, requests, waiting, arg, ret_finished);
    uint64_t middle = s_micros();
    if (code == WD_OK)
        code = wd_store_commit(self->store);
    if (code != WD_OK) {
        wd_store_rollback(self->store);
        return code;
    }
    uint64_t end = s_micros();
    self->commit = (self->commit * 7 + (end - middle)) / 8;
    s_count(&self->args.stats->commits, 1);
    s_count(&self->args.stats->commit_micros, end - middle);
    s_count(&self->args.stats->write_micros, end - start);
    s_histogram(self, end - start);
    return WD_OK;
}

/* The requests are written: what was accepted becomes work, the batches answers. */
static void s_settle_requests(wd_writer_t *self)
{
    wd_writer_stats_t *stats = self->args.stats;
    for (; self->taken > 0; self->taken--) {
        wd_batch_t *batch = s_get(&self->batches);
        for (size_t i = 0; i < batch->count; i++) {
            wd_request_t *request = &batch->items[i];
            if (request->verb == WD_RETRY && request->code == WD_OK)
                wd_backlog_suspect(&self->backlog);
            if (request->verb != WD_PUSH)
                continue;
            request->id = request->article->id;
            request->article->id = NULL;
            if (request->outcome.duplicate) {
                s_count(&stats->duplicates, 1);
            } else {
                s_count(&stats->accepted, 1);
                /* The job keeps an id of its own. */
                request->article->id = strdup(request->id);
                if (request->article->id != NULL)
                    wd_backlog_offer(&self->backlog, request->outcome.rev,
                                     request->outcome.revision, &request->article);
                else
                    self->backlog.behind = true;
            }
            wd_article_destroy(&request->article);
        }
        if (!s_put(&self->answers, batch))
            wd_batch_destroy(&batch); /* the senders ask again */
    }
}

static void s_refuse_requests(wd_writer_t *self, wd_code_t code)
{
    wd_batch_t *batch;
    self->taken = 0;
    while ((batch = s_get(&self->batches)) != NULL) {
        for (size_t i = 0; i < batch->count; i++) {
            wd_request_t *request = &batch->items[i];
            wd_outcome_clear(&request->outcome);
            request->code = code;
            if (request->article != NULL) {
                request->id = request->article->id;
                request->article->id = NULL;
                wd_article_destroy(&request->article);
            }
        }
        if (!s_put(&self->answers, batch))
            wd_batch_destroy(&batch);
    }
}

static void s_settle_facts(wd_writer_t *self, size_t count)
{
    while (count-- > 0) {
        wd_finished_t *finished = s_get(&self->pending);
        wd_backlog_done(&self->backlog, finished->job->rev);
        wd_finished_destroy(&finished);
    }
    self->single = false;
}

/* Ends and events of the transaction that was committed. */
static void s_settle(wd_writer_t *self)
{
    wd_writer_stats_t *stats = self->args.stats;
    size_t count = 0;
    wd_outcome_t *ended = wd_store_take_ended(self->store, &count);
    for (size_t i = 0; i < count; i++) {
        if (ended[i].state == WD_STORED)
            s_count(&stats->stored, 1);
        else if (ended[i].state == WD_FAILED)
            s_count(&stats->failed, 1);
        s_count(&stats->facts, ended[i].facts);
    }
    if (count > 0 || !self->told)
        self->ends = calloc(1, sizeof *self->ends);
    if (self->ends != NULL) {
        self->ends->items = ended;
        self->ends->count = count;
        self->ends->full = self->refusing;
        self->ends->backlog = wd_store_backlog(self->store);
        self->told = true;
    } else {
        for (size_t i = 0; i < count; i++)
            wd_outcome_clear(&ended[i]);
        free(ended);
    }
    wd_events_t *events = wd_store_take_events(self->store);
    if (events != NULL) {
        s_count(&stats->events, wd_events_count(events));
        self->publication = wd_writer_streams(self);
        if (self->publication != NULL)
            self->publication->events = events;
        else
            wd_events_unref(&events);
    }
}

static bool s_disk(wd_code_t code)
{
    return code == WD_E_FULL || code == WD_E_IO;
}

/* A transaction failed. */
static void s_refused(wd_writer_t *self, int64_t now, wd_code_t code)
{
    if (s_disk(code)) {
        s_count(&self->args.stats->disk_errors, 1);
        self->again = now + RETRY_MS;
        if (!self->refusing) {
            self->refusing = true;
            self->told = false;
            s_log(self, LOG_ERR, "disk_refuses", wd_store_message(self->store));
        }
    } else {
        s_log(self, LOG_ERR, "transaction_failed", wd_store_message(self->store));
    }
}

static void s_accepted_again(wd_writer_t *self)
{
    if (!self->refusing)
        return;
    self->refusing = false;
    self->told = false;
    s_log(self, LOG_NOTICE, "disk_accepts", "the store is written again");
}

/* The facts' own transaction failed. One article must not stop the others: when it is not the disk,
 * they are tried one by one, and the one that is refused fails. */
static void s_refuse_facts(wd_writer_t *self, wd_code_t code)
{
    if (s_disk(code) || self->pending.count == 0)
        return;
    if (!self->single) {
        self->single = true;
        return;
    }
    wd_finished_t *finished = s_at(&self->pending, 0);
    char reason[600];
    snprintf(reason, sizeof reason, "its facts could not be stored: %s",
             wd_store_message(self->store));
    if (finished->reason == NULL && wd_finished_fail(finished, reason))
        return;
    /* Not even its failure is taken: it stays accepted, for the next start. */
    s_log(self, LOG_ERR, "article_given_up", finished->job->article->id);
    s_get(&self->pending);
    wd_backlog_done(&self->backlog, finished->job->rev);
    wd_finished_destroy(&finished);
    self->single = false;
}

static void s_gauges(wd_writer_t *self)
{
    wd_writer_stats_t *stats = self->args.stats;
    s_gauge(&stats->full, self->refusing ? 1 : 0);
    s_gauge(&stats->backlog, wd_store_backlog(self->store));
    s_gauge(&stats->ready, self->backlog.count);
    s_gauge(&stats->pending, self->pending.count);
    s_gauge(&stats->search_lag, wd_store_search_lag(self->store));
    s_gauge(&stats->wal_pages, wd_store_wal_pages(self->store));
    s_gauge(&stats->last, wd_store_last(self->store));
}

/* Counts the crashes of the last run against what was in work then. */
static wd_code_t s_blame(wd_writer_t *self, int64_t now)
{
    if (self->args.suspect_count == 0)
        return WD_OK;
    wd_code_t code = wd_store_begin(self->store, now);
    if (code == WD_OK)
        code = wd_store_blame(self->store, self->args.suspects, self->args.suspect_count);
    if (code == WD_OK)
        code = wd_store_commit(self->store);
    if (code != WD_OK)
        wd_store_rollback(self->store);
    return code;
}

static void s_blame_late(wd_writer_t *self, int64_t now)
{
    wd_code_t code = s_blame(self, now);
    if (code != WD_OK) {
        s_refused(self, now, code);
        self->again = now + RETRY_MS;
        return;
    }
    self->blaming = false;
    s_accepted_again(self);
    s_settle(self);
}

/* One transaction with its consequences. False: it failed. */
static bool s_try(wd_writer_t *self, int64_t now, bool requests, bool facts,
                  bool (*waiting)(void *arg), void *arg)
{
    size_t finished = 0;
    uint64_t written = wd_store_written(self->store);
    wd_code_t code = s_transaction(self, now, requests, facts, waiting, arg, &finished);
    if (code == WD_OK) {
        if (wd_store_written(self->store) > written)
            s_accepted_again(self);
        if (requests)
            s_settle_requests(self);
        s_settle_facts(self, finished);
        s_settle(self);
        return true;
    }
    /* Together: neither is to blame yet, the caller tries them apart. */
    if (requests && facts)
        return false;
    s_refused(self, now, code);
    if (requests)
        s_refuse_requests(self, code);
    else
        s_refuse_facts(self, code);
    return false;
}

void wd_writer_turn(wd_writer_t *self, int64_t now, bool (*waiting)(void *arg), void *arg)
{
    /* What a turn made goes out before the next. */
    if (self->ends != NULL || self->publication != NULL)
        return;
    if (self->blaming && now >= self->again) {
        s_blame_late(self, now);
        return;
    }
    bool requests = self->batches.count > 0;
    bool facts = self->pending.count > 0 && (!self->refusing || now >= self->again);
    if (requests && facts && !self->refusing && !self->single) {
        if (!s_try(self, now, true, true, waiting, arg))
            s_try(self, now, true, false, NULL, NULL);
    } else if (requests) {
        s_try(self, now, true, false, NULL, NULL);
    } else if (facts) {
        s_try(self, now, false, true, waiting, arg);
    }
    if (!self->told && self->ends == NULL) {
        self->ends = calloc(1, sizeof *self->ends);
        if (self->ends != NULL) {
            self->ends->full = self->refusing;
            self->ends->backlog = wd_store_backlog(self->store);
            self->told = true;
        }
    }
    s_gauges(self);
}

void wd_writer_checkpoint(wd_writer_t *self)
{
    uint64_t start = s_micros();
    unsigned before = wd_store_wal_pages(self->store);
    bool due = wd_store_checkpoint_due(self->store);
    if (!due)
        return;
    if (wd_store_checkpoint(self->store, false) != WD_OK && !self->refusing)
        s_log(self, LOG_WARNING, "checkpoint_failed", wd_store_message(self->store));
    if (before > 0) {
        s_count(&self->args.stats->checkpoints, 1);
        s_count(&self->args.stats->checkpoint_micros, s_micros() - start);
    }
}

/* What look-ups and searches of the file are made fast by; `search`: the texts too. */
static void s_tidy(wd_writer_t *self, int64_t now, bool search)
{
    wd_code_t code = wd_store_begin(self->store, now);
    if (code == WD_OK && wd_store_untidy(self->store))
        code = wd_store_tidy(self->store, TIDY_SPARE);
    if (code == WD_OK && wd_store_unfiled(self->store, true))
        code = wd_store_file(self->store, TIDY_SPARE);
    if (code == WD_OK && search)
        code = wd_store_search_step(self->store);
    if (code == WD_OK)
        code = wd_store_commit(self->store);
    if (code != WD_OK) {
        wd_store_rollback(self->store);
        s_refused(self, now, code);
        self->spoilt = true;
    }
}

bool wd_writer_has_spare(const wd_writer_t *self)
{
    return !self->refusing && !self->spoilt &&
           (wd_store_search_due(self->store, false) || wd_store_unfiled(self->store, false));
}

void wd_writer_spare(wd_writer_t *self, int64_t now)
{
    if (wd_writer_has_spare(self))
        s_tidy(self, now, wd_store_search_due(self->store, false));
    s_gauges(self);
}

void wd_writer_idle(wd_writer_t *self, int64_t now)
{
    if (self->refusing && now >= self->again && self->pending.count == 0) {
        wd_code_t code = wd_store_probe(self->store, now);
        if (code == WD_OK)
            s_accepted_again(self);
        else
            s_refused(self, now, code);
        wd_writer_turn(self, now, NULL, NULL);
    }
    if (self->blaming)
        wd_writer_turn(self, now, NULL, NULL);
    bool search = wd_store_search_due(self->store, true);
    self->spoilt = false;
    if (!self->refusing &&
        (search || wd_store_untidy(self->store) || wd_store_unfiled(self->store, true)))
        s_tidy(self, now, search);
    wd_store_checkpoint(self->store, true);
    s_gauges(self);
}

/* ------------------------------------------------------------------------------------- going out
 */

wd_batch_t *wd_writer_take_answers(wd_writer_t *self)
{
    return s_get(&self->answers);
}

wd_ends_t *wd_writer_take_ends(wd_writer_t *self)
{
    wd_ends_t *ends = self->ends;
    self->ends = NULL;
    return ends;
}

wd_publication_t *wd_writer_take_publication(wd_writer_t *self)
{
    wd_publication_t *publication = self->publication;
    self->publication = NULL;
    return publication;
}

wd_publication_t *wd_writer_streams(wd_writer_t *self)
{
    wd_publication_t *publication = calloc(1, sizeof *publication);
    size_t count = wd_store_streams(self->store);
    if (publication == NULL)
        return NULL;
    publication->last = wd_store_last(self->store);
    publication->streams = calloc(count, sizeof *publication->streams);
    for (size_t i = 0; publication->streams != NULL && i < count; i++) {
        uint64_t last = 0;
        const char *name = wd_store_stream(self->store, i, &last);
        char *copy = strdup(name);
        if (copy == NULL)
            break;
        publication->streams[i] = (wd_stream_t){.name = copy, .last = last};
        publication->stream_count++;
    }
    if (publication->stream_count < count)
        wd_publication_destroy(&publication);
    return publication;
}

wd_job_t *wd_writer_take_job(wd_writer_t *self)
{
    /* Finished work is bounded by giving out none while it piles up. */
    if (self->pending.count >= PENDING_MAX || self->refusing || self->blaming)
        return NULL;
    wd_code_t code = WD_OK;
    wd_job_t *job = wd_backlog_take(&self->backlog, self->store, &code);
    if (code != WD_OK)
        s_log(self, LOG_ERR, "no_work", wd_store_message(self->store));
    return job;
}
