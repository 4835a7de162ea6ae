/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store on SQLite: a reader's connection, and single things as JSON.
 *
 * Readers never write, and never checkpoint: not by themselves, not at their close (store.c says
 * why).
 */
#include "store_read.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "identity.h"
#include "record.h"

#define REVISION_COLUMNS                                                                           \
    "rev, state, number, facts, first_event, last_event, end_event, received, id, source, url,"    \
    " title, published, reason"

#define EVENT_COLUMNS                                                                              \
    "seq, prev, time, stream, change, rev, n, reason, fact, other, sources, status"
/* The revisions of an id: of the table, and what is not in it yet. */
#define REVISIONS_OF(which)                                                                        \
    "SELECT rev FROM known WHERE id_hash = ?1 " which " UNION SELECT rev FROM revision"            \
    " WHERE rev > (SELECT value FROM tally WHERE name = 'known') AND id_hash = ?1 " which          \
    " ORDER BY rev DESC"

const char *const wd_reader_statements[R_STATEMENTS] = {
    [R_BEGIN] = "BEGIN",
    [R_END] = "COMMIT",
    [R_REVISION] = "SELECT " REVISION_COLUMNS " FROM revision WHERE rev = ?1",
    [R_OBSERVATION] = "SELECT record FROM observation WHERE id = ?1",
    [R_OBSERVATIONS] = "SELECT id, kind, record FROM observation WHERE id BETWEEN ?1 AND ?2",
    [R_TEXT] = "SELECT text FROM text WHERE rev = ?1",
    [R_TALLY] = "SELECT value FROM tally WHERE name = ?1",
    [R_STREAMS] = "SELECT id, name, last FROM stream ORDER BY id",
    [R_LAST] = "SELECT max(seq) FROM event",
    [R_EVENTS] = "SELECT " EVENT_COLUMNS " FROM event WHERE seq BETWEEN ?1 AND ?2",
    [R_EVENT] = "SELECT " EVENT_COLUMNS " FROM event WHERE seq BETWEEN ?1 AND ?2 AND rev = ?3"
                " AND n = ?4 AND stream > 0 AND fact IS NULL",
    [R_MEMBER] = "SELECT fact FROM member WHERE id = ?1",
    [R_DISPUTED] = "SELECT newest FROM fact WHERE status = 1 AND newest < ?1"
                   " ORDER BY newest DESC LIMIT 1",
    [R_FACT] = "SELECT status, sources, lead, observations, others, events FROM fact"
               " WHERE id = ?1",
    [R_NEWEST] = REVISIONS_OF("") " LIMIT 1",
    [R_BY_REV] = "SELECT id >> 16 FROM observation WHERE id < ?2 ORDER BY id DESC LIMIT 1",
    [R_NEWEST_REV] = "SELECT max(rev) FROM revision",
    [R_TAIL] = "SELECT rev, words FROM tail WHERE rev <= ?2 ORDER BY rev DESC",
    [R_WORDS] = "SELECT revs FROM word WHERE block = ?1 AND word BETWEEN ?2 AND ?3",
    [R_BY_ID] = REVISIONS_OF("AND rev <= ?2"),
    [R_LIST] = "SELECT " REVISION_COLUMNS " FROM revision WHERE rev < ?1 ORDER BY rev DESC",
    [R_LIST_OPEN] =
        "SELECT " REVISION_COLUMNS
        " FROM revision WHERE state = 0 AND attempts = 0 AND rev < ?1 UNION ALL"
        " SELECT " REVISION_COLUMNS
        " FROM revision WHERE state = 0 AND attempts = 1 AND rev < ?1 UNION ALL"
        " SELECT " REVISION_COLUMNS " FROM revision WHERE state = 0 AND attempts = 2 AND rev < ?1"
        " ORDER BY rev DESC",
    [R_LIST_ASIDE] = "SELECT " REVISION_COLUMNS " FROM revision INDEXED BY revision_aside"
                     " WHERE state = ?2 AND state > 1 AND rev < ?1 ORDER BY rev DESC",
    [R_REVISIONS] = "SELECT number, state, received, facts, reason"
                    " FROM (" REVISIONS_OF("") " LIMIT 1000)"
                                               " CROSS JOIN revision USING (rev)",
};
const size_t wd_reader_statement_count = R_STATEMENTS;

