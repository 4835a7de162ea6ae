/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts that several articles tell. First what becomes of small stories; then that the end does not
 * depend on the way: the same articles in any order, pushed twice, revised, withdrawn, with
 * transactions rolled back and the store opened anew, end in the same facts with the same status.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_help.h"

/* A text of `id`, stored with these records (kind and the JSON of its roles, pairwise). */
static void s_tell(wd_store_t *store, const char *id, const char *text, const char *day,
                   const char *const *records)
{
    wd_article_t *article = wd_article_new(id, id, NULL, NULL, day, text, strlen(text));
    wd_outcome_t outcome = {0};
    assert_non_null(article);
    assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_accept(store, article, &outcome), WD_OK);
    assert_int_equal(wd_store_commit(store), WD_OK);
    wd_article_destroy(&article);
    bool done = outcome.duplicate && outcome.state != WD_ACCEPTED;
    int64_t rev = outcome.rev;
    wd_outcome_clear(&outcome);
    if (done)
        return;
    wd_finished_t *finished = help_finished(store, rev, 0);
    for (size_t i = 0; records[i] != NULL; i += 2) {
        char json[2048];
        snprintf(json, sizeof json,
                 "{\"kind\":\"%s\",\"modality\":\"actual\",\"reported_by\":null,\"roles\":{%s},"
                 "\"evidence\":{\"start\":0,\"end\":1,\"text\":\"x\"}}",
                 records[i], records[i + 1]);
        help_add(finished, records[i], strdup(json));
    }
    help_store(store, finished);
}

static void s_withdraw(wd_store_t *store, const char *id)
{
    wd_outcome_t outcome = {0};
    assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_retract(store, id, &outcome), WD_OK);
    assert_int_equal(wd_store_commit(store), WD_OK);
}

/* The changes of facts since the last call, joined by blanks. */
static const char *s_changes(wd_store_t *store)
{
    static char changes[4096];
    wd_events_t *events = wd_store_take_events(store);
    changes[0] = '\0';
    for (size_t i = 0; events != NULL && i < wd_events_count(events); i++) {
        const wd_event_t *event = wd_events_at(events, i);
        if (strncmp(event->topic, "fact.", 5) != 0)
            continue;
        char topic[128];
        snprintf(topic, sizeof topic, "%.*s", (int)event->topic_size, event->topic);
        const char *change = strrchr(topic, '.') + 1;
        const char *fact = strstr(event->body, "\"fact\":\"") + 8;
        snprintf(changes + strlen(changes), sizeof changes - strlen(changes), "%s%s %.*s",
                 changes[0] != '\0' ? ", " : "", change, (int)strcspn(fact, "\""), fact);
    }
    wd_events_unref(&events);
    return changes;
}

#define FIRM(role, name)  "\"" role "\":[{\"text\":\"" name "\",\"type\":\"organisation\"}]"
#define PLACE(name)       "\"place\":[{\"text\":\"" name "\",\"type\":\"place\"}]"
#define TEXT(role, words) "\"" role "\":[{\"text\":\"" words "\",\"type\":\"text\"}]"
#define DATE(role, value)                                                                          \
    "\"" role "\":[{\"text\":\"d\",\"type\":\"date\",\"value\":\"" value "\"}]"
#define SUM(role, number, unit)                                                                    \
    "\"" role "\":[{\"text\":\"s\",\"type\":\"money\",\"number\":" number ",\"unit\":\"" unit      \
    "\",\"bound\":\"exact\"}]"
#define COUNT(number, unit)                                                                        \
    "\"value\":[{\"text\":\"n\",\"type\":\"quantity\",\"number\":" number ",\"unit\":\"" unit      \
    "\",\"bound\":\"exact\"}]"

#define TELL(store, id, text, day, ...)                                                            \
    s_tell(store, id, text, day, (const char *const[]){__VA_ARGS__, NULL})

