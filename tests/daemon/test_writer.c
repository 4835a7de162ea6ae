/* SPDX-License-Identifier: Apache-2.0 */
/* The writer: turns without sockets, on a good disk and a failing one; then the actor with its
 * sockets. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "fault.h"
#include "store_help.h"

#include "daemon/handover.h"
#include "daemon/writer.h"

typedef struct {
    char *folder;
    wd_store_t *store;
    wd_writer_stats_t stats;
    wd_writer_args_t args;
    wd_writer_t *writer;
    int64_t now;
} s_fixture_t;

static void s_start(s_fixture_t *f)
{
    char message[256];
    f->args.store = f->store;
    f->args.stats = &f->stats;
    f->writer = wd_writer_new(&f->args, f->now, message, sizeof message);
    assert_non_null(f->writer);
}

static int s_setup(void **state)
{
    s_fixture_t *f = calloc(1, sizeof *f);
    f->folder = help_folder();
    f->store = help_open(f->folder);
    f->now = HELP_NOW;
    *state = f;
    return 0;
}

static int s_teardown(void **state)
{
    s_fixture_t *f = *state;
    fault_clear();
    wd_writer_destroy(&f->writer);
    help_check(f->folder);
    wd_store_close(&f->store);
    help_folder_remove(&f->folder);
    free(f);
    return 0;
}

static wd_request_t *s_add(wd_batch_t *batch, wd_verb_t verb, const char *id, const char *text)
{
    wd_request_t *request = wd_batch_add(batch);
    assert_non_null(request);
    request->verb = verb;
    if (verb == WD_PUSH)
        request->article = help_article(id, text);
    else
        request->id = strdup(id);
    return request;
}

static void s_push(s_fixture_t *f, const char *id, const char *text)
{
    wd_batch_t *batch = wd_batch_new(1);
    s_add(batch, WD_PUSH, id, text);
    assert_true(wd_writer_add_batch(f->writer, batch));
}

static void s_turn(s_fixture_t *f)
{
    assert_true(wd_writer_busy(f->writer, f->now));
    wd_writer_turn(f->writer, f->now, NULL, NULL);
    wd_writer_checkpoint(f->writer);
}

static wd_batch_t *s_answers(s_fixture_t *f)
{
    wd_batch_t *batch = wd_writer_take_answers(f->writer);
    assert_non_null(batch);
    return batch;
}

static void s_drop(s_fixture_t *f)
{
    wd_batch_t *batch;
    while ((batch = wd_writer_take_answers(f->writer)) != NULL)
        wd_batch_destroy(&batch);
    wd_ends_t *ends = wd_writer_take_ends(f->writer);
    wd_ends_destroy(&ends);
    wd_publication_t *publication = wd_writer_take_publication(f->writer);
    wd_publication_destroy(&publication);
}

/* The next job, made into work with one fact. */
static wd_finished_t *s_work(s_fixture_t *f)
{
    wd_job_t *job = wd_writer_take_job(f->writer);
    if (job == NULL)
        return NULL;
    wd_finished_t *finished = wd_finished_new(&job);
    help_add(finished, "investment", help_record("investment", "Halden", NULL, "1", "EUR"));
    assert_true(wd_finished_seal(finished));
    return finished;
}

static void test_a_batch_is_answered_as_a_whole(void **state)
{
    s_fixture_t *f = *state;
    s_start(f);
    wd_batch_t *batch = wd_batch_new(2);
    s_add(batch, WD_PUSH, "a", "one")->request = 11;
    s_add(batch, WD_PUSH, "a", "one")->request = 12;
    s_add(batch, WD_RETRACT, "nobody", NULL);
    s_add(batch, WD_RETRY, "a", NULL);
    s_add(batch, WD_PUSH, "b", "one");
    s_add(batch, WD_RETRACT, "b", NULL);
    assert_true(wd_writer_add_batch(f->writer, batch));
    s_turn(f);
    batch = s_answers(f);
    assert_int_equal(batch->count, 6);
    assert_int_equal(batch->items[0].code, WD_OK);
    assert_int_equal(batch->items[0].request, 11);
    assert_string_equal(batch->items[0].id, "a");
    assert_false(batch->items[0].outcome.duplicate);
    assert_true(batch->items[1].outcome.duplicate);
    assert_int_equal(batch->items[1].outcome.rev, batch->items[0].outcome.rev);
    assert_int_equal(batch->items[2].code, WD_E_NOT_FOUND);
    assert_int_equal(batch->items[3].code, WD_E_NOT_FAILED);
    assert_int_equal(batch->items[4].outcome.state, WD_ACCEPTED);
    assert_int_equal(batch->items[5].outcome.state, WD_RETRACTED);
    wd_batch_destroy(&batch);
    wd_ends_t *ends = wd_writer_take_ends(f->writer); /* who pushed b waits */
    assert_int_equal(ends->count, 1);
    assert_int_equal(ends->items[0].state, WD_RETRACTED);
    assert_int_equal(ends->backlog, 1);
    wd_ends_destroy(&ends);
    assert_int_equal(f->stats.commits, 1);
    assert_int_equal(f->stats.accepted, 2);
    assert_int_equal(f->stats.duplicates, 1);
}

