/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules: every example of the built-in rules, the language, and what is wrong with a bad rule.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "extract.h"
#include "facts.h"
#include "rule.h"
#include "rule_index.h"

#include "reading.h"

static int s_open(void **state)
{
    if (reading_open(state) != 0)
        return -1;
    winnow_extractor_set_min_confidence(reading_extractor(), 0); /* rules are tested, not doubts */
    return 0;
}

/* ---- Examples of the rules ------------------------------------------------------------------- */

static bool s_has_filler(const winnow_fact_t *fact, winnow_str_t role, winnow_str_t text)
{
    for (size_t i = 0; i < fact->role_count; i++)
        for (size_t k = 0; k < fact->roles[i].filler_count; k++)
            if (wx_str_equal(fact->roles[i].name, role) &&
                wx_str_equal(fact->roles[i].fillers[k].text, text))
                return true;
    return false;
}

/* Has a fact of the rule's kind all that the example names? */
static bool s_found(const winnow_facts_t *facts, const wx_rule_t *rule, const wx_example_t *example)
{
    for (size_t i = 0; i < winnow_facts_count(facts); i++) {
        const winnow_fact_t *fact = winnow_facts_at(facts, i);
        bool all = fact->kind == rule->kind;
        for (uint32_t k = 0; all && k < example->count; k++)
            all = s_has_filler(fact, example->roles[k], example->fillers[k]);
        if (all && (example->must || wx_str_equal(fact->rule, rule->name)))
            return true;
    }
    return false;
}

static void test_examples(void **state)
{
    (void)state;
    const wx_rules_t *rules = reading_model()->rules;
    unsigned wrong = 0, count = 0;
    for (uint32_t i = 0; i < rules->rules.count; i++) {
        const wx_rule_t *rule = &rules->rules.at[i];
        for (uint32_t k = 0; k < rule->examples.count; k++) {
            const wx_example_t *example = &rule->examples.at[k];
            winnow_facts_t *facts = NULL;
            assert_int_equal(winnow_extract(reading_extractor(), example->text.data,
                                            example->text.size, "2024-05-15", &facts, NULL),
                             0);
            count++;
            if (s_found(facts, rule, example) != (example->must != 0)) {
                wrong++;
                printf("%.*s:%u: rule %.*s: %s match: %.*s\n", (int)rule->file.size,
                       rule->file.data, example->line, (int)rule->name.size, rule->name.data,
                       example->must ? "does not" : "must not", (int)example->text.size,
                       example->text.data);
                for (size_t f = 0; f < winnow_facts_count(facts); f++)
                    printf("    %.*s\n", (int)winnow_facts_at(facts, f)->json.size,
                           winnow_facts_at(facts, f)->json.data);
            }
            winnow_facts_destroy(&facts);
        }
    }
    assert_true(count > 60);
    assert_int_equal(wrong, 0);
}

/* Two rules of one name could not be told apart in a fact. */
static void test_names_are_unique(void **state)
{
    (void)state;
    const wx_rules_t *rules = reading_model()->rules;
    for (uint32_t i = 0; i < rules->rules.count; i++)
        for (uint32_t k = 0; k < i; k++)
            assert_false(wx_str_equal(rules->rules.at[i].name, rules->rules.at[k].name));
}

/* The facts of a text, as lines of JSON; for the caller to free(). */
static char *s_lines(winnow_str_t text)
{
    char *out = NULL;
    size_t size = 0;
    assert_int_equal(winnow_extract_layer(reading_extractor(), WINNOW_LAYER_FACTS, text.data,
                                          text.size, "2024-05-15", &out, &size, NULL),
                     0);
    return out;
}

/* The index keeps no rule away from a sentence that it matches: the same facts come out when every
 * rule is tried everywhere. */
static void test_index(void **state)
{
    (void)state;
    wx_rules_t *rules = reading_model()->rules;
    const struct wx_rule_index *index = rules->index;
    uint64_t *always = malloc(index->width * sizeof *always);
    assert_non_null(always);
    memset(always, 0xFF, index->width * sizeof *always);
    struct wx_rule_index everywhere = *index;
    everywhere.always = always;
    for (uint32_t i = 0; i < rules->rules.count; i++) {
        const wx_rule_t *rule = &rules->rules.at[i];
        for (uint32_t k = 0; k < rule->examples.count; k++) {
            char *some = s_lines(rule->examples.at[k].text);
            rules->index = &everywhere;
            char *all = s_lines(rule->examples.at[k].text);
            rules->index = index;
            assert_string_equal(some, all);
            free(some);
            free(all);
        }
    }
    free(always);
}

/* ---- Bad rules ------------------------------------------------------------------------------- */

