/* SPDX-License-Identifier: Apache-2.0 */
#include "store_help.h"

#include <dirent.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *help_folder(void)
{
    char *folder = strdup("./store-XXXXXX");
    assert_non_null(folder);
    assert_non_null(mkdtemp(folder));
    return folder;
}

void help_folder_remove(char **folder_p)
{
    DIR *dir = opendir(*folder_p);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", *folder_p, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    closedir(dir);
    rmdir(*folder_p);
    free(*folder_p);
    *folder_p = NULL;
}

wd_store_t *help_open(const char *folder)
{
    wd_code_t code = WD_OK;
    char message[512] = "";
    /* So few that ids move into the file all the time. */
    wd_store_options_t options = {.gather = 4};
    wd_store_t *store = wd_store_open(folder, &options, &code, message, sizeof message);
    if (store == NULL)
        fail_msg("%s", message);
    return store;
}

int help_setup(void **state)
{
    help_fixture_t *f = calloc(1, sizeof *f);
    f->folder = help_folder();
    f->store = help_open(f->folder);
    *state = f;
    return 0;
}

int help_teardown(void **state)
{
    help_fixture_t *f = *state;
    if (f->store != NULL)
        help_check(f->folder);
    wd_store_close(&f->store);
    help_folder_remove(&f->folder);
    free(f);
    return 0;
}

wd_reader_t *help_reader(const char *folder)
{
    wd_code_t code = WD_OK;
    char message[512] = "";
    wd_reader_t *reader = wd_reader_open(folder, &code, message, sizeof message);
    if (reader == NULL)
        fail_msg("%s", message);
    return reader;
}

wd_article_t *help_article(const char *id, const char *text)
{
    wd_article_t *article = wd_article_new(id, "Example Daily", NULL, "A \"headline\"",
                                           "2022-06-23", text, strlen(text));
    assert_non_null(article);
    return article;
}

