/* SPDX-License-Identifier: Apache-2.0 */
/* The schema: made, brought up to date whole or not at all, refused when newer; and what its
 * queries cost. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store_help.h"

#include "daemon/store_sql.h"

static wd_code_t s_refused(const char *folder, char *message, size_t size)
{
    wd_code_t code = WD_OK;
    assert_null(wd_store_open(folder, NULL, &code, message, size));
    return code;
}

static void test_a_newer_schema_is_refused(void **state)
{
    (void)state;
    char *folder = help_folder(), message[512];
    wd_store_t *store = help_open(folder);
    wd_store_close(&store);
    help_run(folder, "PRAGMA user_version = 7");
    assert_int_equal(s_refused(folder, message, sizeof message), WD_E_NEWER);
    char expected[128];
    snprintf(expected, sizeof expected,
             "winnow.db: schema 7 is newer than this program (%d); use a newer winnowd",
             wd_schema_version);
    assert_string_equal(message, expected);
    help_folder_remove(&folder);
}

static void test_what_is_no_store_is_refused(void **state)
{
    (void)state;
    char *folder = help_folder(), message[512], path[256];
    help_run(folder, "CREATE TABLE other (x)");
    assert_int_equal(s_refused(folder, message, sizeof message), WD_E_CORRUPT);
    assert_string_equal(message, "winnow.db: a database, but no store of winnow");
    help_folder_remove(&folder);

    folder = help_folder();
    snprintf(path, sizeof path, "%s/winnow.db", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 1000; i++)
        fputs("this is no database ", file);
    fclose(file);
    assert_int_equal(s_refused(folder, message, sizeof message), WD_E_CORRUPT);
    assert_non_null(strstr(message, "winnow.db"));
    help_folder_remove(&folder);
}

static void test_a_folder_that_is_not_there(void **state)
{
    (void)state;
    char message[512];
    assert_int_equal(s_refused("./no-such-folder", message, sizeof message), WD_E_IO);
    assert_string_equal(message, "./no-such-folder/winnow.lock: No such file or directory");
}

static const char *const s_nothing[] = {"SELECT 1"};

static wd_code_t s_upgrade(const char *folder, const char *const *steps, int version, char *message,
                           size_t size)
{
    wd_sql_t sql;
    wd_code_t code = wd_sql_open(&sql, folder, false, s_nothing, 1);
    assert_int_equal(code, WD_OK);
    code = wd_schema_upgrade(&sql, steps, version, HELP_NOW);
    snprintf(message, size, "%s", sql.message);
    wd_sql_close(&sql);
    return code;
}

/* Two steps behind those of the program. */
static void s_steps(const char **ret, const char *one, const char *two)
{
    for (int i = 0; i < wd_schema_version; i++)
        ret[i] = wd_schema_steps[i];
    ret[wd_schema_version] = one;
    ret[wd_schema_version + 1] = two;
}

static void test_an_older_schema_is_brought_up_to_date(void **state)
{
    (void)state;
    char *folder = help_folder(), message[512];
    wd_store_t *store = help_open(folder);
    help_accept(store, "a", "one");
    wd_store_close(&store);
    const char *steps[16];
    int version = wd_schema_version + 2;
    s_steps(steps, "CREATE TABLE more (x);",
            "ALTER TABLE more ADD COLUMN y; INSERT INTO more VALUES (1, 2);");
    assert_int_equal(s_upgrade(folder, steps, version, message, sizeof message), WD_OK);
    assert_int_equal(help_number(folder, "PRAGMA user_version"), version);
    assert_int_equal(help_number(folder, "SELECT y FROM more"), 2);
    assert_int_equal(help_number(folder, "SELECT count(*) FROM revision"), 1);
    /* and once only */
    assert_int_equal(s_upgrade(folder, steps, version, message, sizeof message), WD_OK);
    assert_int_equal(help_number(folder, "SELECT count(*) FROM more"), 1);
    help_folder_remove(&folder);
}

/* Version 3 moves the ids of articles into a table of their own. */
static void test_a_store_of_version_2_knows_its_articles(void **state)
{
    (void)state;
    char *folder = help_folder();
    wd_store_t *store = help_open(folder);
    for (int i = 0; i < 20; i++) {
        char id[16];
        snprintf(id, sizeof id, "id%d", i);
        help_accept(store, id, "one");
    }
    wd_store_close(&store);
    help_run(folder, "DROP TABLE known; DELETE FROM tally WHERE name = 'known';"
                     "CREATE UNIQUE INDEX revision_identity"
                     " ON revision (id_hash, number, text_hash);"
                     "PRAGMA user_version = 2");
    store = help_open(folder);
    assert_int_equal(help_number(folder, "SELECT count(*) FROM known"), 20);
    assert_int_equal(help_number(folder, "SELECT value FROM tally WHERE name = 'known'"), 20);
    assert_true(help_accept(store, "id7", "one").duplicate);
    assert_int_equal(help_accept(store, "id7", "two").revision, 2);
    help_check(folder);
    wd_store_close(&store);
    help_folder_remove(&folder);
}

static void test_a_step_that_fails_undoes_all(void **state)
{
    (void)state;
    char *folder = help_folder(), message[512];
    wd_store_t *store = help_open(folder);
    wd_store_close(&store);
    const char *steps[16];
    s_steps(steps, "CREATE TABLE more (x);",
            "CREATE TABLE third (x); INSERT INTO nowhere VALUES (1);");
    assert_int_not_equal(s_upgrade(folder, steps, wd_schema_version + 2, message, sizeof message),
                         WD_OK);
    assert_non_null(strstr(message, "nowhere"));
    assert_int_equal(help_number(folder, "PRAGMA user_version"), wd_schema_version);
    assert_int_equal(
        help_number(folder, "SELECT count(*) FROM sqlite_schema WHERE name IN ('more', 'third')"),
        0);
    store = help_open(folder);
    wd_store_close(&store);
    help_folder_remove(&folder);
}

