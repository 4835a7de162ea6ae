/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking up: the answers through words and blocks are those of a filter that looks at every fact.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_help.h"

#include "daemon/postings.h"

#define ARTICLES (2 * WD_BLOCK + 300) /* two blocks and a tail; even */

typedef struct {
    char *folder;
    wd_store_t *store;
    wd_reader_t *reader;
} s_fixture_t;

/* The made-up facts: article i (from 1) has i % 3 of them, fact k of it these. */
static const char *const s_kinds[] = {"investment", "statement", "founding"};
static const char *const s_places[] = {"Bergen", "Port Louis", "S\xC3\xA3o Paulo"};
static const char *const s_units[] = {"EUR", "CNY"};

static int s_facts_of(int i)
{
    return i % 3;
}

static int s_kind_of(int i, int k)
{
    return (i / 2 + k) % 3;
}

static int s_place_of(int i, int k)
{
    return (i / 5 + k) % 3;
}

static long long s_amount_of(int i, int k)
{
    return (long long)(i % 37 + 1) * (k == 0 ? 1000000 : 7);
}

static void s_entity_of(int i, int k, char *out, size_t size)
{
    snprintf(out, size, "Halden %d Marine%s", i % 50, k == 0 ? "" : " Group");
}

static void s_day_of(int i, char *out, size_t size)
{
    snprintf(out, size, "2022-%02d-%02d", i / 28 % 12 + 1, i % 28 + 1);
}

/* Every 11th is retracted. */
static bool s_current(int i)
{
    return i % 11 != 0;
}

static wd_article_t *s_article(int i)
{
    char id[32], text[96], day[32];
    snprintf(id, sizeof id, "n%d", i);
    snprintf(text, sizeof text, "Report %d on the harbour, number%d.", i, i % 100);
    s_day_of(i, day, sizeof day);
    wd_article_t *article = wd_article_new(id, NULL, NULL, NULL, day, text, strlen(text));
    assert_non_null(article);
    return article;
}

static wd_finished_t *s_finished(int i)
{
    wd_job_t *job = calloc(1, sizeof *job);
    assert_non_null(job);
    job->rev = i;
    job->revision = 1;
    job->article = s_article(i);
    wd_finished_t *finished = wd_finished_new(&job);
    for (int k = 0; k < s_facts_of(i); k++) {
        char entity[64], amount[32];
        s_entity_of(i, k, entity, sizeof entity);
        snprintf(amount, sizeof amount, "%lld", s_amount_of(i, k));
        const char *kind = s_kinds[s_kind_of(i, k)];
        help_add(finished, kind,
                 help_record(kind, entity, s_places[s_place_of(i, k)], amount, s_units[i % 2]));
    }
    assert_true(wd_finished_seal(finished));
    return finished;
}

/* Accepts all, finishes them somewhat out of order (one of the first block very late), moves what
 * is due into blocks, retracts some. */
static void s_fill(wd_store_t *store)
{
    assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
    for (int i = 1; i <= ARTICLES; i++) {
        wd_article_t *article = s_article(i);
        wd_outcome_t outcome;
        assert_int_equal(wd_store_accept(store, article, &outcome), WD_OK);
        assert_int_equal(outcome.rev, i);
        wd_article_destroy(&article);
    }
    assert_int_equal(wd_store_commit(store), WD_OK);
    for (int n = 0; n < ARTICLES; n += 100) {
        assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
        for (int k = 0; k < 100 && n + k < ARTICLES; k++) {
            int i = (n + k) / 2 * 2 + 2 - (n + k) % 2;
            if (i == 22)
                continue;
            wd_finished_t *finished = s_finished(i);
            assert_int_equal(wd_store_finish(store, finished), WD_OK);
            assert_int_equal(wd_store_tidy(store, 1), WD_OK);
            wd_finished_destroy(&finished);
        }
        assert_int_equal(wd_store_commit(store), WD_OK);
    }
    while (wd_store_untidy(store)) {
        assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
        assert_int_equal(wd_store_tidy(store, 10), WD_OK);
        assert_int_equal(wd_store_commit(store), WD_OK);
    }
    wd_finished_t *late = s_finished(22);
    assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_finish(store, late), WD_OK);
    for (int i = 11; i <= ARTICLES; i += 11) {
        char id[32];
        wd_outcome_t outcome;
        snprintf(id, sizeof id, "n%d", i);
        assert_int_equal(wd_store_retract(store, id, &outcome), WD_OK);
    }
    assert_int_equal(wd_store_commit(store), WD_OK);
    wd_finished_destroy(&late);
}

