/* SPDX-License-Identifier: Apache-2.0 */
/* The store on SQLite: facts as readers see them, each with all who tell it. */
#include "store_fact.h"
#include "store_read.h"

#include <stdlib.h>
#include <string.h>

#include "record.h"

static wd_code_t s_member(wd_reader_t *self, int64_t observation, int64_t *ret_fact)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, R_MEMBER);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading a fact");
    sqlite3_bind_int64(statement, 1, observation);
    int result = sqlite3_step(statement);
    *ret_fact = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : observation;
    wd_code_t code = result == SQLITE_ROW || result == SQLITE_DONE
                         ? WD_OK
                         : wd_sql_fail(&self->sql, "reading a fact");
    sqlite3_reset(statement);
    return code;
}

/* The fact of an observation of the current revision. */
wd_code_t wd_reader_fact(wd_reader_t *self, int64_t observation, wd_fact_t *ret)
{
    *ret = (wd_fact_t){.id = 0};
    wd_code_t code = s_member(self, observation, &ret->id);
    if (code != WD_OK)
        return code;
    sqlite3_stmt *statement = wd_sql_get(&self->sql, R_FACT);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "reading a fact");
    sqlite3_bind_int64(statement, 1, ret->id);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        ret->stored = true;
        ret->status = (wd_fact_status_t)sqlite3_column_int(statement, 0);
        ret->sources = (uint32_t)sqlite3_column_int64(statement, 1);
        ret->lead = sqlite3_column_int64(statement, 2);
        wd_ids_parse(wd_sql_text(statement, 3), &ret->observations);
        wd_ids_parse(wd_sql_text(statement, 4), &ret->others);
        const char *events = wd_sql_text(statement, 5);
        wd_buf_str(&ret->events, events != NULL ? events : "");
    } else if (result != SQLITE_DONE) {
        code = wd_sql_fail(&self->sql, "reading a fact");
    } else {
        bool live = self->revision.rev == observation >> 16 && self->revision.state == WD_STORED;
        ret->lead = observation;
        ret->status = live ? WD_FACT_CURRENT : WD_FACT_RETRACTED;
        ret->sources = live;
        if (live)
            wd_ids_add(&ret->observations, observation);
    }
    sqlite3_reset(statement);
    return code;
}

static void s_id(wd_buf_t *out, int64_t id)
{
    wd_buf_char(out, '"');
    wd_buf_u64(out, (uint64_t)id >> 16);
    wd_buf_char(out, '.');
    wd_buf_u64(out, (uint64_t)id & 65535);
    wd_buf_char(out, '"');
}

void wd_reader_row(wd_reader_t *self, wd_buf_t *out, const wd_fact_t *fact, int64_t observation,
                   const char *record, size_t size)
{
    wd_buf_reserve(out, 128 + self->article.size + size);
    wd_buf_str(out, "{\"fact\":");
    s_id(out, fact->id);
    if (fact->id != observation) {
        wd_buf_str(out, ",\"observation\":");
        s_id(out, observation);
    }
    wd_buf_field(out, "status", wd_fact_status_name((int)fact->status));
    wd_buf_str(out, ",\"sources\":");
    wd_buf_u64(out, fact->sources);
    if (fact->others.count > 0) {
        wd_buf_str(out, ",\"others\":[");
        for (size_t i = 0; i < fact->others.count; i++) {
            if (i > 0)
                wd_buf_char(out, ',');
            s_id(out, fact->others.ids[i]);
        }
        wd_buf_char(out, ']');
    }
    wd_buf_str(out, ",\"article\":");
    wd_buf_add(out, self->article.data, self->article.size);
    wd_buf_str(out, ",\"record\":");
    wd_buf_add(out, record, size);
    wd_buf_char(out, '}');
}

/* ------------------------------------------------------------------------------------ evidence */

/* Forward (step 1) or back (step -1) from `at` to where a character begins. */
static size_t s_boundary(const wd_buf_t *text, size_t at, int step)
{
    while (at > 0 && at < text->size && ((unsigned char)text->data[at] & 0xC0) == 0x80)
        at = step > 0 ? at + 1 : at - 1;
    return at;
}

#define CONTEXT_BYTES 240

