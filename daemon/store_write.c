/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store on SQLite: what a transaction does.
 *
 * Every function finds its place in the state diagram of store.h. Events are rows and, composed in
 * the same breath, bytes for the publisher: if memory for those bytes lacks, the rows still stand.
 *
 * The alive revisions of an article (accepted, stored, failed) have the highest numbers: what ends
 * one ends all below it. So looking for them stops at the first that is superseded or retracted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "store_fact.h"
#include "store_keys.h"
#include "store_known.h"
#include "store_sql.h"

enum {
    S_BEGIN = WD_S_COUNT,
    S_COMMIT,
    S_ROLLBACK,
    S_NUMBER,
    S_ACCEPT,
    S_TEXT,
    S_STATE,
    S_ARTICLE,
    S_OBSERVATION,
    S_EVENT,
    S_FINISH,
    S_END,
    S_RETRY,
    S_BLAME,
    S_STREAM,
    S_LAST,
    S_TALLY,
    S_UNFINISHED,
    S_SUSPECTS,
    S_STATEMENTS
};

const char *const wd_store_statements[S_STATEMENTS] = {
    [WD_S_ADD_TAIL] = "INSERT INTO tail (rev, words) VALUES (?1, ?2)",
    [WD_S_TAIL_ENDS] = "SELECT (SELECT min(rev) FROM tail), (SELECT max(rev) FROM tail)",
    [WD_S_TAIL] = "SELECT rev, words FROM tail WHERE rev > ?1 AND rev < ?2 ORDER BY rev LIMIT ?3",
    [WD_S_UNTAIL] = "DELETE FROM tail WHERE rev = ?1",
    [WD_S_WORD] = "INSERT OR REPLACE INTO word (block, word, part, revs) VALUES (?1, ?2, ?3, ?4)",
    [WD_S_SEARCH] = "INSERT INTO search (rowid, text)"
                    " SELECT rev, text FROM text WHERE rev > ?1 AND rev <= ?2",
    [WD_S_MERGE] = "INSERT INTO search (search, rank) VALUES ('merge', ?1)",
    [WD_S_KEY_TAIL] = "SELECT id, keys FROM key_tail ORDER BY id",
    [WD_S_ADD_KEYS] = "INSERT INTO key_tail (keys) VALUES (?1)",
    [WD_S_CUT_KEYS] = "DELETE FROM key_tail",
    [WD_S_KEY_RUNS] = "SELECT run, level, state, pairs, filter FROM key_run ORDER BY run",
    [WD_S_SET_RUN] = "INSERT OR REPLACE INTO key_run (run, level, state, pairs, filter)"
                     " VALUES (?1, ?2, ?3, ?4, ?5)",
    [WD_S_CUT_RUN] = "DELETE FROM key_run WHERE run = ?1",
    [WD_S_DEAD_RUN] = "SELECT run FROM key_run WHERE state != 1 AND run != ?1 LIMIT 1",
    [WD_S_CHUNK] = "SELECT keys FROM key_chunk WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1",
    [WD_S_NEXT_CHUNK] = "SELECT id, keys FROM key_chunk WHERE id BETWEEN ?1 AND ?2 ORDER BY id"
                        " LIMIT 1",
    [WD_S_ADD_CHUNK] = "INSERT INTO key_chunk (id, keys) VALUES (?1, ?2)",
    [WD_S_CUT_CHUNKS] = "DELETE FROM key_chunk WHERE id IN"
                        " (SELECT id FROM key_chunk WHERE id BETWEEN ?1 AND ?2 ORDER BY id"
                        " LIMIT ?3)",
    [WD_S_LOOK] = "SELECT o.kind, o.record, r.id_hash, r.published, r.received"
                  " FROM observation AS o JOIN revision AS r ON r.rev = o.id >> 16"
                  " WHERE o.id = ?1",
    [WD_S_LIVE] = "SELECT state FROM revision WHERE rev = ?1",
    [WD_S_MEMBER] = "SELECT fact FROM member WHERE id = ?1",
    [WD_S_SET_MEMBER] = "INSERT OR REPLACE INTO member (id, fact) VALUES (?1, ?2)",
    [WD_S_CUT_MEMBER] = "DELETE FROM member WHERE id = ?1",
    [WD_S_FACT] = "SELECT kind, status, sources, lead, observations, others, events, parted"
                  " FROM fact WHERE id = ?1",
    [WD_S_SET_FACT] = "INSERT OR REPLACE INTO fact (id, kind, status, sources, lead,"
                      " observations, others, events, parted, newest)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [WD_S_CATCH_UP] = "SELECT next, last FROM catch_up",
    [WD_S_SET_CATCH_UP] = "UPDATE catch_up SET next = ?1",
    [WD_S_NEXT_STORED] = "SELECT rev, state FROM revision WHERE rev >= ?1 AND rev <= ?2"
                         " ORDER BY rev LIMIT 1",
    [WD_S_KNOW] = "INSERT OR IGNORE INTO known (id_hash, rev, text) VALUES (?1, ?2, ?3)",
    [WD_S_KNOWN] = "SELECT rev FROM known WHERE id_hash = ?1 AND rev < ?2"
                   " ORDER BY rev DESC LIMIT 1",
    [WD_S_SAME] = "SELECT rev FROM known WHERE id_hash = ?1 AND text = ?2"
                  " ORDER BY rev DESC LIMIT 1",
    [WD_S_UNKNOWN] = "SELECT rev, id_hash, text_hash FROM revision WHERE rev > ?1 ORDER BY rev",
    [S_BEGIN] = "BEGIN IMMEDIATE",
    [S_COMMIT] = "COMMIT",
    [S_ROLLBACK] = "ROLLBACK",
    [S_NUMBER] = "SELECT number, text_hash = ?2 FROM revision WHERE rev = ?1",
    [S_ACCEPT] = "INSERT INTO revision (rev, number, received, size, id_hash, text_hash, id,"
                 " source, url, title, published)"
                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [S_TEXT] = "INSERT INTO text (rev, text) VALUES (?1, ?2)",
    [S_STATE] = "SELECT state, number, received, facts, first_event, last_event, reason, attempts,"
                " id_hash, end_event FROM revision WHERE rev = ?1",
    [S_ARTICLE] = "SELECT id, number, source, url, title, published, facts FROM revision"
                  " WHERE rev = ?1",
    [S_OBSERVATION] = "INSERT INTO observation (id, kind, record) VALUES (?1, ?2, ?3)",
    [WD_S_OBSERVATIONS] = "SELECT id, kind, record FROM observation WHERE id BETWEEN ?1 AND ?2",
    [S_EVENT] = "INSERT INTO event (seq, prev, time, stream, change, rev, n, reason, fact, other,"
                " sources, status)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    [S_FINISH] = "UPDATE revision SET state = ?2, facts = ?3, first_event = ?4, last_event = ?5,"
                 " reason = ?6 WHERE rev = ?1",
    [S_END] = "UPDATE revision SET state = ?2, end_event = ?3 WHERE rev = ?1",
    [S_RETRY] = "UPDATE revision SET state = 0, attempts = 1, first_event = 0, last_event = 0,"
                " reason = NULL WHERE rev = ?1",
    [S_BLAME] = "UPDATE revision SET attempts = ?2 WHERE rev = ?1",
    [S_STREAM] = "INSERT INTO stream (id, name) VALUES (?1, ?2)",
    [S_LAST] = "UPDATE stream SET last = ?2 WHERE id = ?1",
    [S_TALLY] = "UPDATE tally SET value = ?2 WHERE name = ?1",
    [S_UNFINISHED] = "SELECT r.rev, number, attempts, id, source, url, title, published, text"
                     " FROM revision AS r JOIN text AS t ON t.rev = r.rev"
                     " WHERE state = 0 AND attempts = 0 AND r.rev > ?1"
                     " ORDER BY r.rev LIMIT ?2",
    [S_SUSPECTS] = "SELECT r.rev, number, attempts, id, source, url, title, published, text"
                   " FROM revision AS r JOIN text AS t ON t.rev = r.rev"
                   " WHERE state = 0 AND attempts > 0"
                   " ORDER BY attempts, r.rev LIMIT ?2",
};
const size_t wd_store_statement_count = S_STATEMENTS;

