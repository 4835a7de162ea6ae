/* SPDX-License-Identifier: Apache-2.0 */
/* Text of strangers on a terminal; roles as a line. */
#include "client/term.h"

#include "tests/proto/cm.h"

#include <string.h>

static void s_is(const char *text, size_t size, bool lines, const char *expected)
{
    wp_buf_t buf = WP_BUF_INIT;
    wc_clean(&buf, text, size, lines);
    wp_buf_add(&buf, "", 1);
    assert_string_equal(buf.data, expected);
    wp_buf_free(&buf);
}

#define IS(text, expected)    s_is(text, sizeof text - 1, false, expected)
#define LINES(text, expected) s_is(text, sizeof text - 1, true, expected)

static void test_clean(void **state)
{
    (void)state;
    IS("", "");
    IS("plain é 长春 €", "plain é 长春 €");
    IS("\033[31mred\007", "\\x1b[31mred\\x07");
    IS("a\0b", "a\\x00b");
    IS("a\x7F\xC2\x9B"
       "31m",
       "a\\x7f\\x9b31m");
    IS("abc\xE2\x80\xAE"
       "def\xE2\x81\xA6\xD8\x9C\xE2\x80\x8F",
       "abc\\u{202e}def\\u{2066}\\u{061c}\\u{200f}");
    IS("one\n\n  two\tthree\r\n", "one two three ");
    IS("a\xC2\xA0"
       "b \xE2\x80\x93 c",
       "a\xC2\xA0"
       "b \xE2\x80\x93 c");
    LINES("one\n\n  two\033", "one\n\n  two\\x1b");
    /* cut within a character: nothing beyond the end is read */
    IS("\xE2\x80", "\xE2\x80");
    IS("\xC2", "\xC2");
}

static void test_roles(void **state)
{
    static const char text[] = "{\"roles\":{\"investor\":[{\"text\":\"A\"},{\"text\":\"B\"}],"
                               "\"amount\":[{\"text\":\"5m\"}],\"none\":[]}}";
    wp_json_t *json = wp_json_parse(text, sizeof text - 1, NULL);
    wp_buf_t buf = WP_BUF_INIT;
    (void)state;
    wc_roles(&buf, wp_json_root(json));
    wp_buf_add(&buf, "", 1);
    assert_string_equal(buf.data, "investor: A, B; amount: 5m; none");
    wp_buf_clear(&buf);
    wc_roles(&buf, NULL);
    assert_int_equal(buf.size, 0);
    wp_buf_free(&buf);
    wp_json_destroy(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_clean), cmocka_unit_test(test_roles)};
    return cmocka_run_group_tests_name("term", tests, NULL, NULL);
}