static void test_a_second_paper_corroborates(void **state)
{
    help_fixture_t *f = *state;
    TELL(f->store, "a", "one", "2022-06-01", "investment",
         FIRM("investor", "Orkla Tide") "," SUM("amount", "2690000000", "NOK"));
    assert_string_equal(s_changes(f->store), "created 1.1");
    TELL(f->store, "b", "two", "2022-06-02", "investment",
         FIRM("investor", "Orkla Tide AS") "," SUM("amount", "2700000000", "NOK"));
    assert_string_equal(s_changes(f->store), "corroborated 1.1");
    /* It knows where, and is revised by it. */
    TELL(f->store, "c", "three", "2022-06-03", "investment",
         FIRM("investor", "Orkla Tide Group") "," SUM("amount", "2690000000",
                                                      "NOK") "," PLACE("Bodo"));
    assert_string_equal(s_changes(f->store), "corroborated 1.1, revised 1.1");
    assert_int_equal(help_number(f->folder, "SELECT sources FROM facts WHERE fact = '1.1'"), 3);
    assert_int_equal(help_number(f->folder, "SELECT count(*) FROM facts"), 1);
    assert_int_equal(help_number(f->folder, "SELECT count(*) FROM observations WHERE fact = '1.1'"),
                     3);
    s_withdraw(f->store, "a");
    assert_string_equal(s_changes(f->store), "revised 1.1");
    s_withdraw(f->store, "b");
    assert_string_equal(s_changes(f->store), "revised 1.1");
    s_withdraw(f->store, "c");
    assert_string_equal(s_changes(f->store), "retracted 1.1");
}

static void test_another_sum_is_disputed_and_settled(void **state)
{
    help_fixture_t *f = *state;
    TELL(f->store, "a", "one", "2022-06-01", "acquisition",
         FIRM("acquirer", "Orkla Tide") "," FIRM("acquired", "Fjell Data") "," SUM(
             "amount", "40000000", "EUR"));
    TELL(f->store, "b", "two", "2022-06-02", "acquisition",
         FIRM("acquirer", "Orkla Tide") "," FIRM("acquired", "Fjell Data") "," SUM(
             "amount", "55000000", "EUR"));
    assert_string_equal(s_changes(f->store), "created 2.1, disputed 1.1, disputed 2.1");
    assert_int_equal(help_number(f->folder, "SELECT count(*) FROM facts WHERE status = 'disputed'"),
                     2);
    wd_reader_t *reader = help_reader(f->folder);
    char *json = NULL;
    assert_int_equal(wd_reader_show_fact(reader, "1.1", &json), WD_OK);
    assert_non_null(strstr(json, "\"status\":\"disputed\",\"sources\":1,\"others\":[\"2.1\"]"));
    assert_non_null(strstr(json, "\"against\":[{\"fact\":\"2.1\",\"status\":\"disputed\""));
    free(json);
    wd_reader_close(&reader);
    s_withdraw(f->store, "b");
    assert_string_equal(s_changes(f->store), "retracted 2.1, revised 1.1");
    assert_int_equal(help_number(f->folder, "SELECT count(*) FROM facts WHERE status = 'disputed'"),
                     0);
}

/* The facts that a query finds, joined by blanks. */
static const char *s_found(help_fixture_t *f, wd_query_t query)
{
    static char found[512];
    wd_reader_t *reader = help_reader(f->folder);
    wd_rows_t rows = {0};
    char after[64] = "";
    found[0] = '\0';
    do {
        if (wd_reader_query(reader, &query, &rows) != WD_OK)
            fail_msg("%s", wd_reader_message(reader));
        for (size_t i = 0; i < rows.count; i++)
            snprintf(found + strlen(found), sizeof found - strlen(found), "%s%.*s",
                     found[0] != '\0' ? " " : "", (int)strcspn(rows.items[i] + 9, "\""),
                     rows.items[i] + 9);
        snprintf(after, sizeof after, "%s", rows.next != NULL ? rows.next : "");
        query.after = after;
    } while (after[0] != '\0');
    wd_rows_clear(&rows);
    wd_reader_close(&reader);
    return found;
}

