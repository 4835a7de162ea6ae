/* SPDX-License-Identifier: Apache-2.0 */
/* The publisher alone: the test is the writer behind it and the subscriber in front. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/events.h"
#include "daemon/endpoint.h"
#include "daemon/publisher.h"
#include "peer.h"
#include "proto/event.h"

#define EPOCH "00000000-0000-4000-8000-000000000001"

typedef struct {
    char folder[64];
    wd_metrics_t metrics;
    wd_publisher_args_t args;
    zactor_t *actor;
    void *writer;
    uint64_t seq, investment, article; /* last numbers */
} s_fixture_t;

static int s_setup(void **state)
{
    s_fixture_t *f = calloc(1, sizeof *f);
    int zero = 0;
    strcpy(f->folder, "/tmp/winnow-publisher-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(f->args.config.events, sizeof f->args.config.events, "ipc://%s/events", f->folder);
    f->args.config.warn_subscriptions = 3;
    f->args.metrics = &f->metrics;
    f->args.epoch = EPOCH;
    f->writer = zmq_socket(zsys_init(), ZMQ_PAIR);
    zmq_setsockopt(f->writer, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(f->writer, ZMQ_SNDHWM, &zero, sizeof zero);
    if (zmq_bind(f->writer, WD_WRITER_PUBLISH) != 0)
        return -1;
    f->actor = wd_actor_new(wd_publisher_actor, &f->args);
    *state = f;
    return f->actor && !f->args.failure[0] ? 0 : -1;
}

static int s_teardown(void **state)
{
    s_fixture_t *f = *state;
    char path[96];
    wd_actor_destroy(&f->actor, &f->args);
    zmq_unbind(f->writer, WD_WRITER_PUBLISH);
    zmq_close(f->writer);
    snprintf(path, sizeof path, "%s/events", f->folder);
    unlink(path);
    rmdir(f->folder);
    free(f);
    return 0;
}

/* Sends `count` articles of one fact each, as one transaction's events. */
static void s_publish(s_fixture_t *f, int count)
{
    wd_publication_t *publication = calloc(1, sizeof *publication);
    wd_events_draft_t draft;
    static const char article[] = "{\"id\":\"a\",\"revision\":1}", record[] = "{\"kind\":\"x\"}";
    memset(&draft, 0, sizeof draft);
    for (int i = 0; i < count; i++) {
        wd_event_row_t row = {.seq = f->seq + 1,
                              .prev = f->investment,
                              .time = 1,
                              .stream = "fact.investment",
                              .change = "created",
                              .rev = i + 1,
                              .n = 1,
                              .article = article,
                              .article_size = sizeof article - 1,
                              .record = record,
                              .record_size = sizeof record - 1};
        wd_events_draft_add(&draft, EPOCH, &row);
        f->investment = row.seq;
        row = (wd_event_row_t){.seq = f->seq + 2,
                               .prev = f->article,
                               .time = 1,
                               .stream = "article",
                               .change = "stored",
                               .rev = i + 1,
                               .n = 1,
                               .article = article,
                               .article_size = sizeof article - 1};
        wd_events_draft_add(&draft, EPOCH, &row);
        f->article = f->seq += 2;
    }
    publication->events = count ? wd_events_draft_close(&draft) : NULL;
    publication->last = f->seq;
    publication->streams = calloc(2, sizeof *publication->streams);
    publication->stream_count = 2;
    publication->streams[0] = (wd_stream_t){strdup("article"), f->article};
    publication->streams[1] = (wd_stream_t){strdup("fact.investment"), f->investment};
    wd_events_draft_clear(&draft);
    assert_int_equal(wd_parcel_send(f->writer, WD_PARCEL_PUBLICATION, publication, 0), 0);
}

static void *s_subscribe(s_fixture_t *f, const char *topic)
{
    int zero = 0, wait = WAIT_MS;
    void *sub = zmq_socket(zsys_init(), ZMQ_SUB);
    zmq_setsockopt(sub, ZMQ_SNDHWM, &zero, sizeof zero);
    zmq_setsockopt(sub, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(sub, ZMQ_RCVTIMEO, &wait, sizeof wait);
    zmq_setsockopt(sub, ZMQ_SUBSCRIBE, topic, strlen(topic));
    zmq_setsockopt(sub, ZMQ_SUBSCRIBE, WP_TOPIC_HEARTBEAT, strlen(WP_TOPIC_HEARTBEAT));
    assert_int_equal(zmq_connect(sub, f->args.bound), 0);
    return sub;
}

/* The first heartbeat shows that subscriptions have arrived. */
static void s_heartbeat(void *sub, uint64_t seq, uint64_t investment)
{
    wp_parts_t parts = WP_PARTS_INIT;
    wp_heartbeat_t beat;
    wp_error_t err;
    do
        assert_int_equal(wp_parts_recv(&parts, sub, 4, 0), 0);
    while (parts.frames[0].size != strlen(WP_TOPIC_HEARTBEAT));
    assert_int_equal(parts.count, 3);
    if (wp_heartbeat_decode(parts.frames, &beat, &err) != 0)
        fail_msg("%s", err.message);
    assert_int_equal(beat.seq, seq);
    assert_string_equal(beat.epoch.data, EPOCH);
    assert_int_equal(wp_heartbeat_stream(&beat, "fact.investment"), investment);
    wp_heartbeat_clear(&beat);
    wp_parts_free(&parts);
}

static void s_expect(void *sub, uint64_t seq, uint64_t prev)
{
    wp_parts_t parts = WP_PARTS_INIT;
    wp_event_t event;
    wp_error_t err;
    do
        assert_int_equal(wp_parts_recv(&parts, sub, 4, 0), 0);
    while (parts.frames[0].size == strlen(WP_TOPIC_HEARTBEAT));
    assert_int_equal(parts.count, 3);
    if (wp_event_decode(parts.frames, &event, &err) != 0)
        fail_msg("%s", err.message);
    assert_int_equal(event.seq, seq);
    assert_int_equal(event.prev, prev);
    wp_event_clear(&event);
    wp_parts_free(&parts);
}

static void test_order(void **state)
{
    s_fixture_t *f = *state;
    void *all = s_subscribe(f, ""), *some = s_subscribe(f, "fact.investment.");
    s_publish(f, 0);
    s_heartbeat(all, 0, 0);
    s_heartbeat(some, 0, 0);
    for (int i = 0; i < 50; i++)
        s_publish(f, 20);
    for (uint64_t seq = 1; seq <= 2000; seq++)
        s_expect(all, seq, seq < 3 ? 0 : seq - 2);
    for (uint64_t seq = 1; seq <= 2000; seq += 2)
        s_expect(some, seq, seq < 3 ? 0 : seq - 2);
    s_heartbeat(all, 2000, 1999);
    assert_int_equal(wd_counter_get(&f->metrics, WD_C_EVENTS), 2000);
    assert_int_equal(wd_gauge_get(&f->metrics, WD_G_EVENT_SENT), 2000);
    zmq_close(all);
    zmq_close(some);
}

/* The number alone, for many of them. */
static void s_expect_seq(void *sub, uint64_t seq)
{
    wp_parts_t parts = WP_PARTS_INIT;
    do
        assert_int_equal(wp_parts_recv(&parts, sub, 4, 0), 0);
    while (parts.frames[0].size == strlen(WP_TOPIC_HEARTBEAT));
    assert_int_equal(parts.count, 3);
    assert_int_equal(wp_get_u64(parts.frames[1].data), seq);
    wp_parts_free(&parts);
}

/* One who does not read keeps nobody from reading, also when it has as much before it as it gets.
 */
static void test_stalled(void **state)
{
    s_fixture_t *f = *state;
    void *stalled = s_subscribe(f, ""), *reads = s_subscribe(f, "");
    s_publish(f, 0);
    s_heartbeat(reads, 0, 0);
    s_heartbeat(stalled, 0, 0);
    for (uint64_t seq = 1; seq <= 2 * WD_EVENTS_WAITING;) {
        s_publish(f, 1000);
        for (uint64_t end = seq + 2000; seq < end; seq++)
            s_expect_seq(reads, seq);
    }
    zmq_close(stalled);
    zmq_close(reads);
}

static void test_subscriptions(void **state)
{
    s_fixture_t *f = *state;
    void *sub = s_subscribe(f, "article.");
    void *other = s_subscribe(f, "article.");
    s_publish(f, 0);
    s_heartbeat(sub, 0, 0);
    s_heartbeat(other, 0, 0);
    /* Each has two topics; both have said so before their heartbeat. */
    s_publish(f, 1);
    s_expect(sub, 2, 0);
    s_heartbeat(sub, 2, 1);
    assert_int_equal(wd_gauge_get(&f->metrics, WD_G_SUBSCRIPTIONS), 4);
    zmq_close(sub);
    zmq_close(other);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, s_setup, s_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {CASE(test_order), CASE(test_stalled),
                                       CASE(test_subscriptions)};
    zsys_handler_set(NULL);
    wd_log_set(WD_ERROR, WD_LOGFMT);
    int failed = cmocka_run_group_tests_name("publisher", tests, NULL, NULL);
    if (failed)
        _exit(1); /* a test that failed has left sockets open: the shutdown would wait for them */
    zsys_shutdown();
    return 0;
}
