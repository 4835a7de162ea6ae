/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store on SQLite: opening, transactions, checkpoints.
 *
 * Write-ahead log, synchronous=FULL: a commit is on the disk when it returns. This connection does
 * every write and every checkpoint; readers (store_query.c) do neither, since SQLite before 3.51.3
 * can damage a log that two connections checkpoint. No memory mapping: a failing disk would be a
 * signal.
 *
 * Tried and dropped: figures are in tests/bench/README.md.
 */
#include "store_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "store_fact.h"
#include "store_keys.h"
#include "store_known.h"

#define PAGE_SIZE       4096
#define CACHE_KIB       65536
#define SEARCH_LAG      20000
#define WAL_PAGES       1000
#define WAL_FILE_BYTES  "67108864"
#define WAL_STUCK_PAGES 32768 /* readers never let go: wait for them */

/* --------------------------------------------------------------------------- a connection */

wd_code_t wd_sql_fail(wd_sql_t *self, const char *doing)
{
    int result = self->db != NULL ? sqlite3_extended_errcode(self->db) : SQLITE_NOMEM;
    snprintf(self->message, sizeof self->message, WD_STORE_FILE ": %s: %s (%d)", doing,
             self->db != NULL ? sqlite3_errmsg(self->db) : "out of memory", result);
    switch (result & 0xff) {
    case SQLITE_FULL:
        return WD_E_FULL;
    case SQLITE_NOMEM:
        return WD_E_MEMORY;
    case SQLITE_IOERR:
        return result == SQLITE_IOERR_NOMEM ? WD_E_MEMORY : WD_E_IO;
    case SQLITE_BUSY:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return WD_E_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return WD_E_CORRUPT;
    default:
        return WD_E_INTERNAL;
    }
}

wd_code_t wd_sql_open(wd_sql_t *self, const char *dir, bool create, const char *const *sql,
                      size_t count)
{
    *self = (wd_sql_t){.sql = sql, .count = count};
    self->statements = calloc(count, sizeof *self->statements);
    wd_buf_t path = {0};
    wd_buf_str(&path, dir);
    wd_buf_str(&path, "/" WD_STORE_FILE);
    wd_code_t code = WD_OK;
    if (self->statements == NULL || path.failed)
        code = WD_E_MEMORY;
    else if (sqlite3_open_v2(path.data, &self->db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                                 (create ? SQLITE_OPEN_CREATE : 0),
                             NULL) != SQLITE_OK)
        code = wd_sql_fail(self, dir);
    wd_buf_free(&path);
    if (code == WD_OK) {
        sqlite3_busy_timeout(self->db, 5000);
        sqlite3_db_config(self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, NULL);
    }
    return code;
}

void wd_sql_close(wd_sql_t *self)
{
    for (size_t i = 0; self->statements != NULL && i < self->count; i++)
        sqlite3_finalize(self->statements[i]);
    free(self->statements);
    self->statements = NULL;
    sqlite3_close(self->db);
    self->db = NULL;
}

