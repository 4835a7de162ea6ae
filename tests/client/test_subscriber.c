/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A subscriber against a daemon that drops, repeats, restarts and changes its store: every event
 * once, in order. A round of random faults with a fixed seed stands for what nobody thought of.
 */
#include "fake.h"

#include "tests/proto/cm.h"

#include <winnow/client.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT 20000 /* far more than any of this takes; a test that needs it fails */

static fake_t *s_fake;

static int s_setup(void **state)
{
    (void)state;
    s_fake = fake_new((fake_setup_t){.credit = 1, .credit_bytes = 1, .page = 4});
    return 0;
}

static int s_teardown(void **state)
{
    (void)state;
    fake_destroy(&s_fake);
    return 0;
}

static winnow_subscriber_t *s_open(winnow_event_filter_t filter)
{
    winnow_client_error_t err;
    winnow_client_options_t options = {.endpoint = fake_endpoint(s_fake)};
    winnow_subscriber_t *self = winnow_subscriber_new(&options, &filter, &err);
    if (!self)
        fail_msg("%s", err.message);
    return self;
}

/* The next event must be number `seq`. */
static void s_expect(winnow_subscriber_t *self, uint64_t seq)
{
    winnow_event_t event;
    int code = winnow_subscriber_next(self, WAIT, &event);
    if (code != 0)
        fail_msg("expected %u: %s", (unsigned)seq, winnow_subscriber_error(self)->message);
    assert_int_equal(event.seq, seq);
    char number[32];
    snprintf(number, sizeof number, "\"seq\":%u,", (unsigned)seq);
    assert_non_null(strstr(event.body, number));
    assert_int_equal(strlen(event.body), event.body_size);
}

/* Nothing is there, as the events and heartbeats so far show. */
static void s_expect_none(winnow_subscriber_t *self)
{
    winnow_event_t event;
    assert_int_equal(winnow_subscriber_next(self, 0, &event), WINNOW_CLIENT_TIMEOUT);
}

static void test_from_start(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        fake_fact(s_fake, "founding", "x", FAKE_PUBLISH);
    winnow_subscriber_t *self = s_open((winnow_event_filter_t){.from = WINNOW_FROM_START});
    for (uint64_t seq = 1; seq <= 10; seq++)
        s_expect(self, seq);
    fake_fact(s_fake, "location", "x", FAKE_PUBLISH);
    fake_article(s_fake, FAKE_PUBLISH);
    /* These were published, perhaps before the subscription was there: then a heartbeat tells. */
    winnow_event_t event;
    int code;
    while ((code = winnow_subscriber_next(self, 100, &event)) == WINNOW_CLIENT_TIMEOUT)
        fake_heartbeat(s_fake);
    assert_int_equal(code, 0);
    assert_int_equal(event.seq, 11);
    s_expect(self, 12);
    assert_int_equal(winnow_subscriber_position(self), 12);
    assert_string_equal(winnow_subscriber_epoch(self), "epoch-0");
    assert_true(winnow_subscriber_alive(self));
    winnow_subscriber_destroy(&self);
}

static void test_event_fields(void **state)
{
    winnow_event_t event;
    (void)state;
    fake_fact(s_fake, "founding", "Acme", FAKE_PUBLISH);
    fake_article(s_fake, FAKE_PUBLISH);
    winnow_subscriber_t *self = s_open((winnow_event_filter_t){.from = WINNOW_FROM_START});
    assert_int_equal(winnow_subscriber_next(self, WAIT, &event), 0);
    assert_string_equal(event.topic, "fact.founding.created");
    assert_string_equal(event.kind, "founding");
    assert_string_equal(event.change, "created");
    assert_string_equal(event.fact, "1.1");
    assert_memory_equal(event.article, "{\"id\":\"a\",\"revision\":1}", event.article_size);
    assert_memory_equal(event.record, "{\"kind\":\"founding\"", 18);
    assert_int_equal(event.record[event.record_size - 1], '}');
    assert_int_equal(winnow_subscriber_next(self, WAIT, &event), 0);
    assert_null(event.kind);
    assert_null(event.record);
    assert_string_equal(event.change, "stored");
    assert_int_equal(event.facts, 3);
    winnow_subscriber_destroy(&self);
}