static int s_setup(void **state)
{
    s_fixture_t *f = calloc(1, sizeof *f);
    f->folder = help_folder();
    f->store = help_open(f->folder);
    s_fill(f->store);
    f->reader = help_reader(f->folder);
    *state = f;
    return 0;
}

static int s_teardown(void **state)
{
    s_fixture_t *f = *state;
    wd_reader_close(&f->reader);
    wd_store_close(&f->store);
    help_folder_remove(&f->folder);
    free(f);
    return 0;
}

/* The same question, asked of the numbers. */
typedef struct {
    int kind, entity, place, number; /* -1: any; entity: Halden N */
    bool group;                      /* entity must be a "Marine Group" */
    long long min;                   /* 0: any */
    const char *unit, *since, *until;
    bool retracted;
} s_question_t;

static bool s_answers(const s_question_t *q, int i, int k)
{
    char day[32];
    s_day_of(i, day, sizeof day);
    return (q->kind < 0 || s_kind_of(i, k) == q->kind) && (q->entity < 0 || i % 50 == q->entity) &&
           (!q->group || k > 0) && (q->place < 0 || s_place_of(i, k) == q->place) &&
           (q->number < 0 || i % 100 == q->number) &&
           (q->min == 0 || s_amount_of(i, k) >= q->min) &&
           (q->unit == NULL || strcmp(s_units[i % 2], q->unit) == 0) &&
           (q->since == NULL || strcmp(day, q->since) >= 0) &&
           (q->until == NULL || strcmp(day, q->until) <= 0) && (q->retracted || s_current(i));
}

static void s_ask(s_fixture_t *f, const s_question_t *q, unsigned limit)
{
    char entity[64], min[32], text[32];
    snprintf(entity, sizeof entity, "HALDEN %d marine%s", q->entity,
             q->group ? " gr\xC3\xB4up" : "");
    snprintf(min, sizeof min, "%lld", q->min);
    snprintf(text, sizeof text, "harbour Number%d", q->number);
    wd_query_t query = {.kind = q->kind >= 0 ? s_kinds[q->kind] : NULL,
                        .entity = q->entity >= 0 ? entity : NULL,
                        .place = q->place >= 0 ? s_places[q->place] : NULL,
                        .min = q->min > 0 ? min : NULL,
                        .unit = q->unit,
                        .text = q->number >= 0 ? text : NULL,
                        .since = q->since,
                        .until = q->until,
                        .retracted = q->retracted,
                        .limit = limit};
    if (q->entity < 0 && q->group)
        query.entity = "Marine Group";
    wd_rows_t rows = {0};
    size_t at = 0;
    char after[64] = "";
    assert_int_equal(wd_reader_query(f->reader, &query, &rows), WD_OK);
    for (int i = ARTICLES; i >= 1; i--) {
        for (int k = 0; k < s_facts_of(i); k++) {
            if (!s_answers(q, i, k))
                continue;
            while (at == rows.count) {
                assert_non_null(rows.next);
                snprintf(after, sizeof after, "%s", rows.next);
                query.after = after;
                assert_int_equal(wd_reader_query(f->reader, &query, &rows), WD_OK);
                at = 0;
            }
            char head[96];
            snprintf(
                head, sizeof head,
                "{\"fact\":\"%d.%d\",\"status\":\"%s\",\"sources\":%d,\"article\":{\"id\":\"n%d\"",
                i, k + 1, s_current(i) ? "current" : "retracted", s_current(i), i);
            assert_true(strlen(rows.items[at]) == rows.sizes[at]);
            if (strncmp(rows.items[at], head, strlen(head)) != 0)
                fail_msg("kind %s entity %s place %s text %s min %s unit %s since %s until %s "
                         "after %s: expected %s,"
                         " got %s",
                         query.kind, query.entity, query.place, query.text, query.min, query.unit,
                         query.since, query.until, query.after, head, rows.items[at]);
            at++;
        }
    }
    assert_int_equal(at, rows.count);
    while (rows.next != NULL) { /* what follows is empty */
        snprintf(after, sizeof after, "%s", rows.next);
        query.after = after;
        assert_int_equal(wd_reader_query(f->reader, &query, &rows), WD_OK);
        assert_int_equal(rows.count, 0);
    }
    wd_rows_clear(&rows);
}

