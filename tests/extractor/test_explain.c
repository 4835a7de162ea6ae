/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is told of how facts came about: in text and in JSON, of every fact once, in their order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reading.h"

static const char s_article[] =
    "Kestrel Rail, a railway company, has bought Aster Trams for $85 million.\n\n"
    "The company will invest $20 million in a depot in Leeds, its chairwoman Ada Marsh said.\n";

static char *s_layer(winnow_layer_t layer, const char *text)
{
    char *out = NULL;
    size_t size = 0;
    assert_int_equal(winnow_extract_layer(reading_extractor(), layer, text, strlen(text),
                                          "2024-05-15", &out, &size, NULL),
                     0);
    assert_int_equal(strlen(out), size);
    return out;
}

static unsigned s_count(const char *text, const char *part)
{
    unsigned count = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        count++;
    return count;
}

static void test_text(void **state)
{
    (void)state;
    char *text = s_layer(WINNOW_LAYER_EXPLAINED, s_article);
    assert_non_null(strstr(text, "acquisition, actual: rule "));
    assert_non_null(strstr(text, " at acquisition.rules:"));
    assert_non_null(strstr(text, "\n  because of    has bought\n"));
    assert_non_null(strstr(text, "\n  acquirer      Kestrel Rail  by `"));
    assert_non_null(strstr(text, "<- The company, a noun  by `"));
    free(text);
}

/* Each fact of the layer of facts has its line, with the same rule and evidence. */
static void test_every_fact(void **state)
{
    (void)state;
    winnow_facts_t *facts = NULL;
    assert_int_equal(winnow_extract(reading_extractor(), s_article, strlen(s_article), "2024-05-15",
                                    &facts, NULL),
                     0);
    char *json = s_layer(WINNOW_LAYER_EXPLAINED_JSON, s_article);
    char *text = s_layer(WINNOW_LAYER_EXPLAINED, s_article);
    assert_true(winnow_facts_count(facts) >= 3);
    assert_int_equal(s_count(json, "\n"), winnow_facts_count(facts));
    assert_int_equal(s_count(text, "\n  evidence "), winnow_facts_count(facts));
    const char *at = json;
    for (size_t i = 0; i < winnow_facts_count(facts); i++) {
        const winnow_fact_t *fact = winnow_facts_at(facts, i);
        char rule[128];
        snprintf(rule, sizeof rule, "\"rule\":\"%.*s\"", (int)fact->rule.size, fact->rule.data);
        at = strstr(at, rule);
        assert_non_null(at);
        at += strlen(rule);
    }
    free(json);
    free(text);
    winnow_facts_destroy(&facts);
}

static void test_nothing(void **state)
{
    (void)state;
    char *text = s_layer(WINNOW_LAYER_EXPLAINED, "It rained.\n");
    char *json = s_layer(WINNOW_LAYER_EXPLAINED_JSON, "");
    assert_string_equal(text, "");
    assert_string_equal(json, "");
    free(text);
    free(json);
}

/* A long quotation is shown with its ends, cut between characters. */
static void test_long(void **state)
{
    (void)state;
    char article[2000] = "\"";
    while (strlen(article) < 1500)
        strcat(article, "We are glad that the café is open again and again. ");
    strcat(article, "\" said Ada Marsh.\n");
    char *text = s_layer(WINNOW_LAYER_EXPLAINED, article);
    assert_non_null(strstr(text, " … "));
    for (const char *line = text; *line; line = strchr(line, '\n') + 1)
        assert_true(strchr(line, '\n') - line < 400);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_text),
                                       cmocka_unit_test(test_every_fact),
                                       cmocka_unit_test(test_nothing), cmocka_unit_test(test_long)};
    return cmocka_run_group_tests(tests, reading_open, reading_close);
}
