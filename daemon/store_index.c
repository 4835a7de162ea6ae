/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store on SQLite: words, from the tail into blocks.
 *
 * The words of an article are first a row of `tail`, written with its facts. When all of a block's
 * revisions should have come (SLACK further ones have), its part of the tail is gathered, sorted
 * and written to `word` in the order of its key, and then deleted from the tail. It goes in steps
 * inside other transactions, small enough that nobody waits for one:
 *
 *   IDLE ──due──▶ GATHER ──all read──▶ WRITE ──all written──▶ DELETE ──all deleted──▶ IDLE
 *     ▲             │                    │                       │
 *     └─────────────┴─── rollback ───────┴───────────────────────┘
 *
 * A reader takes tail and blocks together, so every moment in between gives the right answer, and a
 * step that is done twice changes nothing. A revision that comes late makes a small part of its
 * block by its own.
 *
 * Measured: FTS5 without positions cost 400 to 600 us an article here, merging its segments over
 * and over; this writes each word of a block once.
 */
#include <stdlib.h>
#include <string.h>

#include "store_fact.h"
#include "store_keys.h"
#include "store_sql.h"

#define SLACK       128 /* revisions that may overtake another in the workers */
#define GATHER_EACH 3   /* rows that a step takes for each unit of effort */
#define WRITE_EACH  160
#define DELETE_EACH 8

enum { I_IDLE = 0, I_GATHER, I_WRITE, I_DELETE };

void wd_index_reset(wd_index_t *self)
{
    wd_postings_free(&self->postings);
    free(self->revs);
    *self = (wd_index_t){.checked = false};
}

/* Looks whether a block is due: the oldest of the tail. */
static wd_code_t s_due(wd_store_t *store)
{
    wd_index_t *self = &store->index;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_TAIL_ENDS);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "looking at the tail");
    wd_code_t code = WD_OK;
    if (sqlite3_step(statement) == SQLITE_ROW) {
        int64_t oldest = sqlite3_column_int64(statement, 0);
        int64_t newest = sqlite3_column_int64(statement, 1);
        int64_t block = oldest / WD_BLOCK;
        self->checked = true;
        self->newest = newest;
        self->due = (block + 1) * WD_BLOCK + SLACK;
        if (newest > 0 && newest >= self->due) {
            self->phase = I_GATHER;
            self->block = block;
            self->at = oldest - 1;
            self->first = oldest;
        }
    } else {
        code = wd_sql_fail(&store->sql, "looking at the tail");
    }
    sqlite3_reset(statement);
    return code;
}

static wd_code_t s_remember(wd_index_t *self, int64_t rev)
{
    if (self->revs == NULL)
        self->revs = calloc(WD_BLOCK, sizeof *self->revs);
    if (self->revs == NULL || self->count == WD_BLOCK)
        return WD_E_MEMORY;
    self->revs[self->count++] = rev;
    return WD_OK;
}

static wd_code_t s_gather(wd_store_t *store, size_t effort)
{
    wd_index_t *self = &store->index;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_TAIL);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "reading the tail");
    sqlite3_bind_int64(statement, 1, self->at);
    sqlite3_bind_int64(statement, 2, (self->block + 1) * WD_BLOCK);
    sqlite3_bind_int64(statement, 3, (sqlite3_int64)(effort * GATHER_EACH));
    wd_code_t code = WD_OK;
    int result;
    size_t count = 0;
    while (code == WD_OK && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t rev = sqlite3_column_int64(statement, 0);
        const char *words = wd_sql_text(statement, 1);
        if (words != NULL)
            wd_postings_add(&self->postings, (unsigned)(rev % WD_BLOCK), words,
                            (size_t)sqlite3_column_bytes(statement, 1));
        code = self->postings.failed ? WD_E_MEMORY : s_remember(self, rev);
        self->at = rev;
        count++;
    }
    if (code == WD_OK && result != SQLITE_DONE)
        code = wd_sql_fail(&store->sql, "reading the tail");
    sqlite3_reset(statement);
    if (code == WD_OK && count < effort * GATHER_EACH) {
        wd_postings_sort(&self->postings);
        self->phase = I_WRITE;
        self->next = 0;
    }
    return code;
}

static wd_code_t s_write(wd_store_t *store, size_t effort)
{
    wd_index_t *self = &store->index;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_WORD);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "writing words");
    for (size_t i = 0; i < effort * WRITE_EACH && self->next < self->postings.count; i++) {
        uint8_t bytes[WD_POSTING_BYTES];
        const wd_posted_t *item = &self->postings.items[self->next];
        size_t size = wd_posting_encode(&item->posting, bytes);
        sqlite3_bind_int64(statement, 1, self->block);
        sqlite3_bind_text(statement, 2, wd_postings_word(&self->postings, self->next),
                          (int)item->size, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 3, self->first % WD_BLOCK);
        sqlite3_bind_blob(statement, 4, bytes, (int)size, SQLITE_STATIC);
        wd_code_t code = wd_sql_done(&store->sql, statement, "writing words");
        if (code != WD_OK)
            return code;
        self->next++;
    }
    if (self->next == self->postings.count) {
        self->phase = I_DELETE;
        self->next = 0;
    }
    return WD_OK;
}

static wd_code_t s_delete(wd_store_t *store, size_t effort)
{
    wd_index_t *self = &store->index;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_UNTAIL);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "cutting the tail");
    for (size_t i = 0; i < effort * DELETE_EACH && self->next < self->count; i++) {
        sqlite3_bind_int64(statement, 1, self->revs[self->next]);
        wd_code_t code = wd_sql_done(&store->sql, statement, "cutting the tail");
        if (code != WD_OK)
            return code;
        self->next++;
    }
    if (self->next == self->count)
        wd_index_reset(self);
    return WD_OK;
}

wd_code_t wd_index_add(wd_store_t *store, int64_t rev, const char *words, size_t size)
{
    wd_index_t *self = &store->index;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_ADD_TAIL);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "indexing");
    sqlite3_bind_int64(statement, 1, rev);
    sqlite3_bind_text64(statement, 2, words, size, SQLITE_STATIC, SQLITE_UTF8);
    wd_code_t code = wd_sql_done(&store->sql, statement, "indexing");
    if (rev > self->newest)
        self->newest = rev;
    return code;
}

static wd_code_t s_tidy_words(wd_store_t *store, size_t effort)
{
    wd_index_t *self = &store->index;
    if (self->phase == I_IDLE && self->checked && self->newest < self->due)
        return WD_OK;
    switch (self->phase) {
    case I_GATHER:
        return s_gather(store, effort);
    case I_WRITE:
        return s_write(store, effort);
    case I_DELETE:
        return s_delete(store, effort);
    default:
        return s_due(store);
    }
}

wd_code_t wd_store_tidy(wd_store_t *store, size_t effort)
{
    wd_code_t code = s_tidy_words(store, effort);
    if (code == WD_OK && wd_keys_busy(store))
        code = wd_keys_step(store, effort);
    if (code == WD_OK && wd_facts_behind(store))
        code = wd_facts_catch_up(store, effort);
    return code;
}

bool wd_store_untidy(const wd_store_t *store)
{
    const wd_index_t *self = &store->index;
    if (wd_keys_busy(store) || wd_facts_behind(store))
        return true;
    return self->phase != I_IDLE || !self->checked || self->newest >= self->due;
}