wd_code_t wd_sql_run(wd_sql_t *self, const char *sql)
{
    if (sqlite3_exec(self->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return WD_OK;
    char doing[40];
    size_t size = strcspn(sql, "\n(");
    snprintf(doing, sizeof doing, "%.*s", (int)(size < 39 ? size : 39), sql);
    return wd_sql_fail(self, doing);
}

sqlite3_stmt *wd_sql_get(wd_sql_t *self, size_t which)
{
    sqlite3_stmt **place = &self->statements[which];
    if (*place == NULL)
        sqlite3_prepare_v3(self->db, self->sql[which], -1, SQLITE_PREPARE_PERSISTENT, place, NULL);
    return *place;
}

wd_code_t wd_sql_done(wd_sql_t *self, sqlite3_stmt *statement, const char *doing)
{
    wd_code_t code = sqlite3_step(statement) == SQLITE_DONE ? WD_OK : wd_sql_fail(self, doing);
    sqlite3_reset(statement);
    return code;
}

void wd_sql_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    if (text == NULL)
        sqlite3_bind_null(statement, index);
    else
        sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

const char *wd_sql_text(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

const char *wd_change_name(size_t stream, int change)
{
    if (stream == 0)
        return wd_state_name((wd_state_t)change);
    static const char *const names[WD_CHANGE_COUNT] = {
        [WD_CHANGE_CREATED] = "created",           [WD_CHANGE_RETRACTED] = "retracted",
        [WD_CHANGE_CORROBORATED] = "corroborated", [WD_CHANGE_REVISED] = "revised",
        [WD_CHANGE_DISPUTED] = "disputed",         [WD_CHANGE_SUPERSEDED] = "superseded"};
    return change >= 0 && change < WD_CHANGE_COUNT ? names[change] : "unknown";
}

void wd_article_day(const char *published, int64_t received, char ret_day[WD_DAY_SIZE])
{
    static const char form[] = "dddd-dd-dd";
    bool fits = published != NULL;
    for (size_t i = 0; fits && form[i] != '\0'; i++)
        fits =
            form[i] == 'd' ? published[i] >= '0' && published[i] <= '9' : published[i] == form[i];
    if (fits) {
        memcpy(ret_day, published, WD_DAY_SIZE - 1);
    } else {
        wd_buf_t text = {0};
        wd_buf_time(&text, received);
        memcpy(ret_day, text.failed ? "0000-00-00" : text.data + 1, WD_DAY_SIZE - 1);
        wd_buf_free(&text);
    }
    ret_day[WD_DAY_SIZE - 1] = '\0';
}

/* ---------------------------------------------------------------------------------- opening */

/* SQLite tells after each commit how long the log is. */
static int s_wal_hook(void *arg, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    wd_store_t *self = arg;
    /* A log that starts again from its beginning has lost what was moved. */
    if ((unsigned)pages < self->wal_moved)
        self->wal_moved = 0;
    self->wal_pages = (unsigned)pages;
    self->written++;
    return SQLITE_OK;
}

static wd_code_t s_lock(wd_store_t *self, const char *dir)
{
    wd_buf_t path = {0};
    wd_buf_str(&path, dir);
    wd_buf_str(&path, "/" WD_STORE_LOCK);
    if (path.failed)
        return WD_E_MEMORY;
    wd_code_t code = WD_OK;
    self->lock = open(path.data, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (self->lock < 0) {
        snprintf(self->sql.message, sizeof self->sql.message, "%s: %s", path.data, strerror(errno));
        code = errno == ENOSPC ? WD_E_FULL : WD_E_IO;
    } else if (flock(self->lock, LOCK_EX | LOCK_NB) != 0) {
        snprintf(self->sql.message, sizeof self->sql.message, "%s: another winnowd uses this store",
                 path.data);
        code = WD_E_LOCKED;
    }
    wd_buf_free(&path);
    return code;
}

static wd_code_t s_configure(wd_store_t *self, const wd_store_options_t *options)
{
    unsigned page = options != NULL && options->page_size > 0 ? options->page_size : PAGE_SIZE;
    unsigned cache = options != NULL && options->cache_kib > 0 ? options->cache_kib : CACHE_KIB;
    self->wal_limit = options != NULL && options->wal_pages > 0 ? options->wal_pages : WAL_PAGES;
    self->search_lag =
        options != NULL && options->search_lag > 0 ? options->search_lag : SEARCH_LAG;
    char sql[512];
    snprintf(sql, sizeof sql,
             "PRAGMA page_size = %u;"
             "PRAGMA journal_mode = WAL;"
             "PRAGMA synchronous = FULL;"
             "PRAGMA foreign_keys = ON;"
             "PRAGMA wal_autocheckpoint = 0;"
             "PRAGMA journal_size_limit = " WAL_FILE_BYTES ";"
             "PRAGMA temp_store = MEMORY;"
             "PRAGMA cache_size = -%u;",
             page, cache);
    return wd_sql_run(&self->sql, sql);
}

/* What the tables say about counts, streams and the ends of the logs. */
static wd_code_t s_load(wd_store_t *self)
{
    sqlite3_stmt *statement = NULL;
    sqlite3 *db = self->sql.db;
    int result = sqlite3_prepare_v2(
        db,
        "SELECT value, (SELECT max(seq) FROM event), (SELECT max(rev) FROM revision) FROM meta"
        " WHERE name = 'epoch'",
        -1, &statement, NULL);
    if (result == SQLITE_OK && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *epoch = wd_sql_text(statement, 0);
        snprintf(self->epoch, sizeof self->epoch, "%s", epoch != NULL ? epoch : "");
        self->counts.seq = (uint64_t)sqlite3_column_int64(statement, 1);
        self->counts.rev = sqlite3_column_int64(statement, 2);
    }
    sqlite3_finalize(statement);
    if (result == SQLITE_DONE) {
        snprintf(self->sql.message, sizeof self->sql.message, WD_STORE_FILE ": it has no epoch");
        return WD_E_CORRUPT;
    }
    if (result != SQLITE_ROW)
        return wd_sql_fail(&self->sql, "reading the epoch");

    result = sqlite3_prepare_v2(db, "SELECT name, value FROM tally", -1, &statement, NULL);
    while (result == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
        const char *name = wd_sql_text(statement, 0);
        uint64_t value = (uint64_t)sqlite3_column_int64(statement, 1);
        int state = name != NULL ? wd_state_parse(name) : -1;
        if (state >= 0)
            self->counts.states[state] = value;
        else if (name != NULL && strcmp(name, "facts") == 0)
            self->counts.facts = value;
        else if (name != NULL && strcmp(name, "known") == 0)
            self->counts.known = (int64_t)value;
        else
            self->counts.searched = (int64_t)value;
    }
    result = sqlite3_finalize(statement);
    if (result == SQLITE_OK)
        result = sqlite3_prepare_v2(db, "SELECT id, name, last FROM stream ORDER BY id", -1,
                                    &statement, NULL);
    while (result == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
        size_t index = (size_t)sqlite3_column_int64(statement, 0);
        const char *name = wd_sql_text(statement, 1);
        if (index != self->counts.streams || index >= WD_STREAMS_MAX || name == NULL) {
            sqlite3_finalize(statement);
            snprintf(self->sql.message, sizeof self->sql.message,
                     WD_STORE_FILE ": its streams are damaged");
            return WD_E_CORRUPT;
        }
        self->names[index] = strdup(name);
        self->counts.last[index] = (uint64_t)sqlite3_column_int64(statement, 2);
        if (self->names[index] == NULL) {
            sqlite3_finalize(statement);
            return WD_E_MEMORY;
        }
        self->counts.streams++;
    }
    if (result == SQLITE_OK)
        result = sqlite3_finalize(statement);
    return result == SQLITE_OK ? WD_OK : wd_sql_fail(&self->sql, "reading the counts");
}

static int64_t s_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

wd_store_t *wd_store_open(const char *dir, const wd_store_options_t *options, wd_code_t *ret_code,
                          char *message, size_t size)
{
    wd_store_t *self = calloc(1, sizeof *self);
    wd_code_t code = self == NULL || sodium_init() < 0 ? WD_E_MEMORY : WD_OK;
    if (self != NULL)
        self->lock = -1;
    if (code == WD_OK)
        code = s_lock(self, dir);
    if (code == WD_OK) {
        code = wd_sql_open(&self->sql, dir, true, wd_store_statements, wd_store_statement_count);
    }
    if (code == WD_OK)
        code = s_configure(self, options);
    if (code == WD_OK)
        code = wd_schema_upgrade(&self->sql, wd_schema_steps, wd_schema_version, s_now());
    if (code == WD_OK)
        code = s_load(self);
    if (code == WD_OK)
        code = wd_known_load(self, options != NULL ? options->gather : 0);
    if (code == WD_OK) {
        sqlite3_wal_hook(self->sql.db, s_wal_hook, self);
        self->unmerged = true;
        return self;
    }
    *ret_code = code;
    snprintf(message, size, "%s",
             code == WD_E_MEMORY || self == NULL ? "out of memory" : self->sql.message);
    wd_store_close(&self);
    return NULL;
}

void wd_store_close(wd_store_t **self_p)
{
    wd_store_t *self = *self_p;
    *self_p = NULL;
    if (self == NULL)
        return;
    if (self->open)
        wd_store_rollback(self);
    size_t count = 0;
    wd_outcome_t *ended = wd_store_take_ended(self, &count);
    for (size_t i = 0; i < count; i++)
        wd_outcome_clear(&ended[i]);
    free(ended);
    wd_sql_close(&self->sql);
    for (size_t i = 0; i < WD_STREAMS_MAX; i++)
        free(self->names[i]);
    wd_index_reset(&self->index);
    wd_keys_reset(self);
    wd_facts_reset(self);
    wd_known_free(&self->known);
    wd_events_draft_clear(&self->draft);
    wd_buf_free(&self->article);
    if (self->lock >= 0)
        close(self->lock);
    free(self);
}

/* ------------------------------------------------------------------------------- looking at it */

const char *wd_store_message(const wd_store_t *self)
{
    return self->sql.message;
}

const char *wd_store_epoch(const wd_store_t *self)
{
    return self->epoch;
}

uint64_t wd_store_last(const wd_store_t *self)
{
    return self->counts.seq;
}

size_t wd_store_streams(const wd_store_t *self)
{
    return self->counts.streams;
}

const char *wd_store_stream(const wd_store_t *self, size_t index, uint64_t *ret_last)
{
    *ret_last = self->counts.last[index];
    return self->names[index];
}

uint64_t wd_store_backlog(const wd_store_t *self)
{
    return self->counts.states[WD_ACCEPTED];
}

unsigned wd_store_wal_pages(const wd_store_t *self)
{
    return self->wal_pages;
}

uint64_t wd_store_written(const wd_store_t *self)
{
    return self->written;
}

bool wd_store_checkpoint_due(const wd_store_t *self)
{
    return self->wal_pages >= self->wal_moved + self->wal_limit;
}

wd_code_t wd_store_probe(wd_store_t *self, int64_t now)
{
    wd_code_t code = wd_store_begin(self, now);
    if (code == WD_OK)
        code = wd_sql_run(&self->sql, "INSERT OR REPLACE INTO meta"
                                      " VALUES ('probe', hex(zeroblob(32768)))");
    if (code == WD_OK)
        code = wd_store_commit(self);
    if (code == WD_OK)
        code = wd_store_begin(self, now);
    if (code == WD_OK)
        code = wd_sql_run(&self->sql, "DELETE FROM meta WHERE name = 'probe'");
    if (code == WD_OK)
        code = wd_store_commit(self);
    if (code != WD_OK)
        wd_store_rollback(self);
    return code;
}

wd_code_t wd_store_checkpoint(wd_store_t *self, bool force)
{
    if (force ? self->wal_pages <= self->wal_moved : !wd_store_checkpoint_due(self))
        return WD_OK;
    /* RESTART waits for readers, and keeps new ones out of the log: only when it has grown too
     * long. */
    bool stuck = self->wal_pages > WAL_STUCK_PAGES;
    int pages = 0, moved = 0;
    if (stuck)
        sqlite3_busy_timeout(self->sql.db, 200);
    int result = sqlite3_wal_checkpoint_v2(
        self->sql.db, NULL, stuck ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, &pages,
        &moved);
    if (stuck)
        sqlite3_busy_timeout(self->sql.db, 5000);
    if (pages >= 0 && moved >= 0) {
        self->wal_pages = (unsigned)pages;
        self->wal_moved = (unsigned)moved;
    }
    if (result == SQLITE_OK || (result & 0xff) == SQLITE_BUSY)
        return WD_OK;
    return wd_sql_fail(&self->sql, "checkpoint");
}
