/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Confidence: the table of weights, sums and shares, what is wrong with a bad one, what is given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "confidence.h"
#include "extract.h"
#include "model.h"

#include <winnow/extract.h>

static const char s_text[] =
    "Mira Tolk, chairwoman of Ostrava Glass, opened a plant in Brno on May 3. The company invested "
    "40 million euros in the plant. It employs 300 people, Tolk said.";

/* A model whose weights are these; the test fails when they are refused. */
static winnow_model_t *s_model(const char *weights)
{
    winnow_error_t err = {0};
    winnow_model_t *model = winnow_model_new(NULL, &err);
    assert_non_null(model);
    if (wx_confidence_parse(model, "test.tsv", wx_str_from(weights), &err) < 0)
        fail_msg("%s", err.message);
    return model;
}

static winnow_facts_t *s_facts(winnow_model_t *model, int least)
{
    winnow_extractor_t *extractor = winnow_extractor_new(model);
    winnow_facts_t *facts = NULL;
    assert_non_null(extractor);
    if (least >= 0)
        winnow_extractor_set_min_confidence(extractor, least);
    assert_int_equal(
        winnow_extract(extractor, s_text, sizeof s_text - 1, "2024-05-15", &facts, NULL), 0);
    winnow_extractor_destroy(&extractor);
    return facts;
}

/* The confidence of all facts, which must be the same one. */
static int s_only(const char *weights)
{
    winnow_model_t *model = s_model(weights);
    winnow_facts_t *facts = s_facts(model, 0);
    assert_in_range(winnow_facts_count(facts), 3, 20);
    int confidence = winnow_facts_at(facts, 0)->confidence;
    for (size_t i = 0; i < winnow_facts_count(facts); i++)
        assert_int_equal(winnow_facts_at(facts, i)->confidence, confidence);
    winnow_facts_destroy(&facts);
    winnow_model_destroy(&model);
    return confidence;
}

static void test_shares_between_points(void **state)
{
    (void)state;
    assert_int_equal(s_only("least\t0\n"), -1);
    assert_int_equal(s_only("point\t0\t300\n"), 300);
    assert_int_equal(s_only("weight\tany\t-50\npoint\t-10\t200\npoint\t90\t700\n"), 200);
    assert_int_equal(s_only("weight\tany\t10\npoint\t-10\t200\npoint\t90\t700\n"), 300);
    assert_int_equal(s_only("weight\tany\t90\npoint\t-10\t200\npoint\t90\t700\n"), 700);
    assert_int_equal(s_only("weight\tany\t999\npoint\t-10\t200\npoint\t90\t700\n"), 700);
    assert_int_equal(s_only("# nothing\n\nweight\tno such\t77\npoint\t0\t100\npoint\t50\t900\n"),
                     100);
}

static void test_doubtful_facts_are_left_out(void **state)
{
    (void)state;
    winnow_model_t *model =
        s_model("least\t500\nweight\tinvestment\t10\npoint\t0\t400\npoint\t10\t600\n");
    winnow_facts_t *all = s_facts(model, 0), *some = s_facts(model, -1),
                   *none = s_facts(model, 601);
    size_t sure = 0;
    for (size_t i = 0; i < winnow_facts_count(all); i++) {
        const winnow_fact_t *fact = winnow_facts_at(all, i);
        assert_int_equal(fact->confidence, fact->kind == WINNOW_KIND_INVESTMENT ? 600 : 400);
        sure += fact->kind == WINNOW_KIND_INVESTMENT;
    }
    assert_true(sure > 0 && sure < winnow_facts_count(all));
    assert_int_equal(winnow_facts_count(some), sure);
    assert_int_equal(winnow_facts_count(none), 0);
    const char *json = winnow_facts_at(some, 0)->json.data;
    assert_non_null(strstr(json, "\"confidence\":0.6,\"rule\":\""));
    winnow_facts_destroy(&all);
    winnow_facts_destroy(&some);
    winnow_facts_destroy(&none);
    winnow_model_destroy(&model);
}

static void test_bad_tables(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "weight\tany\n",
        "weight\tany\t0\n",
        "weight\tany\t1.5\n",
        "weight\tany\t1234567\n",
        "weight\tany\t5\nweight\tany\t6\n",
        "point\t5\t1001\n",
        "point\t5\t-1\n",
        "point\t5\t300\npoint\t5\t400\n",
        "point\t5\t300\npoint\t6\t200\n",
        "point\t\t\n",
        "least\t2000\n",
        "least\t-\n",
        "share\t3\n",
    };
    winnow_model_t *model = winnow_model_new(NULL, NULL);
    assert_non_null(model);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        winnow_error_t err = {0};
        assert_int_equal(wx_confidence_parse(model, "bad.tsv", wx_str_from(bad[i]), &err),
                         WINNOW_E_RULE);
        assert_non_null(strstr(err.message, "bad.tsv:"));
        assert_true(err.line == 1 || err.line == 2);
    }
    winnow_model_destroy(&model);
}

/* Every fact has features, few enough for their room, and the first are those of all. */
static void test_features(void **state)
{
    (void)state;
    winnow_model_t *model = winnow_model_new(NULL, NULL);
    winnow_extractor_t *extractor = winnow_extractor_new(model);
    assert_int_equal(wx_read(extractor, s_text, sizeof s_text - 1, "2024-05-15", NULL), 0);
    wx_doc_t *doc = &extractor->doc;
    winnow_str_t names[WX_CONFIDENCE_FEATURES];
    bool rule = false;
    for (uint32_t i = 0; i < doc->facts.count; i++) {
        wx_confidence_features_t features = {.names = names};
        wx_confidence_features(doc, i, &features);
        assert_in_range(features.count, 10, WX_CONFIDENCE_FEATURES - 1);
        assert_true(wx_str_is(names[0], "any"));
        assert_true(wx_str_is(names[1], winnow_kind_name(doc->facts.at[i].kind)));
        for (uint32_t k = 0; k < features.count; k++) {
            assert_int_equal(features.hash[k], wx_str_hash(names[k]));
            rule = rule || wx_str_is(names[k], "investment amount value money");
        }
    }
    assert_true(rule);
    winnow_extractor_destroy(&extractor);
    winnow_model_destroy(&model);
}

/* What is built in tells sure facts from doubtful ones. */
static void test_built_in(void **state)
{
    (void)state;
    winnow_model_t *model = winnow_model_new(NULL, NULL);
    winnow_facts_t *facts = s_facts(model, 0);
    assert_in_range(wx_confidence_least(model), 0, 500);
    for (size_t i = 0; i < winnow_facts_count(facts); i++)
        assert_in_range(winnow_facts_at(facts, i)->confidence, 1, 999);
    winnow_facts_destroy(&facts);
    winnow_model_destroy(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_between_points),
        cmocka_unit_test(test_doubtful_facts_are_left_out),
        cmocka_unit_test(test_bad_tables),
        cmocka_unit_test(test_features),
        cmocka_unit_test(test_built_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
