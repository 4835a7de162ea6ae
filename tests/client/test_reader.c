/* SPDX-License-Identifier: Apache-2.0 */
/* A reader: pages are joined, limits are kept, questions that were lost are asked again. */
#include "fake.h"

#include "tests/proto/cm.h"

#include <winnow/client.h>

#include <stdio.h>
#include <string.h>

static fake_t *s_fake;
static winnow_reader_t *s_reader;

static int s_setup(void **state)
{
    (void)state;
    s_fake = fake_new((fake_setup_t){.credit = 1, .credit_bytes = 1, .page = 3});
    winnow_client_options_t options = {.endpoint = fake_endpoint(s_fake), .connect_ms = 10000};
    s_reader = winnow_reader_new(&options, NULL);
    return s_reader ? 0 : -1;
}

static int s_teardown(void **state)
{
    (void)state;
    winnow_reader_destroy(&s_reader);
    fake_destroy(&s_fake);
    return 0;
}

static unsigned s_rows(void)
{
    const char *json;
    size_t size;
    unsigned count = 0;
    int code;
    while ((code = winnow_reader_next(s_reader, &json, &size)) == 1) {
        char expected[24];
        snprintf(expected, sizeof expected, "{\"row\":%u}", count++);
        assert_string_equal(json, expected);
        assert_int_equal(size, strlen(expected));
    }
    assert_int_equal(code, 0);
    assert_int_equal(winnow_reader_next(s_reader, &json, &size), 0);
    return count;
}

static void test_pages(void **state)
{
    (void)state;
    assert_int_equal(winnow_reader_facts(s_reader, NULL), 0);
    assert_int_equal(s_rows(), 10);
    winnow_fact_filter_t filter = {.kind = "founding", .limit = 7};
    assert_int_equal(winnow_reader_facts(s_reader, &filter), 0);
    assert_int_equal(s_rows(), 7);
    assert_int_equal(winnow_reader_articles(s_reader, NULL), 0);
    assert_int_equal(s_rows(), 10);
    winnow_article_filter_t articles = {.limit = 2};
    assert_int_equal(winnow_reader_articles(s_reader, &articles), 0);
    assert_int_equal(s_rows(), 2);
}

static void test_results(void **state)
{
    const char *json;
    size_t size;
    (void)state;
    assert_int_equal(winnow_reader_show(s_reader, "7", WINNOW_SHOW_ANY, &json, &size), 0);
    assert_string_equal(json, "{\"id\":\"7\"}");
    assert_int_equal(winnow_reader_show(s_reader, "7", WINNOW_SHOW_FACT, &json, &size), 0);
    assert_string_equal(json, "{\"fact\":\"7\"}");
    assert_int_equal(winnow_reader_show(s_reader, "7", WINNOW_SHOW_ARTICLE, &json, &size),
                     WINNOW_CLIENT_REFUSED);
    assert_string_equal(winnow_reader_error(s_reader)->refused, "not_found");
    assert_string_equal(winnow_reader_error(s_reader)->message, "no such article");
    /* and it can be asked again */
    assert_int_equal(winnow_reader_show(s_reader, "8", WINNOW_SHOW_ANY, &json, &size), 0);
}

static void test_asked_again(void **state)
{
    const char *json;
    (void)state;
    fake_lose_questions(s_fake, 1);
    assert_int_equal(winnow_reader_show(s_reader, "7", WINNOW_SHOW_ANY, &json, NULL), 0);
    fake_restart(s_fake);
    assert_int_equal(winnow_reader_show(s_reader, "8", WINNOW_SHOW_ANY, &json, NULL), 0);
    assert_string_equal(json, "{\"id\":\"8\"}");
}

static void test_unreachable(void **state)
{
    const char *json;
    (void)state;
    winnow_client_options_t options = {.query = "ipc:///nonexistent/q", .connect_ms = 20};
    winnow_reader_t *reader = winnow_reader_new(&options, NULL);
    assert_int_equal(winnow_reader_status(reader, &json, NULL), WINNOW_CLIENT_UNREACHABLE);
    winnow_reader_destroy(&reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pages, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_results, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_asked_again, s_setup, s_teardown),
        cmocka_unit_test(test_unreachable),
    };
    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
