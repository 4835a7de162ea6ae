/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast the writer stores articles with their facts, on an empty store and on a large one.
 *
 *   bench_store [--articles N] [--facts N] [--size BYTES] [--batch N] [--window N] [--wal PAGES]
 *               [--page BYTES] [--cache KIB] [--search] [--dir] DIR
 *
 * Feeds the writer (writer.h) with batches of pushes and finished work, as intake and workers do,
 * and counts the time that it spends in its own calls: requests, facts, words, events, commits,
 * checkpoints. What workers do in threads of their own (making words) is timed apart. `cpu` is the
 * writer's processor time, which other programs disturb less. --search: the full-text index is kept
 * up beside the facts; without it, its cost is measured behind them. Then: opening, replay,
 * queries. DIR must be empty; the store stays in it.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "made.h"
#include "writer.h"

typedef struct {
    const char *dir;
    size_t articles, facts, size, batch, window;
    wd_store_options_t store;
} s_options_t;

static double s_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int s_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double s_quantile(double *values, size_t count, double q)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof *values, s_compare);
    return values[(size_t)((double)(count - 1) * q)];
}

/* The processor time of this thread: what is left when other programs take the wall clock. */
static double s_cpu(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Times of the writer: in all, and of each turn. */
typedef struct {
    double total, cpu;
    double *turns;
    size_t count, capacity;
} s_times_t;

static void s_add_time(s_times_t *self, double seconds)
{
    self->total += seconds;
    if (self->count == self->capacity) {
        self->capacity = self->capacity > 0 ? self->capacity * 2 : 1024;
        self->turns = realloc(self->turns, self->capacity * sizeof *self->turns);
        if (self->turns == NULL)
            abort();
    }
    self->turns[self->count++] = seconds;
}

static void s_drop_output(wd_writer_t *writer)
{
    wd_batch_t *batch;
    while ((batch = wd_writer_take_answers(writer)) != NULL)
        wd_batch_destroy(&batch);
    wd_ends_t *ends = wd_writer_take_ends(writer);
    wd_ends_destroy(&ends);
    wd_publication_t *publication = wd_writer_take_publication(writer);
    wd_publication_destroy(&publication);
}

static void s_turn(wd_writer_t *writer, s_times_t *times)
{
    double start = s_seconds(), cpu = s_cpu();
    wd_writer_turn(writer, 1700000000000, NULL, NULL);
    wd_writer_checkpoint(writer);
    s_add_time(times, s_seconds() - start);
    times->cpu += s_cpu() - cpu;
    s_drop_output(writer);
}

/* One batch: pushed, extracted, stored. Returns the seconds that making words took. */
static double s_batch(wd_writer_t *writer, made_t *made, const s_options_t *options,
                      uint64_t *number, s_times_t *times)
{
    double words = 0;
    wd_batch_t *batch = wd_batch_new(options->batch);
    for (size_t i = 0; i < options->batch; i++) {
        wd_request_t *request = wd_batch_add(batch);
        request->verb = WD_PUSH;
        request->article = made_article(made, (*number)++, options->size);
    }
    wd_writer_add_batch(writer, batch);
    s_turn(writer, times);
    wd_job_t *job;
    for (;;) {
        double start = s_seconds();
        job = wd_writer_take_job(writer);
        times->total += s_seconds() - start;
        if (job == NULL)
            break;
        wd_finished_t *finished = wd_finished_new(&job);
        made_facts(made, finished, options->facts);
        start = s_seconds();
        if (!wd_finished_seal(finished))
            abort();
        words += s_seconds() - start;
        wd_writer_add_finished(writer, finished);
    }
    while (wd_writer_busy(writer, 1700000000000))
        s_turn(writer, times);
    return words;
}

static void s_fill(wd_store_t *store, const s_options_t *options)
{
    wd_writer_stats_t stats;
    memset(&stats, 0, sizeof stats);
    wd_writer_args_t args = {.store = store, .stats = &stats};
    char message[256];
    wd_writer_t *writer = wd_writer_new(&args, 1700000000000, message, sizeof message);
    made_t made;
    made_init(&made, 42);
    uint64_t number = 0;
    double first_rate = 0, rate = 0, words = 0;
    if (writer == NULL)
        abort();
    while (number < options->articles) {
        s_times_t times = {0};
        uint64_t from = number;
        while (number < from + options->window && number < options->articles)
            words += s_batch(writer, &made, options, &number, &times);
        rate = (double)(number - from) / times.total;
        if (from == 0)
            first_rate = rate;
        double p50 = s_quantile(times.turns, times.count, 0.5);
        double p99 = s_quantile(times.turns, times.count, 0.99);
        double most = s_quantile(times.turns, times.count, 1);
        printf(
            "store_%llu %.0f articles/s cpu %.0f us/article turn_p50 %.2f p99 %.2f max %.2f ms\n",
            (unsigned long long)number, rate, 1e6 * times.cpu / (double)(number - from), 1e3 * p50,
            1e3 * p99, 1e3 * most);
        fflush(stdout);
        free(times.turns);
    }
    printf("store_ratio %.2f last_to_first\n", rate / first_rate);
    printf("words %.1f us/article\n", 1e6 * words / (double)number);
    made_free(&made);
    wd_writer_destroy(&writer);
}

static void s_replay(wd_reader_t *reader)
{
    uint64_t from = 1, complete = 0, last = 1;
    size_t count = 0, bytes = 0;
    double start = s_seconds();
    while (complete < last && count < 1000000) {
        wd_events_t *events = NULL;
        if (wd_reader_replay(reader, from, NULL, 0, 1000, &events, &complete, &last) != WD_OK)
            abort();
        count += events != NULL ? wd_events_count(events) : 0;
        bytes += events != NULL ? wd_events_bytes(events) : 0;
        wd_events_unref(&events);
        from = complete + 1;
    }
    double seconds = s_seconds() - start;
    printf("replay %.0f events/s %.0f MB/s\n", (double)count / seconds,
           (double)bytes / seconds / 1e6);
}

static void s_query(wd_reader_t *reader, const char *name, const wd_query_t *query)
{
    double times[50];
    size_t rows = 0;
    for (size_t i = 0; i < 50; i++) {
        wd_rows_t page = {0};
        double start = s_seconds();
        if (wd_reader_query(reader, query, &page) != WD_OK) {
            printf("query_%s: %s\n", name, wd_reader_message(reader));
            return;
        }
        times[i] = s_seconds() - start;
        rows = page.count;
        wd_rows_clear(&page);
    }
    double middle = s_quantile(times, 50, 0.5), most = s_quantile(times, 50, 1);
    printf("query_%s p50 %.2f max %.2f ms, %zu rows\n", name, 1e3 * middle, 1e3 * most, rows);
}

static void s_read(const s_options_t *options)
{
    wd_code_t code;
    char message[256];
    wd_reader_t *reader = wd_reader_open(options->dir, &code, message, sizeof message);
    if (reader == NULL)
        abort();
    s_replay(reader);
    s_query(reader, "newest", &(wd_query_t){0});
    s_query(reader, "kind", &(wd_query_t){.kind = "ownership"});
    made_t made;
    made_init(&made, 42);
    s_query(reader, "entity_often", &(wd_query_t){.entity = made.names[7]});
    s_query(reader, "entity_rare", &(wd_query_t){.entity = made.names[20007]});
    s_query(reader, "place_min", &(wd_query_t){.place = made.names[7], .min = "1e10"});
    s_query(reader, "day", &(wd_query_t){.since = "2017-06-23", .until = "2017-06-23"});
    s_query(reader, "text_rare",
            &(wd_query_t){.text = made.words[39000], .since = "2010", .until = "2019-05"});
    s_query(reader, "nothing", &(wd_query_t){.entity = "nobody", .kind = "investment"});
    made_free(&made);
    wd_reader_close(&reader);
}

static void s_open(const s_options_t *options)
{
    wd_code_t code;
    char message[256];
    double start = s_seconds();
    wd_store_t *store =
        wd_store_open(options->dir, &options->store, &code, message, sizeof message);
    if (store == NULL)
        abort();
    wd_job_t *jobs[32];
    size_t count = 0;
    bool more = false;
    wd_store_unfinished(store, false, 0, 32, SIZE_MAX, jobs, &count, &more);
    printf("open %.1f ms, %llu unfinished\n", 1e3 * (s_seconds() - start),
           (unsigned long long)wd_store_backlog(store));
    while (count > 0)
        wd_job_destroy(&jobs[--count]);
    wd_store_close(&store);
}

/* Brings the full-text index up to date, for at most `limit` texts. */
static void s_search(wd_store_t *store, uint64_t limit)
{
    uint64_t first = wd_store_search_lag(store);
    double start = s_seconds(), cpu = s_cpu();
    while (wd_store_search_due(store, true) && wd_store_search_lag(store) + limit > first)
        if (wd_store_begin(store, 1700000000000) != WD_OK || wd_store_search_step(store) != WD_OK ||
            wd_store_commit(store) != WD_OK || wd_store_checkpoint(store, false) != WD_OK)
            abort();
    uint64_t count = first - wd_store_search_lag(store);
    if (count > 0)
        printf("search %.0f us/article cpu %.0f us/article, %llu texts\n",
               1e6 * (s_seconds() - start) / (double)count, 1e6 * (s_cpu() - cpu) / (double)count,
               (unsigned long long)count);
}

/* Articles that nobody extracts. */
static void s_backlog(wd_store_t *store, size_t count, size_t size)
{
    made_t made;
    made_init(&made, 43);
    wd_store_begin(store, 1700000000000);
    for (size_t i = 0; i < count; i++) {
        wd_article_t *article = made_article(&made, 1000000000 + i, size);
        wd_outcome_t outcome;
        if (wd_store_accept(store, article, &outcome) != WD_OK)
            abort();
        wd_article_destroy(&article);
    }
    if (wd_store_commit(store) != WD_OK)
        abort();
    made_free(&made);
}

int main(int argc, char **argv)
{
    s_options_t options = {.dir = ".",
                           .articles = 20000,
                           .facts = 40,
                           .size = 5000,
                           .batch = 64,
                           .window = 5000,
                           .store.search_lag = UINT32_MAX};
    static const struct option names[] = {
        {"search", 0, NULL, 'x'}, {"dir", 1, NULL, 'd'},  {"articles", 1, NULL, 'a'},
        {"facts", 1, NULL, 'f'},  {"size", 1, NULL, 's'}, {"batch", 1, NULL, 'b'},
        {"window", 1, NULL, 'w'}, {"wal", 1, NULL, 'l'},  {"page", 1, NULL, 'p'},
        {"cache", 1, NULL, 'c'},  {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        size_t number = optarg != NULL ? strtoul(optarg, NULL, 10) : 0;
        switch (option) {
        case 'd':
            options.dir = optarg;
            break;
        case 'x':
            options.store.search_lag = 1;
            break;
        case 'a':
            options.articles = number;
            break;
        case 'f':
            options.facts = number;
            break;
        case 's':
            options.size = number;
            break;
        case 'b':
            options.batch = number;
            break;
        case 'w':
            options.window = number;
            break;
        case 'l':
            options.store.wal_pages = (unsigned)number;
            break;
        case 'p':
            options.store.page_size = (unsigned)number;
            break;
        case 'c':
            options.store.cache_kib = (unsigned)number;
            break;
        default:
            return 2;
        }
    }
    if (optind == argc - 1)
        options.dir = argv[optind];
    if (options.dir == NULL) {
        fprintf(stderr, "bench_store: which folder?\n");
        return 2;
    }
    wd_code_t code;
    char message[256];
    wd_store_t *store = wd_store_open(options.dir, &options.store, &code, message, sizeof message);
    if (store == NULL) {
        fprintf(stderr, "bench_store: %s\n", message);
        return 1;
    }
    if (wd_store_last(store) > 0) {
        fprintf(stderr, "bench_store: %s holds a store that is not empty\n", options.dir);
        return 1;
    }
    s_fill(store, &options);
    s_search(store, 10000);
    s_backlog(store, options.articles / 10, options.size);
    wd_store_close(&store);
    s_open(&options);
    s_read(&options);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("memory %ld KiB\n", usage.ru_maxrss);
    return 0;
}
