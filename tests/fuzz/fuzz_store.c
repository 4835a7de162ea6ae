/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the store reads of others: records, and the filters of a question. The first byte chooses.
 *
 *   'r'  the rest is the JSON of a record: its fillers, its evidence, its words
 *   'q'  the rest is a filter a line, in the order of s_fields, asked of a small store
 *   's'  the rest is a fact's or an article's id to show
 *
 * A store that is sound answers anything, or says which field is at fault.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/record.h"
#include "daemon/store.h"
#include "daemon/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char s_text[] =
    "Halden Marine said on Tuesday that it will invest 40 million euros in Bergen.";
static const char s_record[] =
    "{\"kind\":\"investment\",\"modality\":\"planned\",\"roles\":{\"investor\":[{\"type\":"
    "\"organization\","
    "\"text\":\"Halden "
    "Marine\",\"start\":0,\"end\":13}],\"amount\":[{\"type\":\"money\",\"text\":\"40 million "
    "euros\",\"number\":40000000,\"unit\":\"EUR\",\"start\":49,\"end\":65}]},\"evidence\":{"
    "\"start\":0,"
    "\"end\":77,\"text\":\"\"}}";

static wd_reader_t *s_reader;

static void s_must(int ok)
{
    if (!ok)
        abort();
}

static char s_dir[64];

/* Files that the process had open are of no use to anybody after it. */
static void s_remove(void)
{
    char command[96];
    wd_reader_close(&s_reader);
    snprintf(command, sizeof command, "rm -rf %s", s_dir);
    if (system(command) != 0)
        fputs("fuzz_store: the scratch folder is left\n", stderr);
}

/* A store of three articles, one of them with a fact; opened once. */
static void s_open(void)
{
    char message[256] = "";
    wd_code_t code;
    snprintf(s_dir, sizeof s_dir, "/tmp/winnow-fuzz-XXXXXX");
    s_must(mkdtemp(s_dir) != NULL);
    wd_store_t *store = wd_store_open(s_dir, NULL, &code, message, sizeof message);
    s_must(store != NULL);
    s_must(wd_store_begin(store, 1655942400000) == WD_OK);
    for (int i = 0; i < 3; i++) {
        char id[16];
        wd_outcome_t outcome;
        snprintf(id, sizeof id, "article %d", i);
        wd_article_t *article =
            wd_article_new(id, "source", NULL, "Title", "2022-06-23", s_text, sizeof s_text - 1);
        s_must(article && wd_store_accept(store, article, &outcome) == WD_OK);
        wd_outcome_clear(&outcome);
        wd_article_destroy(&article);
    }
    s_must(wd_store_commit(store) == WD_OK);
    wd_job_t *jobs[3];
    size_t count;
    bool more;
    s_must(wd_store_unfinished(store, false, 0, 3, 1 << 20, jobs, &count, &more) == WD_OK &&
           count == 3);
    s_must(wd_store_begin(store, 1655942400000) == WD_OK);
    for (size_t i = 0; i < count; i++) {
        wd_finished_t *finished = wd_finished_new(&jobs[i]);
        s_must(finished != NULL);
        if (i == 0)
            s_must(wd_finished_add(finished, "investment", s_record, sizeof s_record - 1));
        s_must(wd_finished_seal(finished) && wd_store_finish(store, finished) == WD_OK);
        wd_finished_destroy(&finished);
    }
    s_must(wd_store_commit(store) == WD_OK);
    wd_events_t *events = wd_store_take_events(store);
    wd_events_unref(&events);
    wd_outcome_t *ended = wd_store_take_ended(store, &count);
    for (size_t i = 0; i < count; i++)
        wd_outcome_clear(&ended[i]);
    free(ended);
    s_reader = wd_reader_open(s_dir, &code, message, sizeof message);
    s_must(s_reader != NULL);
    wd_store_close(&store);
    atexit(s_remove);
}

static bool s_visit(void *arg, const wd_filler_t *filler)
{
    size_t *count = arg;
    s_must(filler->equivalents <= WD_EQUIVALENTS_MAX);
    wd_decimal_t number;
    if (filler->number.data && wd_decimal_parse(filler->number.data, filler->number.size, &number))
        s_must(wd_decimal_power(&number) >= 0 && wd_decimal_compare(&number, &number) == 0);
    if (wd_filler_place(filler))
        s_must(wd_filler_named(filler) || filler->role.size > 0);
    ++*count;
    return true;
}

static void s_read_record(const char *json, size_t size)
{
    size_t count = 0, start = 0, end = 0;
    wd_record_fillers(json, size, s_visit, &count);
    if (wd_record_evidence(json, size, &start, &end))
        s_must(start <= end);
    wd_words_t words;
    wd_words_start(&words, json, size);
    while (wd_words_next(&words))
        s_must(words.size > 0 && words.size <= WD_WORD_MAX);
}

static bool s_answered(wd_code_t code)
{
    return code == WD_OK || code == WD_E_FIELD || code == WD_E_NOT_FOUND;
}

static void s_ask(char *line)
{
    wd_query_t query = {.limit = 2};
    const char **field[] = {&query.kind, &query.entity, &query.place, &query.since,   &query.until,
                            &query.min,  &query.unit,   &query.text,  &query.article, &query.after};
    for (size_t i = 0; i < sizeof field / sizeof *field && line; i++) {
        char *end = strchr(line, '\n');
        if (end)
            *end = '\0';
        if (*line)
            *field[i] = line;
        line = end ? end + 1 : NULL;
    }
    wd_rows_t rows = {0};
    s_must(s_answered(wd_reader_query(s_reader, &query, &rows)));
    s_must(rows.count <= 2);
    wd_rows_clear(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!s_reader)
        s_open();
    if (!size)
        return 0;
    char *rest = malloc(size);
    s_must(rest != NULL);
    memcpy(rest, data + 1, size - 1);
    rest[size - 1] = '\0';
    char *json = NULL;
    switch (data[0]) {
    case 'q':
        s_ask(rest);
        break;
    case 's':
        s_must(s_answered(wd_reader_show_fact(s_reader, rest, &json)));
        free(json);
        json = NULL;
        s_must(s_answered(wd_reader_show_article(s_reader, rest, &json)));
        free(json);
        break;
    default:
        s_read_record(rest, size - 1);
    }
    free(rest);
    return 0;
}