static void test_from_now_and_number(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        fake_fact(s_fake, "founding", "x", FAKE_PUBLISH);
    winnow_subscriber_t *now = s_open((winnow_event_filter_t){.from = 0});
    winnow_subscriber_t *later = s_open((winnow_event_filter_t){.from = 5, .epoch = "epoch-0"});
    fake_fact(s_fake, "founding", "x", FAKE_DROP);
    s_expect(now, 7);
    s_expect(later, 5);
    s_expect(later, 6);
    s_expect(later, 7);
    winnow_subscriber_destroy(&now);
    winnow_subscriber_destroy(&later);

    winnow_client_error_t err;
    winnow_client_options_t options = {.endpoint = fake_endpoint(s_fake)};
    winnow_event_filter_t beyond = {.from = 100};
    assert_null(winnow_subscriber_new(&options, &beyond, &err));
    assert_int_equal(err.code, WINNOW_CLIENT_INVALID);
}

/* Waits until the subscription works: a heartbeat arrives. */
static void s_settle(winnow_subscriber_t *self, uint64_t *seq)
{
    winnow_event_t event;
    do
        fake_fact(s_fake, "founding", "settle", FAKE_PUBLISH);
    while (winnow_subscriber_next(self, 10, &event) != 0);
    while (winnow_subscriber_position(self) < fake_last(s_fake))
        assert_int_equal(winnow_subscriber_next(self, WAIT, &event), 0);
    *seq = fake_last(s_fake);
}

static void test_gap(void **state)
{
    uint64_t n;
    (void)state;
    winnow_subscriber_t *self = s_open((winnow_event_filter_t){.from = WINNOW_FROM_START});
    s_settle(self, &n);
    uint64_t gaps = winnow_subscriber_gaps(self);
    fake_fact(s_fake, "founding", "x", FAKE_PUBLISH);
    fake_fact(s_fake, "founding", "x", FAKE_DROP);
    fake_fact(s_fake, "location", "x", FAKE_DROP);
    fake_fact(s_fake, "founding", "x", FAKE_TWICE);
    fake_republish(s_fake, n + 1);
    for (uint64_t i = 1; i <= 4; i++)
        s_expect(self, n + i);
    assert_int_equal(winnow_subscriber_gaps(self), gaps + 1);
    s_expect_none(self);
    /* the last one is missing: only a heartbeat shows it */
    fake_fact(s_fake, "founding", "x", FAKE_DROP);
    s_expect_none(self);
    fake_heartbeat(s_fake);
    s_expect(self, n + 5);
    assert_int_equal(winnow_subscriber_gaps(self), gaps + 2);
    winnow_subscriber_destroy(&self);
}

/* One kind: only its stream is subscribed to, and other kinds' events are no gaps. */
static void test_one_stream(void **state)
{
    static const char *const kinds[] = {"founding", NULL};
    uint64_t n;
    (void)state;
    winnow_subscriber_t *self =
        s_open((winnow_event_filter_t){.kinds = kinds, .from = WINNOW_FROM_START});
    s_settle(self, &n);
    uint64_t gaps = winnow_subscriber_gaps(self);
    unsigned replays = fake_replays(s_fake);
    fake_fact(s_fake, "location", "x", FAKE_PUBLISH);
    fake_fact(s_fake, "founding", "x", FAKE_PUBLISH);
    fake_fact(s_fake, "location", "x", FAKE_DROP);
    fake_article(s_fake, FAKE_PUBLISH);
    fake_fact(s_fake, "founding", "x", FAKE_PUBLISH);
    fake_heartbeat(s_fake);
    s_expect(self, n + 2);
    s_expect(self, n + 5);
    s_expect_none(self);
    assert_int_equal(winnow_subscriber_gaps(self), gaps);
    assert_int_equal(fake_replays(s_fake), replays);
    fake_fact(s_fake, "founding", "x", FAKE_DROP);
    fake_fact(s_fake, "location", "x", FAKE_PUBLISH);
    fake_fact(s_fake, "founding", "x", FAKE_PUBLISH);
    s_expect(self, n + 6);
    s_expect(self, n + 8);
    assert_int_equal(winnow_subscriber_gaps(self), gaps + 1);
    fake_fact(s_fake, "founding", "x", FAKE_DROP);
    fake_heartbeat(s_fake);
    s_expect(self, n + 9);
    winnow_subscriber_destroy(&self);
}

