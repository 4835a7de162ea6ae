/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "intern.h"

static jmp_buf s_full;

static winnow_str_t s_word(char *buffer, size_t size, unsigned i)
{
    int n = snprintf(buffer, size, "word%u", i * 7919u);
    return (winnow_str_t){buffer, (size_t)n};
}

/* Many more strings than expected: the table grows, ids stay, base ids are kept. */
static void test_ids(void **state)
{
    (void)state;
    wx_arena_t arena = {.full = &s_full};
    assert_true(wx_arena_reserve(&arena, 8 << 20));
    wx_intern_t *base = wx_intern_new(&arena, NULL, 10);
    static wx_id_t ids[6000];
    char buffer[32];
    for (unsigned i = 0; i < 3000; i++)
        ids[i] = wx_intern(base, s_word(buffer, sizeof buffer, i));
    wx_intern_t *top = wx_intern_new(&arena, base, 10);
    for (unsigned i = 0; i < 6000; i++) {
        winnow_str_t word = s_word(buffer, sizeof buffer, i);
        if (i < 3000)
            assert_int_equal(wx_intern_find(top, word), ids[i]);
        else
            assert_int_equal(wx_intern_find(top, word), 0);
        ids[i] = wx_intern(top, word);
        assert_int_equal(ids[i] >= top->first, i >= 3000);
    }
    for (unsigned i = 0; i < 6000; i++) {
        winnow_str_t word = s_word(buffer, sizeof buffer, i);
        assert_int_equal(wx_intern(top, word), ids[i]);
        assert_true(wx_str_equal(wx_intern_text(top, ids[i]), word));
    }
    assert_int_equal(wx_intern(top, WX_STR("")), 0);
    assert_int_equal(wx_intern_find(base, WX_STR("")), 0);
    wx_arena_destroy(&arena);
}

static void test_lower(void **state)
{
    (void)state;
    wx_arena_t arena = {.full = &s_full};
    assert_true(wx_arena_reserve(&arena, 1 << 16));
    static const char *const pairs[][2] = {{"Abc-12", "abc-12"},
                                           {"abc", "abc"},
                                           {"ÉCOLE", "école"},
                                           {"Łódź", "łódź"},
                                           {"МОСКВА", "москва"},
                                           {"İ", "i"},
                                           {"", ""}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        winnow_str_t lower = wx_str_lower(&arena, wx_str_from(pairs[i][0]));
        if (i == 5)
            assert_true(lower.size >= 1); /* a dotted capital I: any small i will do */
        else
            assert_true(wx_str_is(lower, pairs[i][1]));
    }
    wx_arena_destroy(&arena);
}

static void test_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size, valid;
    } cases[] = {
        {"plain", 5, 5},
        {"gr\xC3\xBC\xC3\x9F", 6, 6},
        {"a\xC3", 2, 1},
        {"ab\xFF", 3, 2},
        {"\xC0\x80", 2, 0},
        {"\xED\xA0\x80", 3, 0},
        {"\xF4\x90\x80\x80", 4, 0},
        {"x\xE2\x82\xAC", 4, 4},
        {"x\xE2\x82", 3, 1},
        {"\0nul", 4, 4},
        {"", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(wx_str_check_utf8((winnow_str_t){cases[i].text, cases[i].size}),
                         cases[i].valid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_lower),
        cmocka_unit_test(test_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