wd_outcome_t help_accept(wd_store_t *store, const char *id, const char *text)
{
    wd_article_t *article = help_article(id, text);
    wd_outcome_t outcome = {0};
    assert_int_equal(wd_store_begin(store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_accept(store, article, &outcome), WD_OK);
    assert_int_equal(wd_store_commit(store), WD_OK);
    wd_article_destroy(&article);
    return outcome;
}

char *help_record(const char *kind, const char *entity, const char *place, const char *amount,
                  const char *unit)
{
    char *json = malloc(2048);
    assert_non_null(json);
    int at = snprintf(json, 2048,
                      "{\"kind\":\"%s\",\"modality\":\"actual\",\"reported_by\":null,"
                      "\"roles\":{",
                      kind);
    const char *comma = "";
    if (entity != NULL) {
        at += snprintf(json + at, 2048 - (size_t)at,
                       "\"investor\":[{\"text\":\"%s\",\"type\":\"organisation\"}]", entity);
        comma = ",";
    }
    if (amount != NULL) {
        at += snprintf(json + at, 2048 - (size_t)at,
                       "%s\"amount\":[{\"text\":\"so much\",\"type\":\"money\",\"number\":%s,"
                       "\"unit\":\"%s\",\"bound\":\"exact\"}]",
                       comma, amount, unit);
        comma = ",";
    }
    if (place != NULL)
        at += snprintf(json + at, 2048 - (size_t)at,
                       "%s\"place\":[{\"text\":\"%s\",\"type\":\"place\"}]", comma, place);
    snprintf(json + at, 2048 - (size_t)at,
             "},\"evidence\":{\"start\":0,\"end\":3,\"text\":\"…\"}}");
    return json;
}

wd_finished_t *help_finished(wd_store_t *store, int64_t rev, size_t count)
{
    wd_job_t *jobs[1] = {NULL};
    size_t found = 0;
    bool more = false;
    assert_int_equal(wd_store_unfinished(store, false, rev - 1, 1, SIZE_MAX, jobs, &found, &more),
                     WD_OK);
    if (found == 0 || jobs[0]->rev != rev) {
        if (found > 0)
            wd_job_destroy(&jobs[0]);
        assert_int_equal(wd_store_unfinished(store, true, 0, 1, SIZE_MAX, jobs, &found, &more),
                         WD_OK);
    }
    assert_int_equal(found, 1);
    assert_int_equal(jobs[0]->rev, rev);
    wd_finished_t *finished = wd_finished_new(&jobs[0]);
    assert_non_null(finished);
    static const char *const kinds[] = {"investment", "statement", "founding"};
    for (size_t i = 0; i < count; i++)
        help_add(finished, kinds[i % 3],
                 help_record(kinds[i % 3], "Halden Marine", "Bergen", "40000000", "EUR"));
    return finished;
}

void help_add(wd_finished_t *finished, const char *kind, char *record)
{
    assert_true(wd_finished_add(finished, kind, record, strlen(record)));
    free(record);
}

void help_store(wd_store_t *store, wd_finished_t *finished)
{
    assert_true(wd_finished_seal(finished));
    assert_int_equal(wd_store_begin(store, HELP_NOW + 1), WD_OK);
    assert_int_equal(wd_store_finish(store, finished), WD_OK);
    assert_int_equal(wd_store_tidy(store, 4), WD_OK);
    assert_int_equal(wd_store_commit(store), WD_OK);
    wd_finished_destroy(&finished);
}

static sqlite3 *s_file(const char *folder)
{
    char path[512];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/winnow.db", folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return db;
}

int64_t help_number(const char *folder, const char *sql)
{
    sqlite3 *db = s_file(folder);
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

void help_run(const char *folder, const char *sql)
{
    sqlite3 *db = s_file(folder);
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
}

/* Everything replayed: numbers without a gap, each `prev` the one before in its stream. */
static void s_check_replay(const char *folder)
{
    wd_reader_t *reader = help_reader(folder);
    uint64_t next = 1, complete = 0, last = 1;
    char streams[64][64] = {""};
    uint64_t before[64] = {0};
    while (complete < last) {
        wd_events_t *events = NULL;
        assert_int_equal(wd_reader_replay(reader, next, NULL, 0, 0, &events, &complete, &last),
                         WD_OK);
        for (size_t i = 0; events != NULL && i < wd_events_count(events); i++) {
            const wd_event_t *event = wd_events_at(events, i);
            assert_int_equal(event->seq, next);
            next++;
            size_t size =
                strncmp(event->topic, "article.", 8) == 0 ? 7 : 5 + strcspn(event->topic + 5, ".");
            size_t stream = 0;
            while (streams[stream][0] != '\0' &&
                   (strlen(streams[stream]) != size ||
                    strncmp(streams[stream], event->topic, size) != 0))
                stream++;
            assert_true(stream < 64 && size < 64);
            memcpy(streams[stream], event->topic, size);
            char expected[128];
            snprintf(expected, sizeof expected, "\"seq\":%" PRIu64 ",\"prev\":%" PRIu64 ",",
                     event->seq, before[stream]);
            assert_non_null(strstr(event->body, expected));
            before[stream] = event->seq;
        }
        wd_events_unref(&events);
        assert_true(complete <= last);
    }
    assert_int_equal(next - 1, last);
    wd_reader_close(&reader);
}

void help_check(const char *folder)
{
    static const char *const must_be_zero[] = {
        /* counts */
        "SELECT count(*) FROM (SELECT 0 AS s UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL "
        "SELECT 3"
        " UNION ALL SELECT 4) AS states WHERE (SELECT count(*) FROM revision WHERE state = s) !="
        " (SELECT value FROM tally WHERE name = CASE s WHEN 0 THEN 'accepted' WHEN 1 THEN 'stored'"
        " WHEN 2 THEN 'failed' WHEN 3 THEN 'superseded' ELSE 'retracted' END)",
        "SELECT (SELECT count(DISTINCT ifnull(m.fact, o.id)) FROM observation AS o"
        " JOIN revision ON rev = o.id >> 16 LEFT JOIN member AS m ON m.id = o.id"
        " WHERE state = 1) - (SELECT value FROM tally WHERE name = 'facts')",
        "SELECT count(*) FROM revision AS r WHERE facts !="
        " (SELECT count(*) FROM observation WHERE id BETWEEN r.rev << 16 AND (r.rev << 16) + "
        "65535)",
        /* events: no gap; a fact is current from its creation to its retraction */
        "SELECT (SELECT count(*) FROM event) - (SELECT ifnull(max(seq), 0) FROM event)",
        "SELECT (SELECT count(*) FROM event WHERE stream > 0 AND change = 0) -"
        " (SELECT count(*) FROM event WHERE stream > 0 AND change = 1) -"
        " (SELECT value FROM tally WHERE name = 'facts')",
        "SELECT count(*) FROM (SELECT sum(CASE change WHEN 0 THEN 1 WHEN 1 THEN -1 ELSE 0 END)"
        " AS alive FROM event WHERE stream > 0 GROUP BY ifnull(fact, rev * 65536 + n)"
        " HAVING alive NOT IN (0, 1))",
        /* facts: those that have sources list live observations of theirs, and no other fact's */
        "SELECT count(*) FROM fact WHERE (status = 3) != (sources = 0)",
        "SELECT count(*) FROM fact, json_each(fact.observations) AS o"
        " LEFT JOIN member AS m ON m.id = o.value"
        " WHERE ifnull(m.fact, o.value) != fact.id OR NOT EXISTS"
        " (SELECT 1 FROM revision WHERE rev = o.value >> 16 AND state = 1)",
        "SELECT count(*) FROM member AS m JOIN revision AS r ON r.rev = m.id >> 16"
        " WHERE r.state = 1 AND NOT EXISTS (SELECT 1 FROM fact, json_each(fact.observations) AS o"
        " WHERE fact.id = m.fact AND o.value = m.id) AND"
        " (SELECT json_array_length(observations) FROM fact WHERE id = m.fact) < 32",
        /* disputes are mutual, unless a newer figure stands above */
        "SELECT count(*) FROM fact AS f, json_each(f.others) AS o JOIN fact AS g ON g.id = o.value"
        " WHERE f.status = 1 AND g.status = 1 AND NOT EXISTS"
        " (SELECT 1 FROM json_each(g.others) AS p WHERE p.value = f.id)",
        "SELECT count(*) FROM fact AS f, json_each(f.others) AS o"
        " WHERE (SELECT status FROM fact WHERE id = o.value) = 3",
        "SELECT count(*) FROM stream WHERE last !="
        " (SELECT ifnull(max(seq), 0) FROM event WHERE event.stream = stream.id)",
        /* each revision that ended has said so last */
        "SELECT count(*) FROM revision AS r WHERE state > 0 AND state !="
        " (SELECT change FROM event AS e WHERE e.rev = r.rev AND stream = 0 ORDER BY seq DESC "
        "LIMIT 1)",
        "SELECT count(*) FROM (SELECT 1 FROM event WHERE stream = 0 AND change = 1"
        " GROUP BY rev HAVING count(*) > 1)",
        /* at most one revision of an article is stored, and nothing below it is alive */
        "SELECT count(*) FROM (SELECT 1 FROM revision WHERE state = 1 GROUP BY id HAVING count(*) "
        "> 1)",
        "SELECT count(*) FROM revision AS r JOIN revision AS o ON o.id = r.id AND o.number < "
        "r.number"
        " WHERE r.state = 1 AND o.state < 3",
        /* one text once, numbers without a gap */
        "SELECT count(*) FROM (SELECT 1 FROM revision GROUP BY id, text_hash HAVING count(*) > 1)",
        "SELECT count(*) FROM (SELECT 1 FROM revision GROUP BY id HAVING max(number) != count(*))",
        "SELECT (SELECT count(*) FROM revision) - (SELECT count(*) FROM text)",
        "SELECT CASE (SELECT integrity_check FROM pragma_integrity_check) WHEN 'ok' THEN 0 ELSE 1 "
        "END",
        "SELECT count(*) FROM pragma_foreign_key_check",
    };
    for (size_t i = 0; i < sizeof must_be_zero / sizeof must_be_zero[0]; i++)
        if (help_number(folder, must_be_zero[i]) != 0)
            fail_msg("does not hold: %s", must_be_zero[i]);
    s_check_replay(folder);
}

uint64_t help_random(uint64_t *state, uint64_t below)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (z ^ z >> 31) % below;
}