/* Senders with a window must not wait for all that they have sent. */
static void test_a_long_queue_is_answered_in_parts(void **state)
{
    s_fixture_t *f = *state;
    s_start(f);
    for (uint64_t i = 0; i < 10; i++) {
        wd_batch_t *batch = wd_batch_new(32);
        for (uint64_t k = 0; k < 32; k++) {
            char id[16];
            snprintf(id, sizeof id, "%llu", (unsigned long long)(i * 32 + k));
            s_add(batch, WD_PUSH, id, "text")->request = i * 32 + k;
        }
        assert_true(wd_writer_add_batch(f->writer, batch));
    }
    uint64_t next = 0;
    for (int turns = 0; wd_writer_busy(f->writer, f->now); turns++) {
        s_turn(f);
        wd_batch_t *batch;
        while ((batch = wd_writer_take_answers(f->writer)) != NULL) {
            assert_int_equal(batch->count, 32);
            assert_int_equal(batch->items[0].code, WD_OK);
            assert_int_equal(batch->items[0].request, next);
            next += 32;
            wd_batch_destroy(&batch);
        }
        if (turns == 0)
            assert_int_equal(next, 64);
    }
    assert_int_equal(next, 320);
    assert_int_equal(f->stats.accepted, 320);
    assert_true(f->stats.commits > 1);
}

static void test_work_is_stored_and_published(void **state)
{
    s_fixture_t *f = *state;
    s_start(f);
    s_push(f, "a", "one");
    s_turn(f);
    s_drop(f);
    wd_finished_t *finished = s_work(f);
    assert_non_null(finished);
    assert_null(wd_writer_take_job(f->writer));
    wd_writer_add_finished(f->writer, finished);
    s_turn(f);
    wd_ends_t *ends = wd_writer_take_ends(f->writer);
    assert_int_equal(ends->count, 1);
    assert_int_equal(ends->items[0].state, WD_STORED);
    assert_string_equal(ends->items[0].id, "a");
    assert_int_equal(ends->items[0].facts, 1);
    wd_ends_destroy(&ends);
    wd_publication_t *publication = wd_writer_take_publication(f->writer);
    assert_int_equal(wd_events_count(publication->events), 2);
    assert_int_equal(publication->last, 2);
    assert_int_equal(publication->stream_count, 2);
    assert_string_equal(publication->streams[1].name, "fact.investment");
    assert_int_equal(publication->streams[1].last, 1);
    wd_publication_destroy(&publication);
    assert_true(wd_writer_drained(f->writer));
    assert_false(wd_writer_busy(f->writer, f->now));
}

/* More than memory may hold: all comes, once, in the order of acceptance. */
static void test_the_backlog_is_bounded_and_in_order(void **state)
{
    s_fixture_t *f = *state;
    f->args.ready_max = 4;
    s_start(f);
    int64_t next = 1;
    for (int i = 0; i < 60; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        s_push(f, id, "text");
        s_turn(f);
        assert_true(f->stats.ready <= 4);
        s_drop(f);
        if (i % 3 != 0)
            continue;
        wd_job_t *job = wd_writer_take_job(f->writer);
        assert_int_equal(job->rev, next++);
        wd_job_destroy(&job);
    }
    wd_job_t *job;
    while ((job = wd_writer_take_job(f->writer)) != NULL) {
        assert_int_equal(job->rev, next++);
        wd_job_destroy(&job);
    }
    assert_int_equal(next, 61);
}