/* --------------------------------------------------------------------------------- transactions */

static wd_code_t s_plain(wd_store_t *self, size_t which, const char *doing)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, which);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, doing);
    return wd_sql_done(&self->sql, statement, doing);
}

static void s_clear_ended(wd_store_t *self)
{
    for (size_t i = 0; i < self->ended_count; i++)
        wd_outcome_clear(&self->ended[i]);
    free(self->ended);
    self->ended = NULL;
    self->ended_count = self->ended_capacity = 0;
}

wd_code_t wd_store_begin(wd_store_t *self, int64_t now)
{
    wd_code_t code = s_plain(self, S_BEGIN, "begin");
    if (code != WD_OK)
        return code;
    self->open = true;
    self->now = now;
    self->before = self->counts;
    wd_events_draft_clear(&self->draft);
    s_clear_ended(self);
    return WD_OK;
}

void wd_store_rollback(wd_store_t *self)
{
    /* After some failures SQLite has rolled back by itself. */
    if (self->open && sqlite3_get_autocommit(self->sql.db) == 0) {
        char message[sizeof self->sql.message];
        memcpy(message, self->sql.message, sizeof message);
        s_plain(self, S_ROLLBACK, "rollback");
        memcpy(self->sql.message, message, sizeof message);
    }
    if (!self->open)
        return;
    self->open = false;
    for (size_t i = self->before.streams; i < self->counts.streams; i++) {
        free(self->names[i]);
        self->names[i] = NULL;
    }
    self->counts = self->before;
    wd_known_rollback(self);
    wd_index_reset(&self->index);
    wd_keys_reset(self);
    wd_facts_reset(self);
    wd_events_draft_clear(&self->draft);
    s_clear_ended(self);
}

static wd_code_t s_write_tally(wd_store_t *self, const char *name, uint64_t value)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, S_TALLY);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "counting");
    wd_sql_bind_text(statement, 1, name);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)value);
    return wd_sql_done(&self->sql, statement, "counting");
}

