/* SPDX-License-Identifier: Apache-2.0 */
/* A pusher against a daemon that loses, refuses, restarts: every push has one effect, and every
 * answer comes. */
#include "fake.h"

#include "tests/proto/cm.h"

#include <winnow/client.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    unsigned accepted, stored, refused, final, duplicates;
    char code[32];
    char last_id[32];
    void *context;
} s_heard_t;

static void s_on_answer(const winnow_answer_t *answer, void *arg)
{
    s_heard_t *heard = arg;
    heard->accepted += answer->kind == WINNOW_ANSWER_ACCEPTED;
    heard->stored += answer->kind == WINNOW_ANSWER_STORED;
    heard->refused += answer->kind == WINNOW_ANSWER_REFUSED;
    heard->final += answer->final;
    heard->context = answer->context;
    heard->duplicates += answer->duplicate && answer->final;
    if (answer->code)
        snprintf(heard->code, sizeof heard->code, "%s", answer->code);
    if (answer->id)
        snprintf(heard->last_id, sizeof heard->last_id, "%s", answer->id);
}

typedef struct {
    fake_t *fake;
    winnow_pusher_t *pusher;
    s_heard_t heard;
} s_bench_t;

static void s_start(s_bench_t *self, uint32_t credit, uint64_t bytes)
{
    winnow_client_error_t err;
    memset(self, 0, sizeof *self);
    self->fake = fake_new((fake_setup_t){.credit = credit, .credit_bytes = bytes, .page = 3});
    winnow_client_options_t options = {.endpoint = fake_endpoint(self->fake)};
    self->pusher = winnow_pusher_new(&options, s_on_answer, &self->heard, &err);
    if (!self->pusher)
        fail_msg("%s", err.message);
}

static void s_end(s_bench_t *self)
{
    winnow_pusher_destroy(&self->pusher);
    assert_null(self->pusher);
    fake_destroy(&self->fake);
}

static void s_push(s_bench_t *self, const char *id, const char *text)
{
    winnow_article_t article = {.id = id, .text = text, .text_size = strlen(text)};
    assert_int_equal(winnow_pusher_push(self->pusher, &article, NULL), 0);
}

static void s_push_many(s_bench_t *self, unsigned from, unsigned count)
{
    for (unsigned i = from; i < from + count; i++) {
        char id[16];
        char text[32];
        snprintf(id, sizeof id, "a%u", i);
        snprintf(text, sizeof text, "text %u", i);
        s_push(self, id, text);
    }
}

static void s_wait(s_bench_t *self)
{
    int code = winnow_pusher_wait(self->pusher);
    if (code != 0)
        fail_msg("%s", winnow_pusher_error(self->pusher)->message);
    assert_int_equal(winnow_pusher_pending(self->pusher), 0);
}

static void test_plain(void **state)
{
    s_bench_t b;
    (void)state;
    s_start(&b, 8, 1000000);
    assert_string_equal(winnow_pusher_server(b.pusher), "fake 1");
    s_push_many(&b, 0, 100);
    s_wait(&b);
    assert_int_equal(b.heard.accepted, 100);
    assert_int_equal(b.heard.stored, 100);
    assert_int_equal(b.heard.final, 100);
    assert_int_equal(fake_effects(b.fake), 100);
    assert_int_equal(fake_pushes(b.fake), 100);
    s_push(&b, "a7", "text 7");
    s_wait(&b);
    assert_int_equal(b.heard.duplicates, 1);
    assert_int_equal(fake_effects(b.fake), 100);
    s_end(&b);
}

static void test_accepted_only(void **state)
{
    s_bench_t b;
    winnow_article_t article = {
        .text = "It rained.", .text_size = 10, .accepted_only = true, .context = &article};
    uint64_t ticket = 0;
    (void)state;
    s_start(&b, 8, 1000000);
    assert_int_equal(winnow_pusher_push(b.pusher, &article, &ticket), 0);
    assert_true(ticket > 0);
    s_wait(&b);
    assert_int_equal(b.heard.accepted, 1);
    assert_int_equal(b.heard.final, 1);
    assert_int_equal(b.heard.stored, 0);
    assert_string_equal(b.heard.last_id, "hash");
    assert_ptr_equal(b.heard.context, &article);
    s_end(&b);
}