static void test_unfinished_work_is_taken_up_at_the_start(void **state)
{
    s_fixture_t *f = *state;
    for (int i = 0; i < 5; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        help_accept(f->store, id, "text");
    }
    static const int64_t suspects[] = {2, 4};
    f->args.suspects = suspects;
    f->args.suspect_count = 2;
    s_start(f);
    static const int64_t order[] = {1, 3, 5, 2};
    wd_finished_t *finished = NULL;
    for (size_t i = 0; i < 4; i++) {
        finished = s_work(f);
        assert_int_equal(finished->job->rev, order[i]);
        if (i < 3)
            wd_finished_destroy(&finished);
    }
    assert_null(wd_writer_take_job(f->writer)); /* suspects go one at a time */
    wd_writer_add_finished(f->writer, finished);
    s_turn(f);
    s_drop(f);
    finished = s_work(f);
    assert_int_equal(finished->job->rev, 4);
    wd_writer_add_finished(f->writer, finished);
    s_turn(f);
    s_drop(f);
}

static void test_a_lost_job_is_given_again(void **state)
{
    s_fixture_t *f = *state;
    s_start(f);
    s_push(f, "a", "one");
    s_push(f, "b", "two");
    s_turn(f);
    s_drop(f);
    wd_job_t *job = wd_writer_take_job(f->writer);
    assert_int_equal(job->rev, 1);
    wd_job_destroy(&job);
    wd_writer_lost(f->writer, 1);
    for (int64_t rev = 1; rev <= 2; rev++) {
        job = wd_writer_take_job(f->writer);
        assert_int_equal(job->rev, rev);
        wd_job_destroy(&job);
    }
    assert_null(wd_writer_take_job(f->writer));
}

static void test_a_full_disk_refuses_and_keeps(void **state)
{
    s_fixture_t *f = *state;
    s_start(f);
    s_push(f, "a", "one");
    s_turn(f);
    s_drop(f);
    wd_finished_t *finished = s_work(f);
    fault_after(0, FAULT_FULL, true);
    wd_writer_add_finished(f->writer, finished);
    s_push(f, "b", "two");
    s_turn(f);
    wd_batch_t *batch = s_answers(f);
    assert_int_equal(batch->items[0].code, WD_E_FULL);
    assert_string_equal(batch->items[0].id, "b");
    wd_batch_destroy(&batch);
    wd_ends_t *ends = wd_writer_take_ends(f->writer);
    assert_true(ends->full);
    assert_int_equal(ends->count, 0);
    wd_ends_destroy(&ends);
    assert_null(wd_writer_take_job(f->writer));
    /* The next try fails too, and is not made at once. */
    assert_false(wd_writer_busy(f->writer, f->now));
    f->now += 1000;
    s_turn(f);
    assert_null(wd_writer_take_ends(f->writer));
    assert_int_equal(f->stats.full, 1);
    /* Room: the article is stored, the sender's second try is accepted. */
    fault_clear();
    f->now += 1000;
    s_turn(f);
    ends = wd_writer_take_ends(f->writer);
    assert_false(ends->full);
    assert_int_equal(ends->count, 1);
    assert_int_equal(ends->items[0].state, WD_STORED);
    wd_ends_destroy(&ends);
    s_drop(f);
    s_push(f, "b", "two");
    s_turn(f);
    batch = s_answers(f);
    assert_int_equal(batch->items[0].code, WD_OK);
    assert_false(batch->items[0].outcome.duplicate);
    wd_batch_destroy(&batch);
    assert_int_equal(f->stats.full, 0);
}

static void test_room_is_noticed_with_nothing_to_write(void **state)
{
    s_fixture_t *f = *state;
    s_start(f);
    fault_after(0, FAULT_FULL, true);
    s_push(f, "a", "one");
    s_turn(f);
    s_drop(f);
    f->now += 1000;
    wd_writer_idle(f->writer, f->now);
    assert_int_equal(f->stats.full, 1);
    assert_null(wd_writer_take_ends(f->writer));
    fault_clear();
    f->now += 1000;
    wd_writer_idle(f->writer, f->now);
    wd_ends_t *ends = wd_writer_take_ends(f->writer);
    assert_non_null(ends);
    assert_false(ends->full);
    wd_ends_destroy(&ends);
    assert_int_equal(f->stats.full, 0);
}

/* A result that the store refuses for itself does not hold up the others. */
static void test_a_refused_result_holds_nobody_up(void **state)
{
    s_fixture_t *f = *state;
    s_start(f);
    s_push(f, "a", "one");
    s_push(f, "b", "two");
    s_turn(f);
    s_drop(f);
    wd_finished_t *first = s_work(f), *second = s_work(f);
    first->job->rev = 4711; /* no such revision */
    wd_writer_add_finished(f->writer, first);
    wd_writer_add_finished(f->writer, second);
    for (int turns = 0; wd_writer_busy(f->writer, f->now); turns++) {
        assert_true(turns < 10);
        s_turn(f);
        s_drop(f);
    }
    assert_int_equal(f->stats.stored, 1);
    assert_int_equal(wd_store_backlog(f->store), 1);
}

