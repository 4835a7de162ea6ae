/* SPDX-License-Identifier: Apache-2.0 */
/* Quotations: where they begin and end, and who speaks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "reading.h"

/* `words < speaker`, or `words < -` for words in marks that nobody says; `+` joins what goes on. */
static const struct {
    const char *text, *quotes;
} s_cases[] = {
    {"\"We are growing,\" said Jane Roe, the chairwoman.", "We are growing, < Jane Roe"},
    {"\"We are growing,\" Jane Roe said.", "We are growing, < Jane Roe"},
    {"“We are growing,” Jane Roe, who leads Acme Ltd, told reporters.",
     "We are growing, < Jane Roe"},
    {"Jane Roe said: \"We are growing.\"", "We are growing. < Jane Roe"},
    {"\"We are growing,\" Jane Roe said. \"We are hiring people.\"",
     "We are growing, < Jane Roe|+We are hiring people. < Jane Roe"},
    {"The town opened its \"green mile\" on Monday.", "green mile < -"},
    {"\"We like Harlow's mill,\" said Jane Roe.", "We like Harlow's mill, < Jane Roe"},
    {"\"We hire,\" said the minister for jobs, Senator Jane Roe.", "We hire, < Jane Roe"},
    {"Jane Roe (Harlow) issued the following statement: \"We hire.\"", "We hire. < Jane Roe"},
    {"Prices fell in a so-called \"slide,\" Jane Roe said.", "slide, < -"},
    {"Jane Roe said that the old hall was \"no longer safe\" for visitors.", "no longer safe < -"},
    {"The fair was held in Harlow.", ""},
    {"\"This mark is never closed, said Jane Roe.",
     "This mark is never closed, said Jane Roe. < -"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof s_cases / sizeof *s_cases; i++) {
        const wx_doc_t *doc = reading(s_cases[i].text);
        char got[1024] = "";
        for (uint32_t q = 0; q < doc->quotes.count; q++) {
            const wx_quote_t *quote = &doc->quotes.at[q];
            winnow_str_t words = wx_doc_words(doc, quote->first, quote->end);
            winnow_str_t speaker = wx_doc_words(doc, quote->speaker_first, quote->speaker_end);
            if (quote->scare)
                speaker = WX_STR("-");
            size_t at = strlen(got);
            snprintf(got + at, sizeof got - at, "%s%s%.*s < %.*s", q ? "|" : "",
                     quote->continued ? "+" : "", (int)words.size, words.data, (int)speaker.size,
                     speaker.data);
        }
        assert_string_equal(got, s_cases[i].quotes);
    }
}

/* A quotation may run on: each paragraph opens again, only the last one closes. */
static void test_paragraphs(void **state)
{
    (void)state;
    const wx_doc_t *doc = reading("Jane Roe said: “We built the mill in a year.\n\n"
                                  "“Now it makes paper.”\n\nThe mill is in Harlow.");
    assert_int_equal(doc->quotes.count, 1);
    assert_int_equal(doc->quotes.at[0].paragraph_last, doc->quotes.at[0].paragraph_first + 1);
}

/* Tokens know the quotation that they are inside of, and no other. */
static void test_tokens(void **state)
{
    (void)state;
    const wx_doc_t *doc = reading("\"We hire,\" said Jane Roe. \"We pay well,\" she added.");
    for (uint32_t t = 0; t < doc->tokens.count; t++) {
        uint32_t q = doc->tokens.at[t].quote;
        for (uint32_t k = 0; k < doc->quotes.count; k++) {
            bool inside = t >= doc->quotes.at[k].first && t < doc->quotes.at[k].end;
            assert_int_equal(inside, q == k);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_paragraphs),
        cmocka_unit_test(test_tokens),
    };
    return cmocka_run_group_tests(tests, reading_open, reading_close);
}
