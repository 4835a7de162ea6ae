/* SPDX-License-Identifier: Apache-2.0 */
/* The store on SQLite: the row of a fact; see store_fact.h. */
#include "store_fact.h"

#include <stdlib.h>
#include <string.h>

#define EVENTS_BYTES 4000 /* of a fact's history: the first and the newest are kept */

bool wd_ids_has(const wd_ids_t *self, int64_t id)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->ids[i] == id)
            return true;
    return false;
}

bool wd_ids_add(wd_ids_t *self, int64_t id)
{
    if (wd_ids_has(self, id))
        return true;
    if (self->count == WD_GROUP_MAX)
        return false;
    self->ids[self->count++] = id;
    return true;
}

void wd_ids_drop(wd_ids_t *self, int64_t id)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->ids[i] != id)
            continue;
        memmove(&self->ids[i], &self->ids[i + 1], (self->count - i - 1) * sizeof self->ids[0]);
        self->count--;
        return;
    }
}

/* "[12,15]" */
void wd_ids_parse(const char *text, wd_ids_t *ids)
{
    for (const char *p = text != NULL ? text : ""; *p != '\0';) {
        if (*p < '0' || *p > '9') {
            p++;
            continue;
        }
        char *end = NULL;
        wd_ids_add(ids, strtoll(p, &end, 10));
        p = end;
    }
}

static void s_compose(const wd_ids_t *ids, wd_buf_t *out)
{
    wd_buf_char(out, '[');
    for (size_t i = 0; i < ids->count; i++) {
        if (i > 0)
            wd_buf_char(out, ',');
        wd_buf_u64(out, (uint64_t)ids->ids[i]);
    }
    wd_buf_char(out, ']');
}

wd_code_t wd_fact_of(wd_store_t *store, int64_t observation, int64_t *ret_fact)
{
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_MEMBER);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "looking for a fact");
    sqlite3_bind_int64(statement, 1, observation);
    int result = sqlite3_step(statement);
    *ret_fact = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : observation;
    wd_code_t code = result == SQLITE_ROW || result == SQLITE_DONE
                         ? WD_OK
                         : wd_sql_fail(&store->sql, "looking for a fact");
    sqlite3_reset(statement);
    return code;
}

wd_code_t wd_fact_join(wd_store_t *store, int64_t observation, int64_t fact)
{
    sqlite3_stmt *statement =
        wd_sql_get(&store->sql, observation == fact ? WD_S_CUT_MEMBER : WD_S_SET_MEMBER);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "joining facts");
    sqlite3_bind_int64(statement, 1, observation);
    if (observation != fact)
        sqlite3_bind_int64(statement, 2, fact);
    return wd_sql_done(&store->sql, statement, "joining facts");
}

void wd_fact_free(wd_fact_t *self)
{
    wd_buf_free(&self->events);
}

/* A fact without a row: its observation, as long as that is live. */
static wd_code_t s_plain(wd_store_t *store, wd_fact_t *fact)
{
    const wd_digest_t *digest = NULL;
    bool live = false;
    wd_code_t code = wd_digest_get(store, fact->id, &digest);
    if (code == WD_OK && digest != NULL)
        code = wd_digest_live(store, fact->id, &live);
    if (code != WD_OK)
        return code;
    fact->lead = fact->id;
    fact->status = live ? WD_FACT_CURRENT : WD_FACT_RETRACTED;
    fact->sources = live;
    if (live)
        wd_ids_add(&fact->observations, fact->id);
    return WD_OK;
}

wd_code_t wd_fact_read(wd_store_t *store, int64_t id, wd_fact_t *ret_fact)
{
    *ret_fact = (wd_fact_t){.id = id};
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_FACT);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "reading a fact");
    sqlite3_bind_int64(statement, 1, id);
    int result = sqlite3_step(statement);
    wd_code_t code = WD_OK;
    if (result == SQLITE_ROW) {
        const char *events = wd_sql_text(statement, 6);
        size_t size = events != NULL ? strlen(events) : 0;
        ret_fact->stored = true;
        ret_fact->stream = (size_t)sqlite3_column_int64(statement, 0);
        ret_fact->status = (wd_fact_status_t)sqlite3_column_int(statement, 1);
        ret_fact->sources = (uint32_t)sqlite3_column_int64(statement, 2);
        ret_fact->lead = sqlite3_column_int64(statement, 3);
        wd_ids_parse(wd_sql_text(statement, 4), &ret_fact->observations);
        wd_ids_parse(wd_sql_text(statement, 5), &ret_fact->others);
        if (size > 2)
            wd_buf_add(&ret_fact->events, events + 1, size - 2);
        ret_fact->parted = sqlite3_column_int(statement, 7) != 0;
        code = ret_fact->events.failed ? WD_E_MEMORY : WD_OK;
    } else if (result != SQLITE_DONE) {
        code = wd_sql_fail(&store->sql, "reading a fact");
    }
    sqlite3_reset(statement);
    return code == WD_OK && !ret_fact->stored ? s_plain(store, ret_fact) : code;
}