static void test_a_fact_is_found_once(void **state)
{
    help_fixture_t *f = *state;
    for (int i = 0; i < 8; i++) {
        char id[8], sum[512];
        snprintf(id, sizeof id, "n%d", i);
        snprintf(sum, sizeof sum,
                 FIRM("acquirer", "Orkla Tide") "," FIRM("acquired", "Fjell %c") "," SUM(
                     "amount", "%d0000000", "EUR"),
                 'A' + i / 4, i % 4 == 3 ? 7 : 4);
        TELL(f->store, id, "text", "2022-06-01", "acquisition", sum);
    }
    assert_string_equal(s_found(f, (wd_query_t){.entity = NULL}), "8.1 5.1 4.1 1.1");
    assert_string_equal(s_found(f, (wd_query_t){.limit = 1}), "8.1 5.1 4.1 1.1");
    assert_string_equal(s_found(f, (wd_query_t){.entity = "Fjell A"}), "4.1 1.1");
    assert_string_equal(s_found(f, (wd_query_t){.status = "disputed"}), "8.1 5.1 4.1 1.1");
    assert_string_equal(s_found(f, (wd_query_t){.status = "disputed", .limit = 1}),
                        "8.1 5.1 4.1 1.1");
    assert_string_equal(s_found(f, (wd_query_t){.status = "disputed", .entity = "Fjell B"}),
                        "8.1 5.1");
    assert_string_equal(s_found(f, (wd_query_t){.status = "current"}), "");
    assert_string_equal(s_found(f, (wd_query_t){.source = "n1"}), "1.1");
    assert_string_equal(s_found(f, (wd_query_t){.modality = "planned"}), "");
    assert_string_equal(s_found(f, (wd_query_t){.article = "n1"}), "1.1");
    s_withdraw(f->store, "n3");
    assert_string_equal(s_found(f, (wd_query_t){.status = "current"}), "1.1");
    assert_string_equal(s_found(f, (wd_query_t){.status = "retracted"}), "4.1");
    /* The newest that fits stands for it. */
    wd_reader_t *reader = help_reader(f->folder);
    wd_rows_t rows = {0};
    assert_int_equal(wd_reader_query(reader, &(wd_query_t){.entity = "Fjell A"}, &rows), WD_OK);
    assert_int_equal(rows.count, 1);
    assert_non_null(strstr(rows.items[0], "{\"fact\":\"1.1\",\"observation\":\"3.1\","
                                          "\"status\":\"current\",\"sources\":3,"));
    assert_int_equal(wd_reader_query(reader, &(wd_query_t){.status = "lost"}, &rows), WD_E_FIELD);
    wd_rows_clear(&rows);
    wd_reader_close(&reader);
}

static void test_the_newest_period_is_current(void **state)
{
    help_fixture_t *f = *state;
    TELL(f->store, "a", "one", "2021-02-01", "statistic",
         FIRM("subject", "Orkla Tide") "," TEXT("metric", "cars sold") "," COUNT(
             "200", "car") "," DATE("period", "2020"));
    TELL(f->store, "b", "two", "2023-02-01", "statistic",
         FIRM("subject", "Orkla Tide") "," TEXT("metric", "cars sold") "," COUNT(
             "317", "car") "," DATE("period", "2022"));
    assert_string_equal(s_changes(f->store), "created 2.1, superseded 1.1");
    /* An old figure that comes late is old. */
    TELL(f->store, "c", "three", "2023-03-01", "statistic",
         FIRM("subject", "Orkla Tide") "," TEXT("metric", "cars sold") "," COUNT(
             "255", "car") "," DATE("period", "2021"));
    assert_string_equal(s_changes(f->store), "created 3.1, superseded 3.1");
    assert_int_equal(help_number(f->folder, "SELECT count(*) FROM facts WHERE status = 'current'"
                                            " AND fact = '2.1'"),
                     1);
    /* Half a year is no newer year. */
    TELL(f->store, "d", "four", "2023-08-01", "statistic",
         FIRM("subject", "Orkla Tide") "," TEXT("metric", "cars sold") "," COUNT(
             "150", "car") "," DATE("period", "2023-01/2023-06"));
    assert_string_equal(s_changes(f->store), "created 4.1");
    s_withdraw(f->store, "b");
    assert_string_equal(s_changes(f->store), "retracted 2.1, revised 3.1");
    assert_int_equal(help_number(f->folder, "SELECT count(*) FROM facts WHERE fact = '1.1'"
                                            " AND status = 'superseded'"),
                     1);
}

/* 2.68 and 2.74 are both told as 2.7, and are not the same. */
static void test_a_bridge_does_not_join_what_contradicts(void **state)
{
    help_fixture_t *f = *state;
    TELL(f->store, "a", "text", "2022-06-01", "investment",
         FIRM("investor", "Orkla Tide") "," SUM("amount", "2680000000", "NOK"));
    TELL(f->store, "b", "text", "2022-06-01", "investment",
         FIRM("investor", "Orkla Tide") "," SUM("amount", "2740000000", "NOK"));
    TELL(f->store, "c", "text", "2022-06-01", "investment",
         FIRM("investor", "Orkla Tide") "," SUM("amount", "2700000000", "NOK"));
    assert_int_equal(
        help_number(f->folder, "SELECT count(*) FROM facts WHERE status != 'retracted'"), 2);
}

