/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store on SQLite: the log of events, replayed. The bodies come out of events.c as they did
 * when they were published, and all they are made of never changes: so the bytes are the same.
 */
#include "store_read.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_EVENTS 1000
#define PAGE_BYTES  (1024 * 1024)
#define PAGE_LOOKED 100000 /* rows that one call looks at when few match */

/* Composes the event that the statement stands on. `record` NULL: it is read, if it has one. */
static wd_code_t s_row(wd_reader_t *self, sqlite3_stmt *statement, wd_event_row_t *row,
                       const char *record, size_t record_size, sqlite3_stmt **ret_held)
{
    size_t stream = (size_t)sqlite3_column_int64(statement, 3);
    *row = (wd_event_row_t){.seq = (uint64_t)sqlite3_column_int64(statement, 0),
                            .prev = (uint64_t)sqlite3_column_int64(statement, 1),
                            .time = sqlite3_column_int64(statement, 2),
                            .stream = wd_reader_stream(self, stream),
                            .change = wd_change_name(stream, sqlite3_column_int(statement, 4)),
                            .rev = sqlite3_column_int64(statement, 5),
                            .n = (uint32_t)sqlite3_column_int64(statement, 6),
                            .record = record,
                            .record_size = record_size,
                            .reason = wd_sql_text(statement, 7),
                            .fact = sqlite3_column_int64(statement, 8),
                            .other = sqlite3_column_int64(statement, 9),
                            .sources = (uint32_t)sqlite3_column_int64(statement, 10),
                            .status = sqlite3_column_int(statement, 11)};
    wd_code_t code = wd_reader_revision(self, row->rev);
    if (row->stream == NULL || code == WD_E_NOT_FOUND)
        return wd_reader_say(self, WD_E_CORRUPT, WD_STORE_FILE ": event %llu has lost its row",
                             (unsigned long long)row->seq);
    if (code != WD_OK)
        return code;
    row->article = self->article.data;
    row->article_size = self->article.size;
    if (stream == 0 || record != NULL)
        return WD_OK;
    sqlite3_stmt *observation = wd_sql_get(&self->sql, R_OBSERVATION);
    if (observation == NULL)
        return wd_sql_fail(&self->sql, "reading a fact");
    sqlite3_bind_int64(observation, 1, row->rev * 65536 + row->n);
    *ret_held = observation;
    if (sqlite3_step(observation) != SQLITE_ROW)
        return wd_reader_say(self, WD_E_CORRUPT, WD_STORE_FILE ": event %llu has lost its fact",
                             (unsigned long long)row->seq);
    row->record = wd_sql_text(observation, 0);
    row->record_size = (size_t)sqlite3_column_bytes(observation, 0);
    return row->record != NULL ? WD_OK : wd_reader_say(self, WD_E_MEMORY, "out of memory");
}

/* Whether a topic may pass; without prefixes all may. */
static bool s_passes(wd_reader_t *self, sqlite3_stmt *statement, const char *const *prefixes,
                     size_t count)
{
    size_t stream = (size_t)sqlite3_column_int64(statement, 3);
    const char *name = wd_reader_stream(self, stream);
    const char *change = wd_change_name(stream, sqlite3_column_int(statement, 4));
    if (count == 0 || name == NULL)
        return true;
    char topic[256];
    size_t name_size = strlen(name), change_size = strlen(change);
    if (name_size + change_size + 2 > sizeof topic)
        return true;
    memcpy(topic, name, name_size);
    topic[name_size] = '.';
    memcpy(topic + name_size + 1, change, change_size + 1);
    for (size_t i = 0; i < count; i++)
        if (strncmp(topic, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

/* Fills the draft; *ret_complete: up to where. */
static wd_code_t s_replay(wd_reader_t *self, uint64_t from, uint64_t last,
                          const char *const *prefixes, size_t prefix_count, unsigned limit,
                          wd_events_draft_t *draft, uint64_t *ret_complete)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, R_EVENTS);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading events");
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)from);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)last);
    wd_code_t code = WD_OK;
    int result = SQLITE_DONE;
    unsigned looked = 0;
    uint64_t complete = from - 1;
    while (code == WD_OK && looked < PAGE_LOOKED && draft->count < limit &&
           draft->bytes.size < PAGE_BYTES && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        uint64_t seq = (uint64_t)sqlite3_column_int64(statement, 0);
        looked++;
        if (s_passes(self, statement, prefixes, prefix_count)) {
            wd_event_row_t row;
            sqlite3_stmt *held = NULL;
            code = s_row(self, statement, &row, NULL, 0, &held);
            if (code == WD_OK)
                wd_events_draft_add(draft, self->epoch, &row);
            if (held != NULL)
                sqlite3_reset(held);
            if (code == WD_OK && draft->bytes.failed)
                code = wd_reader_say(self, WD_E_MEMORY, "out of memory");
        }
        complete = seq;
    }
    if (code == WD_OK && result != SQLITE_ROW && result != SQLITE_DONE)
        code = wd_sql_fail(&self->sql, "reading events");
    sqlite3_reset(statement);
    if (code == WD_OK)
        *ret_complete = result == SQLITE_DONE ? last : complete;
    return code;
}