static void s_die(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)context;
    (void)count;
    (void)values;
    kill(getpid(), SIGKILL);
}

/* A process that dies by SIGKILL in the middle of its upgrade, with much of it written. */
static void test_death_in_the_middle_of_an_upgrade(void **state)
{
    (void)state;
    char *folder = help_folder();
    wd_store_t *store = help_open(folder);
    help_accept(store, "a", "one");
    wd_store_close(&store);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        wd_sql_t sql;
        const char *steps[16];
        s_steps(steps,
                "CREATE TABLE more (x);"
                "PRAGMA cache_size = 1;"
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                " WHERE i < 2000) INSERT INTO more SELECT hex(zeroblob(1000)) FROM n;"
                "UPDATE revision SET id = 'wrong'; SELECT die();",
                "");
        wd_sql_open(&sql, folder, false, s_nothing, 1);
        sqlite3_create_function(sql.db, "die", 0, SQLITE_UTF8, NULL, s_die, NULL, NULL);
        wd_schema_upgrade(&sql, steps, wd_schema_version + 1, HELP_NOW);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    store = help_open(folder);
    assert_int_equal(help_number(folder, "PRAGMA user_version"), wd_schema_version);
    assert_int_equal(help_number(folder, "SELECT count(*) FROM sqlite_schema WHERE name = 'more'"),
                     0);
    assert_true(help_accept(store, "a", "one").duplicate);
    help_check(folder);
    wd_store_close(&store);
    help_folder_remove(&folder);
}

/* No statement of either side walks through a table that grows. The small ones: stream, tally,
 * meta, and of the keys those that are not in a run yet, and the list of runs. */
static void s_check_plans(const char *folder, const char *const *statements, size_t count)
{
    char path[256];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/winnow.db", folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    for (size_t i = 0; i < count; i++) {
        char sql[4096];
        sqlite3_stmt *statement = NULL;
        assert_non_null(statements[i]);
        snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", statements[i]);
        if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
            fail_msg("%s: %s", statements[i], sqlite3_errmsg(db));
        while (sqlite3_step(statement) == SQLITE_ROW) {
            const char *detail = (const char *)sqlite3_column_text(statement, 3);
            bool walks = strncmp(detail, "SCAN ", 5) == 0 &&
                         strncmp(detail, "SCAN stream", 11) != 0 &&
                         strncmp(detail, "SCAN key_tail", 13) != 0 &&
                         strncmp(detail, "SCAN key_run", 12) != 0 &&
                         strncmp(detail, "SCAN catch_up", 13) != 0 &&
                         strncmp(detail, "SCAN CONSTANT ROW", 17) != 0 &&
                         strncmp(detail, "SCAN (subquery", 14) != 0;
            bool sorts = strstr(detail, "TEMP B-TREE") != NULL;
            if (walks || sorts)
                fail_msg("%s: %s", statements[i], detail);
        }
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
}

static void test_no_statement_walks_through_a_table(void **state)
{
    (void)state;
    char *folder = help_folder();
    wd_store_t *store = help_open(folder);
    s_check_plans(folder, wd_store_statements, wd_store_statement_count);
    s_check_plans(folder, wd_reader_statements, wd_reader_statement_count);
    wd_store_close(&store);
    help_folder_remove(&folder);
}

static void test_the_views_can_be_read(void **state)
{
    (void)state;
    char *folder = help_folder();
    wd_store_t *store = help_open(folder);
    help_accept(store, "a", "one");
    help_store(store, help_finished(store, 1, 3));
    wd_outcome_t outcome;
    assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_retract(store, "a", &outcome), WD_OK);
    assert_int_equal(wd_store_commit(store), WD_OK);
    assert_int_equal(help_number(folder, "SELECT count(*) FROM articles WHERE state = 'retracted'"
                                         " AND received = '2023-11-14T22:13:20Z'"),
                     1);
    assert_int_equal(help_number(folder,
                                 "SELECT count(*) FROM facts WHERE kind = 'statement' AND"
                                 " fact = '1.2' AND status = 'retracted' AND article = 'a'"),
                     1);
    assert_int_equal(help_number(folder, "SELECT count(*) FROM fillers WHERE role = 'amount' AND"
                                         " number = 40000000 AND unit = 'EUR'"),
                     3);
    assert_int_equal(help_number(folder, "SELECT count(*) FROM events WHERE topic IN"
                                         " ('fact.founding.retracted', 'article.retracted',"
                                         " 'article.stored')"),
                     3);
    wd_store_close(&store);
    help_folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_newer_schema_is_refused),
        cmocka_unit_test(test_what_is_no_store_is_refused),
        cmocka_unit_test(test_a_folder_that_is_not_there),
        cmocka_unit_test(test_an_older_schema_is_brought_up_to_date),
        cmocka_unit_test(test_a_store_of_version_2_knows_its_articles),
        cmocka_unit_test(test_a_step_that_fails_undoes_all),
        cmocka_unit_test(test_death_in_the_middle_of_an_upgrade),
        cmocka_unit_test(test_no_statement_walks_through_a_table),
        cmocka_unit_test(test_the_views_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