/* The counts that differ from those at the begin become rows. */
static wd_code_t s_write_counts(wd_store_t *self)
{
    wd_code_t code = WD_OK;
    for (int i = 0; code == WD_OK && i < WD_STATE_COUNT; i++)
        if (self->counts.states[i] != self->before.states[i])
            code = s_write_tally(self, wd_state_name((wd_state_t)i), self->counts.states[i]);
    if (code == WD_OK && self->counts.facts != self->before.facts)
        code = s_write_tally(self, "facts", self->counts.facts);
    if (code == WD_OK && self->counts.searched != self->before.searched)
        code = s_write_tally(self, "searched", (uint64_t)self->counts.searched);
    if (code == WD_OK && self->counts.known != self->before.known)
        code = s_write_tally(self, "known", (uint64_t)self->counts.known);
    for (size_t i = 0; code == WD_OK && i < self->counts.streams; i++) {
        if (i < self->before.streams && self->counts.last[i] == self->before.last[i])
            continue;
        sqlite3_stmt *statement = wd_sql_get(&self->sql, S_LAST);
        if (statement == NULL)
            return wd_sql_fail(&self->sql, "counting");
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)i);
        sqlite3_bind_int64(statement, 2, (sqlite3_int64)self->counts.last[i]);
        code = wd_sql_done(&self->sql, statement, "counting");
    }
    return code;
}

wd_code_t wd_store_commit(wd_store_t *self)
{
    wd_code_t code = s_write_counts(self);
    if (code == WD_OK)
        code = s_plain(self, S_COMMIT, "commit");
    if (code == WD_OK) {
        self->open = false;
        wd_known_commit(self);
    }
    return code;
}

wd_events_t *wd_store_take_events(wd_store_t *self)
{
    wd_events_t *events = wd_events_draft_close(&self->draft);
    wd_events_draft_clear(&self->draft);
    return events;
}

wd_outcome_t *wd_store_take_ended(wd_store_t *self, size_t *ret_count)
{
    wd_outcome_t *ended = self->ended;
    *ret_count = self->ended_count;
    self->ended = NULL;
    self->ended_count = self->ended_capacity = 0;
    return ended;
}

/* -------------------------------------------------------------------------------------- events */

/* The index of the stream of that kind, made when it is new. */
static wd_code_t s_stream(wd_store_t *self, const char *kind, size_t *ret_index)
{
    for (size_t i = 1; i < self->counts.streams; i++) {
        if (strcmp(self->names[i] + strlen("fact."), kind) == 0) {
            *ret_index = i;
            return WD_OK;
        }
    }
    size_t index = self->counts.streams;
    if (index >= WD_STREAMS_MAX) {
        snprintf(self->sql.message, sizeof self->sql.message, "more than %d kinds of facts",
                 WD_STREAMS_MAX - 1);
        return WD_E_INTERNAL;
    }
    wd_buf_t name = {0};
    wd_buf_str(&name, "fact.");
    wd_buf_str(&name, kind);
    char *text = wd_buf_take(&name, NULL);
    if (text == NULL)
        return WD_E_MEMORY;
    sqlite3_stmt *statement = wd_sql_get(&self->sql, S_STREAM);
    wd_code_t code = WD_OK;
    if (statement == NULL) {
        code = wd_sql_fail(&self->sql, "adding a stream");
    } else {
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)index);
        wd_sql_bind_text(statement, 2, text);
        code = wd_sql_done(&self->sql, statement, "adding a stream");
    }
    if (code != WD_OK) {
        free(text);
        return code;
    }
    self->names[index] = text;
    self->counts.last[index] = 0;
    self->counts.streams++;
    *ret_index = index;
    return WD_OK;
}

/* An event: a row, and its bytes. */
static wd_code_t s_emit(wd_store_t *self, wd_event_row_t *row, size_t stream, int change)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, S_EVENT);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "writing an event");
    row->seq = self->counts.seq + 1;
    row->prev = self->counts.last[stream];
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)row->seq);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)row->prev);
    sqlite3_bind_int64(statement, 3, self->now);
    sqlite3_bind_int64(statement, 4, (sqlite3_int64)stream);
    sqlite3_bind_int(statement, 5, change);
    sqlite3_bind_int64(statement, 6, row->rev);
    sqlite3_bind_int64(statement, 7, row->n);
    wd_sql_bind_text(statement, 8, row->reason);
    for (int i = 9; i <= 12; i++)
        sqlite3_bind_null(statement, i);
    if (row->fact != 0) {
        sqlite3_bind_int64(statement, 9, row->fact);
        sqlite3_bind_int64(statement, 11, row->sources);
        sqlite3_bind_int(statement, 12, row->status);
    }
    if (row->other != 0)
        sqlite3_bind_int64(statement, 10, row->other);
    wd_code_t code = wd_sql_done(&self->sql, statement, "writing an event");
    if (code != WD_OK)
        return code;
    self->counts.seq = row->seq;
    self->counts.last[stream] = row->seq;
    row->time = self->now;
    row->stream = self->names[stream];
    row->change = wd_change_name(stream, change);
    row->article = self->article.data;
    row->article_size = self->article.size;
    wd_events_draft_add(&self->draft, self->epoch, row);
    return WD_OK;
}

/* An event of an article. */
static wd_code_t s_tell(wd_store_t *self, wd_state_t state, int64_t rev, uint32_t facts,
                        const char *reason)
{
    wd_event_row_t row = {.rev = rev, .n = facts, .reason = reason};
    return s_emit(self, &row, 0, (int)state);
}

