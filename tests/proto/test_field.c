/* SPDX-License-Identifier: Apache-2.0 */
/* Dates, and tables that read what they write. */
#include "proto/field.h"

#include "cm.h"

#include <string.h>

static void test_days(void **state)
{
    static const char *good[] = {"2022-06-23", "2020-02-29", "2000-02-29", "0001-01-01",
                                 "2021-12-31"};
    static const char *bad[] = {"",           "2022-6-23",   "2022-06-31", "2021-02-29",
                                "1900-02-29", "2022-00-10",  "2022-13-10", "2022-06-00",
                                "2022/06/23", "2022-06-23 ", "20220623",   "x022-06-23"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(wp_is_day(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(wp_is_day(bad[i], strlen(bad[i])));
}

static void test_dates(void **state)
{
    static const char *good[] = {"2022-06-23",           "2022-06-23T08:00:00Z",
                                 "2022-06-23t08:00:00z", "2022-06-23T08:00:00.5+08:00",
                                 "2016-12-31T23:59:60Z", "2022-06-23T00:00:00-11:30"};
    static const char *bad[] = {
        "2022-06-23T08:00:00",   "2022-06-23T08:00Z",        "2022-06-23 08:00:00Z",
        "2022-06-23T24:00:00Z",  "2022-06-23T08:60:00Z",     "2022-06-23T08:00:61Z",
        "2022-06-23T08:00:00.Z", "2022-06-23T08:00:00+8:00", "2022-06-23T08:00:00+08:00x",
        "2022-06-23T08:00:00ZZ", "2022-02-30T08:00:00Z",     "2022-06-23T"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(wp_is_date(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(wp_is_date(bad[i], strlen(bad[i])));
}

typedef struct {
    wp_str_t name, next, raw;
    uint64_t in, out;
    bool flag, need;
    wp_list_t list;
} s_thing_t;

static const wp_field_t s_fields[] = {
    {"name", WP_F_STRING, true, offsetof(s_thing_t, name), 1, 4, NULL},
    {"box.in", WP_F_UINT, false, offsetof(s_thing_t, in), 1, 10, NULL},
    {"box.out", WP_F_UINT, false, offsetof(s_thing_t, out), 0, 10, NULL},
    {"raw", WP_F_JSON, false, offsetof(s_thing_t, raw), 0, 0, NULL},
    {"flag", WP_F_BOOL, false, offsetof(s_thing_t, flag), 0, 0, NULL},
    {"need", WP_F_BOOL, false, offsetof(s_thing_t, need), 0, 0, NULL},
    {"list", WP_F_LIST, false, offsetof(s_thing_t, list), 0, 3, NULL},
    {"next", WP_F_OR_NULL, true, offsetof(s_thing_t, next), 1, 9, NULL},
};
#define FIELDS s_fields, sizeof s_fields / sizeof s_fields[0]

static int s_read(const char *text, bool strict, wp_json_t **ret_json, s_thing_t *ret_thing,
                  wp_error_t *err)
{
    *ret_json = wp_json_parse(text, strlen(text), NULL);
    assert_non_null(*ret_json);
    return wp_fields_read(FIELDS, wp_json_root(*ret_json), strict, ret_thing, err);
}

static void test_round(void **state)
{
    static const char text[] =
        "{\"name\":\"abc\",\"box\":{\"in\":3,\"out\":0},\"raw\":[1,{}],\"flag\":true,"
        "\"list\":[\"a\",\"\"],\"next\":null}";
    wp_buf_t buf = WP_BUF_INIT;
    wp_json_t *json;
    s_thing_t thing;
    (void)state;

    assert_int_equal(s_read(text, false, &json, &thing, NULL), 0);
    assert_string_equal(thing.name.data, "abc");
    assert_int_equal(thing.in, 3);
    assert_int_equal(thing.list.count, 2);
    assert_null(thing.next.data);
    wp_fields_write(FIELDS, &thing, &buf);
    assert_int_equal(buf.size, strlen(text));
    assert_memory_equal(buf.data, text, buf.size);
    wp_json_destroy(&json);
    wp_buf_free(&buf);
}

static void test_faults(void **state)
{
    static const struct {
        const char *text;
        const char *field;
        bool strict_only;
    } cases[] = {
        {"{\"next\":null}", "name", false},
        {"{\"name\":null,\"next\":null}", "name", false},
        {"{\"name\":\"abc\"}", "next", false},
        {"{\"name\":\"\",\"next\":null}", "name", false},
        {"{\"name\":\"abcde\",\"next\":null}", "name", false},
        {"{\"name\":1,\"next\":null}", "name", false},
        {"{\"name\":\"a\",\"next\":null,\"box\":{\"in\":0}}", "box.in", false},
        {"{\"name\":\"a\",\"next\":null,\"box\":{\"in\":11}}", "box.in", false},
        {"{\"name\":\"a\",\"next\":null,\"box\":{\"in\":\"3\"}}", "box.in", false},
        {"{\"name\":\"a\",\"next\":null,\"flag\":1}", "flag", false},
        {"{\"name\":\"a\",\"next\":null,\"list\":\"x\"}", "list", false},
        {"{\"name\":\"a\",\"next\":null,\"list\":[1]}", "list", false},
        {"{\"name\":\"a\",\"next\":null,\"list\":[\"abcd\"]}", "list", false},
        {"{\"name\":\"a\",\"next\":null,\"flag\":null}", "flag", true},
        {"{\"name\":\"a\\n\",\"next\":null}", "name", true},
        {"{\"name\":\"a\",\"next\":null,\"more\":1}", "more", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wp_json_t *json;
        s_thing_t thing;
        wp_error_t err = {.code = WP_OK};
        bool strict = strchr(cases[i].field, '.') == NULL;
        assert_int_equal(s_read(cases[i].text, strict, &json, &thing, &err), -1);
        assert_int_equal(err.code, WP_BAD_FIELD);
        assert_string_equal(err.field, cases[i].field);
        assert_non_null(strstr(err.message, cases[i].field));
        wp_json_destroy(&json);
        assert_int_equal(s_read(cases[i].text, false, &json, &thing, &err),
                         cases[i].strict_only ? 0 : -1);
        wp_json_destroy(&json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests_name("field", tests, NULL, NULL);
}