/* ---------------------------------------------------------------------------------- the reader */

wd_code_t wd_reader_say(wd_reader_t *self, wd_code_t code, const char *form, ...)
{
    va_list arguments;
    va_start(arguments, form);
    vsnprintf(self->sql.message, sizeof self->sql.message, form, arguments);
    va_end(arguments);
    return code;
}

static wd_code_t s_epoch(wd_reader_t *self)
{
    sqlite3_stmt *statement = NULL;
    wd_code_t code = WD_OK;
    if (sqlite3_prepare_v2(self->sql.db, "SELECT value FROM meta WHERE name = 'epoch'", -1,
                           &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW && wd_sql_text(statement, 0) != NULL)
        snprintf(self->epoch, sizeof self->epoch, "%s", wd_sql_text(statement, 0));
    else
        code = wd_sql_fail(&self->sql, "reading the epoch");
    sqlite3_finalize(statement);
    return code;
}

wd_reader_t *wd_reader_open(const char *dir, wd_code_t *ret_code, char *message, size_t size)
{
    wd_reader_t *self = calloc(1, sizeof *self);
    wd_code_t code = WD_E_MEMORY;
    if (self != NULL && (self->dir = strdup(dir)) != NULL)
        code = wd_sql_open(&self->sql, dir, false, wd_reader_statements, R_STATEMENTS);
    if (code == WD_OK) {
        sqlite3_db_config(self->sql.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        code = wd_sql_run(&self->sql, "PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0;"
                                      "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;");
    }
    if (code == WD_OK)
        code = s_epoch(self);
    if (code == WD_OK)
        return self;
    *ret_code = code;
    snprintf(message, size, "%s",
             self == NULL || code == WD_E_MEMORY ? "out of memory" : self->sql.message);
    wd_reader_close(&self);
    return NULL;
}

static void s_clear_revision(wd_revision_t *self)
{
    free(self->id);
    free(self->source);
    free(self->url);
    free(self->title);
    free(self->published);
    free(self->reason);
    *self = (wd_revision_t){0};
}

void wd_reader_close(wd_reader_t **self_p)
{
    wd_reader_t *self = *self_p;
    *self_p = NULL;
    if (self == NULL)
        return;
    wd_sql_close(&self->sql);
    for (size_t i = 0; i < self->streams; i++)
        free(self->names[i]);
    s_clear_revision(&self->revision);
    wd_buf_free(&self->article);
    free(self->dir);
    free(self);
}

const char *wd_reader_message(const wd_reader_t *self)
{
    return self->sql.message;
}

const char *wd_reader_epoch(const wd_reader_t *self)
{
    return self->epoch;
}

wd_code_t wd_reader_begin(wd_reader_t *self)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, R_BEGIN);
    /* A revision's state may have moved since it was read. */
    self->revision.rev = 0;
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "begin");
    return wd_sql_done(&self->sql, statement, "begin");
}

void wd_reader_end(wd_reader_t *self)
{
    if (sqlite3_get_autocommit(self->sql.db) != 0)
        return;
    sqlite3_stmt *statement = wd_sql_get(&self->sql, R_END);
    if (statement != NULL) {
        sqlite3_step(statement);
        sqlite3_reset(statement);
    }
    /* With a statement that cannot be made the state must still be let go of. */
    if (sqlite3_get_autocommit(self->sql.db) == 0)
        sqlite3_exec(self->sql.db, "ROLLBACK", NULL, NULL, NULL);
}

static char *s_copy(sqlite3_stmt *statement, int column, bool *ok)
{
    const char *text = wd_sql_text(statement, column);
    char *copy = text != NULL ? strdup(text) : NULL;
    if (text != NULL && copy == NULL)
        *ok = false;
    return copy;
}