wd_code_t wd_store_tell(wd_store_t *self, const wd_told_t *told)
{
    wd_event_row_t row = {.rev = told->observation >> 16,
                          .n = (uint32_t)(told->observation & 65535),
                          .record = told->record,
                          .record_size = told->size,
                          .fact = told->fact,
                          .other = told->other,
                          .sources = told->sources,
                          .status = told->status};
    if (told->change == WD_CHANGE_CREATED)
        self->counts.facts++;
    else if (told->change == WD_CHANGE_RETRACTED)
        self->counts.facts--;
    return s_emit(self, &row, told->stream, (int)told->change);
}

/* Notes that a revision is done with. */
static wd_code_t s_ended(wd_store_t *self, const char *id, const wd_outcome_t *outcome)
{
    if (self->ended_count == self->ended_capacity) {
        size_t capacity = self->ended_capacity > 0 ? self->ended_capacity * 2 : 16;
        wd_outcome_t *ended = realloc(self->ended, capacity * sizeof *ended);
        if (ended == NULL)
            return WD_E_MEMORY;
        self->ended = ended;
        self->ended_capacity = capacity;
    }
    wd_outcome_t copy = *outcome;
    copy.id = strdup(id);
    copy.reason = outcome->reason != NULL ? strdup(outcome->reason) : NULL;
    if (copy.id == NULL || (outcome->reason != NULL && copy.reason == NULL)) {
        wd_outcome_clear(&copy);
        return WD_E_MEMORY;
    }
    self->ended[self->ended_count++] = copy;
    return WD_OK;
}

static void s_move(wd_store_t *self, int64_t rev, wd_state_t from, wd_state_t to)
{
    wd_digest_moved(self, rev);
    self->counts.states[from]--;
    self->counts.states[to]++;
}

/* ----------------------------------------------------------------------------------- accepting */

/* Fills the outcome from the revision's row. */
static wd_code_t s_outcome(wd_store_t *self, int64_t rev, wd_outcome_t *ret)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, S_STATE);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading a revision");
    sqlite3_bind_int64(statement, 1, rev);
    int result = sqlite3_step(statement);
    wd_code_t code = WD_OK;
    if (result == SQLITE_ROW) {
        *ret = (wd_outcome_t){.rev = rev,
                              .revision = (uint32_t)sqlite3_column_int64(statement, 1),
                              .state = (wd_state_t)sqlite3_column_int(statement, 0)};
        const char *reason = wd_sql_text(statement, 6);
        if (ret->state == WD_STORED)
            ret->facts = (uint32_t)sqlite3_column_int64(statement, 3);
        if (ret->state == WD_STORED || ret->state == WD_FAILED) {
            ret->first = (uint64_t)sqlite3_column_int64(statement, 4);
            ret->last = (uint64_t)sqlite3_column_int64(statement, 5);
        } else {
            ret->first = ret->last = (uint64_t)sqlite3_column_int64(statement, 9);
        }
        if (ret->state == WD_FAILED && reason != NULL) {
            ret->reason = strdup(reason);
            if (ret->reason == NULL)
                code = WD_E_MEMORY;
        }
    } else {
        code =
            result == SQLITE_DONE ? WD_E_NOT_FOUND : wd_sql_fail(&self->sql, "reading a revision");
    }
    sqlite3_reset(statement);
    return code;
}

/* The number of a revision, and whether its text is the article's. */
static wd_code_t s_number(wd_store_t *self, const wd_article_t *article, int64_t rev,
                          uint32_t *ret_number, bool *ret_same)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, S_NUMBER);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "looking for an article");
    sqlite3_bind_int64(statement, 1, rev);
    sqlite3_bind_blob(statement, 2, article->text_hash, WD_HASH_SIZE, SQLITE_STATIC);
    wd_code_t code = WD_OK;
    if (sqlite3_step(statement) == SQLITE_ROW) {
        *ret_number = (uint32_t)sqlite3_column_int64(statement, 0);
        *ret_same = sqlite3_column_int(statement, 1) != 0;
    } else {
        code = wd_sql_fail(&self->sql, "looking for an article");
    }
    sqlite3_reset(statement);
    return code;
}

/* The revision of the same text, or 0; and the newest one's number. */
static wd_code_t s_find(wd_store_t *self, const wd_article_t *article, int64_t *ret_rev,
                        uint32_t *ret_newest)
{
    int64_t newest = 0;
    bool same = false;
    *ret_rev = 0;
    *ret_newest = 0;
    wd_code_t code = wd_known_before(self, article->id_hash, INT64_MAX, &newest);
    if (code == WD_OK && newest != 0)
        code = s_number(self, article, newest, ret_newest, &same);
    if (code != WD_OK || newest == 0)
        return code;
    *ret_rev = newest;
    if (same)
        return WD_OK;
    uint32_t number = 0;
    code = wd_known_same(self, article, ret_rev);
    if (code == WD_OK && *ret_rev != 0)
        code = s_number(self, article, *ret_rev, &number, &same);
    if (!same)
        *ret_rev = 0;
    return code;
}