static void test_filters(void **state)
{
    static const char *const both[] = {"founding", "location", NULL};
    static const char *const stored[] = {"stored", NULL};
    (void)state;
    fake_fact(s_fake, "founding", "BMW Brilliance", FAKE_PUBLISH);
    fake_fact(s_fake, "location", "Shenyang", FAKE_PUBLISH);
    fake_article(s_fake, FAKE_PUBLISH);
    fake_fact(s_fake, "location", "Bmw", FAKE_PUBLISH);
    fake_fact(s_fake, "founding", "BMWs", FAKE_PUBLISH);
    winnow_subscriber_t *kinds =
        s_open((winnow_event_filter_t){.kinds = both, .from = WINNOW_FROM_START});
    winnow_subscriber_t *changes =
        s_open((winnow_event_filter_t){.changes = stored, .from = WINNOW_FROM_START});
    winnow_subscriber_t *entity =
        s_open((winnow_event_filter_t){.entity = "bmw", .from = WINNOW_FROM_START});
    static const uint64_t of_kinds[] = {1, 2, 4, 5};
    for (size_t i = 0; i < 4; i++)
        s_expect(kinds, of_kinds[i]);
    s_expect(changes, 3);
    s_expect(entity, 1);
    s_expect(entity, 4);
    fake_article(s_fake, FAKE_DROP);
    fake_fact(s_fake, "location", "the BMW plant", FAKE_DROP);
    fake_fact(s_fake, "founding", "x", FAKE_PUBLISH);
    winnow_event_t event;
    while (winnow_subscriber_position(kinds) < 8) {
        fake_heartbeat(s_fake);
        int code = winnow_subscriber_next(kinds, 10, &event);
        assert_true(code == 0 || code == WINNOW_CLIENT_TIMEOUT);
        assert_true(code != 0 || event.seq == 7 || event.seq == 8);
    }
    while (winnow_subscriber_position(changes) < 6) {
        fake_heartbeat(s_fake);
        int code = winnow_subscriber_next(changes, 10, &event);
        assert_true(code == 0 ? event.seq == 6 : code == WINNOW_CLIENT_TIMEOUT);
    }
    while (winnow_subscriber_position(entity) < 7) {
        fake_heartbeat(s_fake);
        int code = winnow_subscriber_next(entity, 10, &event);
        assert_true(code == 0 ? event.seq == 7 : code == WINNOW_CLIENT_TIMEOUT);
    }
    winnow_subscriber_destroy(&kinds);
    winnow_subscriber_destroy(&changes);
    winnow_subscriber_destroy(&entity);

    winnow_client_error_t err;
    winnow_client_options_t options = {.endpoint = fake_endpoint(s_fake)};
    static const char *const wrong[] = {"Not a kind", NULL};
    winnow_event_filter_t filter = {.kinds = wrong};
    assert_null(winnow_subscriber_new(&options, &filter, &err));
    assert_int_equal(err.code, WINNOW_CLIENT_INVALID);
}

static void test_restart(void **state)
{
    uint64_t n;
    winnow_event_t event;
    (void)state;
    winnow_subscriber_t *self = s_open((winnow_event_filter_t){.from = WINNOW_FROM_START});
    s_settle(self, &n);
    fake_restart(s_fake);
    for (int i = 0; i < 9; i++)
        fake_fact(s_fake, "founding", "x", FAKE_PUBLISH);
    /* the connection comes back by itself, and a heartbeat tells what was missed */
    for (uint64_t i = 1; i <= 9; i++) {
        int code;
        while ((code = winnow_subscriber_next(self, 20, &event)) == WINNOW_CLIENT_TIMEOUT)
            fake_heartbeat(s_fake);
        assert_int_equal(code, 0);
        assert_int_equal(event.seq, n + i);
    }
    winnow_subscriber_destroy(&self);
}

static void test_lost_question(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        fake_fact(s_fake, "founding", "x", FAKE_PUBLISH);
    winnow_subscriber_t *self = s_open((winnow_event_filter_t){.from = WINNOW_FROM_START});
    fake_lose_questions(s_fake, 1);
    for (uint64_t seq = 1; seq <= 3; seq++)
        s_expect(self, seq);
    winnow_subscriber_destroy(&self);
}