static bool s_yes(void *arg)
{
    (void)arg;
    return true;
}

static void test_facts_make_way_for_requests(void **state)
{
    s_fixture_t *f = *state;
    s_start(f);
    for (int i = 0; i < 40; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        s_push(f, id, "text");
    }
    s_turn(f);
    s_drop(f);
    for (wd_finished_t *finished; (finished = s_work(f)) != NULL;)
        wd_writer_add_finished(f->writer, finished);
    wd_writer_turn(f->writer, f->now, s_yes, NULL);
    wd_ends_t *ends = wd_writer_take_ends(f->writer);
    assert_true(ends->count > 0 && ends->count < 20);
    size_t rest = 40 - ends->count;
    wd_ends_destroy(&ends);
    s_drop(f);
    s_turn(f);
    ends = wd_writer_take_ends(f->writer);
    assert_int_equal(ends->count, rest);
    wd_ends_destroy(&ends);
    s_drop(f);
}

/* The texts can be searched in the file, a while after; no step of it holds a request up. */
static void test_texts_are_indexed_when_there_is_time(void **state)
{
    s_fixture_t *f = *state;
    s_start(f);
    for (int i = 0; i < 40; i++) {
        char id[16], text[64];
        snprintf(id, sizeof id, "a%d", i);
        snprintf(text, sizeof text, "The harbour of S\xC3\xA3o Tom\xC3\xA9, berth number%d", i);
        s_push(f, id, text);
    }
    s_turn(f);
    s_drop(f);
    assert_int_equal(f->stats.search_lag, 40);
    assert_true(wd_writer_has_spare(f->writer));
    int steps = 0;
    while (wd_writer_has_spare(f->writer)) {
        assert_true(steps++ < 100);
        wd_writer_spare(f->writer, f->now);
    }
    assert_true(f->stats.search_lag < 16);
    wd_writer_idle(f->writer, f->now);
    assert_int_equal(f->stats.search_lag, 0);
    assert_int_equal(help_number(f->folder, "SELECT count(*) FROM search WHERE search MATCH"
                                            " '\"sao tome berth\"'"),
                     40);
    assert_int_equal(
        help_number(f->folder, "SELECT rowid FROM search WHERE search MATCH 'number7'"), 8);
    help_run(f->folder, "INSERT INTO search (search) VALUES ('integrity-check')");
}

static void test_a_failing_disk_spoils_no_index(void **state)
{
    s_fixture_t *f = *state;
    s_start(f);
    for (int i = 0; i < 20; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        s_push(f, id, "the harbour");
    }
    s_turn(f);
    s_drop(f);
    for (long call = 0; f->stats.search_lag > 0; call++) {
        assert_true(call < 500);
        fault_after(call, FAULT_FULL, true);
        wd_writer_spare(f->writer, f->now);
        fault_clear();
        f->now += 1000;
        if (f->stats.full == 0)
            wd_writer_spare(f->writer, f->now);
        s_drop(f);
        f->now += 1000;
        wd_writer_idle(f->writer, f->now);
        s_drop(f);
    }
    assert_int_equal(
        help_number(f->folder, "SELECT count(*) FROM search WHERE search MATCH 'harbour'"), 20);
}

/* --------------------------------------------------------------------------------- the actor */

static void *s_connect(int type, const char *endpoint, const char *id)
{
    void *socket = zmq_socket(zsys_init(), type);
    int zero = 0, patience = 60000;
    assert_non_null(socket);
    if (id != NULL)
        assert_int_equal(zmq_setsockopt(socket, ZMQ_ROUTING_ID, id, 2), 0);
    zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(zmq_connect(socket, endpoint), 0);
    return socket;
}

static wd_parcel_t s_expect(void *socket, wd_parcel_kind_t kind)
{
    wd_parcel_t parcel = {0};
    assert_int_equal(wd_parcel_recv(socket, &parcel, 0), 0);
    assert_int_equal(parcel.kind, kind);
    return parcel;
}

