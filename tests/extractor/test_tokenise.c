/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "extract.h"

static winnow_model_t *s_model;
static winnow_extractor_t *s_extractor;

static int s_setup(void **state)
{
    (void)state;
    s_model = winnow_model_new(NULL, NULL);
    s_extractor = s_model ? winnow_extractor_new(s_model) : NULL;
    return s_extractor ? 0 : -1;
}

static int s_teardown(void **state)
{
    (void)state;
    winnow_extractor_destroy(&s_extractor);
    winnow_model_destroy(&s_model);
    return 0;
}

static const char *const s_cases[][2] = {
    {"I don't know; can't you?", "I do n't know ; ca n't you ?"},
    {"The workers' and John's state-of-the-art tools.",
     "The workers ' and John 's state - of - the - art tools ."},
    {"He can\xE2\x80\x99t say we\xE2\x80\x99ll go.",
     "He ca n\xE2\x80\x99t say we \xE2\x80\x99ll go ."},
    {"They cannot go.", "They can not go ."},
    {"A re-elected ex-minister sent an e-mail.", "A re-elected ex-minister sent an e-mail ."},
    {"It paid $5bn, US$3.4m and RMB12 million.", "It paid $ 5 bn , US$ 3.4 m and RMB 12 million ."},
    {"A 10-week, 5% (2021-25) rise.", "A 10 - week , 5 % ( 2021 - 25 ) rise ."},
    {"The U.S.-based firm, Smith & Co., left.", "The U.S. - based firm , Smith & Co. , left ."},
    {"In the 1990s, on the 20th, at 10am.", "In the 1990s , on the 20th , at 10 am ."},
    {"At 80 km/h it was 35\xC2\xB0 there.", "At 80 km/h it was 35 \xC2\xB0 there ."},
    {"He said: \"Go!\" Then\xE2\x80\x94slowly\xE2\x80\x94he went.",
     "He said : \" Go ! \" Then \xE2\x80\x94 slowly \xE2\x80\x94 he went ."},
    {"See http://example.org/a-b?c=1 or ask a.b@example.org.",
     "See http://example.org/a-b?c=1 or ask a.b@example.org ."},
    {"R&D and AT&T, and/or nothing.", "R&D and AT&T , and / or nothing ."},
    {"The F-16 and COVID-19.", "The F-16 and COVID-19 ."},
    {"It grew [18] times...", "It grew [ 18 ] times ..."},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof s_cases / sizeof *s_cases; i++) {
        winnow_error_t err = {0};
        const char *text = s_cases[i][0];
        if (wx_read(s_extractor, text, strlen(text), NULL, &err) < 0)
            fail_msg("%s", err.message);
        const wx_doc_t *doc = &s_extractor->doc;
        char found[512] = {0};
        for (uint32_t t = 0; t < doc->tokens.count; t++) {
            winnow_str_t form = wx_token_form(doc, t);
            if (t)
                strcat(found, " ");
            strncat(found, form.data, form.size);
        }
        assert_string_equal(found, s_cases[i][1]);
    }
}

/* Quotation marks know their side; what follows a blank is told; contractions are joined. */
static void test_shapes(void **state)
{
    (void)state;
    const char *text = "\"We won't,\" she said. \xE2\x80\x9CNo.\xE2\x80\x9D";
    assert_int_equal(wx_read(s_extractor, text, strlen(text), NULL, NULL), 0);
    const wx_doc_t *doc = &s_extractor->doc;
    assert_true(doc->tokens.at[0].shape & WX_SHAPE_OPEN);
    assert_false(doc->tokens.at[0].space_after);
    assert_true(doc->tokens.at[1].shape & WX_SHAPE_FIRST);
    assert_true(doc->tokens.at[1].space_after);
    assert_true(doc->tokens.at[3].shape & WX_SHAPE_JOINED); /* n't */
    assert_true(doc->tokens.at[5].shape & WX_SHAPE_CLOSE);
    assert_true(doc->tokens.at[doc->tokens.count - 1].shape & WX_SHAPE_CLOSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_shapes)};
    return cmocka_run_group_tests(tests, s_setup, s_teardown);
}
