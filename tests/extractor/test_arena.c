/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "arena.h"

static jmp_buf s_full;

static void test_zeroed_and_aligned(void **state)
{
    (void)state;
    wx_arena_t arena = {.full = &s_full};
    assert_true(wx_arena_reserve(&arena, 1 << 16));
    for (int round = 0; round < 2; round++) {
        for (size_t n = 1; n < 40; n++) {
            unsigned char *bytes = wx_new(&arena, unsigned char, n);
            assert_int_equal((uintptr_t)bytes % 16, 0);
            for (size_t i = 0; i < n; i++) {
                assert_int_equal(bytes[i], 0);
                bytes[i] = 0xAA;
            }
        }
        assert_true(wx_arena_reserve(&arena, 1 << 16)); /* empties it; the next round sees zeros */
        assert_int_equal(wx_arena_mark(&arena), 0);
    }
    wx_arena_destroy(&arena);
}

static void test_ceiling_jumps(void **state)
{
    (void)state;
    wx_arena_t arena = {.full = &s_full};
    assert_true(wx_arena_reserve(&arena, 1024));
    volatile int taken = 0;
    if (setjmp(s_full) == 0)
        for (;;) {
            (void)wx_new(&arena, char, 100);
            taken++;
        }
    assert_int_equal(taken, 1024 / 112);
    volatile int jumped = 0;
    if (setjmp(s_full) == 0)
        (void)wx_arena_take(&arena, SIZE_MAX / 2, 3); /* the product does not fit a size_t */
    else
        jumped = 1;
    assert_int_equal(jumped, 1);
    wx_arena_destroy(&arena);
}

static void test_release_gives_back(void **state)
{
    (void)state;
    wx_arena_t arena = {.full = &s_full};
    assert_true(wx_arena_reserve(&arena, 4096));
    char *kept = wx_new(&arena, char, 10);
    size_t mark = wx_arena_mark(&arena);
    char *first = wx_new(&arena, char, 1000);
    wx_arena_release(&arena, mark);
    char *second = wx_new(&arena, char, 1000);
    assert_ptr_equal(first, second);
    assert_ptr_not_equal(kept, second);
    wx_arena_destroy(&arena);
}

static void test_push_keeps_members(void **state)
{
    (void)state;
    wx_arena_t arena = {.full = &s_full};
    struct {
        uint32_t *at;
        uint32_t count, capacity;
    } list = {0};
    assert_true(wx_arena_reserve(&arena, 1 << 20));
    for (uint32_t i = 0; i < 5000; i++)
        *wx_push(&arena, &list) = i;
    assert_int_equal(list.count, 5000);
    for (uint32_t i = 0; i < 5000; i++)
        assert_int_equal(list.at[i], i);
    wx_arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zeroed_and_aligned),
        cmocka_unit_test(test_ceiling_jumps),
        cmocka_unit_test(test_release_gives_back),
        cmocka_unit_test(test_push_keeps_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
