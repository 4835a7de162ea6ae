/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages of several houses, and what each of their lines is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "extract.h"
#include "words.h"

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

static const wx_doc_t *s_read(const char *text)
{
    winnow_error_t err = {0};
    if (wx_read(s_extractor, text, strlen(text), NULL, &err) < 0)
        fail_msg("%s", err.message);
    return &s_extractor->doc;
}

/* One letter a block: Body, Title, Heading, bUllet, Caption, Dateline, bYline, Stamp, Navigation.
 */
static void s_blocks(const char *text, const char *classes)
{
    static const char letters[] = {'B', 'T', 'H', 'U', 'C', 'D', 'Y', 'S', 'N'};
    const wx_doc_t *doc = s_read(text);
    char found[64] = {0};
    for (uint32_t i = 0; i < doc->blocks.count && i < 63; i++)
        found[i] = letters[doc->blocks.at[i].class];
    assert_string_equal(found, classes);
}

static void test_agency(void **state)
{
    (void)state;
    s_blocks(
        "Grain port opens new pier\n\nBy Ada Brook\n\nCONSTANTA, Romania, March 3, 2021 (Agency) - "
        "The port of Constanta opened a pier on Wednesday.\n\nIt cost 40 million euros, the mayor "
        "said.\n\n"
        "(Reporting by Ada Brook; Editing by Tom Vale)\n",
        "TYDBBY");
    assert_int_equal(s_extractor->doc.published.year, 2021);
    assert_int_equal(s_extractor->doc.published.month, 3);
    assert_int_equal(s_extractor->doc.published.day, 3);
}

static void test_portal(void **state)
{
    (void)state;
    s_blocks(
        "Home > Business > Food\n\nTea exports rise in the south\n\nUpdated : 2019-11-04\n\nPhoto: "
        "Jo Reed\n\n"
        "Workers sort leaves at a plant in the hills. [Photo by Jo Reed/The Leaf]\n\n"
        "Exports of tea rose by a tenth, officials said on Monday.\n\nMore markets\n\n"
        "- Black tea brought in 20 million rupees.\n- Green tea brought in less.\n\n"
        "Tea exports rise in the south\n\nRead more: the tea wars\n\nCopyright 2019 The Leaf\n",
        "NTSNCNBHUUNNN");
    assert_int_equal(s_extractor->doc.published.month, 11);
}

static void test_broadsheet(void **state)
{
    (void)state;
    s_blocks("Bridge loan sinks ferry plan\nMonday 4 May 2020\nLONDON: Two islands have lost their "
             "ferry.\n"
             "Share prices fell on the news.\n",
             "TSDBB");
    s_blocks("Paris, 3 May 2020 (Agence) – Two bakers have won a prize.\n", "DB");
    s_blocks("The plan — a bold one — failed.\nIt was a first.\n", "BB");
    s_blocks("By the end of the year the yard will close.\n", "B");
}

static void test_wrapped(void **state)
{
    (void)state;
    const wx_doc_t *doc =
        s_read("The council of the old port voted on Monday to close the northern\n"
               "quay for two years, so that its walls can be mended before the winter\n"
               "storms. Fishermen, who land two thirds of their catch there, were told\n"
               "to use the southern basin.\n\n"
               "The work will cost nine million euros, half of which the state pays,\n"
               "and is to begin in March.\n");
    assert_int_equal(doc->blocks.count, 2);
    assert_int_equal(doc->sentences.count, 3);
}

/* Sentences, each shown by its first word. */
static void s_sentences(const char *text, const char *firsts)
{
    const wx_doc_t *doc = s_read(text);
    char found[512] = {0};
    for (uint32_t i = 0; i < doc->sentences.count; i++) {
        winnow_str_t form = wx_token_form(doc, doc->sentences.at[i].first);
        strncat(found, form.data, form.size);
        strcat(found, " ");
    }
    assert_string_equal(found, firsts);
}

static void test_sentences(void **state)
{
    (void)state;
    s_sentences("He works for Brown & Co. in Leeds. It pays well.", "He It ");
    s_sentences("Mr. J. R. Lee of the U.S. Army spoke at 5 p.m. on Friday. Nobody came.",
                "Mr. Nobody ");
    s_sentences("It sold 3.5 million tonnes. No. 4 mill closed!", "It No. ");
    s_sentences("\"Will it last?\" the mayor asked. \"It must.\" He left.", "\" \" He ");
    s_sentences("She moved to the U.S. The house was sold.", "She The ");
    s_sentences("Prices fell ... and then rose. Then came rain…", "Prices Then ");
    s_sentences("Output rose 4 percent.The rest fell.", "Output The ");
    s_sentences("Rents rose in Jan. 2020. In Feb. they fell.", "Rents In ");
    s_sentences("(It was late.) The train, i.e. the last one, had gone.", "( The ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agency),     cmocka_unit_test(test_portal),
        cmocka_unit_test(test_broadsheet), cmocka_unit_test(test_wrapped),
        cmocka_unit_test(test_sentences),
    };
    return cmocka_run_group_tests(tests, s_setup, s_teardown);
}
