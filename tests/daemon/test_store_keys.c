/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of observations beside a plain list: filed, merged through several levels, rolled back,
 * opened anew, and found, the newest first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_help.h"

#include "daemon/name.h"
#include "daemon/store_keys.h"

#define PAIRS 60000
#define EACH  24 /* of a save */
#define KEYS  9000

static wd_pair_t s_pairs[PAIRS];

/* Most keys are rare, some are in every tenth pair. */
static int64_t s_key(uint64_t *seed)
{
    uint64_t n = help_random(seed, 10) == 0 ? help_random(seed, 5) : help_random(seed, KEYS);
    return (int64_t)wd_mix2(n, 77);
}

static void s_check(wd_store_t *store, size_t count, int64_t key)
{
    int64_t found[64], wanted[64];
    size_t found_count = 0, wanted_count = 0;
    assert_int_equal(wd_keys_find(store, key, found, 64, &found_count), WD_OK);
    for (size_t i = count; i > 0 && wanted_count < 64; i--)
        if (s_pairs[i - 1].key == key)
            wanted[wanted_count++] = s_pairs[i - 1].id;
    assert_int_equal(found_count, wanted_count);
    for (size_t i = 0; i < wanted_count; i++)
        assert_int_equal(found[i], wanted[i]);
}

/* Files the next ones and goes on with merging, in one transaction. */
static void s_file(wd_store_t *store, size_t from)
{
    for (size_t i = from; i < from + EACH; i++)
        assert_int_equal(wd_keys_file(store, s_pairs[i].key, s_pairs[i].id), WD_OK);
    assert_int_equal(wd_keys_save(store), WD_OK);
    if (wd_keys_busy(store))
        assert_int_equal(wd_keys_step(store, 1), WD_OK);
}

static void test_what_is_filed_is_found(void **state)
{
    (void)state;
    char *folder = help_folder();
    wd_store_t *store = help_open(folder);
    uint64_t seed = 5;
    for (size_t i = 0; i < PAIRS; i++)
        s_pairs[i] = (wd_pair_t){s_key(&seed), (int64_t)i + 1};
    size_t at = 0;
    while (at + EACH * 8 <= PAIRS) {
        bool lost = help_random(&seed, 40) == 0;
        size_t from = at;
        assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
        for (int i = 0; i < 8; i++, at += EACH)
            s_file(store, at);
        if (lost) {
            wd_store_rollback(store);
            at = from;
        } else {
            assert_int_equal(wd_store_commit(store), WD_OK);
        }
        for (int i = 0; i < 4; i++)
            s_check(store, at, s_key(&seed));
        s_check(store, at, (int64_t)help_random(&seed, UINT64_MAX));
        if (help_random(&seed, 60) == 0) {
            wd_store_close(&store);
            store = help_open(folder);
        }
    }
    while (wd_keys_busy(store)) {
        assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
        assert_int_equal(wd_keys_step(store, 3), WD_OK);
        assert_int_equal(wd_store_commit(store), WD_OK);
    }
    for (uint64_t i = 0; i < KEYS; i += 7)
        s_check(store, at, (int64_t)wd_mix2(i, 77));
    /* Runs were merged, and what they were made of is gone. */
    assert_true(help_number(folder, "SELECT max(level) FROM key_run") >= 1);
    assert_int_equal(help_number(folder, "SELECT count(*) FROM key_run WHERE state != 1"), 0);
    assert_int_equal(help_number(folder, "SELECT count(*) FROM key_chunk WHERE id >> 40 NOT IN"
                                         " (SELECT run FROM key_run)"),
                     0);
    assert_int_equal(
        help_number(folder, "SELECT sum(length(keys)) / 16 FROM key_chunk") +
            help_number(folder, "SELECT ifnull(sum(length(keys)), 0) / 16 FROM key_tail"),
        (int64_t)at);
    wd_store_close(&store);
    help_folder_remove(&folder);
}

/* A filter that was damaged makes look-ups slower or its keys lost, but nothing worse. */
static void test_a_damaged_filter_is_none(void **state)
{
    (void)state;
    char *folder = help_folder();
    wd_store_t *store = help_open(folder);
    uint64_t seed = 6;
    for (size_t i = 0; i < EACH * 300; i++)
        s_pairs[i] = (wd_pair_t){s_key(&seed), (int64_t)i + 1};
    assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
    for (size_t at = 0; at < EACH * 300; at += EACH)
        s_file(store, at);
    assert_int_equal(wd_store_commit(store), WD_OK);
    wd_store_close(&store);
    help_run(folder, "UPDATE key_run SET filter = X'010203'");
    store = help_open(folder);
    for (int i = 0; i < 200; i++)
        s_check(store, EACH * 300, s_key(&seed));
    wd_store_close(&store);
    help_folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_filed_is_found),
        cmocka_unit_test(test_a_damaged_filter_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