static wd_code_t s_insert(wd_store_t *self, const wd_article_t *article, int64_t rev,
                          uint32_t number)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, S_ACCEPT);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "accepting");
    sqlite3_bind_int64(statement, 1, rev);
    sqlite3_bind_int64(statement, 2, number);
    sqlite3_bind_int64(statement, 3, self->now);
    sqlite3_bind_int64(statement, 4, (sqlite3_int64)article->size);
    sqlite3_bind_blob(statement, 5, article->id_hash, WD_HASH_SIZE, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 6, article->text_hash, WD_HASH_SIZE, SQLITE_STATIC);
    wd_sql_bind_text(statement, 7, article->id);
    wd_sql_bind_text(statement, 8, article->source);
    wd_sql_bind_text(statement, 9, article->url);
    wd_sql_bind_text(statement, 10, article->title);
    wd_sql_bind_text(statement, 11, article->published);
    wd_code_t code = wd_sql_done(&self->sql, statement, "accepting");
    if (code != WD_OK)
        return code;
    statement = wd_sql_get(&self->sql, S_TEXT);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "accepting a text");
    sqlite3_bind_int64(statement, 1, rev);
    sqlite3_bind_text64(statement, 2, article->text, article->size, SQLITE_STATIC, SQLITE_UTF8);
    return wd_sql_done(&self->sql, statement, "accepting a text");
}

wd_code_t wd_store_accept(wd_store_t *self, const wd_article_t *article, wd_outcome_t *ret_outcome)
{
    int64_t rev = 0;
    uint32_t newest = 0;
    wd_code_t code = s_find(self, article, &rev, &newest);
    if (code != WD_OK)
        return code;
    if (rev != 0) {
        code = s_outcome(self, rev, ret_outcome);
        if (code == WD_OK)
            ret_outcome->duplicate = true;
        return code;
    }
    rev = self->counts.rev + 1;
    code = s_insert(self, article, rev, newest + 1);
    if (code != WD_OK)
        return code;
    code = wd_known_add(self, article);
    if (code != WD_OK)
        return code;
    self->counts.rev = rev;
    self->counts.states[WD_ACCEPTED]++;
    *ret_outcome = (wd_outcome_t){.rev = rev, .revision = newest + 1, .state = WD_ACCEPTED};
    return WD_OK;
}

/* -------------------------------------------------------------------------------------- ending */

/* Reads the article of `rev` into self->article, for its events; its id and facts. */
static wd_code_t s_read_article(wd_store_t *self, int64_t rev, char **ret_id, uint32_t *ret_number,
                                uint32_t *ret_facts)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, S_ARTICLE);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading an article");
    sqlite3_bind_int64(statement, 1, rev);
    wd_code_t code = WD_OK;
    if (sqlite3_step(statement) != SQLITE_ROW) {
        code = wd_sql_fail(&self->sql, "reading an article");
    } else {
        const char *id = wd_sql_text(statement, 0);
        self->article.size = 0;
        *ret_number = (uint32_t)sqlite3_column_int64(statement, 1);
        *ret_facts = (uint32_t)sqlite3_column_int64(statement, 6);
        *ret_id = strdup(id != NULL ? id : "");
        if (*ret_id == NULL)
            code = WD_E_MEMORY;
        else
            wd_events_article(&self->article, *ret_id, *ret_number, wd_sql_text(statement, 2),
                              wd_sql_text(statement, 3), wd_sql_text(statement, 4),
                              wd_sql_text(statement, 5));
    }
    sqlite3_reset(statement);
    return code == WD_OK && self->article.failed ? WD_E_MEMORY : code;
}

wd_code_t wd_store_article(wd_store_t *self, int64_t rev)
{
    char *id = NULL;
    uint32_t number = 0, facts = 0;
    wd_code_t code = s_read_article(self, rev, &id, &number, &facts);
    free(id);
    return code;
}

/* Ends an alive revision: its facts are retracted, its state becomes SUPERSEDED or RETRACTED. */
static wd_code_t s_end(wd_store_t *self, int64_t rev, wd_state_t from, wd_state_t to)
{
    char *id = NULL;
    uint32_t number = 0, facts = 0;
    uint64_t first = self->counts.seq + 1;
    wd_code_t code = s_read_article(self, rev, &id, &number, &facts);
    if (code == WD_OK && from == WD_STORED) {
        self->ending = rev;
        code = wd_facts_withdraw(self, rev);
        self->ending = 0;
    }
    if (code == WD_OK)
        code = s_tell(self, to, rev, from == WD_STORED ? facts : 0, NULL);
    if (code == WD_OK) {
        sqlite3_stmt *statement = wd_sql_get(&self->sql, S_END);
        if (statement == NULL) {
            code = wd_sql_fail(&self->sql, "ending a revision");
        } else {
            sqlite3_bind_int64(statement, 1, rev);
            sqlite3_bind_int(statement, 2, (int)to);
            sqlite3_bind_int64(statement, 3, (sqlite3_int64)self->counts.seq);
            code = wd_sql_done(&self->sql, statement, "ending a revision");
        }
    }
    if (code == WD_OK) {
        s_move(self, rev, from, to);
        wd_outcome_t outcome = {
            .rev = rev, .revision = number, .state = to, .first = first, .last = self->counts.seq};
        if (from == WD_ACCEPTED)
            code = s_ended(self, id, &outcome);
    }
    free(id);
    return code;
}

typedef struct {
    int64_t rev;
    wd_state_t state;
} s_alive_t;