static void test_epoch(void **state)
{
    uint64_t n;
    winnow_event_t event;
    (void)state;
    winnow_subscriber_t *self = s_open((winnow_event_filter_t){.from = WINNOW_FROM_START});
    s_settle(self, &n);
    fake_new_epoch(s_fake);
    fake_fact(s_fake, "founding", "x", FAKE_DROP);
    fake_fact(s_fake, "founding", "x", FAKE_PUBLISH);
    assert_int_equal(winnow_subscriber_next(self, WAIT, &event), WINNOW_CLIENT_EPOCH);
    assert_string_equal(winnow_subscriber_epoch(self), "epoch-1");
    s_expect(self, 1);
    s_expect(self, 2);
    s_expect_none(self);
    winnow_subscriber_destroy(&self);
    /* kept from another epoch */
    self = s_open((winnow_event_filter_t){.from = 2, .epoch = "epoch-0"});
    assert_int_equal(winnow_subscriber_next(self, WAIT, &event), WINNOW_CLIENT_EPOCH);
    s_expect(self, 1);
    s_expect(self, 2);
    winnow_subscriber_destroy(&self);
}

/* Random faults: what three subscribers are given is what the log holds, each once, in order. */
static void test_random(void **state)
{
    static const char *const kinds[] = {"founding", NULL};
    enum { ROUNDS = 400 };
    unsigned seed = 20221123;
    bool founding[ROUNDS * 2] = {false};
    size_t total = 0;
    winnow_subscriber_t *subs[3];
    uint64_t at[3] = {0, 0, 0};
    (void)state;

    subs[0] = s_open((winnow_event_filter_t){.from = WINNOW_FROM_START});
    subs[1] = s_open((winnow_event_filter_t){.kinds = kinds, .from = WINNOW_FROM_START});
    subs[2] = s_open((winnow_event_filter_t){.from = WINNOW_FROM_START});
    for (int round = 0; round < ROUNDS; round++) {
        fake_how_t how = (fake_how_t)(rand_r(&seed) % 3);
        int what = rand_r(&seed) % 10;
        if (what < 4) {
            founding[++total] = true;
            fake_fact(s_fake, "founding", "x", how);
        } else if (what < 7) {
            total++;
            fake_fact(s_fake, "location", "x", how);
        } else if (what < 8) {
            total++;
            fake_article(s_fake, how);
        } else if (what == 8 && total > 0) {
            fake_republish(s_fake, 1 + (uint64_t)rand_r(&seed) % total);
        } else {
            fake_heartbeat(s_fake);
        }
        if (round % 100 == 50)
            fake_restart(s_fake);
        if (round % 10 == 3)
            fake_lose_questions(s_fake, round % 30 == 3);
        size_t which = (size_t)rand_r(&seed) % 2; /* the third looks at the end only */
        winnow_event_t event;
        if (winnow_subscriber_next(subs[which], 0, &event) == 0) {
            assert_true(event.seq > at[which]);
            for (uint64_t seq = at[which] + 1; seq < event.seq; seq++)
                assert_true(which == 1 && !founding[seq]);
            at[which] = event.seq;
        }
    }
    fake_lose_questions(s_fake, 0);
    total++;
    founding[total] = true;
    fake_fact(s_fake, "founding", "x", FAKE_DROP);
    for (size_t which = 0; which < 3; which++) {
        while (at[which] < total) {
            winnow_event_t event;
            int code = winnow_subscriber_next(subs[which], 10, &event);
            if (code == WINNOW_CLIENT_TIMEOUT) {
                fake_heartbeat(s_fake);
                continue;
            }
            assert_int_equal(code, 0);
            assert_true(event.seq > at[which]);
            for (uint64_t seq = at[which] + 1; seq < event.seq; seq++)
                assert_true(which == 1 && !founding[seq]);
            assert_true(which != 1 || founding[event.seq]);
            at[which] = event.seq;
        }
        s_expect_none(subs[which]);
        winnow_subscriber_destroy(&subs[which]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_from_start, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_event_fields, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_from_now_and_number, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_gap, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_one_stream, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_filters, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_restart, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_lost_question, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_epoch, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_random, s_setup, s_teardown),
    };
    return cmocka_run_group_tests_name("subscriber", tests, NULL, NULL);
}
