/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reading.h"

#include "lemma.h"

static const char *const s_rules[][3] = {
    {"cities", "NNS", "city"},    {"boxes", "NNS", "box"},       {"taxes", "NNS", "tax"},
    {"plants", "NNS", "plant"},   {"churches", "NNS", "church"}, {"says", "VBZ", "say"},
    {"opened", "VBD", "open"},    {"planned", "VBN", "plan"},    {"agreed", "VBD", "agree"},
    {"carried", "VBD", "carry"},  {"invested", "VBN", "invest"}, {"used", "VBN", "use"},
    {"making", "VBG", "make"},    {"running", "VBG", "run"},     {"building", "VBG", "build"},
    {"rising", "VBG", "rise"},    {"larger", "JJR", "large"},    {"bigger", "JJR", "big"},
    {"happiest", "JJS", "happy"}, {"news", "NN", "news"},        {"red", "VBD", "red"},
};

static void test_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof s_rules / sizeof *s_rules; i++) {
        char lemma[WX_LEMMA_SIZE + 1];
        size_t size = wx_lemma_rule(wx_str_from(s_rules[i][0]), s_rules[i][1], lemma);
        lemma[size] = '\0';
        assert_string_equal(lemma, s_rules[i][2]);
    }
}

static void test_words_that_do_not_fit(void **state)
{
    (void)state;
    char lemma[WX_LEMMA_SIZE], word[200];
    memset(word, 's', sizeof word);
    assert_int_equal(wx_lemma_rule((winnow_str_t){word, sizeof word}, "NNS", lemma), 0);
    assert_int_equal(wx_lemma_rule((winnow_str_t){"", 0}, "VBD", lemma), 0);
    /* every short row of these letters stays inside of its room */
    static const char letters[] = "aeilnsdgry";
    for (unsigned n = 0; n < 10000; n++) {
        char text[8] = {letters[n % 10], letters[n / 10 % 10], letters[n / 100 % 10],
                        letters[n / 1000]};
        static const char *const tags[] = {"NNS", "VBD", "VBG", "JJR", "JJS"};
        static const char *const endings[] = {"s", "ed", "ing", "er", "est"};
        for (size_t k = 0; k < 5; k++) {
            strcpy(text + n % 5, endings[k]);
            winnow_str_t form = wx_str_from(text);
            assert_in_range(wx_lemma_rule(form, tags[k], lemma), 1, form.size + 1);
        }
    }
}

static void test_in_text(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"men", "man"},   {"were", "be"}, {"paid", "pay"},
                                           {"has", "have"},  {"n't", "not"}, {"better", "good"},
                                           {"Trams", "tram"}};
    const wx_doc_t *doc = reading(
        "Trams were late. The men paid for a better one. He has a car. She doesn't know it.");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        winnow_str_t lemma = wx_token_lemma(doc, reading_token(doc, cases[i][0]));
        assert_memory_equal(lemma.data, cases[i][1], strlen(cases[i][1]));
        assert_int_equal(lemma.size, strlen(cases[i][1]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rules),
                                       cmocka_unit_test(test_words_that_do_not_fit),
                                       cmocka_unit_test(test_in_text)};
    return cmocka_run_group_tests(tests, reading_open, reading_close);
}