/* The names of firms are not those of places or people, and a year is not another. */
static void test_what_is_kept_apart(void **state)
{
    help_fixture_t *f = *state;
    TELL(f->store, "a", "one", "2022-06-01", "founding",
         FIRM("entity", "Lincoln") "," DATE("date", "1917"), "location",
         FIRM("entity", "Halden Yard") "," PLACE("Bergen"), "statistic",
         FIRM("subject", "Orkla Tide") "," TEXT("metric", "revenue") "," SUM(
             "value", "123400000", "NOK") "," DATE("period", "2020"));
    TELL(f->store, "b", "two", "2022-06-02", "founding",
         "\"entity\":[{\"text\":\"Lincoln\",\"type\":\"place\"}]," DATE("date", "1917"), "location",
         FIRM("entity", "Halden Yard") "," PLACE("Oslo"), "statistic",
         FIRM("subject", "Orkla Tide") "," TEXT("metric", "revenue") "," SUM(
             "value", "123400000", "NOK") "," DATE("period", "2021"));
    assert_int_equal(help_number(f->folder, "SELECT count(*) FROM facts"), 6);
}

/* ------------------------------------------------------------------------------------ any order */

#define ARTICLES 14
#define VERSIONS 3
#define ORDERS   15

/* The records of an article's version, the same each time they are asked for. */
static void s_version(int article, int version, char ret[6][2][512], const char *list[13])
{
    static const char *const firms[] = {"Orkla Tide", "Orkla Tide AS", "Fjell Data Ltd",
                                        "Fjell Data"};
    static const char *const sums[] = {"2680000000", "2690000000", "2700000000", "2740000000",
                                       "3100000000"};
    static const char *const years[] = {"2019", "2020", "2021", "2020-01/2020-06"};
    static const char *const stages[] = {"planned", "completed", "opened"};
    uint64_t seed = (uint64_t)(article * 10 + version + 1);
    size_t count = 1 + help_random(&seed, 6);
    for (size_t i = 0; i < count; i++) {
        const char *firm = firms[help_random(&seed, 4)];
        const char *sum = sums[help_random(&seed, 5)];
        const char *year = years[help_random(&seed, 4)];
        bool dated = help_random(&seed, 2) == 0;
        char date[128] = "";
        switch (help_random(&seed, 4)) {
        case 0:
            if (dated)
                snprintf(date, sizeof date, "," DATE("date", "%s"), year);
            snprintf(ret[i][0], sizeof ret[i][0], "investment");
            snprintf(ret[i][1], sizeof ret[i][1],
                     FIRM("investor", "%s") "," SUM("amount", "%s", "NOK") "%s", firm, sum, date);
            break;
        case 1:
            if (dated)
                snprintf(date, sizeof date, "," DATE("period", "%s"), year);
            snprintf(ret[i][0], sizeof ret[i][0], "statistic");
            snprintf(ret[i][1], sizeof ret[i][1],
                     FIRM("subject", "%s") "," TEXT("metric", "revenue") "," SUM("value", "%s",
                                                                                 "NOK") "%s",
                     firm, sum, date);
            break;
        case 2:
            snprintf(ret[i][0], sizeof ret[i][0], "facility_event");
            snprintf(ret[i][1], sizeof ret[i][1],
                     FIRM("facility", "%s Yard") ",\"event\":[{\"text\":\"%s\",\"type\":\"enum\"}]",
                     dated ? "Halden" : "Bergen", stages[help_random(&seed, 3)]);
            break;
        default:
            snprintf(ret[i][0], sizeof ret[i][0], "founding");
            snprintf(ret[i][1], sizeof ret[i][1], FIRM("entity", "%s") "," DATE("date", "%s"), firm,
                     dated ? "1990" : year);
        }
        list[i * 2] = ret[i][0];
        list[i * 2 + 1] = ret[i][1];
    }
    list[count * 2] = NULL;
}

static void s_push(wd_store_t *store, int article, int version)
{
    char id[16], text[32], day[16];
    char records[6][2][512];
    const char *list[13];
    snprintf(id, sizeof id, "n%d", article);
    snprintf(text, sizeof text, "version %d", version);
    snprintf(day, sizeof day, "2022-06-%02d", 1 + article % 5 * 4);
    s_version(article, version, records, list);
    s_tell(store, id, text, day, list);
}

static void s_withdraw_number(wd_store_t *store, int article)
{
    char id[16];
    snprintf(id, sizeof id, "n%d", article);
    s_withdraw(store, id);
}

/* A push whose transaction comes to nothing. */
static void s_fail(wd_store_t *store, int article)
{
    char text[32], id[16];
    snprintf(id, sizeof id, "n%d", article);
    snprintf(text, sizeof text, "lost");
    wd_article_t *lost = wd_article_new(id, id, NULL, NULL, "2022-06-01", text, strlen(text));
    wd_outcome_t outcome = {0};
    assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_accept(store, lost, &outcome), WD_OK);
    assert_int_equal(wd_store_retract(store, id, &outcome), WD_OK);
    wd_store_rollback(store);
    wd_article_destroy(&lost);
}