/* The state of a revision. */
static wd_code_t s_state(wd_store_t *self, int64_t rev, wd_state_t *ret_state)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, WD_S_LIVE);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "looking for revisions");
    sqlite3_bind_int64(statement, 1, rev);
    wd_code_t code = WD_OK;
    if (sqlite3_step(statement) == SQLITE_ROW)
        *ret_state = (wd_state_t)sqlite3_column_int(statement, 0);
    else
        code = wd_sql_fail(&self->sql, "looking for revisions");
    sqlite3_reset(statement);
    return code;
}

/* The alive revisions of the article before `rev`, the newest first: *ret is the caller's. */
static wd_code_t s_alive(wd_store_t *self, const uint8_t *id_hash, int64_t rev, s_alive_t **ret,
                         size_t *ret_count)
{
    size_t capacity = 0;
    for (;;) {
        wd_state_t state = WD_RETRACTED;
        wd_code_t code = wd_known_before(self, id_hash, rev, &rev);
        if (code == WD_OK && rev != 0)
            code = s_state(self, rev, &state);
        if (code != WD_OK || rev == 0 || state == WD_SUPERSEDED || state == WD_RETRACTED)
            return code;
        if (*ret_count == capacity) {
            capacity = capacity > 0 ? capacity * 2 : 8;
            s_alive_t *more = realloc(*ret, capacity * sizeof *more);
            if (more == NULL)
                return WD_E_MEMORY;
            *ret = more;
        }
        (*ret)[(*ret_count)++] = (s_alive_t){rev, state};
    }
}

/* Ends all alive revisions of the article before `rev`, the oldest first. */
static wd_code_t s_end_before(wd_store_t *self, const uint8_t *id_hash, int64_t rev, wd_state_t to)
{
    s_alive_t *alive = NULL;
    size_t count = 0;
    wd_code_t code = s_alive(self, id_hash, rev, &alive, &count);
    while (code == WD_OK && count > 0) {
        count--;
        code = s_end(self, alive[count].rev, alive[count].state, to);
    }
    free(alive);
    return code;
}

/* ----------------------------------------------------------------------------------- finishing */

static wd_code_t s_set_finished(wd_store_t *self, int64_t rev, const wd_outcome_t *outcome)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, S_FINISH);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "finishing");
    sqlite3_bind_int64(statement, 1, rev);
    sqlite3_bind_int(statement, 2, (int)outcome->state);
    sqlite3_bind_int64(statement, 3, outcome->facts);
    sqlite3_bind_int64(statement, 4, (sqlite3_int64)outcome->first);
    sqlite3_bind_int64(statement, 5, (sqlite3_int64)outcome->last);
    wd_sql_bind_text(statement, 6, outcome->reason);
    wd_code_t code = wd_sql_done(&self->sql, statement, "finishing");
    if (code == WD_OK)
        s_move(self, rev, WD_ACCEPTED, outcome->state);
    return code;
}

/* ACCEPTED → FAILED; self->article is that of `rev`. */
static wd_code_t s_fail(wd_store_t *self, int64_t rev, uint32_t number, const char *id,
                        char *reason)
{
    wd_outcome_t outcome = {.rev = rev,
                            .revision = number,
                            .state = WD_FAILED,
                            .first = self->counts.seq + 1,
                            .last = self->counts.seq + 1,
                            .reason = reason};
    wd_code_t code = s_tell(self, WD_FAILED, rev, 0, reason);
    if (code == WD_OK)
        code = s_set_finished(self, rev, &outcome);
    if (code == WD_OK)
        code = s_ended(self, id, &outcome);
    return code;
}

static wd_code_t s_store_records(wd_store_t *self, const wd_finished_t *finished, int64_t received)
{
    int64_t rev = finished->job->rev;
    char day[WD_DAY_SIZE];
    wd_article_day(finished->job->article->published, received, day);
    uint64_t article = wd_article_hash(finished->job->article->id_hash);
    for (size_t i = 0; i < finished->count; i++) {
        const wd_record_t *record = &finished->records[i];
        size_t stream = 0;
        wd_code_t code = s_stream(self, record->kind, &stream);
        if (code != WD_OK)
            return code;
        sqlite3_stmt *statement = wd_sql_get(&self->sql, S_OBSERVATION);
        if (statement == NULL)
            return wd_sql_fail(&self->sql, "storing a fact");
        sqlite3_bind_int64(statement, 1, rev * 65536 + (int64_t)i + 1);
        sqlite3_bind_int64(statement, 2, (sqlite3_int64)stream);
        sqlite3_bind_text64(statement, 3, record->json, record->size, SQLITE_STATIC, SQLITE_UTF8);
        code = wd_sql_done(&self->sql, statement, "storing a fact");
        if (code == WD_OK)
            code = wd_facts_add(self, rev * 65536 + (int64_t)i + 1, stream, record, article, day);
        if (code != WD_OK)
            return code;
    }
    return wd_keys_save(self);
}

/* The article's words and its day: " changchun e:bmw … d:20220623 ". */
static wd_code_t s_store_words(wd_store_t *self, const wd_finished_t *finished, int64_t received)
{
    char day[WD_DAY_SIZE];
    wd_article_day(finished->job->article->published, received, day);
    wd_buf_t words = {0};
    size_t size = finished->words != NULL ? strlen(finished->words) : 0;
    wd_buf_reserve(&words, size + 32);
    wd_buf_char(&words, ' ');
    if (size > 0)
        wd_buf_add(&words, finished->words, size);
    wd_buf_str(&words, " d:");
    wd_buf_add(&words, day, 4);
    wd_buf_add(&words, day + 5, 2);
    wd_buf_add(&words, day + 8, 2);
    wd_buf_char(&words, ' ');
    wd_code_t code = WD_E_MEMORY;
    if (!words.failed)
        code = wd_index_add(self, finished->job->rev, words.data, words.size);
    wd_buf_free(&words);
    return code;
}