wd_code_t wd_reader_revision(wd_reader_t *self, int64_t rev)
{
    wd_revision_t *r = &self->revision;
    if (rev != 0 && r->rev == rev)
        return WD_OK;
    s_clear_revision(r);
    self->article.size = 0;
    sqlite3_stmt *statement = wd_sql_get(&self->sql, R_REVISION);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading a revision");
    sqlite3_bind_int64(statement, 1, rev);
    int result = sqlite3_step(statement);
    wd_code_t code = WD_OK;
    if (result == SQLITE_ROW) {
        bool ok = true;
        *r = (wd_revision_t){.rev = rev,
                             .state = (wd_state_t)sqlite3_column_int(statement, 1),
                             .number = (uint32_t)sqlite3_column_int64(statement, 2),
                             .facts = (uint32_t)sqlite3_column_int64(statement, 3),
                             .first_event = (uint64_t)sqlite3_column_int64(statement, 4),
                             .last_event = (uint64_t)sqlite3_column_int64(statement, 5),
                             .end_event = (uint64_t)sqlite3_column_int64(statement, 6),
                             .received = sqlite3_column_int64(statement, 7)};
        r->id = s_copy(statement, 8, &ok);
        r->source = s_copy(statement, 9, &ok);
        r->url = s_copy(statement, 10, &ok);
        r->title = s_copy(statement, 11, &ok);
        r->published = s_copy(statement, 12, &ok);
        r->reason = s_copy(statement, 13, &ok);
        if (ok)
            wd_events_article(&self->article, r->id, r->number, r->source, r->url, r->title,
                              r->published);
        if (!ok || self->article.failed) {
            wd_buf_free(&self->article);
            s_clear_revision(r);
            code = wd_reader_say(self, WD_E_MEMORY, "out of memory");
        }
    } else if (result == SQLITE_DONE) {
        code = wd_reader_say(self, WD_E_NOT_FOUND, "no revision %lld", (long long)rev);
    } else {
        code = wd_sql_fail(&self->sql, "reading a revision");
    }
    sqlite3_reset(statement);
    return code;
}

/* Streams are only ever added: the names are read again when an unknown one comes. */
static wd_code_t s_read_streams(wd_reader_t *self, wd_buf_t *out)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, R_STREAMS);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading the streams");
    wd_code_t code = WD_OK;
    int result;
    while (code == WD_OK && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        size_t index = (size_t)sqlite3_column_int64(statement, 0);
        const char *name = wd_sql_text(statement, 1);
        uint64_t last = (uint64_t)sqlite3_column_int64(statement, 2);
        if (name == NULL || index > self->streams || index >= WD_STREAMS_MAX) {
            code = wd_reader_say(self, WD_E_CORRUPT, WD_STORE_FILE ": its streams are damaged");
        } else if (index == self->streams) {
            self->names[index] = strdup(name);
            if (self->names[index] == NULL)
                code = wd_reader_say(self, WD_E_MEMORY, "out of memory");
            else
                self->streams++;
        }
        if (code == WD_OK && out != NULL && last > 0) {
            wd_buf_char(out, out->size > 1 ? ',' : ' ');
            wd_buf_json(out, name, strlen(name));
            wd_buf_char(out, ':');
            wd_buf_u64(out, last);
        }
    }
    if (code == WD_OK && result != SQLITE_DONE)
        code = wd_sql_fail(&self->sql, "reading the streams");
    sqlite3_reset(statement);
    return code;
}

const char *wd_reader_stream(wd_reader_t *self, size_t index)
{
    if (index >= self->streams && s_read_streams(self, NULL) != WD_OK)
        return NULL;
    return index < self->streams ? self->names[index] : NULL;
}

