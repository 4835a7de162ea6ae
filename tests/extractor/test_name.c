/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "reading.h"

#include "name.h"

#include <winnow/extract.h>

static const struct {
    const char *text, *names;
} s_cases[] = {
    {"Trellis Harbour Ltd said on Monday it would open a mill near Leipzig.",
     "organisation Trellis Harbour Ltd|place Leipzig"},
    {"Officials of the Ministry of Economic Affairs met in Nairobi.",
     "organisation Ministry of Economic Affairs|place Nairobi"},
    {"Flights from Heathrow Airport to Japan were late.", "facility Heathrow Airport|place Japan"},
    {"President Maria Lopez spoke in Berlin. Lopez then left for Paris.",
     "person Maria Lopez|place Berlin|person Lopez|place Paris"},
    {"The German government said so in March.", ""},
    {"The group Puentes del Norte was founded in 1961 by Ludwig van der Berg.",
     "organisation Puentes del Norte|person Ludwig van der Berg"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof s_cases / sizeof *s_cases; i++) {
        const wx_doc_t *doc = reading(s_cases[i].text);
        char got[512] = "";
        for (uint32_t n = 0; n < doc->names.count; n++) {
            const wx_name_t *name = &doc->names.at[n];
            winnow_str_t words = wx_doc_words(doc, name->first, name->end);
            size_t at = strlen(got);
            snprintf(got + at, sizeof got - at, "%s%s %.*s", n ? "|" : "",
                     winnow_type_name(name->type), (int)words.size, words.data);
        }
        assert_string_equal(got, s_cases[i].names);
    }
}

/* Names stand in order, do not overlap, and their tokens know them. */
static void test_names_and_tokens_agree(void **state)
{
    (void)state;
    const wx_doc_t *doc = reading(
        "Ann Lee of Northgate Bank, Inc. met the University of Leeds and the World Food Summit's "
        "hosts in St. Petersburg, Florida. Lee said Northgate was glad.\n\nNorthgate Bank Rises\n\n"
        "Mr. Porter of Acme-Bell & Sons GmbH left the Port of Rotterdam.");
    uint32_t end = 0, covered = 0;
    assert_true(doc->names.count >= 5);
    for (uint32_t n = 0; n < doc->names.count; n++) {
        const wx_name_t *name = &doc->names.at[n];
        assert_true(name->first >= end && name->end > name->first);
        end = name->end;
        for (uint32_t t = name->first; t < name->end; t++, covered++)
            assert_int_equal(doc->tokens.at[t].name, n);
    }
    for (uint32_t t = 0; t < doc->tokens.count; t++)
        covered -= doc->tokens.at[t].name != WX_NONE;
    assert_int_equal(covered, 0);
}

/* The rules of labels against what they say: names that open are closed, by their own type. */
static void test_labels_follow(void **state)
{
    (void)state;
    for (uint8_t a = 0; a < WX_LABEL_COUNT; a++) {
        unsigned opened = 0, closed = 0;
        for (uint8_t b = 0; b < WX_LABEL_COUNT; b++) {
            opened += wx_label_follows(a, b, false);
            closed += wx_label_follows(a, b, true);
        }
        bool inside =
            a != WX_LABEL_OUT && ((a - 1) % 4 == WX_PART_BEGIN || (a - 1) % 4 == WX_PART_IN);
        assert_int_equal(opened, inside ? 2 : 1 + 2 * WX_NAME_TYPES);
        assert_int_equal(closed, inside ? 1 : 1 + WX_NAME_TYPES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
                                       cmocka_unit_test(test_names_and_tokens_agree),
                                       cmocka_unit_test(test_labels_follow)};
    return cmocka_run_group_tests(tests, reading_open, reading_close);
}
