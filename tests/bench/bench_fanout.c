/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many events a second reach --subscribers: from the daemon's publisher, fed as the writer
 * feeds it, and from a bare PUB socket that sends the same three frames. Both in one run, on the
 * same kind of endpoint; the subscribers are another process, and nobody is sent more than it can
 * hold, so that nothing is dropped and every delivery counts.
 *
 *   bench_fanout [--events N] [--subscribers N] [--batch N]
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "daemon/events.h"
#include "daemon/publisher.h"

#define S_AHEAD 8000 /* events that the slowest subscriber may be behind */
#define S_MAX   64

/* What each subscriber has received; shared with the process that they live in. */
typedef struct {
    _Atomic uint64_t here[S_MAX];     /* heartbeats: it is subscribed */
    _Atomic uint64_t received[S_MAX]; /* events */
} s_shared_t;

static const char s_record[] =
    "{\"kind\":\"investment\",\"modality\":\"planned\",\"roles\":{\"investor\":[{\"type\":"
    "\"organization\","
    "\"text\":\"Halden "
    "Marine\",\"start\":0,\"end\":13}],\"amount\":[{\"type\":\"money\",\"text\":\"40 million "
    "euros\",\"number\":40000000,\"unit\":\"EUR\",\"start\":49,\"end\":65}],\"location\":[{"
    "\"type\":\"place\","
    "\"text\":\"Bergen\",\"start\":69,\"end\":75}]},\"evidence\":{\"text\":\"Halden Marine said on "
    "Tuesday that "
    "it will invest 40 million euros in Bergen.\",\"start\":0,\"end\":77}}";

static void s_subscribe(const char *endpoint, uint64_t subscribers, s_shared_t *shared)
{
    void *context = zmq_ctx_new();
    zmq_pollitem_t items[S_MAX];
    for (size_t i = 0; i < subscribers; i++) {
        int zero = 0;
        void *socket = zmq_socket(context, ZMQ_SUB);
        zmq_setsockopt(socket, ZMQ_RCVHWM, &zero, sizeof zero);
        zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
        if (zmq_connect(socket, endpoint) != 0 || zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0) != 0)
            bench_die("%s: %s", endpoint, zmq_strerror(errno));
        items[i] = (zmq_pollitem_t){.socket = socket, .events = ZMQ_POLLIN};
    }
    zmq_msg_t part;
    zmq_msg_init(&part);
    for (;;) {
        zmq_poll(items, (int)subscribers, -1);
        for (size_t i = 0; i < subscribers; i++) {
            uint64_t got = 0;
            while (got < 1000 && zmq_msg_recv(&part, items[i].socket, ZMQ_DONTWAIT) >= 0) {
                bool event = zmq_msg_size(&part) > 4 && memcmp(zmq_msg_data(&part), "fact", 4) == 0;
                while (zmq_msg_more(&part))
                    zmq_msg_recv(&part, items[i].socket, 0);
                if (event)
                    got++;
                else
                    atomic_fetch_add(&shared->here[i], 1);
            }
            atomic_fetch_add(&shared->received[i], got);
        }
    }
}

static uint64_t s_least(const _Atomic uint64_t *counts, uint64_t subscribers)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < subscribers; i++) {
        uint64_t n = atomic_load(&counts[i]);
        least = n < least ? n : least;
    }
    return least;
}

static void s_pause(long microseconds)
{
    struct timespec moment = {0, microseconds * 1000};
    nanosleep(&moment, NULL);
}

/* Waits until the slowest has at least `n`. */
static void s_wait(const s_shared_t *shared, uint64_t subscribers, uint64_t n)
{
    uint64_t begun = bench_now();
    while (s_least(shared->received, subscribers) < n) {
        s_pause(50);
        if (bench_now() - begun > 60000000000u)
            bench_die("a subscriber stays at %" PRIu64 " of %" PRIu64,
                      s_least(shared->received, subscribers), n);
    }
}

/* A batch of events as the writer makes them; the same numbers each time, nobody here looks at
 * them. */
static wd_events_t *s_events(uint64_t batch)
{
    wd_events_draft_t draft = {0};
    wd_buf_t article = {0};
    wd_events_article(&article, "https://news.example/2022/06/23/1", 1, "News", NULL, "A headline",
                      "2022-06-23");
    for (uint64_t i = 0; i < batch; i++) {
        wd_event_row_t row = {.seq = i + 1,
                              .prev = i,
                              .time = 1655942400000,
                              .stream = "fact.investment",
                              .change = "created",
                              .rev = 1,
                              .n = (uint32_t)i + 1,
                              .article = article.data,
                              .article_size = article.size,
                              .record = s_record,
                              .record_size = sizeof s_record - 1};
        wd_events_draft_add(&draft, "5f0c0000-0000-4000-8000-000000000000", &row);
    }
    wd_events_t *events = wd_events_draft_close(&draft);
    wd_events_draft_clear(&draft);
    free(article.data);
    if (!events)
        bench_die("no events");
    return events;
}

static pid_t s_fork(const char *endpoint, uint64_t subscribers, s_shared_t *shared)
{
    memset(shared, 0, sizeof *shared);
    pid_t child = fork();
    if (child == 0) {
        s_subscribe(endpoint, subscribers, shared);
        _exit(0);
    }
    return child;
}