/* Only as much as the credit allows is under way, in messages and in bytes. */
static void test_credit(void **state)
{
    s_bench_t b;
    (void)state;
    s_start(&b, 4, 1000000);
    fake_hold_accepted(b.fake, true);
    s_push_many(&b, 0, 20);
    assert_int_equal(winnow_pusher_run(b.pusher, 100), WINNOW_CLIENT_TIMEOUT);
    assert_int_equal(fake_pushes(b.fake), 4);
    fake_credit(b.fake, 6, 1000000);
    assert_int_equal(winnow_pusher_run(b.pusher, 100), WINNOW_CLIENT_TIMEOUT);
    assert_int_equal(fake_pushes(b.fake), 6);
    /* {"id":"a0"} and text 0 are 17 bytes: six are unanswered, so 110 bytes are not enough for a
     * seventh */
    fake_credit(b.fake, 100, 110);
    assert_int_equal(winnow_pusher_run(b.pusher, 100), WINNOW_CLIENT_TIMEOUT);
    assert_int_equal(fake_pushes(b.fake), 6);
    fake_hold_accepted(b.fake, false);
    s_wait(&b);
    assert_int_equal(fake_pushes(b.fake), 20);
    assert_int_equal(b.heard.stored, 20);
    /* one that is larger than all credit goes alone */
    fake_credit(b.fake, 1, 5);
    s_push(&b, "big", "more than five bytes");
    s_wait(&b);
    assert_int_equal(fake_effects(b.fake), 21);
    s_end(&b);
}

static void test_window(void **state)
{
    s_bench_t b;
    (void)state;
    s_start(&b, 100, 1000000);
    winnow_pusher_destroy(&b.pusher);
    winnow_client_options_t options = {
        .endpoint = fake_endpoint(b.fake), .window = 3, .patience_ms = -1};
    b.pusher = winnow_pusher_new(&options, s_on_answer, &b.heard, NULL);
    fake_hold_stored(b.fake, true);
    s_push_many(&b, 0, 3);
    assert_int_equal(winnow_pusher_run(b.pusher, 50), WINNOW_CLIENT_TIMEOUT);
    assert_int_equal(winnow_pusher_pending(b.pusher), 3);
    fake_hold_stored(b.fake, false);
    s_push_many(&b, 3, 50);
    assert_true(winnow_pusher_pending(b.pusher) <= 3);
    s_wait(&b);
    assert_int_equal(b.heard.stored, 53);
    s_end(&b);
}

static void test_restart(void **state)
{
    s_bench_t b;
    (void)state;
    s_start(&b, 16, 1000000);
    fake_hold_stored(b.fake, true);
    s_push_many(&b, 0, 40);
    assert_int_equal(winnow_pusher_run(b.pusher, 50), WINNOW_CLIENT_TIMEOUT);
    fake_restart(b.fake);
    fake_hold_stored(b.fake, false);
    s_push_many(&b, 40, 40);
    s_wait(&b);
    assert_int_equal(b.heard.accepted, 80);
    assert_int_equal(b.heard.stored, 80);
    assert_int_equal(fake_effects(b.fake), 80);
    assert_true(fake_pushes(b.fake) > 80);
    s_end(&b);
}

/* The connection is new and the daemon is not: only PONG can tell. */
static void test_cut(void **state)
{
    s_bench_t b;
    (void)state;
    s_start(&b, 16, 1000000);
    fake_lose_answers(b.fake, 16);
    s_push_many(&b, 0, 16);
    assert_int_equal(winnow_pusher_run(b.pusher, 50), WINNOW_CLIENT_TIMEOUT);
    fake_cut(b.fake);
    s_wait(&b);
    assert_int_equal(b.heard.stored, 16);
    assert_int_equal(b.heard.duplicates, 16);
    assert_int_equal(fake_effects(b.fake), 16);
    s_end(&b);
}

static void test_lost_before_read(void **state)
{
    s_bench_t b;
    (void)state;
    s_start(&b, 16, 1000000);
    fake_lose_pushes(b.fake, 5);
    s_push_many(&b, 0, 10);
    assert_int_equal(winnow_pusher_run(b.pusher, 50), WINNOW_CLIENT_TIMEOUT);
    fake_restart(b.fake);
    s_wait(&b);
    assert_int_equal(b.heard.final, 10);
    assert_int_equal(fake_effects(b.fake), 10);
    s_end(&b);
}