static void s_context(wd_buf_t *out, const wd_buf_t *text, const char *record, size_t size)
{
    size_t start = 0, end = 0;
    if (!wd_record_evidence(record, size, &start, &end) || end > text->size)
        start = end = 0;
    size_t from = start > CONTEXT_BYTES ? s_boundary(text, start - CONTEXT_BYTES, 1) : 0;
    size_t to =
        text->size - end > CONTEXT_BYTES ? s_boundary(text, end + CONTEXT_BYTES, -1) : text->size;
    if (end == 0)
        to = 0;
    wd_buf_str(out, ",\"context\":{\"before\":");
    wd_buf_json(out, text->data + from, start - from);
    wd_buf_str(out, ",\"evidence\":");
    wd_buf_json(out, text->data + start, end - start);
    wd_buf_str(out, ",\"after\":");
    wd_buf_json(out, text->data + end, to - end);
    wd_buf_char(out, '}');
}

/* Makes the observation's revision the current one and reads its record and the article's text. */
static wd_code_t s_open(wd_reader_t *self, int64_t observation, wd_buf_t *record, wd_buf_t *text)
{
    record->size = text->size = 0;
    wd_code_t code = wd_reader_text(self, R_OBSERVATION, observation, record);
    if (code == WD_OK)
        code = wd_reader_revision(self, observation >> 16);
    if (code == WD_OK)
        code = wd_reader_text(self, R_TEXT, observation >> 16, text);
    return code;
}

/* ,"evidence":[{"observation","article","record","context"}, …]: all who tell it, the first first.
 */
static wd_code_t s_evidence(wd_reader_t *self, wd_buf_t *out, const wd_fact_t *fact,
                            wd_buf_t *record, wd_buf_t *text)
{
    wd_code_t code = WD_OK;
    wd_buf_str(out, ",\"evidence\":[");
    for (size_t i = 0; code == WD_OK && i < fact->observations.count; i++) {
        code = s_open(self, fact->observations.ids[i], record, text);
        if (code != WD_OK)
            break;
        wd_buf_str(out, i > 0 ? ",{\"observation\":" : "{\"observation\":");
        s_id(out, fact->observations.ids[i]);
        wd_buf_str(out, ",\"article\":");
        wd_buf_add(out, self->article.data, self->article.size);
        wd_buf_str(out, ",\"record\":");
        wd_buf_add(out, record->data, record->size);
        s_context(out, text, record->data, record->size);
        wd_buf_char(out, '}');
    }
    wd_buf_char(out, ']');
    return code;
}

/* ,"against":[row, …]: the other sides, each as told best. */
static wd_code_t s_against(wd_reader_t *self, wd_buf_t *out, const wd_fact_t *fact,
                           wd_buf_t *record)
{
    wd_code_t code = WD_OK;
    if (fact->others.count == 0)
        return WD_OK;
    wd_buf_str(out, ",\"against\":[");
    for (size_t i = 0; code == WD_OK && i < fact->others.count; i++) {
        wd_fact_t other = {.id = 0};
        code = wd_reader_revision(self, fact->others.ids[i] >> 16);
        if (code == WD_OK)
            code = wd_reader_fact(self, fact->others.ids[i], &other);
        record->size = 0;
        if (code == WD_OK)
            code = wd_reader_text(self, R_OBSERVATION, other.lead, record);
        if (code == WD_OK)
            code = wd_reader_revision(self, other.lead >> 16);
        if (code == WD_OK && i > 0)
            wd_buf_char(out, ',');
        if (code == WD_OK)
            wd_reader_row(self, out, &other, other.lead, record->data, record->size);
        wd_fact_free(&other);
    }
    wd_buf_char(out, ']');
    return code;
}

wd_code_t wd_reader_show(wd_reader_t *self, int64_t observation, wd_buf_t *out)
{
    wd_buf_t record = {0}, text = {0};
    wd_fact_t fact = {.id = 0};
    wd_code_t code = s_open(self, observation, &record, &text);
    if (code == WD_OK)
        code = wd_reader_fact(self, observation, &fact);
    int64_t shown = fact.id != observation || fact.observations.count > 0 ? fact.lead : observation;
    if (code == WD_OK && shown != observation)
        code = s_open(self, shown, &record, &text);
    if (code == WD_OK) {
        wd_reader_row(self, out, &fact, shown, record.data, record.size);
        if (!out->failed)
            out->size--; /* the row's closing brace */
        s_context(out, &text, record.data, record.size);
        code = s_evidence(self, out, &fact, &record, &text);
    }
    if (code == WD_OK)
        code = s_against(self, out, &fact, &record);
    if (code == WD_OK)
        code = wd_reader_history(self, out, &fact);
    wd_buf_char(out, '}');
    wd_fact_free(&fact);
    wd_buf_free(&record);
    wd_buf_free(&text);
    return code;
}
