/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Articles by their ids, while the ids move from memory into the file: each look-up finds the same
 * at every moment, whatever was rolled back, and after opening again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_help.h"

#define IDS   23
#define TEXTS 11

static int s_setup(void **state)
{
    *state = help_folder();
    return 0;
}

static int s_teardown(void **state)
{
    char *folder = *state;
    help_folder_remove(&folder);
    return 0;
}

/* Where the file and tally.known do not agree with `revision`: how many. */
static int64_t s_missing(const char *folder)
{
    return help_number(folder, "SELECT count(*) FROM revision AS r"
                               " WHERE rev <= (SELECT value FROM tally WHERE name = 'known')"
                               " AND NOT EXISTS (SELECT 1 FROM known AS k WHERE k.rev = r.rev"
                               " AND k.id_hash = r.id_hash)");
}

/* The article that the reader shows under that id is its newest revision. */
static void s_show(const char *folder, int id, uint32_t revision)
{
    char name[16], wanted[32];
    char *json = NULL;
    wd_reader_t *reader = help_reader(folder);
    snprintf(name, sizeof name, "id%d", id);
    snprintf(wanted, sizeof wanted, "\"revision\":%u,", revision);
    assert_int_equal(wd_reader_show_article(reader, name, &json), WD_OK);
    if (strstr(json, wanted) == NULL)
        fail_msg("%s: no %s in %s", name, wanted, json);
    free(json);
    wd_reader_close(&reader);
}

static void test_every_article_is_known(void **state)
{
    const char *folder = *state;
    wd_store_t *store = help_open(folder);
    int64_t revs[IDS][TEXTS];
    for (int text = 0; text < TEXTS; text++) {
        for (int id = 0; id < IDS; id++) {
            char name[16], words[16];
            snprintf(name, sizeof name, "id%d", id);
            snprintf(words, sizeof words, "text %d", text);
            wd_outcome_t outcome = help_accept(store, name, words);
            assert_false(outcome.duplicate);
            assert_int_equal(outcome.revision, text + 1);
            revs[id][text] = outcome.rev;
            assert_int_equal(s_missing(folder), 0);
        }
        s_show(folder, text, (uint32_t)text + 1);
        if (text % 4 == 3) {
            wd_store_close(&store);
            store = help_open(folder);
        }
    }
    for (int id = 0; id < IDS; id++) {
        for (int text = 0; text < TEXTS; text++) {
            char name[16], words[16];
            snprintf(name, sizeof name, "id%d", id);
            snprintf(words, sizeof words, "text %d", text);
            wd_outcome_t outcome = help_accept(store, name, words);
            assert_true(outcome.duplicate);
            assert_int_equal(outcome.rev, revs[id][text]);
            assert_int_equal(outcome.revision, text + 1);
        }
    }
    assert_int_equal(help_number(folder, "SELECT count(*) FROM revision"), IDS * TEXTS);
    assert_true(help_number(folder, "SELECT count(*) FROM known") > 0);
    help_check(folder);
    wd_store_close(&store);
}

static void test_what_was_rolled_back_is_not_known(void **state)
{
    const char *folder = *state;
    wd_store_t *store = help_open(folder);
    uint64_t seed = 7;
    for (int round = 0; round < 60; round++) {
        int lost = 1 + (int)help_random(&seed, 9);
        assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
        for (int i = 0; i < lost; i++) {
            char name[32];
            snprintf(name, sizeof name, "lost%d", i);
            wd_outcome_t outcome;
            wd_article_t *article = help_article(name, "text");
            assert_int_equal(wd_store_accept(store, article, &outcome), WD_OK);
            assert_false(outcome.duplicate);
            assert_int_equal(outcome.rev, round * 2 + i + 1);
            wd_article_destroy(&article);
        }
        wd_store_rollback(store);
        for (int i = 0; i < 2; i++) {
            char name[32];
            snprintf(name, sizeof name, "kept%d", round * 2 + i);
            assert_false(help_accept(store, name, "text").duplicate);
            assert_true(help_accept(store, name, "text").duplicate);
        }
        assert_int_equal(s_missing(folder), 0);
    }
    for (int i = 0; i < 120; i++) {
        char name[32];
        snprintf(name, sizeof name, "kept%d", i);
        wd_outcome_t outcome = help_accept(store, name, "text");
        assert_true(outcome.duplicate);
        assert_int_equal(outcome.rev, i + 1);
    }
    help_check(folder);
    wd_store_close(&store);
}

static void test_with_time_all_goes_into_the_file(void **state)
{
    const char *folder = *state;
    wd_code_t code;
    char message[256];
    wd_store_options_t options = {.gather = 100000};
    wd_store_t *store = wd_store_open(folder, &options, &code, message, sizeof message);
    assert_non_null(store);
    assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
    for (int i = 0; i < 5000; i++) {
        char name[16];
        wd_outcome_t outcome;
        snprintf(name, sizeof name, "id%d", i);
        wd_article_t *article = help_article(name, "text");
        assert_int_equal(wd_store_accept(store, article, &outcome), WD_OK);
        wd_article_destroy(&article);
    }
    assert_int_equal(wd_store_commit(store), WD_OK);
    assert_int_equal(help_number(folder, "SELECT count(*) FROM known"), 0);
    s_show(folder, 4321, 1);
    assert_true(wd_store_unfiled(store, false));
    int steps = 0;
    while (wd_store_unfiled(store, true)) {
        assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
        assert_int_equal(wd_store_file(store, 1), WD_OK);
        assert_int_equal(wd_store_commit(store), WD_OK);
        assert_true(++steps <= 5000);
    }
    assert_true(steps > 1);
    assert_int_equal(help_number(folder, "SELECT count(*) FROM known"), 5000);
    assert_int_equal(help_number(folder, "SELECT value FROM tally WHERE name = 'known'"), 5000);
    assert_int_equal(s_missing(folder), 0);
    s_show(folder, 4321, 1);
    assert_true(help_accept(store, "id4321", "text").duplicate);
    wd_store_close(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_article_is_known, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_what_was_rolled_back_is_not_known, s_setup,
                                        s_teardown),
        cmocka_unit_test_setup_teardown(test_with_time_all_goes_into_the_file, s_setup,
                                        s_teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
