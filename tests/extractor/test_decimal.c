/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "day.h"
#include "decimal.h"
#include "number.h"

static winnow_decimal_t s_number(const char *text)
{
    winnow_decimal_t number = {0};
    assert_true(wx_decimal_parse(wx_str_from(text), &number));
    return number;
}

static void s_equal(winnow_decimal_t a, const char *text)
{
    winnow_decimal_t b = s_number(text);
    assert_int_equal(a.digits, b.digits);
    assert_int_equal(a.exponent, b.exponent);
}

static void test_arithmetic(void **state)
{
    (void)state;
    winnow_decimal_t r;
    assert_true(wx_decimal_multiply(s_number("2.69"), s_number("1000000000"), &r));
    s_equal(r, "2690000000");
    assert_true(wx_decimal_add(s_number("0.1"), s_number("0.2"), &r));
    s_equal(r, "0.3"); /* which no binary fraction gives */
    s_equal(wx_decimal_divide(s_number("100"), 3), "33.33");
    s_equal(wx_decimal_divide(s_number("200"), 3), "66.67");
    s_equal(wx_decimal_divide(s_number("100"), 2), "50");
    assert_int_equal(wx_decimal_compare(s_number("0.30"), s_number("0.3")), 0);
    assert_true(wx_decimal_compare(s_number("1000000"), s_number("999999.9")) > 0);
    assert_true(wx_decimal_compare(s_number("0"), s_number("0.01")) < 0);
    assert_true(wx_decimal_compare((winnow_decimal_t){9, 50}, s_number("3")) > 0);
    assert_int_equal(wx_decimal_whole(s_number("4500"), -1), 4500);
    assert_int_equal(wx_decimal_whole(s_number("4.5"), -1), -1);
}

static void test_overflow_is_told(void **state)
{
    (void)state;
    winnow_decimal_t large = s_number("999999999999999999"), r = {7, 7};
    assert_false(wx_decimal_multiply(large, large, &r));
    assert_int_equal(r.digits, 7);
    assert_false(wx_decimal_parse(wx_str_from("1234567890123456789"), &r));
    assert_false(wx_decimal_parse(wx_str_from("1.2.3"), &r));
    assert_false(wx_decimal_parse(wx_str_from(""), &r));
    assert_false(wx_decimal_parse(wx_str_from("-1"), &r));
    assert_false(wx_decimal_multiply((winnow_decimal_t){1, 50}, (winnow_decimal_t){1, 50}, &r));
}

static void test_digits(void **state)
{
    (void)state;
    static const char *const good[][2] = {
        {"1,200.5", "1200.5"},  {"3,5", "3.5"},   {"1.234.567", "1234567"},
        {"5,00,000", "500000"}, {"0.05", "0.05"}, {"1.234,5", "1234.5"},
        {"12,000", "12000"},    {"7.30", "7.3"},  {"1,000,000", "1000000"}};
    static const char *const bad[] = {"10:30", "9/11", "20th", "1,2,3",    "1.2.3",
                                      "",      ",5",   "5,",   "1,234.5.6"};
    winnow_decimal_t r;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(wx_number_digits(wx_str_from(good[i][0]), &r));
        s_equal(r, good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(wx_number_digits(wx_str_from(bad[i]), &r));
}

/* Every day of some centuries, there and back, with the weekday going round. */
static void test_calendar(void **state)
{
    (void)state;
    wx_day_t day = {1899, 12, 31};
    int32_t number = wx_day_number(day);
    int weekday = wx_day_weekday(day);
    assert_int_equal(weekday, 7); /* a Sunday */
    while (day.year < 2101) {
        wx_day_t back = wx_day_from_number(number);
        assert_int_equal(back.year, day.year);
        assert_int_equal(back.month, day.month);
        assert_int_equal(back.day, day.day);
        assert_int_equal(wx_day_weekday(day), weekday);
        number++;
        weekday = weekday % 7 + 1;
        if (++day.day > wx_day_in_month(day.year, day.month)) {
            day.day = 1;
            if (++day.month > 12) {
                day.month = 1;
                day.year++;
            }
        }
    }
}

static void test_day_find(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        wx_day_t day;
    } cases[] = {
        {"Updated : 2020-05-26", {2020, 5, 26}},
        {"May 26, 2020 10:15", {2020, 5, 26}},
        {"BERLIN, 3 March 2021 (Agency) -", {2021, 3, 3}},
        {"26.5.2020", {2020, 5, 26}},
        {"Published on 2020/7/4", {2020, 7, 4}},
        {"the 4th of July 2019", {2019, 7, 4}},
        {"no date", {0, 0, 0}},
        {"2020-13-45", {0, 0, 0}},
        {"February 30, 2020", {0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wx_day_t day = {0, 0, 0};
        bool found = wx_day_find(wx_str_from(cases[i].text), true, &day);
        assert_int_equal(found, cases[i].day.year != 0);
        assert_int_equal(day.year, cases[i].day.year);
        assert_int_equal(day.month, cases[i].day.month);
        assert_int_equal(day.day, cases[i].day.day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arithmetic), cmocka_unit_test(test_overflow_is_told),
        cmocka_unit_test(test_digits),     cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_day_find),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
