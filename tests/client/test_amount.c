/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts as typed, and what is none. */
#include "client/amount.h"

#include "tests/proto/cm.h"

#include <string.h>

static void test_amounts(void **state)
{
    static const struct {
        const char *text, *decimal, *unit;
    } cases[] = {{"0", "0", ""},
                 {"5", "5", ""},
                 {"1bn", "1000000000", ""},
                 {"1.5bn", "1500000000", ""},
                 {"1.25k", "1250", ""},
                 {"5m CNY", "5000000", "CNY"},
                 {"usd 2.5 million", "2500000", "USD"},
                 {"1e9", "1000000000", ""},
                 {"1E+3 eur", "1000", "EUR"},
                 {"2,500,000", "2500000", ""},
                 {"2_500", "2500", ""},
                 {"0.05", "0.05", ""},
                 {"0.05m", "50000", ""},
                 {"12.345k", "12345", ""},
                 {"1.2345k", "1234.5", ""},
                 {"007", "7", ""},
                 {"00.5", "0.5", ""},
                 {"3 Trillion", "3000000000000", ""},
                 {" 10 ", "10", ""},
                 {"12345678901234567890.5", "12345678901234567890.5", ""}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char decimal[WC_AMOUNT_MAX];
        char unit[4];
        if (!wc_amount(cases[i].text, decimal, unit))
            fail_msg("%s", cases[i].text);
        assert_string_equal(decimal, cases[i].decimal);
        assert_string_equal(unit, cases[i].unit);
    }
}

static void test_none(void **state)
{
    static const char *texts[] = {
        "",      "bn",        "CNY",
        "-5",    "1.2.3",     "1bn bn",
        "5 5",   "5 CNY USD", "$5",
        "1e999", "five",      "5 yuan",
        "1.",    ".5",        "1,",
        "5%",    "1e40",      "11111111111111111111111111111111111111111111"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char decimal[WC_AMOUNT_MAX];
        char unit[4];
        if (wc_amount(texts[i], decimal, unit))
            fail_msg("%s was taken for %s", texts[i], decimal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_amounts), cmocka_unit_test(test_none)};
    return cmocka_run_group_tests_name("amount", tests, NULL, NULL);
}