static void test_mistakes(void **state)
{
    static const struct {
        const char *text;
        unsigned line, column;
        const char *says;
    } s_cases[] = {
        {"rule a -> statement {", 1, 22, "begins with a word"},
        {"rule a -> opinion { }", 1, 11, "no kind of fact"},
        {"rule a -> statement { }", 1, 6, "trigger"},
        {"list a: b c", 1, 12, "`;` is missing"},
        {"list a: ;", 1, 9, "words are missing"},
        {"rule a -> statement {\n  verb @nothing ;", 2, 9, "no list of this name"},
        {"rule a -> statement {\n  match \"x ;\n", 2, 9, "no end"},
        {"rule a -> statement {\n  match FOO ;\n}", 2, 9, "neither a type"},
        {"rule a -> statement {\n  match NAME=x ;\n  speaker = y ;\n}", 3, 13, "capture"},
        {"rule a -> statement {\n  match ( NAME ;\n", 2, 16, "`)` is missing"},
        {"rule a -> statement {\n  verb say ;\n  speaker = subject:giant ;\n}", 3, 21, "no type"},
        {"rule a -> statement {\n  verb say ;\n  modality = maybe ;\n}", 3, 14, "no modality"},
        {"nonsense", 1, 1, "is expected here"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof s_cases / sizeof *s_cases; i++) {
        winnow_model_t *model = winnow_model_new(NULL, NULL);
        winnow_error_t err = {0};
        assert_non_null(model);
        assert_int_equal(wx_rules_parse(model, "own.rules", wx_str_from(s_cases[i].text), &err),
                         WINNOW_E_RULE);
        assert_int_equal(err.code, WINNOW_E_RULE);
        if (err.line != s_cases[i].line || err.column != s_cases[i].column ||
            !strstr(err.message, s_cases[i].says))
            fail_msg("%s\ngives %u:%u %s", s_cases[i].text, err.line, err.column, err.message);
        assert_non_null(strstr(err.message, "own.rules:"));
        assert_non_null(strstr(err.message, "^"));
        winnow_model_destroy(&model);
    }
}

/* Every prefix of a rule file is read or refused, and leaves the reader well. */
static void test_prefixes(void **state)
{
    static const char s_text[] = "list a: b \"c d\" @speech ;\n"
                                 "let X = ( NOUN | \"-\" )* @a ;\n"
                                 "rule r -> position priority 7 {\n"
                                 "  match PERSON=p \",\"? X=t ...3 !( of ) NPF=o ;\n"
                                 "  person! all = p:person,!place | near(statement speaker) ;\n"
                                 "  title! = t ? \"x\" | measure(owner(subject)) ;\n"
                                 "  unless negated ;\n"
                                 "  yes \"A b.\" person \"A\" ;\n"
                                 "}\n";
    (void)state;
    for (size_t size = 0; size < sizeof s_text; size++) {
        winnow_model_t *model = winnow_model_new(NULL, NULL);
        winnow_error_t err = {0};
        assert_non_null(model);
        int rc = wx_rules_parse(model, "own.rules", (winnow_str_t){s_text, size}, &err);
        assert_true(rc == 0 || rc == WINNOW_E_RULE);
        if (size == sizeof s_text - 1)
            assert_int_equal(rc, 0);
        winnow_model_destroy(&model);
        if (size < 10) /* a model takes a while: every byte at first, then every seventh */
            continue;
        size += 6;
        if (size > sizeof s_text - 8 && size < sizeof s_text - 1)
            size = sizeof s_text - 2;
    }
}

/* ---- Folders --------------------------------------------------------------------------------- */

static void s_write(const char *folder, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A folder of further rules: they are added, they change the version, mistakes name the file. */
static void test_folder(void **state)
{
    (void)state;
    char folder[] = "rules-XXXXXX";
    assert_non_null(mkdtemp(folder));
    s_write(folder, "own.rules",
            "rule prize -> gathering priority 90 {\n"
            "    match \"the\" CAP=name \"prize\" ;\n    event! = name ;\n}\n");
    s_write(folder, "ignored.txt", "no rules");
    winnow_error_t err = {0};
    winnow_model_t *model = winnow_model_new(folder, &err);
    assert_non_null(model);
    assert_string_not_equal(winnow_model_version(model), winnow_model_version(reading_model()));
    winnow_extractor_t *extractor = winnow_extractor_new(model);
    static const char s_text[] = "She won the Harlow prize.";
    winnow_facts_t *facts = NULL;
    assert_int_equal(winnow_extract(extractor, s_text, sizeof s_text - 1, NULL, &facts, NULL), 0);
    bool found = false;
    for (size_t i = 0; i < winnow_facts_count(facts); i++)
        found = found || wx_str_is(winnow_facts_at(facts, i)->rule, "prize");
    assert_true(found);
    winnow_facts_destroy(&facts);
    winnow_extractor_destroy(&extractor);
    winnow_model_destroy(&model);

    s_write(folder, "own.rules", "rule prize -> gathering {\n    match ( ;\n}\n");
    assert_null(winnow_model_new(folder, &err));
    assert_int_equal(err.code, WINNOW_E_RULE);
    assert_int_equal(err.line, 2);
    assert_non_null(strstr(err.message, "own.rules:2:"));
    assert_null(winnow_model_new("no-such-folder", &err));
    assert_int_equal(err.code, WINNOW_E_IO);

    char path[512];
    snprintf(path, sizeof path, "%s/own.rules", folder);
    assert_int_equal(remove(path), 0);
    snprintf(path, sizeof path, "%s/ignored.txt", folder);
    assert_int_equal(remove(path), 0);
    assert_int_equal(remove(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),         cmocka_unit_test(test_index),
        cmocka_unit_test(test_names_are_unique), cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_prefixes),         cmocka_unit_test(test_folder),
    };
    return cmocka_run_group_tests(tests, s_open, reading_close);
}