wd_code_t wd_reader_streams(wd_reader_t *self, char **ret_json)
{
    wd_buf_t out = {0};
    wd_buf_char(&out, '{');
    wd_code_t code = s_read_streams(self, &out);
    wd_buf_char(&out, '}');
    /* "{ a,b}": the blank stood for the comma that the first has not. */
    if (!out.failed && out.size > 2) {
        memmove(out.data + 1, out.data + 2, out.size - 1);
        out.size--;
    }
    if (code != WD_OK) {
        wd_buf_free(&out);
        return code;
    }
    *ret_json = wd_buf_take(&out, NULL);
    return *ret_json != NULL ? WD_OK : wd_reader_say(self, WD_E_MEMORY, "out of memory");
}

/* --------------------------------------------------------------------------------------- status */

static uint64_t s_file_bytes(const char *dir, const char *name)
{
    wd_buf_t path = {0};
    struct stat info;
    wd_buf_str(&path, dir);
    wd_buf_char(&path, '/');
    wd_buf_str(&path, name);
    uint64_t bytes = !path.failed && stat(path.data, &info) == 0 ? (uint64_t)info.st_size : 0;
    wd_buf_free(&path);
    return bytes;
}

static wd_code_t s_tally(wd_reader_t *self, const char *name, uint64_t *ret)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, R_TALLY);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading counts");
    wd_sql_bind_text(statement, 1, name);
    wd_code_t code = WD_OK;
    if (sqlite3_step(statement) == SQLITE_ROW)
        *ret = (uint64_t)sqlite3_column_int64(statement, 0);
    else
        code = wd_sql_fail(&self->sql, "reading counts");
    sqlite3_reset(statement);
    return code;
}

static wd_code_t s_number(wd_reader_t *self, size_t which, uint64_t *ret)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, which);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading a number");
    wd_code_t code = WD_OK;
    if (sqlite3_step(statement) == SQLITE_ROW)
        *ret = (uint64_t)sqlite3_column_int64(statement, 0);
    else
        code = wd_sql_fail(&self->sql, "reading a number");
    sqlite3_reset(statement);
    return code;
}

wd_code_t wd_reader_status(wd_reader_t *self, wd_store_status_t *ret_status)
{
    wd_store_status_t status = {.bytes = s_file_bytes(self->dir, WD_STORE_FILE),
                                .wal_bytes = s_file_bytes(self->dir, WD_STORE_FILE "-wal"),
                                .schema = wd_schema_version};
    wd_code_t code = wd_reader_begin(self);
    for (int i = 0; code == WD_OK && i < WD_STATE_COUNT; i++)
        code = s_tally(self, wd_state_name((wd_state_t)i), &status.articles[i]);
    if (code == WD_OK)
        code = s_tally(self, "facts", &status.facts);
    if (code == WD_OK)
        code = s_number(self, R_LAST, &status.last);
    wd_reader_end(self);
    if (code == WD_OK)
        *ret_status = status;
    return code;
}

wd_code_t wd_reader_verify(wd_reader_t *self)
{
    sqlite3_stmt *statement = NULL;
    wd_code_t code = WD_OK;
    if (sqlite3_prepare_v2(self->sql.db, "PRAGMA integrity_check(1)", -1, &statement, NULL) !=
            SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW || wd_sql_text(statement, 0) == NULL)
        code = wd_sql_fail(&self->sql, "checking");
    else if (strcmp(wd_sql_text(statement, 0), "ok") != 0)
        code = wd_reader_say(self, WD_E_CORRUPT, WD_STORE_FILE ": %s", wd_sql_text(statement, 0));
    sqlite3_finalize(statement);
    return code;
}

/* ----------------------------------------------------------------------------------------- rows */

void wd_rows_clear(wd_rows_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->items[i]);
    free(self->items);
    free(self->sizes);
    free(self->next);
    *self = (wd_rows_t){0};
}

