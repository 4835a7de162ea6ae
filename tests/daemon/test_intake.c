/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The intake alone: a client in front, and the test in the writer's place behind, so that each
 * batch is seen and answered when the test wants it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/endpoint.h"
#include "daemon/intake.h"
#include "peer.h"

typedef struct {
    char folder[64];
    wd_metrics_t metrics;
    wd_writer_stats_t stats;
    wd_intake_args_t args;
    zactor_t *actor;
    void *writer;      /* PAIR: the test is the writer */
    wd_batch_t *batch; /* taken, not yet given back */
    int64_t rev;
} s_fixture_t;

static int s_setup(void **state)
{
    s_fixture_t *f = calloc(1, sizeof *f);
    int zero = 0, wait = WAIT_MS;
    char none[] = "winnowd", *argv[] = {none, NULL};
    int faults = 0;
    strcpy(f->folder, "/tmp/winnow-intake-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    wd_config_read(&f->args.config, 1, argv, stderr, &faults);
    snprintf(f->args.config.intake, sizeof f->args.config.intake, "ipc://%s/intake", f->folder);
    f->args.config.session_messages = 4;
    f->args.config.session_bytes = 65536;
    f->args.config.max_backlog = 100;
    f->args.metrics = &f->metrics;
    f->args.writer = &f->stats;
    f->args.epoch = "00000000-0000-4000-8000-000000000001";
    f->args.instance = "00000000-0000-4000-8000-000000000002";
    f->writer = zmq_socket(zsys_init(), ZMQ_PAIR);
    zmq_setsockopt(f->writer, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(f->writer, ZMQ_RCVTIMEO, &wait, sizeof wait);
    if (zmq_bind(f->writer, WD_WRITER_INTAKE) != 0)
        return -1;
    f->actor = wd_actor_new(wd_intake_actor, &f->args);
    *state = f;
    return f->actor && !f->args.failure[0] ? 0 : -1;
}

static int s_teardown(void **state)
{
    s_fixture_t *f = *state;
    char path[96];
    wd_batch_destroy(&f->batch);
    wd_actor_destroy(&f->actor, &f->args);
    wd_parcels_close(&f->args.writer_socket);
    zmq_unbind(f->writer, WD_WRITER_INTAKE); /* at once; closing does it later */
    zmq_close(f->writer);
    snprintf(path, sizeof path, "%s/intake", f->folder);
    unlink(path);
    rmdir(f->folder);
    free(f);
    return 0;
}

/* Takes the next batch from the intake. */
static wd_batch_t *s_take(s_fixture_t *f)
{
    wd_parcel_t parcel;
    if (wd_parcel_recv(f->writer, &parcel, 0) != 0)
        fail_msg("no batch came");
    assert_int_equal(parcel.kind, WD_PARCEL_BATCH);
    f->batch = parcel.data;
    return f->batch;
}

/* Does to a request what the writer does: all is new and accepted. */
static void s_accept(s_fixture_t *f, wd_request_t *request)
{
    request->code = WD_OK;
    request->outcome.rev = ++f->rev;
    request->outcome.revision = 1;
    request->outcome.state = request->verb == WD_RETRACT ? WD_RETRACTED : WD_ACCEPTED;
    if (request->article) {
        request->id = strdup(request->article->id);
        wd_article_destroy(&request->article);
    }
}

static void s_give(s_fixture_t *f)
{
    assert_int_equal(wd_parcel_send(f->writer, WD_PARCEL_BATCH, f->batch, 0), 0);
    f->batch = NULL;
}

static void s_accept_next(s_fixture_t *f)
{
    wd_batch_t *batch = s_take(f);
    for (size_t i = 0; i < batch->count; i++)
        s_accept(f, &batch->items[i]);
    s_give(f);
}

static void s_end(s_fixture_t *f, int64_t rev, const char *id, wd_state_t state, bool full)
{
    wd_ends_t *ends = calloc(1, sizeof *ends);
    ends->full = full;
    if (rev) {
        ends->items = calloc(1, sizeof *ends->items);
        ends->count = 1;
        ends->items[0] = (wd_outcome_t){.rev = rev, .revision = 1, .state = state};
        ends->items[0].id = strdup(id);
        if (state == WD_STORED) {
            ends->items[0].facts = 2;
            ends->items[0].first = 5;
            ends->items[0].last = 7;
        }
        if (state == WD_FAILED)
            ends->items[0].reason = strdup("too hard");
    }
    assert_int_equal(wd_parcel_send(f->writer, WD_PARCEL_ENDS, ends, 0), 0);
}

static void test_hello(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer;
    atomic_store(&f->stats.last, 4711);
    peer_open(&peer, f->args.bound, WP_AT_INTAKE_CLIENT);
    const wp_welcome_t *welcome = &peer_hello(&peer)->body.welcome;
    assert_string_equal(welcome->epoch.data, f->args.epoch);
    assert_string_equal(welcome->instance.data, f->args.instance);
    assert_int_equal(welcome->last, 4711);
    assert_int_equal(welcome->credit_messages, 4);
    assert_int_equal(welcome->credit_bytes, 65536);
    assert_int_equal(welcome->limit_text, 1048576);
    const wp_pong_t *pong = &peer_expect(&peer, WP_PONG, peer_send_bare(&peer, WP_PING))->body.pong;
    assert_string_equal(pong->instance.data, f->args.instance);
    assert_true(pong->session);
    peer_close(&peer);
}

static void test_push(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer;
    peer_open(&peer, f->args.bound, WP_AT_INTAKE_CLIENT);
    peer_hello(&peer);
    uint64_t request = peer_send_push(&peer, "a", "It rained.", NULL);
    wd_batch_t *batch = s_take(f);
    assert_int_equal(batch->count, 1);
    assert_int_equal(batch->items[0].verb, WD_PUSH);
    assert_string_equal(batch->items[0].article->id, "a");
    assert_int_equal(batch->items[0].article->size, 10);
    assert_memory_equal(batch->items[0].article->text, "It rained.", 10);
    s_accept(f, &batch->items[0]);
    s_give(f);
    const wp_message_t *answer = peer_expect(&peer, WP_ACCEPTED, request);
    assert_string_equal(answer->body.accepted.id.data, "a");
    assert_string_equal(answer->body.accepted.state.data, "accepted");
    assert_false(answer->body.accepted.duplicate);

    s_end(f, 1, "a", WD_STORED, false);
    const wp_stored_t *stored = &peer_expect(&peer, WP_STORED, request)->body.stored;
    assert_string_equal(stored->id.data, "a");
    assert_string_equal(stored->state.data, "stored");
    assert_int_equal(stored->facts, 2);
    assert_int_equal(stored->first, 5);
    assert_int_equal(stored->last, 7);
    peer_close(&peer);
}

static void test_failed(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer;
    peer_open(&peer, f->args.bound, WP_AT_INTAKE_CLIENT);
    peer_hello(&peer);
    uint64_t request = peer_send_push(&peer, "a", "It rained.", "stored");
    s_accept_next(f);
    peer_expect(&peer, WP_ACCEPTED, request);
    s_end(f, 1, "a", WD_FAILED, false);
    const wp_stored_t *stored = &peer_expect(&peer, WP_STORED, request)->body.stored;
    assert_string_equal(stored->state.data, "failed");
    assert_string_equal(stored->reason.data, "too hard");
    peer_close(&peer);
}

/* `answer: accepted` asks for no STORED: the next answer is that of the PING behind it. */
static void test_accepted_only(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer;
    peer_open(&peer, f->args.bound, WP_AT_INTAKE_CLIENT);
    peer_hello(&peer);
    uint64_t request = peer_send_push(&peer, "a", "It rained.", "accepted");
    s_accept_next(f);
    peer_expect(&peer, WP_ACCEPTED, request);
    s_end(f, 1, "a", WD_STORED, false);
    uint64_t second = peer_send_push(&peer, "b", "It snowed.", NULL);
    s_accept_next(f);
    peer_expect(&peer, WP_ACCEPTED, second);
    peer_close(&peer);
}

/* Two wait for one revision: both hear of its end. A duplicate of what is done hears at once. */
static void test_duplicates(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer;
    peer_open(&peer, f->args.bound, WP_AT_INTAKE_CLIENT);
    peer_hello(&peer);
    uint64_t first = peer_send_push(&peer, "a", "It rained.", NULL);
    s_accept_next(f);
    peer_expect(&peer, WP_ACCEPTED, first);
    uint64_t second = peer_send_push(&peer, "a", "It rained.", NULL);
    wd_batch_t *batch = s_take(f);
    s_accept(f, &batch->items[0]);
    batch->items[0].outcome.rev = 1;
    batch->items[0].outcome.duplicate = true;
    s_give(f);
    assert_true(peer_expect(&peer, WP_ACCEPTED, second)->body.accepted.duplicate);
    s_end(f, 1, "a", WD_STORED, false);
    assert_false(peer_expect(&peer, WP_STORED, first)->body.stored.duplicate);
    assert_true(peer_expect(&peer, WP_STORED, second)->body.stored.duplicate);

    uint64_t third = peer_send_push(&peer, "a", "It rained.", NULL);
    batch = s_take(f);
    s_accept(f, &batch->items[0]);
    batch->items[0].outcome.duplicate = true;
    batch->items[0].outcome.state = WD_STORED;
    batch->items[0].outcome.facts = 9;
    s_give(f);
    assert_string_equal(peer_expect(&peer, WP_ACCEPTED, third)->body.accepted.state.data, "stored");
    const wp_stored_t *stored = &peer_expect(&peer, WP_STORED, third)->body.stored;
    assert_true(stored->duplicate);
    assert_int_equal(stored->facts, 9);
    peer_close(&peer);
}

static void test_refused(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer;
    static const uint8_t newer[4] = {'W', 'N', 2, 2}, push[4] = {'W', 'N', 1, 2};
    static const uint8_t number[8] = {0, 0, 0, 0, 0, 0, 0, 9};
    const wp_out_t versions[] = {{newer, 4, NULL, NULL},
                                 {number, 8, NULL, NULL},
                                 {"{}", 2, NULL, NULL},
                                 {"x", 1, NULL, NULL}};
    const wp_out_t utf8[] = {{push, 4, NULL, NULL},
                             {number, 8, NULL, NULL},
                             {"{}", 2, NULL, NULL},
                             {"ab\xff", 3, NULL, NULL}};
    const wp_out_t nul[] = {{push, 4, NULL, NULL},
                            {number, 8, NULL, NULL},
                            {"{}", 2, NULL, NULL},
                            {"a\0b", 3, NULL, NULL}};
    const wp_out_t more[] = {{push, 4, NULL, NULL}, {number, 8, NULL, NULL}, {"{}", 2, NULL, NULL},
                             {"a", 1, NULL, NULL},  {"b", 1, NULL, NULL},    {"c", 1, NULL, NULL}};
    const wp_out_t garbage[] = {{"?", 1, NULL, NULL}};
    peer_open(&peer, f->args.bound, WP_AT_INTAKE_CLIENT);

    peer_refused(&peer, "no_session", peer_send_push(&peer, "a", "It rained.", NULL));
    peer_refused(&peer, "no_session", peer_send_name(&peer, WP_RETRACT, "a"));
    peer_hello(&peer);
    peer_refused(&peer, "empty_text", peer_send_push(&peer, "a", "", NULL));
    peer_send_raw(&peer, versions, 4);
    assert_memory_equal(peer_refused(&peer, "bad_version", 9)->body.refused.versions.data, "[1]",
                        3);
    peer_send_raw(&peer, utf8, 4);
    assert_int_equal(peer_refused(&peer, "invalid_utf8", 9)->body.refused.offset, 2);
    peer_send_raw(&peer, nul, 4);
    assert_int_equal(peer_refused(&peer, "nul_byte", 9)->body.refused.offset, 1);
    peer_send_raw(&peer, more, 6);
    peer_refused(&peer, "bad_message", 9);
    peer_send_raw(&peer, garbage, 1);
    peer_refused(&peer, "bad_message", 0);
    peer_refused(&peer, "bad_message", peer_send_bare(&peer, WP_STATUS));
    assert_int_equal(wd_counter_get(&f->metrics, WD_C_ANSWERS_DROPPED), 0);
    peer_close(&peer);
}

static void test_credit(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer;
    uint64_t request[5];
    peer_open(&peer, f->args.bound, WP_AT_INTAKE_CLIENT);
    peer_hello(&peer);
    for (int i = 0; i < 5; i++) {
        char id[2] = {(char)('a' + i), '\0'};
        request[i] = peer_send_push(&peer, id, "It rained.", "accepted");
    }
    peer_refused(&peer, "no_credit", request[4]);
    for (int answered = 0; answered < 4;) {
        wd_batch_t *batch = s_take(f);
        answered += (int)batch->count;
        for (size_t i = 0; i < batch->count; i++)
            s_accept(f, &batch->items[i]);
        s_give(f);
    }
    for (int i = 0; i < 4; i++)
        peer_expect(&peer, WP_ACCEPTED, request[i]);
    uint64_t again = peer_send_push(&peer, "e", "It rained.", "accepted");
    s_accept_next(f);
    peer_expect(&peer, WP_ACCEPTED, again);
    peer_close(&peer);
}

/* A full disk: the batch is refused, credit is withdrawn, and comes back when there is room. */
static void test_disk_full(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer;
    peer_open(&peer, f->args.bound, WP_AT_INTAKE_CLIENT);
    peer_hello(&peer);
    uint64_t request = peer_send_push(&peer, "a", "It rained.", NULL);
    s_take(f)->items[0].code = WD_E_FULL;
    s_give(f);
    assert_true(peer_refused(&peer, "disk_full", request)->body.refused.retry);
    s_end(f, 0, NULL, WD_STORED, true);
    assert_int_equal(peer_expect(&peer, WP_CREDIT, 0)->body.credit.messages, 0);
    peer_refused(&peer, "disk_full", peer_send_push(&peer, "a", "It rained.", NULL));
    s_end(f, 0, NULL, WD_STORED, false);
    assert_int_equal(peer_expect(&peer, WP_CREDIT, 0)->body.credit.messages, 4);
    peer_close(&peer);
}

/* A turn of the loop, in which it tells of `messages` of credit: before the PONG, when it had seen
 * the backlog in the turn before, or after. */
static void s_turn_with_credit(peer_t *peer, uint32_t messages)
{
    bool pong = false, credit = false;
    peer_send_bare(peer, WP_PING);
    while (!pong || !credit) {
        const wp_message_t *answer = peer_next(peer);
        pong = pong || answer->type == WP_PONG;
        if (answer->type == WP_CREDIT) {
            credit = true;
            assert_int_equal(answer->body.credit.messages, messages);
        }
    }
}

/* Too many articles wait: no credit; some are done: credit again. */
static void test_backlog(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer;
    peer_open(&peer, f->args.bound, WP_AT_INTAKE_CLIENT);
    peer_hello(&peer);
    atomic_store(&f->stats.backlog, 100);
    s_turn_with_credit(&peer, 0);
    atomic_store(&f->stats.backlog, 91);
    peer_expect(&peer, WP_PONG, peer_send_bare(&peer, WP_PING));
    peer_expect(&peer, WP_PONG, peer_send_bare(&peer, WP_PING));
    atomic_store(&f->stats.backlog, 90);
    s_turn_with_credit(&peer, 4);
    peer_close(&peer);
}

static void test_retract_and_retry(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer;
    peer_open(&peer, f->args.bound, WP_AT_INTAKE_CLIENT);
    peer_hello(&peer);
    uint64_t request = peer_send_name(&peer, WP_RETRACT, "a");
    wd_batch_t *batch = s_take(f);
    assert_int_equal(batch->items[0].verb, WD_RETRACT);
    assert_string_equal(batch->items[0].id, "a");
    s_accept(f, &batch->items[0]);
    s_give(f);
    assert_string_equal(peer_expect(&peer, WP_STORED, request)->body.stored.state.data,
                        "retracted");

    request = peer_send_name(&peer, WP_RETRACT, "b");
    s_take(f)->items[0].code = WD_E_NOT_FOUND;
    s_give(f);
    peer_refused(&peer, "not_found", request);

    request = peer_send_name(&peer, WP_RETRY, "a");
    s_take(f)->items[0].code = WD_E_NOT_FAILED;
    s_give(f);
    peer_refused(&peer, "not_failed", request);

    request = peer_send_name(&peer, WP_RETRY, "c");
    s_accept_next(f);
    peer_expect(&peer, WP_ACCEPTED, request);
    s_end(f, f->rev, "c", WD_STORED, false);
    peer_expect(&peer, WP_STORED, request);
    peer_close(&peer);
}

/* HELLO again: what the session before waited for is forgotten, its credit too. */
static void test_hello_again(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer;
    peer_open(&peer, f->args.bound, WP_AT_INTAKE_CLIENT);
    peer_hello(&peer);
    peer_send_push(&peer, "a", "It rained.", NULL);
    s_take(f);
    peer_hello(&peer);
    for (size_t i = 0; i < f->batch->count; i++)
        s_accept(f, &f->batch->items[i]);
    s_give(f);
    s_end(f, 1, "a", WD_STORED, false);
    uint64_t request = peer_send_push(&peer, "b", "It rained.", "accepted");
    s_accept_next(f);
    peer_expect(&peer, WP_ACCEPTED, request);
    peer_close(&peer);
}

static void test_drain(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer;
    peer_open(&peer, f->args.bound, WP_AT_INTAKE_CLIENT);
    peer_hello(&peer);
    uint64_t request = peer_send_push(&peer, "a", "It rained.", "accepted");
    s_take(f);
    zstr_send(f->actor, "DRAIN");
    peer_expect(&peer, WP_DRAIN, 0);
    peer_refused(&peer, "draining", peer_send_push(&peer, "b", "It rained.", NULL));
    s_accept(f, &f->batch->items[0]);
    s_give(f);
    peer_expect(&peer, WP_ACCEPTED, request); /* what was taken is answered all the same */
    peer_close(&peer);
}

/* Sessions beyond the limit are refused; when one has left there is room. */
static void test_sessions(void **state)
{
    s_fixture_t *f = *state;
    peer_t peer[3];
    wp_message_t hello;
    wd_config_t config = f->args.config;
    config.max_sessions = 2;
    zstr_sendm(f->actor, "CONFIG");
    zmq_send(zsock_resolve(f->actor), &config, sizeof config, 0);
    for (int i = 0; i < 3; i++)
        peer_open(&peer[i], f->args.bound, WP_AT_INTAKE_CLIENT);
    /* An answer to anything shows that the loop turned, and so that it read the command first. */
    peer_expect(&peer[2], WP_PONG, peer_send_bare(&peer[2], WP_PING));
    peer_hello(&peer[0]);
    peer_hello(&peer[1]);
    wp_message_init(&hello, WP_HELLO, 0);
    hello.body.hello.client = (wp_str_t){"test", 4};
    peer_refused(&peer[2], "overloaded", peer_send(&peer[2], &hello));
    peer_send_bare(&peer[0], WP_BYE);
    peer_expect(&peer[0], WP_PONG, peer_send_bare(&peer[0], WP_PING));
    assert_false(peer[0].answer.body.pong.session);
    peer_hello(&peer[2]);
    for (int i = 0; i < 3; i++)
        peer_close(&peer[i]);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, s_setup, s_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_hello),       CASE(test_push),
        CASE(test_failed),      CASE(test_accepted_only),
        CASE(test_duplicates),  CASE(test_refused),
        CASE(test_credit),      CASE(test_disk_full),
        CASE(test_backlog),     CASE(test_retract_and_retry),
        CASE(test_hello_again), CASE(test_drain),
        CASE(test_sessions),
    };
    zsys_handler_set(NULL);
    wd_log_set(WD_ERROR, WD_LOGFMT);
    int failed = cmocka_run_group_tests_name("intake", tests, NULL, NULL);
    if (failed)
        _exit(1); /* a test that failed has left sockets open: the shutdown would wait for them */
    zsys_shutdown();
    return 0;
}
