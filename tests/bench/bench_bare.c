/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accepting articles, beside a bare loop that commits the same rows.
 *
 *   bench_bare [--articles N] [--batch N] [--size BYTES] DIR
 *
 * In turns, on two stores of one schema: the store's wd_store_accept (duplicates looked for,
 * revisions counted), and two prepared INSERTs. The same articles, batches, pragmas and
 * checkpoints. Prints each round and the median of the ratios.
 */
#include <getopt.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "made.h"

#define ROUNDS 7

static double s_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static wd_store_t *s_open(const char *dir)
{
    wd_code_t code;
    char message[256];
    mkdir(dir, 0700);
    wd_store_t *store = wd_store_open(dir, NULL, &code, message, sizeof message);
    if (store == NULL) {
        fprintf(stderr, "bench_bare: %s\n", message);
        exit(1);
    }
    return store;
}

static void s_must(bool ok)
{
    if (!ok)
        abort();
}

static double s_by_store(wd_store_t *store, wd_article_t **articles, size_t count, size_t batch)
{
    double start = s_seconds();
    for (size_t i = 0; i < count; i += batch) {
        s_must(wd_store_begin(store, 1700000000000) == WD_OK);
        for (size_t k = i; k < i + batch && k < count; k++) {
            wd_outcome_t outcome;
            s_must(wd_store_accept(store, articles[k], &outcome) == WD_OK);
        }
        s_must(wd_store_commit(store) == WD_OK);
        wd_store_checkpoint(store, false);
    }
    return s_seconds() - start;
}

static void s_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    if (text != NULL)
        sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, index);
}

typedef struct {
    sqlite3 *db;
    sqlite3_stmt *revision, *text;
    int64_t rev;
} s_bare_t;

static void s_insert(s_bare_t *self, const wd_article_t *a)
{
    sqlite3_stmt *s = self->revision;
    sqlite3_bind_int64(s, 1, ++self->rev);
    sqlite3_bind_int64(s, 2, (sqlite3_int64)a->size);
    sqlite3_bind_blob(s, 3, a->id_hash, WD_HASH_SIZE, SQLITE_STATIC);
    sqlite3_bind_blob(s, 4, a->text_hash, WD_HASH_SIZE, SQLITE_STATIC);
    s_bind_text(s, 5, a->id);
    s_bind_text(s, 6, a->source);
    s_bind_text(s, 7, a->url);
    s_bind_text(s, 8, a->title);
    s_bind_text(s, 9, a->published);
    s_must(sqlite3_step(s) == SQLITE_DONE);
    sqlite3_reset(s);
    sqlite3_bind_int64(self->text, 1, self->rev);
    sqlite3_bind_text64(self->text, 2, a->text, a->size, SQLITE_STATIC, SQLITE_UTF8);
    s_must(sqlite3_step(self->text) == SQLITE_DONE);
    sqlite3_reset(self->text);
}

static double s_by_hand(s_bare_t *self, wd_article_t **articles, size_t count, size_t batch)
{
    double start = s_seconds();
    for (size_t i = 0; i < count; i += batch) {
        s_must(sqlite3_exec(self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK);
        for (size_t k = i; k < i + batch && k < count; k++)
            s_insert(self, articles[k]);
        s_must(sqlite3_exec(self->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
    }
    return s_seconds() - start;
}

static void s_open_bare(s_bare_t *self, const char *dir)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/winnow.db", dir);
    wd_store_t *store = s_open(dir);
    wd_store_close(&store);
    s_must(sqlite3_open(path, &self->db) == SQLITE_OK);
    s_must(sqlite3_exec(self->db,
                        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                        "PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864;",
                        NULL, NULL, NULL) == SQLITE_OK);
    s_must(sqlite3_prepare_v2(self->db,
                              "INSERT INTO revision (rev, number, received, size, id_hash,"
                              " text_hash, id, source, url, title, published)"
                              " VALUES (?1, 1, 1700000000000, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                              -1, &self->revision, NULL) == SQLITE_OK);
    s_must(sqlite3_prepare_v2(self->db, "INSERT INTO text (rev, text) VALUES (?1, ?2)", -1,
                              &self->text, NULL) == SQLITE_OK);
}

static int s_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    size_t count = 10000, batch = 64, size = 5000;
    static const struct option names[] = {{"articles", 1, NULL, 'a'},
                                          {"batch", 1, NULL, 'b'},
                                          {"size", 1, NULL, 's'},
                                          {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        size_t number = optarg != NULL ? strtoul(optarg, NULL, 10) : 0;
        if (option == 'a')
            count = number;
        else if (option == 'b')
            batch = number;
        else if (option == 's')
            size = number;
        else
            return 2;
    }
    if (optind != argc - 1 || batch == 0) {
        fprintf(stderr, "bench_bare: which folder?\n");
        return 2;
    }
    char bare_dir[4000], store_dir[4000];
    snprintf(bare_dir, sizeof bare_dir, "%s/bare", argv[optind]);
    snprintf(store_dir, sizeof store_dir, "%s/store", argv[optind]);
    wd_store_t *store = s_open(store_dir);
    s_bare_t bare = {0};
    s_open_bare(&bare, bare_dir);
    made_t made;
    made_init(&made, 1);
    wd_article_t **articles = calloc(count, sizeof(wd_article_t *));
    if (articles == NULL)
        return 1;
    double ratios[ROUNDS];
    for (uint64_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < count; i++)
            articles[i] = made_article(&made, round * count + i, size);
        /* Who begins changes, so that neither always finds the disk at rest. */
        double by_hand = round % 2 == 0 ? s_by_hand(&bare, articles, count, batch) : 0;
        double by_store = s_by_store(store, articles, count, batch);
        if (round % 2 != 0)
            by_hand = s_by_hand(&bare, articles, count, batch);
        ratios[round] = by_hand / by_store;
        printf("accept %.0f articles/s, bare %.0f articles/s, ratio %.2f\n",
               (double)count / by_store, (double)count / by_hand, ratios[round]);
        fflush(stdout);
        for (size_t i = 0; i < count; i++)
            wd_article_destroy(&articles[i]);
    }
    qsort(ratios, ROUNDS, sizeof ratios[0], s_compare);
    printf("accept_ratio %.2f median\n", ratios[ROUNDS / 2]);
    free(articles);
    made_free(&made);
    sqlite3_finalize(bare.revision);
    sqlite3_finalize(bare.text);
    sqlite3_close(bare.db);
    wd_store_close(&store);
    return 0;
}
