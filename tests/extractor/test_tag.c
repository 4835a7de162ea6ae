/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reading.h"

#include "model.h"
#include "stats.h"

static const struct {
    const char *text, *tags;
} s_cases[] = {
    {"The company built a new plant in the town.", "DET NOUN VERB DET ADJ NOUN ADP DET NOUN PUNCT"},
    {"She will open the port on Monday.", "PRON AUX VERB DET NOUN ADP PROPN PUNCT"},
    {"They opened two schools and a hospital.", "PRON VERB NUM NOUN CCONJ DET NOUN PUNCT"},
    {"Prices have not risen since May.", "NOUN AUX PART VERB ADP PROPN PUNCT"},
    {"The plan, which was approved, is good.", "DET NOUN PUNCT PRON AUX VERB PUNCT AUX ADJ PUNCT"},
};

/* Tags are learned, so single ones may turn; the cases are plain enough for all to be right. */
static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof s_cases / sizeof *s_cases; i++) {
        const wx_doc_t *doc = reading(s_cases[i].text);
        char got[256] = "";
        for (uint32_t t = 0; t < doc->tokens.count; t++) {
            strcat(got, t ? " " : "");
            strcat(got, wx_upos_name((wx_upos_t)doc->tokens.at[t].upos));
        }
        assert_string_equal(got, s_cases[i].tags);
    }
}

static void test_every_word_has_a_tag(void **state)
{
    (void)state;
    const wx_doc_t *doc =
        reading("Zxqv brrm: 12.5% ~~ !!! \xE2\x82\xAC 5 \xC3\xA9t\xC3\xA9 @x #y.");
    assert_true(doc->tokens.count > 5);
    for (uint32_t t = 0; t < doc->tokens.count; t++) {
        const wx_token_t *token = &doc->tokens.at[t];
        assert_in_range(token->upos, 1, WX_UPOS_COUNT - 1);
        assert_in_range(token->fine, 1, doc->model->stats->tagger.count - 1);
        assert_int_not_equal(token->lemma, 0);
    }
}

/* The sums of the fast loops against the plain formula. */
static void test_scores_are_sums_of_rows(void **state)
{
    (void)state;
    static const uint32_t strides[] = {4, 16, 64};
    enum { ROWS = 32, ON = 7 };
    for (size_t s = 0; s < 3; s++) {
        int8_t weights[ROWS * 64];
        uint32_t rows[ON], seed = 1;
        for (size_t i = 0; i < ROWS * strides[s]; i++)
            weights[i] = (int8_t)((seed = seed * 1103515245u + 12345u) >> 24);
        for (size_t i = 0; i < ON; i++)
            rows[i] = (seed = seed * 1103515245u + 12345u) >> 8;
        wx_linear_t linear = {ROWS - 1, strides[s], weights};
        int32_t score[WX_LINEAR_STRIDE_MAX];
        wx_linear_score(&linear, rows, ON, score);
        for (uint32_t c = 0; c < strides[s]; c++) {
            int32_t sum = 0;
            for (size_t i = 0; i < ON; i++)
                sum += weights[rows[i] % ROWS * strides[s] + c];
            assert_int_equal(score[c], sum);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
                                       cmocka_unit_test(test_every_word_has_a_tag),
                                       cmocka_unit_test(test_scores_are_sums_of_rows)};
    return cmocka_run_group_tests(tests, reading_open, reading_close);
}
