/* SPDX-License-Identifier: Apache-2.0 */
/* References: which words mean the same person, organisation or place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reading.h"

/* In `text`, the last occurrence of `words` refers to `entity`; or to none. */
static const struct {
    const char *text, *words, *entity;
} s_cases[] = {
    {"Jane Roe leads the council. Roe was born in Leeds.", "Roe", "Jane Roe"},
    {"Harlow Steel Group opened a mill. Harlow Steel makes wire.", "Harlow Steel",
     "Harlow Steel Group"},
    {"Harlow Steel Group opened a mill. The company makes wire.", "The company",
     "Harlow Steel Group"},
    {"Jane Roe opened the fair. She spoke for an hour.", "She", "Jane Roe"},
    {"Harlow Steel Group opened a mill. It employs 300 people.", "It", "Harlow Steel Group"},
    {"Harlow Steel Group opened a paper mill in May. The mill employs 300 people.", "The mill",
     "paper mill"},
    {"Harlow Steel Group met officials. The ministry was silent.", "The ministry", NULL},
    {"The Ministry of Trade met Harlow Steel Group. The ministry was silent.", "The ministry",
     "Ministry of Trade"},
    {"Harlow Steel Group and Leeds Paper Group merged. The companies make wire.", "The companies",
     NULL},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof s_cases / sizeof *s_cases; i++) {
        const wx_doc_t *doc = reading(s_cases[i].text);
        uint32_t entity = WX_NONE;
        for (uint32_t m = 0; m < doc->mentions.count; m++) {
            const wx_mention_t *mention = &doc->mentions.at[m];
            if (wx_str_is(wx_doc_words(doc, mention->first, mention->end), s_cases[i].words))
                entity = mention->entity;
        }
        winnow_str_t got = entity == WX_NONE ? WX_STR("nobody") : doc->entities.at[entity].text;
        if (!wx_str_is(got, s_cases[i].entity ? s_cases[i].entity : "nobody"))
            fail_msg("%s: `%s` is %.*s", s_cases[i].text, s_cases[i].words, (int)got.size,
                     got.data);
    }
}

/* Mentions stand in the order of the text, and name entities that there are. */
static void test_order(void **state)
{
    (void)state;
    const wx_doc_t *doc = reading("Jane Roe of Harlow Steel Group met John Poe in Leeds. He said "
                                  "the company would open a mill in the city. She agreed.");
    assert_true(doc->mentions.count >= 5);
    for (uint32_t m = 0; m < doc->mentions.count; m++) {
        assert_true(doc->mentions.at[m].entity < doc->entities.count);
        assert_true(doc->mentions.at[m].first < doc->mentions.at[m].end);
        assert_true(m == 0 || doc->mentions.at[m - 1].first <= doc->mentions.at[m].first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_order)};
    return cmocka_run_group_tests(tests, reading_open, reading_close);
}