static void s_reap(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void s_put64(unsigned char *p, uint64_t n)
{
    for (int i = 0; i < 8; i++)
        p[i] = (unsigned char)(n >> (56 - 8 * i));
}

static double s_bare(const char *endpoint, pid_t child, s_shared_t *shared, uint64_t subscribers,
                     uint64_t count, const wd_events_t *events)
{
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_XPUB);
    int mark = WD_EVENTS_WAITING, zero = 0;
    zmq_setsockopt(socket, ZMQ_SNDHWM, &mark, sizeof mark);
    zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
    if (zmq_bind(socket, endpoint) != 0)
        bench_die("%s: %s", endpoint, zmq_strerror(errno));
    while (s_least(shared->here, subscribers) == 0) {
        zmq_send(socket, "winnow.heartbeat", 16, 0);
        s_pause(10000);
    }
    uint64_t begun = bench_now(), sent = 0;
    while (sent < count) {
        for (size_t i = 0; i < wd_events_count(events) && sent < count; i++, sent++) {
            const wd_event_t *event = wd_events_at(events, i);
            unsigned char seq[8];
            s_put64(seq, event->seq);
            zmq_send(socket, event->topic, event->topic_size, ZMQ_SNDMORE);
            zmq_send(socket, seq, sizeof seq, ZMQ_SNDMORE);
            zmq_send(socket, event->body, event->body_size, 0);
        }
        if (sent > S_AHEAD)
            s_wait(shared, subscribers, sent - S_AHEAD);
    }
    s_wait(shared, subscribers, count);
    double seconds = (double)(bench_now() - begun) / 1e9;
    s_reap(child);
    zmq_close(socket);
    zmq_ctx_term(context);
    return (double)(count * subscribers) / seconds;
}

static double s_publisher(const char *endpoint, pid_t child, s_shared_t *shared,
                          uint64_t subscribers, uint64_t count, wd_events_t *events)
{
    static wd_publisher_args_t args;
    static wd_metrics_t metrics;
    char program[] = "bench", *argv[] = {program, NULL};
    int faults;
    wd_config_read(&args.config, 1, argv, stderr, &faults);
    snprintf(args.config.events, sizeof args.config.events, "%s", endpoint);
    args.metrics = &metrics;
    args.epoch = "5f0c0000-0000-4000-8000-000000000000";
    zsock_t *writer = zsock_new(ZMQ_PAIR);
    zsock_set_sndhwm(writer, 16);
    if (zsock_bind(writer, "%s", WD_WRITER_PUBLISH) != 0)
        bench_die("bind");
    zactor_t *actor = zactor_new(wd_publisher_actor, &args);
    if (!actor || *args.failure)
        bench_die("publisher: %s", args.failure);
    /* One without events, as the writer sends first: then there are heartbeats. */
    wd_publication_t *first = calloc(1, sizeof *first);
    if (!first || wd_parcel_send(zsock_resolve(writer), WD_PARCEL_PUBLICATION, first, 0) != 0)
        bench_die("no memory");
    while (s_least(shared->here, subscribers) == 0)
        s_pause(10000);
    uint64_t batch = wd_events_count(events), begun = bench_now(), sent = 0;
    while (sent < count) {
        wd_publication_t *publication = calloc(1, sizeof *publication);
        if (!publication)
            bench_die("no memory");
        publication->events = wd_events_ref(events);
        publication->last = sent + batch;
        if (wd_parcel_send(zsock_resolve(writer), WD_PARCEL_PUBLICATION, publication, 0) != 0)
            bench_die("send: %s", zmq_strerror(errno));
        sent += batch;
        if (sent > S_AHEAD)
            s_wait(shared, subscribers, sent - S_AHEAD);
    }
    s_wait(shared, subscribers, sent);
    double seconds = (double)(bench_now() - begun) / 1e9;
    s_reap(child);
    zactor_destroy(&actor);
    zsock_destroy(&writer);
    return (double)(sent * subscribers) / seconds;
}

int main(int argc, char **argv)
{
    uint64_t count = 200000, subscribers = 10, batch = 200;
    static const struct option names[] = {{"events", required_argument, NULL, 'e'},
                                          {"subscribers", required_argument, NULL, 's'},
                                          {"batch", required_argument, NULL, 'b'},
                                          {NULL, 0, NULL, 0}};
    int c;
    while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (c == '?')
            return 2;
        uint64_t n = bench_number("option", optarg);
        *(c == 'e' ? &count : c == 's' ? &subscribers : &batch) = n;
    }
    if (!count || !subscribers || subscribers > S_MAX || !batch)
        bench_die("between 1 and %d subscribers", S_MAX);
    zsys_handler_set(NULL);
    s_shared_t *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        bench_die("no memory");
    char path[64], endpoint[sizeof path + 8];
    snprintf(path, sizeof path, "/tmp/winnow-fanout-%d", (int)getpid());
    snprintf(endpoint, sizeof endpoint, "ipc://%s", path);

    /* Fork before any thread is. */
    pid_t child = s_fork(endpoint, subscribers, shared);
    wd_events_t *events = s_events(batch);
    double bare = s_bare(endpoint, child, shared, subscribers, count, events);
    unlink(path);
    child = s_fork(endpoint, subscribers, shared);
    double own = s_publisher(endpoint, child, shared, subscribers, count, events);
    unlink(path);
    printf("{\"subscribers\":%" PRIu64
           ",\"event_bytes\":%zu,\"bare\":%.0f,\"publisher\":%.0f,\"ratio\":%.2f}\n",
           subscribers, wd_events_at(events, 0)->body_size, bare, own, own / bare);
    wd_events_unref(&events);
    return 0;
}
