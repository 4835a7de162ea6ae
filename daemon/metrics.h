/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the daemon counts: one block of atomic numbers that every actor writes to and the admin HTTP
 * reads. No locks, no strings: an actor adds to a number by its enum, `wd_metrics_write()` gives
 * the block in Prometheus' text form (version 0.0.4).
 *
 * Everything that is refused, dropped or failed has a counter here; a log line may be left out when
 * there are too many of them, its counter is not. All functions may be called from any thread.
 * Since 0.1.
 */
#ifndef WD_METRICS_H
#define WD_METRICS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "actors.h"

/* enum, name, help */
#define WD_COUNTERS(X)                                                                             \
    X(SESSIONS_OPENED, "winnow_sessions_opened_total", "Sessions opened by HELLO.")                \
    X(SESSIONS_EXPIRED, "winnow_sessions_expired_total",                                           \
      "Sessions closed as their peer was gone.")                                                   \
    X(PUSHES, "winnow_pushes_total", "PUSH messages received, whatever became of them.")           \
    X(PUSH_BYTES, "winnow_push_bytes_total", "Bytes of the JSON and text frames of PUSH.")         \
    X(ANSWERS_DROPPED, "winnow_answers_dropped_total",                                             \
      "Answers that could not be delivered: the peer was gone or did not read.")                   \
    X(EXTRACTIONS, "winnow_extractions_total", "Texts read by the extractor.")                     \
    X(EXTRACTION_FAILURES, "winnow_extraction_failures_total",                                     \
      "Texts that the extractor gave up on.")                                                      \
    X(EXTRACTED_BYTES, "winnow_extracted_bytes_total", "Bytes of text read by the extractor.")     \
    X(EVENTS, "winnow_events_published_total", "Events handed to the publishing socket.")          \
    X(HEARTBEATS, "winnow_heartbeats_total", "Heartbeats published.")                              \
    X(QUERIES, "winnow_queries_total", "Requests taken on the query endpoint.")                    \
    X(EVENTS_REPLAYED, "winnow_events_replayed_total", "Events sent in answer to REPLAY.")         \
    X(LOG_SUPPRESSED, "winnow_log_suppressed_total", "Log lines left out by the rate limit.")      \
    X(RELOADS, "winnow_reloads_total", "Configurations read again and taken.")                     \
    X(RELOAD_FAILURES, "winnow_reload_failures_total", "Configurations read again and refused.")

#define WD_GAUGES(X)                                                                               \
    X(READY, "winnow_ready", "1 while articles are taken, else 0.")                                \
    X(DRAINING, "winnow_draining", "1 once the daemon is stopping.")                               \
    X(SESSIONS, "winnow_sessions", "Sessions that are open.")                                      \
    X(INTAKE_MESSAGES, "winnow_intake_messages", "Pushes taken and not yet answered.")             \
    X(INTAKE_BYTES, "winnow_intake_bytes", "Bytes of the pushes taken and not yet answered.")      \
    X(WAITERS, "winnow_waiters", "STORED answers that are promised.")                              \
    X(WORKERS, "winnow_workers", "Extraction threads.")                                            \
    X(EVENT_SENT, "winnow_event_published_last", "Number of the newest event published.")          \
    X(SUBSCRIPTIONS, "winnow_subscriptions", "Topics subscribed to, over all subscribers.")        \
    X(QUERY_QUEUE, "winnow_query_queue", "Requests that wait for a reader.")                       \
    X(STORE_BYTES, "winnow_store_bytes", "Size of the database file.")                             \
    X(WAL_BYTES, "winnow_store_wal_bytes", "Size of the write-ahead log.")                         \
    X(START_TIME, "winnow_start_time_seconds", "When the daemon started, seconds since 1970.")

#define WD_HISTOGRAMS(X)                                                                           \
    X(ACCEPT, "winnow_accept_seconds", "From a push read to its ACCEPTED sent.")                   \
    X(EXTRACT, "winnow_extraction_seconds", "Time of one extraction.")                             \
    X(QUERY, "winnow_query_seconds", "Time a reader works on one request.")