bool wd_rows_add(wd_rows_t *self, wd_buf_t *row)
{
    if (self->count == self->capacity) {
        size_t capacity = self->capacity > 0 ? self->capacity * 2 : 64;
        char **items = realloc(self->items, capacity * sizeof *items);
        if (items != NULL)
            self->items = items;
        size_t *sizes = realloc(self->sizes, capacity * sizeof *sizes);
        if (sizes != NULL)
            self->sizes = sizes;
        if (items == NULL || sizes == NULL) {
            wd_buf_free(row);
            return false;
        }
        self->capacity = capacity;
    }
    size_t size = 0;
    char *item = wd_buf_take(row, &size);
    if (item == NULL)
        return false;
    self->items[self->count] = item;
    self->sizes[self->count++] = size;
    self->bytes += size;
    return true;
}

bool wd_cursor_parse(const char *text, int64_t *ret_rev, uint32_t *ret_n)
{
    uint64_t parts[2] = {0};
    int part = 0;
    bool digit = false;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '.' && part == 0 && digit && ret_n != NULL) {
            part = 1;
            digit = false;
        } else if (*p >= '0' && *p <= '9') {
            parts[part] = parts[part] * 10 + (uint64_t)(*p - '0');
            digit = true;
        } else {
            return false;
        }
        if (parts[0] >= (uint64_t)1 << 47 || parts[1] > 65535)
            return false;
    }
    if (!digit || (ret_n != NULL && part == 0) || parts[0] == 0)
        return false;
    *ret_rev = (int64_t)parts[0];
    if (ret_n != NULL)
        *ret_n = (uint32_t)parts[1];
    return true;
}

/* ----------------------------------------------------------------------------------------- show */

wd_code_t wd_reader_text(wd_reader_t *self, size_t which, int64_t key, wd_buf_t *out)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, which);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading");
    sqlite3_bind_int64(statement, 1, key);
    int result = sqlite3_step(statement);
    wd_code_t code = WD_OK;
    if (result == SQLITE_ROW) {
        const char *text = wd_sql_text(statement, 0);
        wd_buf_add(out, text != NULL ? text : "", (size_t)sqlite3_column_bytes(statement, 0));
    } else {
        code = result == SQLITE_DONE ? WD_E_NOT_FOUND : wd_sql_fail(&self->sql, "reading");
    }
    sqlite3_reset(statement);
    if (code == WD_OK && out->failed)
        code = wd_reader_say(self, WD_E_MEMORY, "out of memory");
    return code;
}

static wd_code_t s_give(wd_reader_t *self, wd_code_t code, wd_buf_t *out, char **ret_json)
{
    if (code != WD_OK) {
        wd_buf_free(out);
        return code;
    }
    *ret_json = wd_buf_take(out, NULL);
    return *ret_json != NULL ? WD_OK : wd_reader_say(self, WD_E_MEMORY, "out of memory");
}

wd_code_t wd_reader_show_fact(wd_reader_t *self, const char *fact, char **ret_json)
{
    int64_t rev = 0;
    uint32_t n = 0;
    wd_buf_t out = {0};
    wd_code_t code = WD_E_NOT_FOUND;
    if (wd_cursor_parse(fact, &rev, &n)) {
        code = wd_reader_begin(self);
        if (code == WD_OK)
            code = wd_reader_show(self, rev * 65536 + n, &out);
        wd_reader_end(self);
    }
    if (code == WD_E_NOT_FOUND)
        wd_reader_say(self, code, "no fact \"%.200s\"", fact);
    return s_give(self, code, &out, ret_json);
}

/* [{"revision":2,"state":…,"received":…,"facts":…}, …], the newest first */
static wd_code_t s_revisions(wd_reader_t *self, const uint8_t *hash, wd_buf_t *out)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, R_REVISIONS);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading revisions");
    sqlite3_bind_blob(statement, 1, hash, WD_HASH_SIZE, SQLITE_STATIC);
    int result;
    bool first = true;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        wd_buf_str(out, first ? "{\"revision\":" : ",{\"revision\":");
        first = false;
        wd_buf_u64(out, (uint64_t)sqlite3_column_int64(statement, 0));
        wd_buf_field(out, "state", wd_state_name((wd_state_t)sqlite3_column_int(statement, 1)));
        wd_buf_str(out, ",\"received\":");
        wd_buf_time(out, sqlite3_column_int64(statement, 2));
        wd_buf_str(out, ",\"facts\":");
        wd_buf_u64(out, (uint64_t)sqlite3_column_int64(statement, 3));
        wd_buf_field(out, "reason", wd_sql_text(statement, 4));
        wd_buf_char(out, '}');
    }
    wd_code_t code = result == SQLITE_DONE ? WD_OK : wd_sql_fail(&self->sql, "reading revisions");
    sqlite3_reset(statement);
    return code;
}