static void test_answers_are_those_of_a_plain_filter(void **state)
{
    s_fixture_t *f = *state;
    uint64_t seed = 7;
    /* Blocks were made, and the late one waits in the tail. */
    assert_int_equal(help_number(f->folder, "SELECT count(DISTINCT block) FROM word"), 2);
    assert_true(help_number(f->folder, "SELECT count(*) FROM tail WHERE rev = 22") == 1);
    assert_true(help_number(f->folder, "SELECT count(*) FROM tail") < WD_BLOCK);
    s_ask(f, &(s_question_t){-1, -1, -1, -1, false, 0, NULL, NULL, NULL, false}, 1000);
    s_ask(f, &(s_question_t){-1, -1, -1, -1, true, 0, NULL, NULL, NULL, true}, 1000);
    for (int round = 0; round < 120; round++) {
        static const char *const days[] = {NULL, NULL, "2022-03-05", "2022-08-28", "2022-08"};
        s_question_t q = {
            .kind = (int)help_random(&seed, 5) - 2,
            .entity = help_random(&seed, 3) == 0 ? (int)help_random(&seed, 50) : -1,
            .place = (int)help_random(&seed, 6) - 3,
            .number = help_random(&seed, 5) == 0 ? (int)help_random(&seed, 100) : -1,
            .group = help_random(&seed, 3) == 0,
            .min = help_random(&seed, 3) == 0 ? (long long)help_random(&seed, 38) * 1000000 : 0,
            .unit = help_random(&seed, 4) == 0 ? s_units[help_random(&seed, 2)] : NULL,
            .since = days[help_random(&seed, 4)],
            .until = days[help_random(&seed, 4)],
            .retracted = help_random(&seed, 4) == 0};
        s_ask(f, &q, 1 + (unsigned)help_random(&seed, 300));
    }
}

static void test_facts_of_one_article(void **state)
{
    s_fixture_t *f = *state;
    wd_rows_t rows = {0};
    assert_int_equal(wd_reader_query(f->reader, &(wd_query_t){.article = "n5"}, &rows), WD_OK);
    assert_int_equal(rows.count, 2);
    assert_int_equal(
        wd_reader_query(f->reader, &(wd_query_t){.article = "n5", .text = "number5"}, &rows),
        WD_OK);
    assert_int_equal(rows.count, 2);
    assert_int_equal(
        wd_reader_query(f->reader, &(wd_query_t){.article = "n5", .text = "number"}, &rows), WD_OK);
    assert_int_equal(rows.count, 0);
    assert_int_equal(wd_reader_query(f->reader, &(wd_query_t){.article = "n11"}, &rows), WD_OK);
    assert_int_equal(rows.count, 0);
    assert_int_equal(
        wd_reader_query(f->reader, &(wd_query_t){.article = "n11", .retracted = true}, &rows),
        WD_OK);
    assert_int_equal(rows.count, 2);
    assert_int_equal(wd_reader_query(f->reader, &(wd_query_t){.article = "nowhere"}, &rows), WD_OK);
    assert_int_equal(rows.count, 0);
    wd_rows_clear(&rows);
}