static wd_code_t s_store(wd_store_t *self, const wd_finished_t *finished, uint32_t number,
                         int64_t received)
{
    const wd_article_t *article = finished->job->article;
    wd_outcome_t outcome = {.rev = finished->job->rev,
                            .revision = number,
                            .state = WD_STORED,
                            .facts = (uint32_t)finished->count,
                            .first = self->counts.seq + 1};
    wd_code_t code = WD_OK;
    if (number > 1)
        code = s_end_before(self, article->id_hash, outcome.rev, WD_SUPERSEDED);
    self->article.size = 0;
    wd_events_article(&self->article, article->id, number, article->source, article->url,
                      article->title, article->published);
    if (code == WD_OK && self->article.failed)
        code = WD_E_MEMORY;
    self->storing = outcome.rev;
    if (code == WD_OK)
        code = s_store_records(self, finished, received);
    self->storing = 0;
    if (code == WD_OK)
        code = s_store_words(self, finished, received);
    if (code == WD_OK)
        code = s_tell(self, WD_STORED, outcome.rev, outcome.facts, NULL);
    outcome.last = self->counts.seq;
    if (code == WD_OK)
        code = s_set_finished(self, outcome.rev, &outcome);
    if (code == WD_OK)
        code = s_ended(self, article->id, &outcome);
    return code;
}

wd_code_t wd_store_finish(wd_store_t *self, const wd_finished_t *finished)
{
    int64_t rev = finished->job->rev;
    sqlite3_stmt *statement = wd_sql_get(&self->sql, S_STATE);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "finishing");
    sqlite3_bind_int64(statement, 1, rev);
    int result = sqlite3_step(statement);
    bool late = result == SQLITE_ROW && sqlite3_column_int(statement, 0) != WD_ACCEPTED;
    uint32_t number = (uint32_t)sqlite3_column_int64(statement, 1);
    int64_t received = sqlite3_column_int64(statement, 2);
    sqlite3_reset(statement);
    if (result == SQLITE_DONE)
        return WD_E_NOT_FOUND;
    if (result != SQLITE_ROW)
        return wd_sql_fail(&self->sql, "finishing");
    if (late)
        return WD_OK;
    if (finished->reason == NULL)
        return s_store(self, finished, number, received);
    const wd_article_t *article = finished->job->article;
    self->article.size = 0;
    wd_events_article(&self->article, article->id, number, article->source, article->url,
                      article->title, article->published);
    return s_fail(self, rev, number, article->id, finished->reason);
}

/* -------------------------------------------------------------- retracting, retrying, blaming */

/* The newest revision of the id. WD_E_NOT_FOUND when there is none. */
static wd_code_t s_newest(wd_store_t *self, const char *id, const uint8_t *hash, int64_t *ret_rev)
{
    wd_code_t code = wd_known_before(self, hash, INT64_MAX, ret_rev);
    if (code != WD_OK || *ret_rev != 0)
        return code;
    snprintf(self->sql.message, sizeof self->sql.message, "no article \"%.400s\"", id);
    return WD_E_NOT_FOUND;
}

/* What came of the newest revision of an article, and the hash of its id. */
static wd_code_t s_current(wd_store_t *self, const char *id, uint8_t ret_hash[WD_HASH_SIZE],
                           wd_outcome_t *ret_outcome)
{
    int64_t rev = 0;
    wd_identity_hash(id, strlen(id), ret_hash);
    wd_code_t code = s_newest(self, id, ret_hash, &rev);
    return code == WD_OK ? s_outcome(self, rev, ret_outcome) : code;
}

wd_code_t wd_store_retract(wd_store_t *self, const char *id, wd_outcome_t *ret_outcome)
{
    uint8_t hash[WD_HASH_SIZE];
    wd_outcome_t outcome = {0};
    wd_code_t code = s_current(self, id, hash, &outcome);
    if (code != WD_OK)
        return code;
    int64_t rev = outcome.rev;
    if (outcome.state == WD_RETRACTED) {
        outcome.duplicate = true;
        *ret_outcome = outcome;
        return WD_OK;
    }
    uint64_t first = self->counts.seq + 1;
    uint32_t number = outcome.revision;
    wd_outcome_clear(&outcome);
    code = s_end_before(self, hash, INT64_MAX, WD_RETRACTED);
    if (code == WD_OK)
        *ret_outcome = (wd_outcome_t){.rev = rev,
                                      .revision = number,
                                      .state = WD_RETRACTED,
                                      .first = first,
                                      .last = self->counts.seq};
    return code;
}

