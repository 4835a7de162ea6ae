/* SPDX-License-Identifier: Apache-2.0 */
/* Postings: what is encoded comes back, whatever the bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_help.h"

#include "daemon/postings.h"

static void test_what_is_encoded_comes_back(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (unsigned round = 0; round < 4000; round++) {
        wd_posting_t posting = {{0}}, back = {{0}};
        unsigned members = (unsigned)help_random(&seed, round % 4 == 0 ? 1025 : 140);
        for (unsigned i = 0; i < members; i++) {
            unsigned at = (unsigned)help_random(&seed, WD_BLOCK);
            posting.bits[at / 64] |= (uint64_t)1 << (at % 64);
        }
        uint8_t bytes[WD_POSTING_BYTES];
        size_t size = wd_posting_encode(&posting, bytes);
        assert_true(size <= WD_POSTING_BYTES);
        wd_posting_add(&back, bytes, size);
        assert_memory_equal(&back, &posting, sizeof posting);
    }
}

static void test_edges(void **state)
{
    (void)state;
    static const unsigned members[][3] = {
        {0, 0, 0}, {1023, 1023, 1023}, {0, 127, 1023}, {0, 128, 256}};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        wd_posting_t posting = {{0}}, back = {{0}};
        for (size_t k = 0; k < 3; k++)
            posting.bits[members[i][k] / 64] |= (uint64_t)1 << (members[i][k] % 64);
        uint8_t bytes[WD_POSTING_BYTES];
        wd_posting_add(&back, bytes, wd_posting_encode(&posting, bytes));
        assert_memory_equal(&back, &posting, sizeof posting);
    }
}

static void test_any_bytes_are_read_safely(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (unsigned round = 0; round < 4000; round++) {
        size_t size = help_random(&seed, 200);
        uint8_t *bytes = malloc(size > 0 ? size : 1);
        wd_posting_t posting = {{0}};
        assert_non_null(bytes);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)help_random(&seed, 256);
        wd_posting_add(&posting, bytes, size);
        free(bytes);
    }
}

static void test_words_of_a_block_are_sorted(void **state)
{
    (void)state;
    wd_postings_t postings = {0};
    uint64_t seed = 3;
    for (unsigned i = 0; i < 1024; i++) {
        char words[256] = " ";
        for (unsigned k = 0; k < 12; k++) {
            char word[20];
            snprintf(word, sizeof word, "e:w%u ", (unsigned)help_random(&seed, 20000));
            strcat(words, word);
        }
        strcat(words, "all ");
        wd_postings_add(&postings, i, words, strlen(words));
    }
    wd_postings_sort(&postings);
    assert_false(postings.failed);
    assert_string_equal(wd_postings_word(&postings, 0), "all");
    for (size_t i = 0; i < WD_BLOCK / 64; i++)
        assert_int_equal(postings.items[0].posting.bits[i], UINT64_MAX);
    for (size_t i = 1; i < postings.count; i++)
        assert_true(strcmp(wd_postings_word(&postings, i - 1), wd_postings_word(&postings, i)) < 0);
    wd_postings_free(&postings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_encoded_comes_back),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_any_bytes_are_read_safely),
        cmocka_unit_test(test_words_of_a_block_are_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