/* What the store knows, without ids and numbers that tell of the order. */
static char *s_dump(const char *folder)
{
    static const char sql[] =
        "WITH o AS (SELECT o.id, ifnull(m.fact, o.id) AS fact, r.id || '#' ||"
        "  (SELECT count(*) FROM observation AS p WHERE p.id >> 16 = o.id >> 16 AND p.id <= o.id)"
        "  AS name FROM observation AS o JOIN revision AS r ON r.rev = o.id >> 16"
        "  LEFT JOIN member AS m ON m.id = o.id WHERE r.state = 1),"
        " s AS (SELECT fact, group_concat(name, ' ') AS names FROM"
        "  (SELECT fact, name FROM o ORDER BY name) GROUP BY fact)"
        " SELECT group_concat(line, char(10)) FROM (SELECT s.names || ' | ' ||"
        "  ifnull(f.status, 0) || ' | ' || ifnull((SELECT l.name FROM o AS l WHERE l.id = f.lead),"
        "  s.names) || ' | ' || CASE WHEN f.status = 1 THEN ifnull((SELECT group_concat(names, ';')"
        "  FROM (SELECT names FROM json_each(f.others) AS e JOIN s AS t ON t.fact = e.value"
        "  ORDER BY names)), '') ELSE '' END AS line"
        " FROM s LEFT JOIN fact AS f ON f.id = s.fact ORDER BY 1)";
    char path[256];
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    snprintf(path, sizeof path, "%s/winnow.db", folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const char *text = (const char *)sqlite3_column_text(statement, 0);
    char *copy = strdup(text != NULL ? text : "");
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return copy;
}

/* All articles by way of other versions, retractions and rollbacks to what `world` says. */
static char *s_world(uint64_t world, uint64_t way)
{
    char *folder = help_folder();
    wd_store_t *store = help_open(folder);
    uint64_t seed = way;
    int order[ARTICLES];
    for (int i = 0; i < ARTICLES; i++) {
        int k = (int)help_random(&seed, (uint64_t)i + 1);
        order[i] = order[k];
        order[k] = i;
    }
    for (int turn = 0; turn < 2; turn++) {
        for (int i = 0; i < ARTICLES; i++) {
            uint64_t last = world + (uint64_t)order[i];
            int version = (int)help_random(&last, VERSIONS + 1); /* 0: withdrawn at last */
            /* Version 1 comes first for all, then perhaps a second, then the last. */
            if (turn == 0)
                s_push(store, order[i], 100 + (int)help_random(&seed, 3));
            else if (version == 0)
                s_withdraw_number(store, order[i]);
            else
                s_push(store, order[i], version);
            if (turn == 1 && version > 0 && help_random(&seed, 3) == 0)
                s_push(store, order[i], version);
            if (help_random(&seed, 5) == 0)
                s_fail(store, order[i]);
            if (help_random(&seed, 10) == 0) {
                wd_store_close(&store);
                store = help_open(folder);
            }
        }
    }
    help_check(folder);
    char *dump = s_dump(folder);
    wd_store_close(&store);
    help_folder_remove(&folder);
    return dump;
}

static void test_any_order_ends_the_same(void **state)
{
    (void)state;
    size_t facts = 0, disputed = 0, told = 0;
    for (uint64_t world = 1; world <= 3; world++) {
        char *first = s_world(world * 1000, 1);
        for (uint64_t way = 2; way <= ORDERS / 3 + 1; way++) {
            char *again = s_world(world * 1000, way);
            if (strcmp(first, again) != 0)
                fail_msg("world %d, way %d:\n%s\n---\n%s", (int)world, (int)way, first, again);
            free(again);
        }
        for (const char *p = first; p != NULL; p = strchr(p, '\n')) {
            p += *p == '\n';
            facts++;
            disputed += strstr(p, "| 1 |") != NULL;
            told += strchr(p, ' ') < strchr(p, '|') - 1;
        }
        free(first);
    }
    /* It is about something. */
    assert_true(facts > 20 && disputed > 0 && told > 3);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, help_setup, help_teardown)
    const struct CMUnitTest tests[] = {
        T(test_a_second_paper_corroborates),
        T(test_another_sum_is_disputed_and_settled),
        T(test_a_fact_is_found_once),
        T(test_the_newest_period_is_current),
        T(test_a_bridge_does_not_join_what_contradicts),
        T(test_what_is_kept_apart),
        cmocka_unit_test(test_any_order_ends_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