static void test_a_bad_filter_is_named(void **state)
{
    s_fixture_t *f = *state;
    static const struct {
        wd_query_t query;
        const char *field;
    } bad[] = {
        {{.kind = "Investment"}, "kind: "}, {{.kind = ""}, "kind: "},
        {{.entity = "!!"}, "entity: "},     {{.place = ""}, "place: "},
        {{.text = "-"}, "text: "},          {{.since = "yesterday"}, "since: "},
        {{.until = "2022-13"}, "until: "},  {{.min = "much"}, "min: "},
        {{.unit = "eur"}, "unit: "},        {{.unit = "EURO"}, "unit: "},
        {{.after = "12"}, "after: "},       {{.after = "0.1"}, "after: "},
        {{.after = "1.70000"}, "after: "},
    };
    wd_rows_t rows = {0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(wd_reader_query(f->reader, &bad[i].query, &rows), WD_E_FIELD);
        assert_memory_equal(wd_reader_message(f->reader), bad[i].field, strlen(bad[i].field));
    }
    assert_int_equal(wd_reader_articles(f->reader, &(wd_articles_query_t){.state = "lost"}, &rows),
                     WD_E_FIELD);
    assert_int_equal(wd_reader_articles(f->reader, &(wd_articles_query_t){.after = "1.1"}, &rows),
                     WD_E_FIELD);
}

static void test_showing(void **state)
{
    s_fixture_t *f = *state;
    char *json = NULL;
    assert_int_equal(wd_reader_show_fact(f->reader, "22.1", &json), WD_OK);
    assert_non_null(strstr(
        json,
        "{\"fact\":\"22.1\",\"status\":\"retracted\",\"sources\":0,\"article\":{\"id\":\"n22\""));
    assert_non_null(
        strstr(json, "\"context\":{\"before\":\"\",\"evidence\":\"Rep\",\"after\":\"ort 22"));
    const char *history = strstr(json, "\"history\":[{");
    assert_non_null(history);
    assert_non_null(strstr(history, "\"change\":\"created\",\"fact\":\"22.1\""));
    assert_non_null(strstr(history, "\"change\":\"retracted\",\"fact\":\"22.1\""));
    free(json);
    assert_int_equal(wd_reader_show_article(f->reader, "n5", &json), WD_OK);
    assert_non_null(strstr(json, "{\"article\":{\"id\":\"n5\",\"revision\":1"));
    assert_non_null(strstr(json, "\"state\":\"stored\""));
    assert_non_null(strstr(json, "\"text\":\"Report 5 on the harbour, number5.\""));
    assert_non_null(strstr(json, "\"revisions\":[{\"revision\":1,\"state\":\"stored\""));
    assert_non_null(strstr(json, "\"facts\":[{\"fact\":\"5.1\""));
    free(json);
    static const char *const lost[] = {"22.9", "0.1", "5", "x", "", "99999999.1", "-1.1"};
    for (size_t i = 0; i < sizeof lost / sizeof lost[0]; i++)
        assert_int_equal(wd_reader_show_fact(f->reader, lost[i], &json), WD_E_NOT_FOUND);
    assert_int_equal(wd_reader_show_article(f->reader, "nobody", &json), WD_E_NOT_FOUND);
    assert_string_equal(wd_reader_message(f->reader), "no article \"nobody\"");
}

/* Pages through a list; gives how many rows it has, checks that they come newest first. */
static size_t s_list(s_fixture_t *f, const char *state, unsigned limit)
{
    wd_articles_query_t query = {.state = state, .limit = limit};
    wd_rows_t rows = {0};
    char after[64];
    size_t count = 0;
    long before = 1L << 40;
    do {
        assert_int_equal(wd_reader_articles(f->reader, &query, &rows), WD_OK);
        for (size_t i = 0; i < rows.count; i++) {
            long number = 0;
            assert_int_equal(sscanf(rows.items[i], "{\"id\":\"n%ld\"", &number), 1);
            assert_true(number < before);
            before = number;
            count++;
        }
        snprintf(after, sizeof after, "%s", rows.next != NULL ? rows.next : "");
        query.after = after;
    } while (rows.next != NULL);
    wd_rows_clear(&rows);
    return count;
}

