/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon's numbers in Prometheus' text form; the lists are in metrics.h. */
#include "metrics.h"

#include <inttypes.h>
#include <stddef.h>
#include <time.h>

#include "proto/status.h"

/* Upper bounds in nanoseconds: 100 us to 10 s, three a decade. */
static const int64_t s_bound_ns[WD_BUCKETS] = {
    100000,   250000,    500000,    1000000,   2500000,    5000000,    10000000,   25000000,
    50000000, 100000000, 250000000, 500000000, 1000000000, 2500000000, 5000000000, 10000000000,
};

static const char *const s_tick_name[WD_TICK_COUNT] = {"main", "intake", "writer", "publisher",
                                                       "query"};

int64_t wd_now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

void wd_count_refused(wd_metrics_t *self, int endpoint, unsigned code)
{
    if (code >= WD_REFUSED_MAX)
        code = WD_REFUSED_MAX - 1;
    atomic_fetch_add_explicit(&self->refused[endpoint ? 1 : 0][code], 1, memory_order_relaxed);
}

void wd_observe(wd_metrics_t *self, wd_histogram_id_t id, int64_t ns)
{
    wd_histogram_t *h = &self->histogram[id];
    int i = 0;
    while (i < WD_BUCKETS && ns > s_bound_ns[i])
        i++;
    atomic_fetch_add_explicit(&h->bucket[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&h->sum_ns, ns > 0 ? (uint64_t)ns : 0, memory_order_relaxed);
}

void wd_tick(wd_metrics_t *self, wd_tick_t who)
{
    atomic_store_explicit(&self->tick[who], wd_now_ns() / 1000000, memory_order_relaxed);
}

const char *wd_metrics_stuck(const wd_metrics_t *self, int64_t limit_ms)
{
    int64_t now = wd_now_ns() / 1000000;
    for (int i = 0; i < WD_TICK_COUNT; i++) {
        int64_t tick = atomic_load_explicit(&self->tick[i], memory_order_relaxed);
        if (tick != 0 && now - tick > limit_ms)
            return s_tick_name[i];
    }
    return NULL;
}

void wd_reading(wd_metrics_t *self, size_t index, bool begins)
{
    atomic_store_explicit(&self->reading[index], begins ? wd_now_ns() / 1000000 : 0,
                          memory_order_relaxed);
}

int wd_metrics_hung(const wd_metrics_t *self, int64_t limit_ms)
{
    int64_t now = wd_now_ns() / 1000000;
    for (int i = 0; i < WD_WORKERS_MAX; i++) {
        int64_t since = atomic_load_explicit(&self->reading[i], memory_order_relaxed);
        if (since != 0 && now - since > limit_ms)
            return i;
    }
    return -1;
}

static void s_head(FILE *out, const char *name, const char *help, const char *type)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void s_histogram(const wd_histogram_t *h, const char *name, const char *help, FILE *out)
{
    uint64_t count = 0;
    s_head(out, name, help, "histogram");
    for (int i = 0; i <= WD_BUCKETS; i++) {
        count += atomic_load_explicit(&h->bucket[i], memory_order_relaxed);
        if (i < WD_BUCKETS)
            fprintf(out, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", name, (double)s_bound_ns[i] / 1e9,
                    count);
        else
            fprintf(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, count);
    }
    uint64_t sum = atomic_load_explicit(&h->sum_ns, memory_order_relaxed);
    fprintf(out, "%s_sum %.6f\n%s_count %" PRIu64 "\n", name, (double)sum / 1e9, name, count);
}

static void s_refused(const wd_metrics_t *self, FILE *out)
{
    static const char *const endpoint[2] = {"intake", "query"};
    s_head(out, "winnow_refused_total", "Messages answered with REFUSED, by endpoint and code.",
           "counter");
    for (int e = 0; e < 2; e++)
        for (unsigned c = 1; c < WP_CODES && c < WD_REFUSED_MAX; c++)
            fprintf(out, "winnow_refused_total{endpoint=\"%s\",code=\"%s\"} %" PRIu64 "\n",
                    endpoint[e], wp_code_name((wp_code_t)c),
                    (uint64_t)atomic_load_explicit(&self->refused[e][c], memory_order_relaxed));
}

/* What the writer counts itself. */
static const struct {
    const char *name, *help, *type;
    size_t offset; /* of the member of wd_writer_stats_t */
} s_writer[] = {
#define S(member) offsetof(wd_writer_stats_t, member)
    {"winnow_accepted_total", "New revisions accepted and durable.", "counter", S(accepted)},
    {"winnow_duplicates_total", "Pushes of a text that the store already had.", "counter",
     S(duplicates)},
    {"winnow_articles_stored_total", "Articles whose facts were stored.", "counter", S(stored)},
    {"winnow_articles_failed_total", "Articles put aside as failed.", "counter", S(failed)},
    {"winnow_facts_stored_total", "Facts committed.", "counter", S(facts)},
    {"winnow_events_committed_total", "Events committed.", "counter", S(events)},
    {"winnow_publications_dropped_total",
     "Batches of events that the publisher did not take in time; subscribers fetch them.",
     "counter", S(dropped)},
    {"winnow_disk_errors_total", "Transactions rolled back as the disk was full or failing.",
     "counter", S(disk_errors)},
    {"winnow_checkpoints_total", "Checkpoints of the write-ahead log.", "counter", S(checkpoints)},
    {"winnow_disk_full", "1 while the store cannot be written.", "gauge", S(full)},
    {"winnow_search_lag_revisions", "Revisions that the full-text index of the store is behind.",
     "gauge", S(search_lag)},
    {"winnow_backlog_articles", "Articles accepted whose facts are not stored.", "gauge",
     S(backlog)},
    {"winnow_work_waiting_articles", "Articles in memory that wait for a worker.", "gauge",
     S(ready)},
    {"winnow_work_active_articles", "Articles handed to workers.", "gauge", S(in_work)},
    {"winnow_work_finished_articles", "Articles read whose facts wait for their transaction.",
     "gauge", S(pending)},
    {"winnow_store_wal_pages", "Pages in the write-ahead log.", "gauge", S(wal_pages)},
    {"winnow_event_last", "Number of the newest event committed.", "gauge", S(last)},
#undef S
};

static uint64_t s_load(const _Atomic uint64_t *value)
{
    return atomic_load_explicit(value, memory_order_relaxed);
}

static void s_write_writer(const wd_writer_stats_t *writer, FILE *out)
{
    for (size_t i = 0; i < sizeof s_writer / sizeof *s_writer; i++) {
        const char *at = (const char *)writer + s_writer[i].offset;
        s_head(out, s_writer[i].name, s_writer[i].help, s_writer[i].type);
        fprintf(out, "%s %" PRIu64 "\n", s_writer[i].name,
                s_load((const _Atomic uint64_t *)(const void *)at));
    }
    const char *micros[] = {"winnow_sync_seconds_total", "winnow_checkpoint_seconds_total"};
    s_head(out, micros[0], "Time spent in COMMIT.", "counter");
    fprintf(out, "%s %.6f\n", micros[0], (double)s_load(&writer->commit_micros) / 1e6);
    s_head(out, micros[1], "Time spent in checkpoints.", "counter");
    fprintf(out, "%s %.6f\n", micros[1], (double)s_load(&writer->checkpoint_micros) / 1e6);

    uint64_t count = 0;
    s_head(out, "winnow_commit_seconds", "Time of one transaction, the sync included.",
           "histogram");
    for (int i = 0; i < 16; i++) {
        count += s_load(&writer->commit_bucket[i]);
        if (i < 15)
            fprintf(out, "winnow_commit_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
                    (double)(100 << i) / 1e6, count);
        else
            fprintf(out, "winnow_commit_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", count);
    }
    fprintf(out, "winnow_commit_seconds_sum %.6f\nwinnow_commit_seconds_count %" PRIu64 "\n",
            (double)s_load(&writer->write_micros) / 1e6, count);
}

void wd_metrics_write(const wd_metrics_t *self, const wd_writer_stats_t *writer, FILE *out)
{
    static const struct {
        const char *name, *help;
    } counter[] =
        {
#define X(id, n, h) {n, h},
            WD_COUNTERS(X)},
      gauge[] = {WD_GAUGES(X)}, histogram[] = {WD_HISTOGRAMS(X)};
#undef X
    for (int i = 0; i < WD_C_COUNT; i++) {
        s_head(out, counter[i].name, counter[i].help, "counter");
        fprintf(out, "%s %" PRIu64 "\n", counter[i].name,
                (uint64_t)atomic_load_explicit(&self->counter[i], memory_order_relaxed));
    }
    s_refused(self, out);
    s_write_writer(writer, out);
    for (int i = 0; i < WD_G_COUNT; i++) {
        s_head(out, gauge[i].name, gauge[i].help, "gauge");
        fprintf(out, "%s %" PRId64 "\n", gauge[i].name,
                (int64_t)atomic_load_explicit(&self->gauge[i], memory_order_relaxed));
    }
    for (int i = 0; i < WD_H_COUNT; i++)
        s_histogram(&self->histogram[i], histogram[i].name, histogram[i].help, out);
}
