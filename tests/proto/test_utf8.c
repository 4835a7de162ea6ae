/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: every form that Unicode forbids is found at its byte, wherever it stands in a word. */
#include "proto/utf8.h"

#include "cm.h"

#include <string.h>

static void test_valid(void **state)
{
    static const char *texts[] = {"",
                                  "a",
                                  "plain ASCII of more than eight bytes",
                                  "é",
                                  "€",
                                  "𝄞",
                                  "\xF4\x8F\xBF\xBF",
                                  "\xEE\x80\x80",
                                  "\xED\x9F\xBF",
                                  "长春 FAW"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t at = 99;
        assert_int_equal(wp_utf8_check(texts[i], strlen(texts[i]), &at), WP_UTF8_VALID);
        assert_int_equal(at, 99);
    }
}

static void test_invalid_anywhere(void **state)
{
    static const char *bad[] = {"\x80",
                                "\xBF",
                                "\xC0\xAF",
                                "\xC1\xBF",
                                "\xC3",
                                "\xC3(",
                                "\xE0\x9F\xBF",
                                "\xE2\x82",
                                "\xE2\x82(",
                                "\xED\xA0\x80",
                                "\xED\xBF\xBF",
                                "\xF0\x8F\xBF\xBF",
                                "\xF0\x90\x80",
                                "\xF4\x90\x80\x80",
                                "\xF5\x80\x80\x80",
                                "\xFF",
                                "\xFE"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        for (size_t before = 0; before < 20; before++) {
            char text[64];
            size_t at = 99;
            memset(text, 'x', sizeof text);
            memcpy(text + before, bad[i], strlen(bad[i]));
            size_t size = before + strlen(bad[i]);
            assert_int_equal(wp_utf8_check(text, size, &at), WP_UTF8_INVALID);
            assert_int_equal(at, before);
            assert_int_equal(wp_utf8_check(text, sizeof text, &at), WP_UTF8_INVALID);
            assert_int_equal(at, before);
        }
    }
}

static void test_nul_anywhere(void **state)
{
    (void)state;
    for (size_t at = 0; at < 40; at++) {
        char text[40];
        size_t found = 99;
        memset(text, 'x', sizeof text);
        text[at] = '\0';
        assert_int_equal(wp_utf8_check(text, sizeof text, &found), WP_UTF8_NUL);
        assert_int_equal(found, at);
    }
}

/* Every sequence of three bytes, against the definition: decode, and see whether it encodes back.
 */
static bool s_twin(const unsigned char *b, size_t size)
{
    size_t i = 0;
    while (i < size) {
        size_t length = b[i] < 0x80                   ? 1
                        : b[i] >= 0xC0 && b[i] < 0xE0 ? 2
                        : b[i] >= 0xE0 && b[i] < 0xF0 ? 3
                                                      : 0;
        static const unsigned least[] = {0, 0, 0x80, 0x800};
        if (length == 0 || i + length > size)
            return false;
        unsigned value = length == 1 ? b[i] : length == 2 ? b[i] & 0x1Fu : b[i] & 0x0Fu;
        for (size_t k = 1; k < length; k++) {
            if ((b[i + k] & 0xC0) != 0x80)
                return false;
            value = value << 6 | (b[i + k] & 0x3Fu);
        }
        if (value < least[length] || (value >= 0xD800 && value <= 0xDFFF) || b[i] == 0)
            return false;
        i += length;
    }
    return true;
}

static void test_brute_force(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 0xF00000; i += 7) {
        unsigned char b[3] = {(unsigned char)(i >> 16), (unsigned char)(i >> 8), (unsigned char)i};
        bool valid = wp_utf8_check((const char *)b, 3, NULL) == WP_UTF8_VALID;
        assert_int_equal(valid, s_twin(b, 3));
    }
}

static void test_control(void **state)
{
    (void)state;
    assert_false(wp_utf8_has_control("plain é €", strlen("plain é €")));
    assert_true(wp_utf8_has_control("a\nb", 3));
    assert_true(wp_utf8_has_control("a\x7F", 2));
    assert_true(wp_utf8_has_control("a\xC2\x85", 3));
    assert_false(wp_utf8_has_control("a\xC2\xA0", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),        cmocka_unit_test(test_invalid_anywhere),
        cmocka_unit_test(test_nul_anywhere), cmocka_unit_test(test_brute_force),
        cmocka_unit_test(test_control),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