static void test_the_actor_from_push_to_publication(void **state)
{
    s_fixture_t *f = *state;
    f->args = (wd_writer_args_t){.store = f->store, .stats = &f->stats};
    zactor_t *actor = zactor_new(wd_writer_actor, &f->args);
    assert_non_null(actor);
    wd_handover_take(&f->args);
    void *publisher = s_connect(ZMQ_PAIR, WD_WRITER_PUBLISH, NULL);
    void *worker = s_connect(ZMQ_DEALER, WD_WRITER_WORK, "w\0");
    void *intake = s_connect(ZMQ_PAIR, WD_WRITER_INTAKE, NULL);
    wd_publication_t *publication = s_expect(publisher, WD_PARCEL_PUBLICATION).data;
    assert_null(publication->events);
    assert_string_equal(publication->streams[0].name, "article");
    wd_publication_destroy(&publication);
    assert_int_equal(wd_parcel_send(worker, WD_PARCEL_READY, NULL, 0), 0);

    wd_batch_t *batch = wd_batch_new(8);
    for (int i = 0; i < 8; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        s_add(batch, WD_PUSH, id, "text");
    }
    assert_int_equal(wd_parcel_send(intake, WD_PARCEL_BATCH, batch, 0), 0);
    batch = s_expect(intake, WD_PARCEL_BATCH).data;
    assert_int_equal(batch->count, 8);
    wd_batch_destroy(&batch);
    uint64_t seen = 0;
    size_t ended = 0;
    for (int i = 0; i < 8; i++) {
        wd_job_t *job = s_expect(worker, WD_PARCEL_JOB).data;
        assert_int_equal(job->rev, i + 1);
        wd_finished_t *finished = wd_finished_new(&job);
        help_add(finished, "founding", help_record("founding", "Halden", NULL, NULL, NULL));
        assert_true(wd_finished_seal(finished));
        assert_int_equal(wd_parcel_send(worker, WD_PARCEL_FINISHED, finished, 0), 0);
    }
    while (seen < 16) {
        publication = s_expect(publisher, WD_PARCEL_PUBLICATION).data;
        for (size_t i = 0; i < wd_events_count(publication->events); i++)
            assert_int_equal(wd_events_at(publication->events, i)->seq, ++seen);
        assert_int_equal(publication->last, seen);
        wd_publication_destroy(&publication);
    }
    while (ended < 8) {
        wd_ends_t *ends = s_expect(intake, WD_PARCEL_ENDS).data;
        ended += ends->count;
        wd_ends_destroy(&ends);
    }
    zstr_send(actor, "DRAIN");
    char *word = zstr_recv(actor);
    assert_string_equal(word, "DRAINED");
    freen(word);

    /* What has come before the end is still written. */
    batch = wd_batch_new(1);
    s_add(batch, WD_PUSH, "last", "text");
    assert_int_equal(wd_parcel_send(intake, WD_PARCEL_BATCH, batch, 0), 0);
    zactor_destroy(&actor);
    wd_handover_take(&f->args);
    wd_parcel_t parcel;
    while (wd_parcel_recv(intake, &parcel, ZMQ_DONTWAIT) == 0) {
        batch = parcel.kind == WD_PARCEL_BATCH ? parcel.data : NULL;
        wd_batch_destroy(&batch);
    }
    while (wd_parcel_recv(worker, &parcel, ZMQ_DONTWAIT) == 0) {
        wd_job_t *job = parcel.kind == WD_PARCEL_JOB ? parcel.data : NULL;
        wd_job_destroy(&job);
    }
    zmq_close(intake);
    zmq_close(worker);
    zmq_close(publisher);
    assert_true(help_accept(f->store, "last", "text").duplicate);
}

#define T(name) cmocka_unit_test_setup_teardown(name, s_setup, s_teardown)

int main(void)
{
    fault_install();
    zsys_init();
    zsys_handler_set(NULL);
    const struct CMUnitTest tests[] = {
        T(test_a_batch_is_answered_as_a_whole),
        T(test_a_long_queue_is_answered_in_parts),
        T(test_work_is_stored_and_published),
        T(test_the_backlog_is_bounded_and_in_order),
        T(test_unfinished_work_is_taken_up_at_the_start),
        T(test_a_lost_job_is_given_again),
        T(test_a_full_disk_refuses_and_keeps),
        T(test_room_is_noticed_with_nothing_to_write),
        T(test_a_refused_result_holds_nobody_up),
        T(test_facts_make_way_for_requests),
        T(test_texts_are_indexed_when_there_is_time),
        T(test_a_failing_disk_spoils_no_index),
        T(test_the_actor_from_push_to_publication),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
