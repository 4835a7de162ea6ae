/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random pushes, results, retractions, retries, crashes and rollbacks, beside a model of a few
 * lines. Whatever the order: one effect for each push, the answers are the model's, and everything
 * that must hold of a store holds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_help.h"

#define IDS    6
#define TEXTS  5
#define STEPS  400
#define ROUNDS 12

/* A revision as the model sees it. */
typedef struct {
    int id, text, attempts;
    wd_state_t state;
    uint32_t facts;
    wd_finished_t *work; /* taken, not given back yet */
} s_revision_t;

typedef struct {
    s_revision_t revisions[IDS * TEXTS]; /* rev - 1 is the index */
    int count;
} s_model_t;

static int s_newest(const s_model_t *m, int id)
{
    for (int i = m->count - 1; i >= 0; i--)
        if (m->revisions[i].id == id)
            return i;
    return -1;
}

static bool s_alive(const s_revision_t *r)
{
    return r->state != WD_SUPERSEDED && r->state != WD_RETRACTED;
}

static void s_end_all(s_model_t *m, int id, int before, wd_state_t state)
{
    for (int i = 0; i < before; i++)
        if (m->revisions[i].id == id && s_alive(&m->revisions[i]))
            m->revisions[i].state = state;
}

static void s_push(wd_store_t *store, s_model_t *m, int id, int text)
{
    char name[16], words[16];
    snprintf(name, sizeof name, "id%d", id);
    snprintf(words, sizeof words, "text %d", text);
    wd_outcome_t outcome = help_accept(store, name, words);
    int known = -1, number = 0;
    for (int i = 0; i < m->count; i++) {
        if (m->revisions[i].id != id)
            continue;
        number++;
        if (m->revisions[i].text == text) {
            known = i;
            break;
        }
    }
    assert_int_equal(outcome.duplicate, known >= 0);
    if (known < 0) {
        known = m->count++;
        number++;
        m->revisions[known] = (s_revision_t){.id = id, .text = text};
    }
    assert_int_equal(outcome.rev, known + 1);
    assert_int_equal(outcome.revision, number);
    assert_int_equal(outcome.state, m->revisions[known].state);
    assert_int_equal(outcome.facts, outcome.state == WD_STORED ? m->revisions[known].facts : 0);
    wd_outcome_clear(&outcome);
}

static void s_take(wd_store_t *store, s_model_t *m, uint64_t *seed)
{
    for (int i = 0; i < m->count; i++) {
        s_revision_t *r = &m->revisions[i];
        if (r->state != WD_ACCEPTED || r->attempts > 0 || r->work != NULL)
            continue;
        r->facts = (uint32_t)help_random(seed, 4);
        r->work = help_finished(store, i + 1, r->facts);
        return;
    }
}

static void s_give(wd_store_t *store, s_model_t *m, uint64_t *seed)
{
    int from = (int)help_random(seed, IDS * TEXTS);
    for (int k = 0; k < m->count; k++) {
        int i = (from + k) % m->count;
        s_revision_t *r = &m->revisions[i];
        if (r->work == NULL)
            continue;
        bool fails = help_random(seed, 5) == 0;
        if (fails)
            assert_true(wd_finished_fail(r->work, "chance"));
        if (help_random(seed, 4) == 0) { /* a crash before the commit */
            assert_true(wd_finished_seal(r->work));
            assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
            assert_int_equal(wd_store_finish(store, r->work), WD_OK);
            wd_store_rollback(store);
        }
        help_store(store, r->work);
        r->work = NULL;
        if (r->state != WD_ACCEPTED)
            return;
        r->state = fails ? WD_FAILED : WD_STORED;
        if (!fails)
            s_end_all(m, r->id, i, WD_SUPERSEDED);
        return;
    }
}

static void s_withdraw(wd_store_t *store, s_model_t *m, int id)
{
    char name[16];
    wd_outcome_t outcome = {0};
    snprintf(name, sizeof name, "id%d", id);
    assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
    wd_code_t code = wd_store_retract(store, name, &outcome);
    assert_int_equal(wd_store_commit(store), WD_OK);
    int newest = s_newest(m, id);
    assert_int_equal(code, newest < 0 ? WD_E_NOT_FOUND : WD_OK);
    if (newest < 0)
        return;
    assert_int_equal(outcome.state, WD_RETRACTED);
    if (m->revisions[newest].state == WD_RETRACTED)
        return;
    s_end_all(m, id, newest + 1, WD_RETRACTED);
}

static void s_retry(wd_store_t *store, s_model_t *m, int id)
{
    char name[16];
    wd_outcome_t outcome = {0};
    snprintf(name, sizeof name, "id%d", id);
    assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
    wd_code_t code = wd_store_retry(store, name, &outcome);
    assert_int_equal(wd_store_commit(store), WD_OK);
    int newest = s_newest(m, id);
    if (newest < 0 || m->revisions[newest].state != WD_FAILED) {
        assert_int_equal(code, newest < 0 ? WD_E_NOT_FOUND : WD_E_NOT_FAILED);
        return;
    }
    assert_int_equal(code, WD_OK);
    m->revisions[newest].state = WD_ACCEPTED;
    m->revisions[newest].attempts = 1;
}

static void s_crash(wd_store_t *store, s_model_t *m, int64_t rev)
{
    assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_blame(store, &rev, 1), WD_OK);
    assert_int_equal(wd_store_commit(store), WD_OK);
    s_revision_t *r = rev <= m->count ? &m->revisions[rev - 1] : NULL;
    if (r != NULL && r->state == WD_ACCEPTED && ++r->attempts >= 3)
        r->state = WD_FAILED;
}

static void s_round(uint64_t seed)
{
    char *folder = help_folder();
    wd_store_t *store = help_open(folder);
    s_model_t model = {0};
    for (int step = 0; step < STEPS; step++) {
        int id = (int)help_random(&seed, IDS);
        switch (help_random(&seed, 12)) {
        case 0:
        case 1:
        case 2:
            s_push(store, &model, id, (int)help_random(&seed, TEXTS));
            break;
        case 3:
        case 4:
        case 5:
            s_take(store, &model, &seed);
            break;
        case 6:
        case 7:
        case 8:
            s_give(store, &model, &seed);
            break;
        case 9:
            if (help_random(&seed, 3) == 0)
                s_withdraw(store, &model, id);
            break;
        case 10:
            s_retry(store, &model, id);
            break;
        default:
            s_crash(store, &model, 1 + (int64_t)help_random(&seed, IDS * TEXTS));
        }
        if (step % 100 == 50) {
            wd_store_close(&store);
            store = help_open(folder);
        }
    }
    uint64_t waiting = 0;
    for (int i = 0; i < model.count; i++) {
        waiting += model.revisions[i].state == WD_ACCEPTED;
        wd_finished_destroy(&model.revisions[i].work);
    }
    assert_int_equal(wd_store_backlog(store), waiting);
    help_check(folder);
    for (int i = 0; i < model.count; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "SELECT state FROM revision WHERE rev = %d", i + 1);
        assert_int_equal(help_number(folder, sql), model.revisions[i].state);
    }
    wd_store_close(&store);
    help_folder_remove(&folder);
}

static void test_any_order_has_one_effect(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= ROUNDS; round++)
        s_round(round);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_order_has_one_effect)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
