/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of our own articles: what always holds of them, whatever they are. The score of what they
 * are is tests/quality/run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "extract.h"
#include "rule.h"

#include "reading.h"

/* The article of an index line, NUL-terminated; the caller frees it. */
static char *s_article(const char *line, char *published)
{
    char name[64], path[512];
    assert_int_equal(sscanf(line, "%63[^\t]\t%10[0-9-]", name, published), 2);
    snprintf(path, sizeof path, "%s/tests/quality/articles/%s.txt", WINNOW_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, 1 << 16);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    return text;
}

static const char *const s_keys[WINNOW_KIND_COUNT][2] = {
    [WINNOW_KIND_INVESTMENT] = {"amount", NULL},       [WINNOW_KIND_STATISTIC] = {"value", NULL},
    [WINNOW_KIND_CHANGE] = {"amount", NULL},           [WINNOW_KIND_TARGET] = {"value", "goal"},
    [WINNOW_KIND_STATEMENT] = {"speaker", NULL},       [WINNOW_KIND_POSITION] = {"person", NULL},
    [WINNOW_KIND_FACILITY_EVENT] = {"facility", NULL}, [WINNOW_KIND_FOUNDING] = {"entity", NULL},
    [WINNOW_KIND_AGREEMENT] = {"party", NULL},         [WINNOW_KIND_OWNERSHIP] = {"entity", NULL},
    [WINNOW_KIND_ACQUISITION] = {"acquirer", NULL},    [WINNOW_KIND_LOCATION] = {"entity", NULL},
    [WINNOW_KIND_GATHERING] = {"event", NULL},
};

static bool s_has_role(const winnow_fact_t *fact, const char *role)
{
    for (size_t i = 0; role && i < fact->role_count; i++)
        if (wx_str_is(fact->roles[i].name, role) && fact->roles[i].filler_count > 0)
            return true;
    return false;
}

static void s_check(const winnow_fact_t *fact, size_t size)
{
    assert_true(fact->start < fact->end && fact->end <= size);
    assert_true(s_has_role(fact, s_keys[fact->kind][0]) || s_has_role(fact, s_keys[fact->kind][1]));
    assert_true(fact->rule.size > 0);
    for (size_t i = 0; i < fact->role_count; i++)
        for (size_t k = 0; k < fact->roles[i].filler_count; k++) {
            const winnow_filler_t *filler = &fact->roles[i].fillers[k];
            assert_true(filler->text.size > 0);
            if (filler->start == WINNOW_NOWHERE)
                continue;
            assert_true(filler->start < filler->end && filler->end <= size);
        }
}

/* Evidence and fillers lie in the article, key roles are there, facts stand in order. */
static void test_invariants(void **state)
{
    (void)state;
    char path[512], line[512], published[16];
    snprintf(path, sizeof path, "%s/tests/quality/index.tsv", WINNOW_SOURCE_DIR);
    FILE *index = fopen(path, "r");
    assert_non_null(index);
    assert_non_null(fgets(line, sizeof line, index)); /* the header */
    size_t articles = 0, facts_seen = 0;
    unsigned kinds = 0;
    for (; fgets(line, sizeof line, index); articles++) {
        char *text = s_article(line, published);
        size_t size = strlen(text);
        winnow_facts_t *facts = NULL;
        assert_int_equal(winnow_extract(reading_extractor(), text, size, published, &facts, NULL),
                         0);
        for (size_t i = 0; i < winnow_facts_count(facts); i++) {
            const winnow_fact_t *fact = winnow_facts_at(facts, i);
            s_check(fact, size);
            assert_true(i == 0 || winnow_facts_at(facts, i - 1)->start <= fact->start);
            kinds |= 1u << fact->kind;
            facts_seen++;
        }
        winnow_facts_destroy(&facts);
        free(text);
    }
    fclose(index);
    assert_true(articles >= 28);
    assert_true(facts_seen > 10 * articles);
    assert_int_equal(kinds, (1u << WINNOW_KIND_COUNT) - 1); /* of every kind there is one */
}

/* FACTS.md, rule 1: among four kinds a figure goes into one record only. */
static void test_one_figure_one_record(void **state)
{
    (void)state;
    static const char s_text[] =
        "Harlow Mills made 2.2 million cups and sold 2.1 million plates last year, up 7.7 percent. "
        "Sales rose 5 percent to 3 million dollars. The firm will invest 80 million dollars in a "
        "new plant, aims to raise output to 9 million cups and has 4,500 employees.";
    winnow_facts_t *facts = NULL;
    assert_int_equal(
        winnow_extract(reading_extractor(), s_text, sizeof s_text - 1, "2024-05-15", &facts, NULL),
        0);
    size_t seen[64], count = 0;
    for (size_t i = 0; i < winnow_facts_count(facts); i++) {
        const winnow_fact_t *fact = winnow_facts_at(facts, i);
        for (size_t k = 0; k < fact->role_count; k++) {
            bool figure =
                wx_str_is(fact->roles[k].name, "value") || wx_str_is(fact->roles[k].name, "amount");
            if (!figure || fact->kind == WINNOW_KIND_AGREEMENT ||
                fact->kind == WINNOW_KIND_ACQUISITION)
                continue;
            for (size_t n = 0; n < count; n++)
                assert_int_not_equal(seen[n], fact->roles[k].fillers[0].start);
            assert_true(count < 64);
            seen[count++] = fact->roles[k].fillers[0].start;
        }
    }
    assert_true(count >= 6);
    winnow_facts_destroy(&facts);
}

/* What somebody says is attributed to whoever says it. */
static void test_reported_by(void **state)
{
    (void)state;
    static const char s_text[] = "Jane Roe said Harlow Mills had 4,500 employees. According to the "
                                 "Ministry of Trade, exports rose 5 percent.";
    winnow_facts_t *facts = NULL;
    assert_int_equal(
        winnow_extract(reading_extractor(), s_text, sizeof s_text - 1, "2024-05-15", &facts, NULL),
        0);
    unsigned roe = 0, ministry = 0;
    for (size_t i = 0; i < winnow_facts_count(facts); i++) {
        const winnow_fact_t *fact = winnow_facts_at(facts, i);
        if (fact->kind == WINNOW_KIND_STATISTIC)
            roe += wx_str_is(fact->reported_by, "Jane Roe");
        if (fact->kind == WINNOW_KIND_CHANGE)
            ministry += wx_str_is(fact->reported_by, "Ministry of Trade");
    }
    assert_int_equal(roe, 1);
    assert_int_equal(ministry, 1);
    winnow_facts_destroy(&facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_invariants),
        cmocka_unit_test(test_one_figure_one_record),
        cmocka_unit_test(test_reported_by),
    };
    return cmocka_run_group_tests(tests, reading_open, reading_close);
}
