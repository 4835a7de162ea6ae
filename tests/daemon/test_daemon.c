/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole daemon in this process, on ipc sockets in a temporary folder: an article from its push
 * to its event, the questions, the drain, and what a second start finds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/http.h"
#include "daemon/query.h"
#include "peer.h"
#include "proto/event.h"

typedef struct {
    char folder[64], data[80];
    wd_config_t config;
    wd_daemon_t *daemon;
} s_fixture_t;

static void s_start(s_fixture_t *f)
{
    char message[512] = "";
    f->daemon = wd_daemon_new(&f->config, message, sizeof message);
    if (!f->daemon)
        fail_msg("%s", message);
}

static int s_setup(void **state)
{
    s_fixture_t *f = calloc(1, sizeof *f);
    char none[] = "winnowd", *argv[] = {none, NULL};
    int faults = 0;
    strcpy(f->folder, "/tmp/winnow-daemon-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    wd_config_read(&f->config, 1, argv, stderr, &faults);
    snprintf(f->data, sizeof f->data, "%s/data", f->folder);
    snprintf(f->config.data, sizeof f->config.data, "%s", f->data);
    snprintf(f->config.intake, sizeof f->config.intake, "ipc://%s/intake", f->folder);
    snprintf(f->config.events, sizeof f->config.events, "ipc://%s/events", f->folder);
    snprintf(f->config.query, sizeof f->config.query, "tcp://127.0.0.1:*");
    snprintf(f->config.http, sizeof f->config.http, "127.0.0.1:0");
    f->config.workers = 2;
    *state = f;
    return 0;
}

static void s_empty(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    if (dir)
        closedir(dir);
}

static int s_teardown(void **state)
{
    s_fixture_t *f = *state;
    wd_daemon_destroy(&f->daemon);
    s_empty(f->data);
    rmdir(f->data);
    s_empty(f->folder);
    rmdir(f->folder);
    free(f);
    return 0;
}

static void s_open(s_fixture_t *f, peer_t *peer, const char *endpoint)
{
    peer_open(peer, wd_daemon_endpoint(f->daemon, endpoint),
              strcmp(endpoint, "intake") == 0 ? WP_AT_INTAKE_CLIENT : WP_AT_QUERY_CLIENT);
}

static const wp_result_t *s_status(peer_t *query)
{
    return &peer_expect(query, WP_RESULT, peer_send_bare(query, WP_STATUS))->body.result;
}

/* Articles in a state, as STATUS says. */
static uint64_t s_count(peer_t *query, const char *state)
{
    wp_error_t err;
    uint64_t count = UINT64_MAX;
    const wp_result_t *result = s_status(query);
    wp_json_t *json = wp_json_parse(result->json.data, result->json.size, &err);
    assert_non_null(json);
    assert_true(
        wp_node_uint(wp_node_get(wp_node_get(wp_json_root(json), "articles"), state), &count));
    wp_json_destroy(&json);
    return count;
}

static void s_push_and_wait(peer_t *intake, const char *id, const char *text)
{
    uint64_t request = peer_send_push(intake, id, text, NULL);
    peer_expect(intake, WP_ACCEPTED, request);
    peer_expect(intake, WP_STORED, request);
    assert_string_equal(intake->answer.body.stored.state.data, "stored");
}

static void test_way_of_an_article(void **state)
{
    s_fixture_t *f = *state;
    peer_t intake, query;
    s_start(f);
    s_open(f, &intake, "intake");
    s_open(f, &query, "query");
    peer_hello(&intake);
    s_push_and_wait(&intake, "a", "It rained in the night.");
    uint64_t last = intake.answer.body.stored.last;
    assert_true(last >= 1);
    assert_int_equal(s_count(&query, "stored"), 1);

    uint64_t show = peer_send_name(&query, WP_SHOW, "a");
    const wp_result_t *result = &peer_expect(&query, WP_RESULT, show)->body.result;
    assert_non_null(strstr(result->json.data, "It rained in the night."));
    peer_refused(&query, "not_found", peer_send_name(&query, WP_SHOW, "b"));

    wp_message_t replay;
    wp_message_init(&replay, WP_REPLAY, 0);
    replay.body.replay.from = 1;
    const wp_message_t *events = peer_expect(&query, WP_EVENTS, peer_send(&query, &replay));
    assert_int_equal(events->body.events.last, last);
    assert_int_equal(events->body.events.complete, last);
    assert_int_equal(events->body.events.count, last);
    assert_int_equal(events->rest_count, 3 * last);
    for (uint64_t i = 0; i < last; i++) {
        wp_event_t event;
        wp_error_t err;
        assert_int_equal(wp_event_decode(events->rest + 3 * i, &event, &err), 0);
        assert_int_equal(event.seq, i + 1);
        wp_event_clear(&event);
    }
    assert_false(peer_expect(&query, WP_PONG, peer_send_bare(&query, WP_PING))->body.pong.session);
    peer_close(&intake);
    peer_close(&query);
}

/* What is published and what is replayed are the same bytes. */
static void test_published_is_replayed(void **state)
{
    s_fixture_t *f = *state;
    peer_t intake, query;
    wp_parts_t parts = WP_PARTS_INIT;
    int zero = 0, wait = WAIT_MS;
    s_start(f);
    void *sub = zmq_socket(zsys_init(), ZMQ_SUB);
    zmq_setsockopt(sub, ZMQ_SNDHWM, &zero, sizeof zero);
    zmq_setsockopt(sub, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(sub, ZMQ_RCVTIMEO, &wait, sizeof wait);
    zmq_setsockopt(sub, ZMQ_SUBSCRIBE, "", 0);
    zmq_connect(sub, wd_daemon_endpoint(f->daemon, "events"));
    assert_int_equal(wp_parts_recv(&parts, sub, 4, 0), 0); /* a heartbeat: it is subscribed */

    s_open(f, &intake, "intake");
    s_open(f, &query, "query");
    peer_hello(&intake);
    s_push_and_wait(&intake, "a", "Acme Corp. invested 3 million euros in Berlin in 2020.");
    s_push_and_wait(&intake, "a", "Acme Corp. invested 4 million euros in Berlin in 2020.");
    uint64_t retract = peer_send_name(&intake, WP_RETRACT, "a");
    uint64_t last = peer_expect(&intake, WP_STORED, retract)->body.stored.last;

    wp_message_t replay;
    wp_message_init(&replay, WP_REPLAY, 0);
    replay.body.replay.from = 1;
    const wp_message_t *events = peer_expect(&query, WP_EVENTS, peer_send(&query, &replay));
    assert_int_equal(events->body.events.count, last);
    for (uint64_t i = 0; i < last; i++) {
        do
            assert_int_equal(wp_parts_recv(&parts, sub, 4, 0), 0);
        while (parts.frames[0].size == strlen(WP_TOPIC_HEARTBEAT) &&
               memcmp(parts.frames[0].data, WP_TOPIC_HEARTBEAT, parts.frames[0].size) == 0);
        assert_int_equal(parts.count, 3);
        for (size_t k = 0; k < 3; k++) {
            assert_int_equal(parts.frames[k].size, events->rest[3 * i + k].size);
            assert_memory_equal(parts.frames[k].data, events->rest[3 * i + k].data,
                                parts.frames[k].size);
        }
    }
    wp_parts_free(&parts);
    zmq_close(sub);
    peer_close(&intake);
    peer_close(&query);
}

/* Without workers articles are taken and wait; the next start works them off. */
static void test_restart(void **state)
{
    s_fixture_t *f = *state;
    peer_t intake, query;
    char id[16], instance[64], epoch[64];
    f->config.workers = 0;
    s_start(f);
    s_open(f, &intake, "intake");
    peer_hello(&intake);
    snprintf(instance, sizeof instance, "%s", intake.answer.body.welcome.instance.data);
    snprintf(epoch, sizeof epoch, "%s", intake.answer.body.welcome.epoch.data);
    for (int i = 0; i < 50; i++) {
        snprintf(id, sizeof id, "a%d", i);
        peer_expect(&intake, WP_ACCEPTED, peer_send_push(&intake, id, "It rained.", NULL));
    }
    wd_daemon_drain(f->daemon);
    assert_true(wd_daemon_drained(f->daemon));
    peer_expect(&intake, WP_DRAIN, 0);
    peer_close(&intake);
    wd_daemon_destroy(&f->daemon);

    f->config.workers = 2;
    s_start(f);
    s_open(f, &intake, "intake");
    s_open(f, &query, "query");
    peer_hello(&intake);
    assert_string_equal(intake.answer.body.welcome.epoch.data, epoch);
    assert_string_not_equal(intake.answer.body.welcome.instance.data, instance);
    for (int i = 0; i < 50; i++) { /* a duplicate hears the end of the first */
        snprintf(id, sizeof id, "a%d", i);
        uint64_t request = peer_send_push(&intake, id, "It rained.", NULL);
        assert_true(peer_expect(&intake, WP_ACCEPTED, request)->body.accepted.duplicate);
        assert_true(peer_expect(&intake, WP_STORED, request)->body.stored.duplicate);
    }
    assert_int_equal(s_count(&query, "stored"), 50);
    assert_int_equal(s_count(&query, "accepted"), 0);
    peer_close(&intake);
    peer_close(&query);
}

/* SIGTERM's way: what was accepted is finished and answered before the end. */
static void test_drain(void **state)
{
    s_fixture_t *f = *state;
    peer_t intake;
    enum { COUNT = 100 };
    char id[16];
    int accepted = 0, stored = 0, refused = 0, drains = 0;
    s_start(f);
    s_open(f, &intake, "intake");
    peer_hello(&intake);
    for (int i = 0; i < COUNT; i++) {
        snprintf(id, sizeof id, "a%d", i);
        peer_send_push(&intake, id, "It rained.", NULL);
    }
    peer_next(&intake); /* the first ACCEPTED: it is under way */
    accepted += intake.answer.type == WP_ACCEPTED;
    wd_daemon_drain(f->daemon);
    while (accepted + refused < COUNT || stored < accepted || drains < 1) {
        const wp_message_t *answer = peer_next(&intake);
        accepted += answer->type == WP_ACCEPTED;
        stored += answer->type == WP_STORED;
        refused += answer->type == WP_REFUSED;
        drains += answer->type == WP_DRAIN;
        if (answer->type == WP_REFUSED)
            assert_string_equal(answer->body.refused.code.data, "draining");
    }
    assert_int_equal(drains, 1);
    peer_close(&intake);
}

/* A peer asks as much at once as may wait: all is answered, and another peer is served meanwhile.
 */
static void test_questions(void **state)
{
    s_fixture_t *f = *state;
    enum { COUNT = WD_QUERY_PEER };
    peer_t intake, greedy, modest;
    wp_message_t replay;
    bool seen[COUNT + 1] = {false};
    s_start(f);
    s_open(f, &intake, "intake");
    peer_hello(&intake);
    s_push_and_wait(&intake, "a", "It rained.");
    s_open(f, &greedy, "query");
    s_open(f, &modest, "query");
    wp_message_init(&replay, WP_REPLAY, 0);
    replay.body.replay.from = 1;
    for (int i = 0; i < COUNT; i++)
        peer_send(&greedy, &replay);
    assert_int_equal(s_count(&modest, "stored"), 1);
    for (int i = 0; i < COUNT; i++) {
        const wp_message_t *answer = peer_next(&greedy);
        assert_true(answer->request >= 1 && answer->request <= COUNT);
        assert_false(seen[answer->request]);
        seen[answer->request] = true;
        assert_int_equal(answer->type, WP_EVENTS);
    }
    peer_close(&intake);
    peer_close(&greedy);
    peer_close(&modest);
}

static void test_bad_questions(void **state)
{
    s_fixture_t *f = *state;
    peer_t query;
    wp_message_t message;
    static const uint8_t head[4] = {'W', 'N', 1, WP_QUERY}, number[8] = {0, 0, 0, 0, 0, 0, 0, 7};
    static const char *const bad[][2] = {
        {"{\"limit\":0}", "bad_field"},
        {"{\"limit\":1001}", "bad_field"},
        {"{\"colour\":\"red\"}", "bad_field"},
        {"{\"kind\":\"nonsense\"}", "bad_field"},
        {"{\"after\":\"nonsense\"}", "bad_field"},
        {"{", "bad_json"},
        {"[]", "bad_json"},
        {"{\"kind\":1}", "bad_field"},
    };
    s_start(f);
    s_open(f, &query, "query");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const wp_out_t frames[] = {{head, 4, NULL, NULL},
                                   {number, 8, NULL, NULL},
                                   {bad[i][0], strlen(bad[i][0]), NULL, NULL}};
        peer_send_raw(&query, frames, 3);
        peer_refused(&query, bad[i][1], 7);
    }
    peer_refused(&query, "bad_message", peer_send_push(&query, "a", "It rained.", NULL));
    wp_message_init(&message, WP_QUERY, 0);
    message.body.query.entity = (wp_str_t){"nobody", 6};
    assert_int_equal(peer_expect(&query, WP_ROWS, peer_send(&query, &message))->body.rows.count, 0);
    peer_close(&query);
}

static void test_second_daemon(void **state)
{
    s_fixture_t *f = *state;
    char message[512] = "";
    s_start(f);
    wd_config_t other = f->config;
    snprintf(other.intake, sizeof other.intake, "ipc://%s/other", f->folder);
    assert_null(wd_daemon_new(&other, message, sizeof message));
    assert_string_not_equal(message, "");
}

static void test_endpoint_in_use(void **state)
{
    s_fixture_t *f = *state;
    char message[512] = "";
    size_t size = sizeof f->config.query;
    void *thief = zmq_socket(zsys_init(), ZMQ_REP);
    assert_int_equal(zmq_bind(thief, "tcp://127.0.0.1:*"), 0);
    assert_int_equal(zmq_getsockopt(thief, ZMQ_LAST_ENDPOINT, f->config.query, &size), 0);
    assert_null(wd_daemon_new(&f->config, message, sizeof message));
    assert_non_null(strstr(message, f->config.query));
    assert_non_null(strstr(message, "in use"));
    zmq_close(thief);
}

static void test_health(void **state)
{
    s_fixture_t *f = *state;
    char message[256] = "";
    s_start(f);
    const char *http = wd_daemon_endpoint(f->daemon, "http");
    assert_non_null(http);
    assert_null(wd_daemon_watch(f->daemon));
    assert_int_equal(wd_http_healthcheck(http, message, sizeof message), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, s_setup, s_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_way_of_an_article),
        CASE(test_published_is_replayed),
        CASE(test_restart),
        CASE(test_drain),
        CASE(test_questions),
        CASE(test_bad_questions),
        CASE(test_second_daemon),
        CASE(test_endpoint_in_use),
        CASE(test_health),
    };
    zsys_handler_set(NULL);
    wd_log_set(WD_ERROR, WD_LOGFMT);
    int failed = cmocka_run_group_tests_name("daemon", tests, NULL, NULL);
    if (failed)
        _exit(1); /* a test that failed has left sockets open: the shutdown would wait for them */
    zsys_shutdown();
    return 0;
}