/* The current revision's facts as rows, with commas. */
static wd_code_t s_facts(wd_reader_t *self, wd_buf_t *out)
{
    int64_t rev = self->revision.rev;
    sqlite3_stmt *statement = wd_sql_get(&self->sql, R_OBSERVATIONS);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading facts");
    sqlite3_bind_int64(statement, 1, rev * 65536);
    sqlite3_bind_int64(statement, 2, rev * 65536 + 65535);
    int result;
    bool first = true;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        if (!first)
            wd_buf_char(out, ',');
        first = false;
        const char *record = wd_sql_text(statement, 2);
        int64_t id = sqlite3_column_int64(statement, 0);
        wd_fact_t fact;
        if (wd_reader_fact(self, id, &fact) == WD_OK)
            wd_reader_row(self, out, &fact, id, record != NULL ? record : "null",
                          record != NULL ? (size_t)sqlite3_column_bytes(statement, 2) : 4);
        wd_fact_free(&fact);
    }
    wd_code_t code = result == SQLITE_DONE ? WD_OK : wd_sql_fail(&self->sql, "reading facts");
    sqlite3_reset(statement);
    return code;
}

static void s_state_fields(const wd_revision_t *r, wd_buf_t *out)
{
    wd_buf_field(out, "state", wd_state_name(r->state));
    wd_buf_str(out, ",\"received\":");
    wd_buf_time(out, r->received);
    wd_buf_str(out, ",\"facts\":");
    wd_buf_u64(out, r->facts);
    wd_buf_field(out, "reason", r->reason);
    wd_buf_char(out, '}');
}

static wd_code_t s_show_article(wd_reader_t *self, const char *id, wd_buf_t *out)
{
    uint8_t hash[WD_HASH_SIZE];
    wd_buf_t text = {0};
    wd_identity_hash(id, strlen(id), hash);
    sqlite3_stmt *statement = wd_sql_get(&self->sql, R_NEWEST);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "looking for an article");
    sqlite3_bind_blob(statement, 1, hash, WD_HASH_SIZE, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    int64_t rev = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    wd_code_t code = result == SQLITE_ROW    ? WD_OK
                     : result == SQLITE_DONE ? WD_E_NOT_FOUND
                                             : wd_sql_fail(&self->sql, "looking for an article");
    sqlite3_reset(statement);
    if (code == WD_OK)
        code = wd_reader_revision(self, rev);
    if (code == WD_OK)
        code = wd_reader_text(self, R_TEXT, rev, &text);
    if (code == WD_OK) {
        wd_buf_str(out, "{\"article\":");
        wd_buf_add(out, self->article.data, self->article.size - 1);
        s_state_fields(&self->revision, out);
        wd_buf_str(out, ",\"text\":");
        wd_buf_json(out, text.data, text.size);
        wd_buf_str(out, ",\"revisions\":[");
        code = s_revisions(self, hash, out);
        wd_buf_str(out, "],\"facts\":[");
    }
    if (code == WD_OK)
        code = s_facts(self, out);
    wd_buf_str(out, "]}");
    wd_buf_free(&text);
    return code;
}

wd_code_t wd_reader_show_article(wd_reader_t *self, const char *id, char **ret_json)
{
    wd_buf_t out = {0};
    wd_code_t code = wd_reader_begin(self);
    if (code == WD_OK)
        code = s_show_article(self, id, &out);
    wd_reader_end(self);
    if (code == WD_E_NOT_FOUND)
        wd_reader_say(self, code, "no article \"%.400s\"", id);
    return s_give(self, code, &out, ret_json);
}