wd_code_t wd_fact_weigh(wd_store_t *store, wd_fact_t *self)
{
    uint64_t articles[WD_GROUP_MAX];
    uint32_t sources = 0;
    wd_digest_t best = {.id = 0};
    for (size_t i = 0; i < self->observations.count; i++) {
        const wd_digest_t *digest = NULL;
        wd_code_t code = wd_digest_get(store, self->observations.ids[i], &digest);
        if (code != WD_OK || digest == NULL)
            return code != WD_OK ? code : WD_E_CORRUPT;
        bool known = false;
        for (uint32_t k = 0; k < sources; k++)
            known = known || articles[k] == digest->article;
        if (!known)
            articles[sources++] = digest->article;
        if (best.id == 0 || wd_digest_compare(digest, &best) < 0)
            best = *digest;
    }
    if (best.id != 0)
        self->lead = best.id;
    /* A full list is not all there is: then articles are only counted. */
    if (self->observations.count < WD_GROUP_MAX || sources > self->sources)
        self->sources = sources;
    return WD_OK;
}

static int64_t s_newest(const wd_fact_t *self)
{
    int64_t newest = self->lead;
    for (size_t i = 0; i < self->observations.count; i++)
        if (i == 0 || self->observations.ids[i] > newest)
            newest = self->observations.ids[i];
    return newest;
}

wd_code_t wd_fact_write(wd_store_t *store, wd_fact_t *self)
{
    wd_buf_t lists[3] = {{0}};
    s_compose(&self->observations, &lists[0]);
    s_compose(&self->others, &lists[1]);
    wd_buf_char(&lists[2], '[');
    wd_buf_add(&lists[2], self->events.data, self->events.size);
    wd_buf_char(&lists[2], ']');
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_SET_FACT);
    wd_code_t code = WD_OK;
    if (statement == NULL) {
        code = wd_sql_fail(&store->sql, "writing a fact");
    } else if (lists[0].failed || lists[1].failed || lists[2].failed) {
        code = WD_E_MEMORY;
    } else {
        sqlite3_bind_int64(statement, 1, self->id);
        sqlite3_bind_int64(statement, 2, (sqlite3_int64)self->stream);
        sqlite3_bind_int(statement, 3, (int)self->status);
        sqlite3_bind_int64(statement, 4, self->sources);
        sqlite3_bind_int64(statement, 5, self->lead);
        for (int i = 0; i < 3; i++)
            wd_sql_bind_text(statement, 6 + i, lists[i].data);
        sqlite3_bind_int(statement, 9, self->parted);
        sqlite3_bind_int64(statement, 10, s_newest(self));
        code = wd_sql_done(&store->sql, statement, "writing a fact");
        self->stored = self->stored || code == WD_OK;
    }
    for (int i = 0; i < 3; i++)
        wd_buf_free(&lists[i]);
    return code;
}

/* Drops the oldest but the first when there are many. */
static void s_trim(wd_buf_t *events)
{
    char *first = events->size > EVENTS_BYTES ? memchr(events->data, ',', events->size) : NULL;
    if (first == NULL)
        return;
    char *second = memchr(first + 1, ',', events->size - (size_t)(first + 1 - events->data));
    if (second == NULL)
        return;
    size_t rest = events->size - (size_t)(second - events->data);
    memmove(first, second, rest + 1);
    events->size = (size_t)(first - events->data) + rest;
}

wd_code_t wd_fact_tell(wd_store_t *store, wd_fact_t *self, wd_change_t change,
                       const wd_told_t *cause, int64_t other)
{
    wd_told_t told = *cause;
    told.change = change;
    told.fact = self->id;
    told.other = other;
    told.sources = self->sources;
    told.status = (int)self->status;
    self->stream = cause->stream;
    wd_code_t code = wd_store_tell(store, &told);
    if (code != WD_OK)
        return code;
    if (self->events.size > 0)
        wd_buf_char(&self->events, ',');
    wd_buf_u64(&self->events, store->counts.seq);
    s_trim(&self->events);
    return self->events.failed ? WD_E_MEMORY : WD_OK;
}