static void test_lists_of_articles(void **state)
{
    s_fixture_t *f = *state;
    assert_int_equal(s_list(f, NULL, 1000), ARTICLES);
    assert_int_equal(s_list(f, NULL, 7), ARTICLES);
    assert_int_equal(s_list(f, "retracted", 50), ARTICLES / 11);
    assert_int_equal(s_list(f, "stored", 1000), ARTICLES - ARTICLES / 11);
    assert_int_equal(s_list(f, "failed", 10), 0);
    assert_int_equal(s_list(f, "accepted", 10), 0);
}

/* The list of unfinished ones is merged out of three; none may be lost on the way. */
static void test_lists_of_unfinished_articles(void **state)
{
    (void)state;
    s_fixture_t f = {.folder = help_folder()};
    f.store = help_open(f.folder);
    assert_int_equal(wd_store_begin(f.store, HELP_NOW), WD_OK);
    for (int i = 1; i <= 2300; i++) {
        wd_article_t *article = s_article(i);
        wd_outcome_t outcome;
        assert_int_equal(wd_store_accept(f.store, article, &outcome), WD_OK);
        wd_article_destroy(&article);
        int64_t rev = i;
        if (i % 50 == 0 || i < 20)
            assert_int_equal(wd_store_blame(f.store, &rev, 1), WD_OK);
    }
    assert_int_equal(wd_store_commit(f.store), WD_OK);
    f.reader = help_reader(f.folder);
    assert_int_equal(s_list(&f, "accepted", 1000), 2300);
    assert_int_equal(s_list(&f, "accepted", 333), 2300);
    wd_reader_close(&f.reader);
    wd_store_close(&f.store);
    help_folder_remove(&f.folder);
}

/* What is rare among very many facts comes on a later page; the ones before it are short, and say
 * where to go on. */
static void test_a_page_looks_at_so_much_only(void **state)
{
    (void)state;
    s_fixture_t f = {.folder = help_folder()};
    f.store = help_open(f.folder);
    for (int i = 0; i < 4; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        help_accept(f.store, id, "text");
        wd_finished_t *finished = help_finished(f.store, i + 1, 0);
        for (int k = 0; k < 15000; k++)
            help_add(finished, "founding", help_record("founding", "Halden", NULL, NULL, NULL));
        help_add(finished, "founding", help_record("founding", "Marine", NULL, NULL, NULL));
        if (i == 0)
            help_add(finished, "founding",
                     help_record("founding", "Halden Marine", NULL, NULL, NULL));
        help_store(f.store, finished);
    }
    f.reader = help_reader(f.folder);
    wd_query_t query = {.entity = "halden marine"};
    wd_rows_t rows = {0};
    char after[64];
    unsigned pages = 0;
    assert_int_equal(wd_reader_query(f.reader, &query, &rows), WD_OK);
    while (rows.next != NULL) {
        assert_int_equal(rows.count, 0);
        snprintf(after, sizeof after, "%s", rows.next);
        query.after = after;
        assert_int_equal(wd_reader_query(f.reader, &query, &rows), WD_OK);
        assert_true(++pages < 10);
    }
    assert_true(pages > 0);
    assert_int_equal(rows.count, 1);
    assert_non_null(strstr(rows.items[0], "{\"fact\":\"1.15002\""));
    wd_rows_clear(&rows);
    wd_reader_close(&f.reader);
    wd_store_close(&f.store);
    help_folder_remove(&f.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_are_those_of_a_plain_filter),
        cmocka_unit_test(test_facts_of_one_article),
        cmocka_unit_test(test_a_bad_filter_is_named),
        cmocka_unit_test(test_showing),
        cmocka_unit_test(test_lists_of_articles),
        cmocka_unit_test(test_lists_of_unfinished_articles),
        cmocka_unit_test(test_a_page_looks_at_so_much_only),
    };
    return cmocka_run_group_tests(tests, s_setup, s_teardown);
}