wd_code_t wd_store_retry(wd_store_t *self, const char *id, wd_outcome_t *ret_outcome)
{
    uint8_t hash[WD_HASH_SIZE];
    wd_outcome_t outcome = {0};
    wd_code_t code = s_current(self, id, hash, &outcome);
    if (code != WD_OK)
        return code;
    int64_t rev = outcome.rev;
    wd_state_t state = outcome.state;
    uint32_t number = outcome.revision;
    wd_outcome_clear(&outcome);
    if (state != WD_FAILED) {
        snprintf(self->sql.message, sizeof self->sql.message,
                 "article \"%.400s\" has not failed: it is %s", id, wd_state_name(state));
        return WD_E_NOT_FAILED;
    }
    sqlite3_stmt *statement = wd_sql_get(&self->sql, S_RETRY);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "retrying");
    sqlite3_bind_int64(statement, 1, rev);
    code = wd_sql_done(&self->sql, statement, "retrying");
    if (code != WD_OK)
        return code;
    s_move(self, rev, WD_FAILED, WD_ACCEPTED);
    *ret_outcome = (wd_outcome_t){.rev = rev, .revision = number, .state = WD_ACCEPTED};
    return WD_OK;
}

/* Its state and attempts; WD_E_NOT_FOUND when there is none. */
static wd_code_t s_attempts(wd_store_t *self, int64_t rev, wd_state_t *ret_state,
                            unsigned *ret_attempts)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, S_STATE);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading a revision");
    sqlite3_bind_int64(statement, 1, rev);
    int result = sqlite3_step(statement);
    wd_code_t code = WD_OK;
    if (result == SQLITE_ROW) {
        *ret_state = (wd_state_t)sqlite3_column_int(statement, 0);
        *ret_attempts = (unsigned)sqlite3_column_int(statement, 7);
    } else {
        code =
            result == SQLITE_DONE ? WD_E_NOT_FOUND : wd_sql_fail(&self->sql, "reading a revision");
    }
    sqlite3_reset(statement);
    return code;
}

wd_code_t wd_store_blame(wd_store_t *self, const int64_t *revs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wd_state_t state = WD_ACCEPTED;
        unsigned attempts = 0;
        wd_code_t code = s_attempts(self, revs[i], &state, &attempts);
        if (code == WD_E_NOT_FOUND || (code == WD_OK && state != WD_ACCEPTED))
            continue;
        if (code != WD_OK)
            return code;
        sqlite3_stmt *statement = wd_sql_get(&self->sql, S_BLAME);
        if (statement == NULL)
            return wd_sql_fail(&self->sql, "counting a crash");
        sqlite3_bind_int64(statement, 1, revs[i]);
        sqlite3_bind_int64(statement, 2, attempts + 1);
        code = wd_sql_done(&self->sql, statement, "counting a crash");
        if (code != WD_OK)
            return code;
        if (attempts + 1 < WD_ATTEMPTS_MAX)
            continue;
        char *id = NULL;
        uint32_t number = 0, facts = 0;
        char reason[] = "it was in work at three crashes of the daemon";
        code = s_read_article(self, revs[i], &id, &number, &facts);
        if (code == WD_OK)
            code = s_fail(self, revs[i], number, id, reason);
        free(id);
        if (code != WD_OK)
            return code;
    }
    return WD_OK;
}

/* ------------------------------------------------------------------------------------ its work */

static wd_code_t s_job(sqlite3_stmt *statement, wd_job_t **ret_job)
{
    wd_job_t *job = calloc(1, sizeof *job);
    const char *text = wd_sql_text(statement, 8);
    if (job == NULL || text == NULL) {
        free(job);
        return WD_E_MEMORY;
    }
    job->rev = sqlite3_column_int64(statement, 0);
    job->revision = (uint32_t)sqlite3_column_int64(statement, 1);
    job->attempts = (uint32_t)sqlite3_column_int64(statement, 2);
    job->article =
        wd_article_new(wd_sql_text(statement, 3), wd_sql_text(statement, 4),
                       wd_sql_text(statement, 5), wd_sql_text(statement, 6),
                       wd_sql_text(statement, 7), text, (size_t)sqlite3_column_bytes(statement, 8));
    if (job->article == NULL) {
        free(job);
        return WD_E_MEMORY;
    }
    *ret_job = job;
    return WD_OK;
}

wd_code_t wd_store_unfinished(wd_store_t *self, bool suspects, int64_t after, size_t limit,
                              size_t max_bytes, wd_job_t **ret_jobs, size_t *ret_count,
                              bool *ret_more)
{
    *ret_count = 0;
    *ret_more = false;
    sqlite3_stmt *statement = wd_sql_get(&self->sql, suspects ? S_SUSPECTS : S_UNFINISHED);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "looking for work");
    if (!suspects)
        sqlite3_bind_int64(statement, 1, after);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)limit);
    wd_code_t code = WD_OK;
    size_t count = 0, bytes = 0;
    int result = SQLITE_DONE;
    while (code == WD_OK && count < limit && bytes < max_bytes &&
           (result = sqlite3_step(statement)) == SQLITE_ROW) {
        code = s_job(statement, &ret_jobs[count]);
        if (code == WD_OK)
            bytes += ret_jobs[count++]->article->size;
    }
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        code = wd_sql_fail(&self->sql, "looking for work");
    sqlite3_reset(statement);
    if (code != WD_OK) {
        while (count > 0)
            wd_job_destroy(&ret_jobs[--count]);
        return code;
    }
    *ret_count = count;
    *ret_more = count == limit || bytes >= max_bytes;
    return WD_OK;
}
