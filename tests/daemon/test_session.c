/* SPDX-License-Identifier: Apache-2.0 */
/* The intake's book: sessions, windows, waiters, against plain arrays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "daemon/session.h"

static void test_sessions(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    static uint64_t number[COUNT];
    wd_book_t *book = wd_book_new();
    assert_non_null(book);
    for (int i = 0; i < COUNT; i++) {
        wd_session_t *session = wd_book_open(book, &i, sizeof i, i);
        assert_non_null(session);
        number[i] = session->number;
        assert_int_equal(session->number, i + 1);
    }
    assert_int_equal(wd_book_sessions(book), COUNT);
    for (int i = 0; i < COUNT; i += 2)
        wd_book_close(book, wd_book_find_number(book, number[i]));
    for (int i = 0; i < COUNT; i++) {
        wd_session_t *by_peer = wd_book_find_peer(book, &i, sizeof i);
        assert_ptr_equal(by_peer, wd_book_find_number(book, number[i]));
        assert_int_equal(by_peer != NULL, i % 2);
    }
    /* The same peer once more: a new number, the old one leads nowhere. */
    int peer = 1;
    wd_session_t *again = wd_book_open(book, &peer, sizeof peer, 0);
    assert_int_equal(again->number, COUNT + 1);
    assert_null(wd_book_find_number(book, number[1]));
    assert_int_equal(wd_book_sessions(book), COUNT / 2);
    wd_book_destroy(&book);
    assert_null(book);
}

static void s_close(void *arg, wd_session_t *session)
{
    wd_book_close(arg, session);
}

static void test_each(void **state)
{
    (void)state;
    wd_book_t *book = wd_book_new();
    for (int i = 0; i < 1000; i++)
        assert_non_null(wd_book_open(book, &i, sizeof i, i));
    wd_book_each(book, s_close, book);
    assert_int_equal(wd_book_sessions(book), 0);
    wd_book_destroy(&book);
}

static void test_share(void **state)
{
    (void)state;
    wd_config_t config = {
        .intake_memory = 64 << 20, .session_bytes = 8 << 20, .session_messages = 512};
    wd_window_t window = wd_window_share(&config, 1);
    assert_int_equal(window.bytes, 8 << 20);
    assert_int_equal(window.messages, 512);
    assert_int_equal(wd_window_share(&config, 8).bytes, 8 << 20);
    assert_int_equal(wd_window_share(&config, 9).bytes, 4 << 20);
    for (size_t n = 1; n <= 4096; n++) {
        window = wd_window_share(&config, n);
        assert_true(window.messages >= 1);
        assert_true(window.bytes * n <= (uint64_t)config.intake_memory);
    }
}

static void test_window(void **state)
{
    (void)state;
    wd_session_t session = {0};
    assert_true(wd_session_grant(&session, (wd_window_t){2, 1000}, 0));
    assert_false(wd_session_grant(&session, (wd_window_t){2, 1000}, 0));
    session.grace_ms = 0;
    assert_true(wd_session_fits(&session, 1000, 1));
    assert_true(wd_session_fits(&session, 5000, 1)); /* alone */
    session.messages = 1;
    session.bytes = 600;
    assert_true(wd_session_fits(&session, 400, 1));
    assert_false(wd_session_fits(&session, 401, 1));
    session.messages = 2;
    assert_false(wd_session_fits(&session, 1, 1));
    /* A smaller window counts when the peer has had time to hear of it. */
    session.messages = 1;
    assert_true(wd_session_grant(&session, (wd_window_t){0, 0}, 100));
    assert_true(wd_session_fits(&session, 400, 100 + WD_GRACE_MS - 1));
    assert_false(wd_session_fits(&session, 400, 100 + WD_GRACE_MS));
    session.messages = session.bytes = 0;
    assert_false(wd_session_fits(&session, 1, 100 + WD_GRACE_MS));
}

static void test_waiters(void **state)
{
    (void)state;
    enum { REVS = 5000, EACH = 3 };
    wd_book_t *book = wd_book_new();
    wd_waiter_t waiter;
    for (uint64_t round = 0; round < 2; round++) {
        for (uint64_t k = 0; k < EACH; k++)
            for (int64_t rev = 1; rev <= REVS; rev++)
                assert_true(wd_book_wait(book, rev, (wd_waiter_t){k, (uint64_t)rev, 1, k > 0}));
        assert_int_equal(wd_book_waiters(book), REVS * EACH);
        for (int64_t rev = REVS; rev >= 1; rev--) {
            for (uint64_t k = 0; k < EACH; k++) { /* first come, first served */
                assert_true(wd_book_take(book, rev, &waiter));
                assert_int_equal(waiter.session, k);
                assert_int_equal(waiter.request, rev);
            }
            assert_false(wd_book_take(book, rev, &waiter));
        }
        assert_int_equal(wd_book_waiters(book), 0);
    }
    wd_book_destroy(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sessions), cmocka_unit_test(test_each),
        cmocka_unit_test(test_share),    cmocka_unit_test(test_window),
        cmocka_unit_test(test_waiters),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