static wd_code_t s_last(wd_reader_t *self, uint64_t *ret)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, R_LAST);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading events");
    wd_code_t code = WD_OK;
    if (sqlite3_step(statement) == SQLITE_ROW)
        *ret = (uint64_t)sqlite3_column_int64(statement, 0);
    else
        code = wd_sql_fail(&self->sql, "reading events");
    sqlite3_reset(statement);
    return code;
}

wd_code_t wd_reader_replay(wd_reader_t *self, uint64_t from, const char *const *prefixes,
                           size_t prefix_count, unsigned limit, wd_events_t **ret_events,
                           uint64_t *ret_complete, uint64_t *ret_last)
{
    wd_events_draft_t draft = {0};
    uint64_t last = 0, complete = 0;
    if (from == 0)
        from = 1;
    if (limit == 0 || limit > PAGE_EVENTS)
        limit = PAGE_EVENTS;
    wd_code_t code = wd_reader_begin(self);
    if (code == WD_OK)
        code = s_last(self, &last);
    complete = last;
    if (code == WD_OK && from <= last)
        code = s_replay(self, from, last, prefixes, prefix_count, limit, &draft, &complete);
    wd_reader_end(self);
    if (code == WD_OK) {
        wd_events_t *events = wd_events_draft_close(&draft);
        if (draft.bytes.failed) {
            code = wd_reader_say(self, WD_E_MEMORY, "out of memory");
        } else {
            *ret_events = events;
            *ret_complete = complete;
            *ret_last = last;
        }
    }
    wd_events_draft_clear(&draft);
    return code;
}

/* The events between two numbers that `which` gives, with commas. */
static wd_code_t s_history(wd_reader_t *self, wd_buf_t *out, size_t which, uint64_t first,
                           uint64_t last, int64_t observation, bool *comma)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, which);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading events");
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)first);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)last);
    if (which == R_EVENT) {
        sqlite3_bind_int64(statement, 3, observation >> 16);
        sqlite3_bind_int64(statement, 4, observation & 65535);
    }
    wd_code_t code = WD_OK;
    int result;
    while (code == WD_OK && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        wd_event_row_t row;
        sqlite3_stmt *held = NULL;
        code = s_row(self, statement, &row, NULL, 0, &held);
        if (code == WD_OK) {
            if (*comma)
                wd_buf_char(out, ',');
            *comma = true;
            wd_events_body(out, self->epoch, &row);
        }
        if (held != NULL)
            sqlite3_reset(held);
    }
    if (code == WD_OK && result != SQLITE_DONE)
        code = wd_sql_fail(&self->sql, "reading events");
    sqlite3_reset(statement);
    return code;
}

wd_code_t wd_reader_history(wd_reader_t *self, wd_buf_t *out, const wd_fact_t *fact)
{
    bool comma = false;
    wd_code_t code = wd_reader_revision(self, fact->id >> 16);
    if (code != WD_OK)
        return code;
    const wd_revision_t *r = &self->revision;
    uint64_t first = r->first_event, last = r->last_event, end = r->end_event, facts = r->facts;
    wd_buf_str(out, ",\"history\":[");
    if (first > 0)
        code = s_history(self, out, R_EVENT, first, last, fact->id, &comma);
    for (const char *p = fact->stored ? fact->events.data : ""; code == WD_OK && *p != '\0';) {
        char *next = NULL;
        uint64_t seq = strtoull(p, &next, 10);
        if (next != p)
            code = s_history(self, out, R_EVENTS, seq, seq, fact->id, &comma);
        p = next != p ? next : p + 1; /* a bracket or a comma */
    }
    /* One that nothing was ever said of was retracted, if at all, before the end of its article,
     * among the others of it. */
    if (code == WD_OK && !fact->stored && end > facts)
        code = s_history(self, out, R_EVENT, end - facts, end, fact->id, &comma);
    wd_buf_char(out, ']');
    return code;
}