static void test_refused(void **state)
{
    s_bench_t b;
    (void)state;
    s_start(&b, 16, 1000000);
    fake_refuse(b.fake, 1, "disk_full", true);
    s_push(&b, "a", "x");
    s_wait(&b);
    assert_int_equal(b.heard.refused, 1);
    assert_string_equal(b.heard.code, "disk_full");
    assert_string_equal(b.heard.last_id, "a");
    /* the daemon's own check of the text */
    s_push(&b, "b", "caf\xE9");
    s_wait(&b);
    assert_int_equal(b.heard.refused, 2);
    assert_string_equal(b.heard.code, "invalid_utf8");
    /* what is meant for us is not told: beyond the credit, no session */
    fake_refuse(b.fake, 3, "no_credit", true);
    s_push_many(&b, 0, 5);
    s_wait(&b);
    fake_refuse(b.fake, 3, "no_session", true);
    s_push_many(&b, 5, 5);
    s_wait(&b);
    assert_int_equal(b.heard.refused, 2);
    assert_int_equal(b.heard.stored, 10);
    s_end(&b);
}

/* Two texts of one id are never under way together, so that what is sent again cannot overtake. */
static void test_revisions_in_order(void **state)
{
    s_bench_t b;
    (void)state;
    s_start(&b, 16, 1000000);
    fake_refuse(b.fake, 1, "no_credit", true);
    s_push(&b, "a", "first");
    s_push(&b, "a", "second");
    s_push(&b, "b", "other");
    s_push(&b, "a", "third");
    s_wait(&b);
    assert_int_equal(fake_effects(b.fake), 4);
    assert_true(fake_last_text_is(b.fake, "a", "third"));
    s_end(&b);
}

static void test_unreachable(void **state)
{
    winnow_client_error_t err;
    winnow_client_options_t options = {.endpoint = "ipc:///nonexistent/winnow", .connect_ms = 50};
    (void)state;
    assert_null(winnow_pusher_new(&options, NULL, NULL, &err));
    assert_int_equal(err.code, WINNOW_CLIENT_UNREACHABLE);
    assert_non_null(strstr(err.message, "cannot reach ipc:///nonexistent/winnow.intake"));
    assert_true(err.retry);

    s_bench_t b;
    s_start(&b, 16, 1000000);
    winnow_pusher_destroy(&b.pusher);
    options = (winnow_client_options_t){.endpoint = fake_endpoint(b.fake), .patience_ms = 100};
    b.pusher = winnow_pusher_new(&options, s_on_answer, &b.heard, NULL);
    fake_lose_answers(b.fake, 1);
    s_push(&b, "a", "x");
    assert_int_equal(winnow_pusher_wait(b.pusher), WINNOW_CLIENT_UNREACHABLE);
    assert_int_equal(winnow_pusher_pending(b.pusher), 1);
    s_end(&b);
}

static void test_endpoints(void **state)
{
    static const char *bad[] = {"",
                                "127.0.0.1:7710",
                                "tcp://127.0.0.1",
                                "tcp://127.0.0.1:",
                                "tcp://127.0.0.1:x",
                                "tcp://127.0.0.1:65535",
                                "tcp://:7710",
                                "tcp://127.0.0.1:7710x",
                                "http://127.0.0.1:7710",
                                "tcp://127.0.0.1:0"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        winnow_client_error_t err;
        winnow_client_options_t options = {.endpoint = bad[i], .connect_ms = 1};
        assert_null(winnow_pusher_new(&options, NULL, NULL, &err));
        if (err.code != WINNOW_CLIENT_INVALID)
            fail_msg("%s: %s", bad[i], err.message);
        assert_non_null(strstr(err.message, bad[i]));
    }
}

static void test_cancel(void **state)
{
    s_bench_t b;
    int pipes[2];
    (void)state;
    assert_int_equal(pipe(pipes), 0);
    s_start(&b, 16, 1000000);
    winnow_pusher_destroy(&b.pusher);
    winnow_client_options_t options = {.endpoint = fake_endpoint(b.fake), .cancel_fd = pipes[0]};
    b.pusher = winnow_pusher_new(&options, s_on_answer, &b.heard, NULL);
    fake_lose_answers(b.fake, 1);
    s_push(&b, "a", "x");
    assert_int_equal(write(pipes[1], "x", 1), 1);
    assert_int_equal(winnow_pusher_wait(b.pusher), WINNOW_CLIENT_CANCELLED);
    s_end(&b);
    close(pipes[0]);
    close(pipes[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_accepted_only),
        cmocka_unit_test(test_credit),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_restart),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_lost_before_read),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_revisions_in_order),
        cmocka_unit_test(test_unreachable),
        cmocka_unit_test(test_endpoints),
        cmocka_unit_test(test_cancel),
    };
    return cmocka_run_group_tests_name("pusher", tests, NULL, NULL);
}