#define WD_ENUM_C(id, name, help) WD_C_##id,
#define WD_ENUM_G(id, name, help) WD_G_##id,
#define WD_ENUM_H(id, name, help) WD_H_##id,
typedef enum { WD_COUNTERS(WD_ENUM_C) WD_C_COUNT } wd_counter_t;
typedef enum { WD_GAUGES(WD_ENUM_G) WD_G_COUNT } wd_gauge_t;
typedef enum { WD_HISTOGRAMS(WD_ENUM_H) WD_H_COUNT } wd_histogram_id_t;
#undef WD_ENUM_C
#undef WD_ENUM_G
#undef WD_ENUM_H

/* The actors whose loops are watched. */
typedef enum {
    WD_TICK_MAIN,
    WD_TICK_INTAKE,
    WD_TICK_WRITER, /* moved on by main, which sees the writer's own count change */
    WD_TICK_PUBLISHER,
    WD_TICK_QUERY,
    WD_TICK_COUNT
} wd_tick_t;

#define WD_BUCKETS     16 /* upper bounds in metrics.c */
#define WD_REFUSED_MAX 32 /* places for status codes on each of the two endpoints */

typedef struct {
    atomic_uint_fast64_t bucket[WD_BUCKETS + 1]; /* the last one is +Inf */
    atomic_uint_fast64_t sum_ns;
} wd_histogram_t;

typedef struct {
    atomic_uint_fast64_t counter[WD_C_COUNT];
    atomic_int_fast64_t gauge[WD_G_COUNT];
    wd_histogram_t histogram[WD_H_COUNT];
    atomic_uint_fast64_t refused[2][WD_REFUSED_MAX]; /* [0] intake, [1] query; by status code */
    atomic_int_fast64_t tick[WD_TICK_COUNT];         /* monotonic ms of the last turn, 0: not up */
    atomic_int_fast64_t reading[WD_WORKERS_MAX]; /* monotonic ms at which a worker began, 0: idle */
} wd_metrics_t;

static inline void wd_count(wd_metrics_t *self, wd_counter_t id, uint64_t n)
{
    atomic_fetch_add_explicit(&self->counter[id], n, memory_order_relaxed);
}

static inline void wd_gauge_set(wd_metrics_t *self, wd_gauge_t id, int64_t value)
{
    atomic_store_explicit(&self->gauge[id], value, memory_order_relaxed);
}

static inline void wd_gauge_add(wd_metrics_t *self, wd_gauge_t id, int64_t n)
{
    atomic_fetch_add_explicit(&self->gauge[id], n, memory_order_relaxed);
}

static inline int64_t wd_gauge_get(const wd_metrics_t *self, wd_gauge_t id)
{
    return atomic_load_explicit(&self->gauge[id], memory_order_relaxed);
}

static inline uint64_t wd_counter_get(const wd_metrics_t *self, wd_counter_t id)
{
    return atomic_load_explicit(&self->counter[id], memory_order_relaxed);
}

/* Counts a refusal with the status code `code` on the intake (0) or query (1) endpoint. */
void wd_count_refused(wd_metrics_t *self, int endpoint, unsigned code);

/* Adds one duration, in nanoseconds, to a histogram. */
void wd_observe(wd_metrics_t *self, wd_histogram_id_t id, int64_t ns);

/* Says that the loop of `who` turned just now. */
void wd_tick(wd_metrics_t *self, wd_tick_t who);

/* Nanoseconds of the monotonic clock. */
int64_t wd_now_ns(void);

/* NULL when every loop that ever turned has turned within `limit_ms`, else the name of one that has
 * not. */
const char *wd_metrics_stuck(const wd_metrics_t *self, int64_t limit_ms);

/* Says that worker `index` begins to read a text, or has read it. */
void wd_reading(wd_metrics_t *self, size_t index, bool begins);

/* The worker that has read one text for longer than `limit_ms`, or -1. */
int wd_metrics_hung(const wd_metrics_t *self, int64_t limit_ms);

/* Writes everything, with what the writer counts, to `out` in Prometheus' text form. */
void wd_metrics_write(const wd_metrics_t *self, const wd_writer_stats_t *writer, FILE *out);

#endif
