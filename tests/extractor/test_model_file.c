/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model_file.h"
#include "stats.h"
#include "train/pack.h"

#include <string.h>

static uint8_t *s_copy(size_t *ret_size)
{
    const void *bytes = wx_stats_embedded(ret_size);
    uint8_t *copy = malloc(*ret_size);
    assert_non_null(copy);
    return memcpy(copy, bytes, *ret_size);
}

static void s_refused(const uint8_t *bytes, size_t size)
{
    winnow_error_t err = {0};
    assert_null(wx_stats_new(bytes, size, &err));
    assert_int_equal(err.code, WINNOW_E_MODEL);
    assert_true(strlen(err.message) > 10);
}

static void test_embedded_is_whole(void **state)
{
    (void)state;
    size_t size, text_size;
    const void *bytes = wx_stats_embedded(&size);
    assert_int_equal(wx_model_file_check(bytes, size, NULL), WINNOW_OK);
    const uint8_t *text = wx_model_section(bytes, "TEXT", &text_size);
    assert_non_null(text);
    char copy[4096] = "";
    memcpy(copy, text, text_size < sizeof copy ? text_size : sizeof copy - 1);
    assert_non_null(strstr(copy, "CC BY-SA 4.0"));
    assert_null(wx_model_section(bytes, "NONE", &text_size));
    assert_true(size < 10 * 1000 * 1000);
}

static void test_damage_is_refused(void **state)
{
    (void)state;
    size_t size;
    uint8_t *copy = s_copy(&size);
    for (size_t cut = 0; cut < 200; cut++)
        s_refused(copy, cut);
    s_refused(copy, size - 1);
    for (size_t i = 0; i < 40; i++) {
        size_t at = i < 24 ? i : (size_t)(i * 2654435761u) % size;
        copy[at] ^= 0x10;
        s_refused(copy, size);
        copy[at] ^= 0x10;
    }
    free(copy);
}

/* A file whose checksum is right, but whose sections are nonsense, is refused or read, but never
 * read past its end. */
static void test_nonsense_with_a_checksum(void **state)
{
    (void)state;
    static const char *const names[] = {"LEXI", "TAGS", "LEMM", "GAZE", "LABS", "TAGW", "MOVW"};
    size_t size;
    uint8_t *copy = s_copy(&size);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length;
        uint8_t *section = copy + (wx_model_section(copy, names[i], &length) - copy);
        size_t head = length < 4096 ? length : 4096;
        uint8_t saved[4096];
        memcpy(saved, section, head);
        memset(section, i % 2 ? 0xFF : 0, head);
        uint32_t sum = wx_model_checksum(copy + WX_MODEL_HEADER, size - WX_MODEL_HEADER);
        for (int k = 0; k < 4; k++)
            copy[20 + k] = (uint8_t)(sum >> 8 * k);
        winnow_error_t err = {0};
        wx_stats_t *stats = wx_stats_new(copy, size, &err);
        assert_true(stats || err.code == WINNOW_E_MODEL);
        wx_stats_destroy(&stats);
        memcpy(section, saved, head);
    }
    free(copy);
}

static void test_codes_come_back(void **state)
{
    (void)state;
    static const uint32_t values[] = {0, 1, 2, 3, 7, 8, 127, 128, 1000, 65535, 0xFFFFE};
    enum { COUNT = sizeof values / sizeof *values };
    for (unsigned order = 0; order < 16; order++) {
        wt_bytes_t out = {0};
        for (size_t i = 0; i < COUNT; i++)
            wt_bits_golomb(&out, values[i], order);
        wt_bits_end(&out);
        wx_bits_t in = wx_bits_new(out.at, out.size);
        for (size_t i = 0; i < COUNT; i++)
            assert_int_equal(wx_bits_golomb(&in, order), values[i]);
        assert_false(in.over);
        free(out.at);
    }
    for (int32_t x = -300; x <= 300; x++)
        assert_int_equal(wx_unfold(wx_fold(x)), x);
}

static void test_weights_come_back(void **state)
{
    (void)state;
    static const uint32_t strides[] = {4, 16, 64};
    enum { ROWS = 256 };
    for (size_t s = 0; s < 3; s++) {
        static int8_t weights[ROWS * 64];
        uint32_t seed = 3;
        memset(weights, 0, sizeof weights);
        for (uint32_t r = 0; r < ROWS; r++) {
            for (uint32_t c = 0; c < (strides[s] > 4 ? strides[s] : 3); c++) {
                seed = seed * 1103515245u + 12345u;
                if (seed >> 29 == 0)
                    weights[r * strides[s] + c] = (int8_t)((int)(seed >> 16 & 255) % 255 - 127);
            }
        }
        wt_bytes_t packed = wt_pack_linear(weights, ROWS, strides[s]);
        jmp_buf full;
        wx_arena_t arena = {.full = &full};
        assert_true(wx_arena_reserve(&arena, 1 << 16));
        wx_linear_t linear;
        assert_true(wx_model_linear(packed.at, packed.size, &arena, &linear));
        assert_int_equal(linear.stride, strides[s]);
        assert_int_equal(linear.mask, ROWS - 1);
        assert_memory_equal(linear.weights, weights, ROWS * strides[s]);
        assert_false(wx_model_linear(packed.at, packed.size / 2, &arena, &linear));
        wx_arena_destroy(&arena);
        free(packed.at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_embedded_is_whole), cmocka_unit_test(test_damage_is_refused),
        cmocka_unit_test(test_nonsense_with_a_checksum), cmocka_unit_test(test_codes_come_back),
        cmocka_unit_test(test_weights_come_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
