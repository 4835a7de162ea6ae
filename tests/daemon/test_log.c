/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines: logfmt and JSON of the same fields, quoting, limits. Standard error is a file
 * meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/log.h"
#include "proto/json.h"

static int s_stderr, s_file;
static char s_text[65536];

static int s_setup(void **state)
{
    char name[] = "/tmp/winnow-log-XXXXXX";
    (void)state;
    s_file = mkstemp(name);
    if (s_file < 0)
        return -1;
    unlink(name);
    s_stderr = dup(STDERR_FILENO);
    return 0;
}

static int s_teardown(void **state)
{
    (void)state;
    close(s_file);
    close(s_stderr);
    return 0;
}

static void s_catch(void)
{
    assert_int_equal(ftruncate(s_file, 0), 0);
    assert_int_equal(lseek(s_file, 0, SEEK_SET), 0);
    dup2(s_file, STDERR_FILENO);
}

static const char *s_caught(void)
{
    dup2(s_stderr, STDERR_FILENO);
    ssize_t n = pread(s_file, s_text, sizeof s_text - 1, 0);
    assert_true(n >= 0);
    s_text[n] = '\0';
    return s_text;
}

/* What follows the time. */
static const char *s_after_time(const char *line)
{
    assert_memory_equal(line, "time=2", 6);
    const char *space = strchr(line, ' ');
    assert_non_null(space);
    assert_int_equal(space - line, (int)strlen("time=2026-11-21T23:00:00.123Z"));
    return space + 1;
}

static void test_logfmt(void **state)
{
    (void)state;
    wd_log_set(WD_INFO, WD_LOGFMT);
    s_catch();
    wd_log(WD_WARNING, "two words", "plain=%s empty=%s quote=%s n=%d big=%llu f=%.2f part=%.*s",
           "a/b:c", "", "say \"hi\"\n\x01", -3, 18446744073709551615ull, 1.5, 2, "abc");
    assert_string_equal(s_after_time(s_caught()),
                        "level=warning msg=\"two words\" plain=a/b:c empty=\"\" "
                        "quote=\"say \\\"hi\\\"\\n\\u0001\" n=-3 big=18446744073709551615 f=1.50 "
                        "part=ab\n");
}

static void test_json(void **state)
{
    wp_error_t err;
    (void)state;
    wd_log_set(WD_INFO, WD_JSON);
    s_catch();
    wd_log(WD_INFO, "ready", "text=%s n=%u", "x=\"\\\"\t\xff\xc3\xa9\xe2\x82", 7u);
    const char *line = s_caught();
    size_t size = strlen(line);
    assert_int_equal(line[size - 1], '\n');
    wp_json_t *json = wp_json_parse(line, size - 1, &err);
    assert_non_null(json);
    const wp_node_t *root = wp_json_root(json);
    assert_string_equal(wp_node_string(root, "level"), "info");
    assert_string_equal(wp_node_string(root, "msg"), "ready");
    assert_string_equal(wp_node_string(root, "text"), "x=\"\\\"\t?\xc3\xa9??");
    uint64_t n = 0;
    assert_true(wp_node_uint(wp_node_get(root, "n"), &n));
    assert_int_equal(n, 7);
    wp_json_destroy(&json);
    wd_log_set(WD_INFO, WD_LOGFMT);
}

static void test_level(void **state)
{
    (void)state;
    wd_log_set(WD_WARNING, WD_LOGFMT);
    s_catch();
    wd_log(WD_INFO, "unseen", NULL);
    wd_log(WD_DEBUG, "unseen", NULL);
    wd_log(WD_ERROR, "seen", NULL);
    assert_string_equal(s_after_time(s_caught()), "level=error msg=seen\n");
    wd_log_set(WD_INFO, WD_LOGFMT);
}

/* Whatever the values hold, and however long they are, a line is one line of JSON. */
static void test_hostile(void **state)
{
    char value[4001];
    (void)state;
    wd_log_set(WD_INFO, WD_JSON);
    for (int round = 0; round < 64; round++) {
        wp_error_t err;
        for (size_t i = 0; i < sizeof value - 1; i++)
            value[i] = (char)((i * 7 + (size_t)round * 31) % 255 + 1);
        value[sizeof value - 1] = '\0';
        s_catch();
        wd_log(WD_INFO, "hostile", "a=%s b=%s c=%s d=%s", value, value, value, value);
        const char *line = s_caught();
        assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
        wp_json_t *json = wp_json_parse(line, strlen(line) - 1, &err);
        assert_non_null(json);
        wp_json_destroy(&json);
    }
    wd_log_set(WD_INFO, WD_LOGFMT);
}

static void test_allow(void **state)
{
    wd_log_limit_t limit = {0};
    uint64_t suppressed = 99;
    int allowed = 0;
    (void)state;
    for (int i = 0; i < 1000; i++)
        allowed += wd_log_allow(&limit, &suppressed);
    assert_true(allowed >= 20 && allowed < 1000);
    assert_int_equal(limit.suppressed, 1000 - allowed);
    limit.last_ms -= 10000; /* ten seconds later */
    assert_true(wd_log_allow(&limit, &suppressed));
    assert_int_equal(suppressed, 1000 - allowed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_logfmt),  cmocka_unit_test(test_json),  cmocka_unit_test(test_level),
        cmocka_unit_test(test_hostile), cmocka_unit_test(test_allow),
    };
    return cmocka_run_group_tests_name("log", tests, s_setup, s_teardown);
}
