/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A failing disk. Each call that changes it fails once, in each transaction of a short life of a
 * store: what was told to be durable is there afterwards, what failed can be done again, and
 * everything that must hold of a store holds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "store_help.h"

typedef enum {
    STEP_ACCEPT,
    STEP_FINISH,
    STEP_REVISE,
    STEP_FINISH_AGAIN,
    STEP_RETRACT,
    STEPS
} s_step_t;

/* One transaction of the story; the same each time it is tried. */
static wd_code_t s_step(wd_store_t *store, s_step_t step)
{
    wd_outcome_t outcome = {0};
    wd_code_t code = wd_store_begin(store, HELP_NOW);
    if (code != WD_OK)
        return code;
    if (step == STEP_ACCEPT || step == STEP_REVISE) {
        wd_article_t *article = help_article("a", step == STEP_ACCEPT ? "one" : "two");
        code = wd_store_accept(store, article, &outcome);
        wd_article_destroy(&article);
    } else if (step == STEP_RETRACT) {
        code = wd_store_retract(store, "a", &outcome);
    } else {
        wd_job_t *job = calloc(1, sizeof *job);
        assert_non_null(job);
        job->rev = step == STEP_FINISH ? 1 : 2;
        job->revision = (uint32_t)job->rev;
        job->article = help_article("a", step == STEP_FINISH ? "one" : "two");
        wd_finished_t *finished = wd_finished_new(&job);
        for (int i = 0; i < 12; i++) {
            char amount[16];
            snprintf(amount, sizeof amount, "%d", i + 1);
            help_add(finished, "investment",
                     help_record("investment", "Halden Marine", "Bergen", amount, "EUR"));
        }
        assert_true(wd_finished_seal(finished));
        code = wd_store_finish(store, finished);
        wd_finished_destroy(&finished);
        if (code == WD_OK)
            code = wd_store_tidy(store, 1);
    }
    if (code == WD_OK)
        code = wd_store_commit(store);
    if (code != WD_OK)
        wd_store_rollback(store);
    return code;
}

static int64_t s_events_behind(s_step_t step)
{
    static const int64_t events[STEPS] = {0, 13, 13, 39, 52};
    return events[step];
}

/* The story with call number `call` failing; false: the story has fewer. */
static bool s_story(long call, fault_kind_t kind, bool stays, bool reopen)
{
    char *folder = help_folder();
    wd_store_t *store = help_open(folder);
    bool happened = false;
    fault_after(call, kind, stays);
    for (s_step_t step = 0; step < STEPS; step++) {
        wd_code_t code = s_step(store, step);
        if (code == WD_OK && !fault_happened())
            wd_store_checkpoint(store, true); /* it may fail, at no cost */
        happened = happened || fault_happened();
        if (code != WD_OK) {
            assert_true(fault_happened());
            assert_int_equal(code, kind == FAULT_FULL ? WD_E_FULL : WD_E_IO);
            fault_clear();
            if (reopen) {
                wd_store_close(&store);
                store = help_open(folder);
                /* A commit whose last sync failed may have come through: then it is there whole. */
                if (wd_store_last(store) != (uint64_t)s_events_behind(step) ||
                    step == STEP_ACCEPT || step == STEP_REVISE)
                    assert_int_equal(s_step(store, step), WD_OK);
            } else {
                assert_int_equal(s_step(store, step), WD_OK);
            }
        } else if (fault_happened()) {
            fault_clear();
        }
        assert_int_equal(wd_store_last(store), s_events_behind(step));
    }
    fault_clear();
    wd_store_close(&store);
    store = help_open(folder);
    help_check(folder);
    assert_int_equal(wd_store_last(store), 52);
    wd_store_close(&store);
    help_folder_remove(&folder);
    return happened;
}

/* Every call, or every `stride`th. */
static void s_each_call(fault_kind_t kind, bool stays, bool reopen, long stride)
{
    long call = 0;
    while (s_story(call, kind, stays, reopen))
        call += stride;
    assert_true(call > 20);
}

static void test_each_call_fails_once(void **state)
{
    (void)state;
    s_each_call(FAULT_IO, false, false, 1);
}

static void test_each_call_finds_the_disk_full(void **state)
{
    (void)state;
    s_each_call(FAULT_FULL, true, false, 3);
}

static void test_each_call_fails_and_the_daemon_starts_again(void **state)
{
    (void)state;
    s_each_call(FAULT_IO, true, true, 2);
}

static void test_opening_on_a_failing_disk(void **state)
{
    (void)state;
    char *folder = help_folder();
    for (long call = 0;; call++) {
        wd_code_t code = WD_OK;
        char message[512] = "";
        fault_after(call, FAULT_FULL, true);
        wd_store_t *store = wd_store_open(folder, NULL, &code, message, sizeof message);
        bool happened = fault_happened();
        fault_clear();
        if (store == NULL) {
            assert_true(happened);
            assert_int_equal(code, WD_E_FULL);
            assert_non_null(strstr(message, "winnow.db"));
            continue;
        }
        wd_store_close(&store);
        if (!happened)
            break;
    }
    wd_store_t *store = help_open(folder);
    help_check(folder);
    wd_store_close(&store);
    help_folder_remove(&folder);
}

/* The disk has an end: what fits is accepted, then it is said, and with room it goes on. */
static void test_a_full_disk_and_room_again(void **state)
{
    (void)state;
    char *folder = help_folder(), id[16];
    wd_store_t *store = help_open(folder);
    fault_quota(300000);
    int accepted = 0;
    wd_code_t code = WD_OK;
    while (code == WD_OK) {
        char text[3000];
        memset(text, 'x', sizeof text - 1);
        text[sizeof text - 1] = '\0';
        snprintf(id, sizeof id, "a%d", accepted);
        wd_article_t *article = help_article(id, text);
        wd_outcome_t outcome;
        assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
        code = wd_store_accept(store, article, &outcome);
        if (code == WD_OK)
            code = wd_store_commit(store);
        if (code != WD_OK)
            wd_store_rollback(store);
        else
            accepted++;
        wd_article_destroy(&article);
        assert_true(accepted < 1000);
    }
    assert_int_equal(code, WD_E_FULL);
    assert_true(accepted > 3);
    assert_int_equal(wd_store_probe(store, HELP_NOW), WD_E_FULL);
    fault_clear();
    assert_int_equal(wd_store_probe(store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_backlog(store), accepted);
    snprintf(id, sizeof id, "a%d", accepted);
    assert_int_equal(help_accept(store, id, "room").rev, accepted + 1);
    help_check(folder);
    wd_store_close(&store);
    help_folder_remove(&folder);
}

int main(void)
{
    fault_install();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_call_fails_once),
        cmocka_unit_test(test_each_call_finds_the_disk_full),
        cmocka_unit_test(test_each_call_fails_and_the_daemon_starts_again),
        cmocka_unit_test(test_opening_on_a_failing_disk),
        cmocka_unit_test(test_a_full_disk_and_room_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
