/* SPDX-License-Identifier: Apache-2.0 */
/* Articles by the hashes of their ids; see store_known.h. */
#include "store_known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GATHER    65536
#define MANY      4096
#define MOVE_EACH 4   /* moved with each that comes, */
#define STEP_EACH 256 /* and for each unit of effort */

/* Hashes are uniform: their first bytes are as good as any mixture. */
static uint64_t s_word(const uint8_t *hash)
{
    uint64_t word;
    memcpy(&word, hash, sizeof word);
    return word;
}

static uint32_t *s_head(const wd_known_t *self, const uint8_t *id_hash)
{
    return &self->heads[s_word(id_hash) & (self->head_count - 1)];
}

void wd_known_free(wd_known_t *self)
{
    free(self->items);
    free(self->heads);
    free(self->order);
    *self = (wd_known_t){.first = 1};
}

static void s_link(wd_known_t *self, uint32_t index)
{
    uint32_t *head = s_head(self, self->items[index].id_hash);
    self->items[index].next = *head;
    *head = index + 1;
}

static bool s_put(wd_known_t *self, const uint8_t *id_hash, const uint8_t *text_hash)
{
    if (self->count == self->capacity) {
        size_t capacity = self->capacity > 0 ? self->capacity * 2 : 1024;
        wd_known_item_t *items = realloc(self->items, capacity * sizeof *items);
        if (items == NULL)
            return false;
        self->items = items;
        self->capacity = capacity;
    }
    wd_known_item_t *item = &self->items[self->count];
    memcpy(item->id_hash, id_hash, WD_HASH_SIZE);
    item->text = s_word(text_hash);
    s_link(self, (uint32_t)self->count++);
    return true;
}

wd_code_t wd_known_load(wd_store_t *store, size_t gather)
{
    wd_known_t *self = &store->known;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_UNKNOWN);
    self->first = store->counts.known + 1;
    self->gather = gather > 0 ? gather : GATHER;
    self->head_count = 64;
    while (self->head_count < self->gather * 2)
        self->head_count *= 2;
    self->heads = calloc(self->head_count, sizeof *self->heads);
    if (self->heads == NULL)
        return WD_E_MEMORY;
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "reading what is known");
    sqlite3_bind_int64(statement, 1, store->counts.known);
    wd_code_t code = WD_OK;
    int result;
    while (code == WD_OK && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        const uint8_t *id = sqlite3_column_blob(statement, 1);
        int id_size = sqlite3_column_bytes(statement, 1);
        const uint8_t *text = sqlite3_column_blob(statement, 2);
        int text_size = sqlite3_column_bytes(statement, 2);
        if (sqlite3_column_int64(statement, 0) != self->first + (int64_t)self->count ||
            id_size != WD_HASH_SIZE || text_size != WD_HASH_SIZE)
            code = WD_E_CORRUPT;
        else if (!s_put(self, id, text))
            code = WD_E_MEMORY;
    }
    if (code == WD_E_CORRUPT)
        snprintf(store->sql.message, sizeof store->sql.message,
                 WD_STORE_FILE ": revision %lld is damaged or missing",
                 (long long)self->first + (long long)self->count);
    else if (code == WD_OK && result != SQLITE_DONE)
        code = wd_sql_fail(&store->sql, "reading what is known");
    sqlite3_reset(statement);
    return code;
}

/* ------------------------------------------------------------------------------------ look-ups */

/* The revision that the statement finds; 0: none. */
static wd_code_t s_one(wd_store_t *store, sqlite3_stmt *statement, int64_t *ret_rev)
{
    int result = sqlite3_step(statement);
    *ret_rev = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    wd_code_t code = result == SQLITE_ROW || result == SQLITE_DONE
                         ? WD_OK
                         : wd_sql_fail(&store->sql, "looking for an article");
    sqlite3_reset(statement);
    return code;
}

wd_code_t wd_known_before(wd_store_t *store, const uint8_t id_hash[WD_HASH_SIZE], int64_t before,
                          int64_t *ret_rev)
{
    const wd_known_t *self = &store->known;
    for (uint32_t i = *s_head(self, id_hash); i > 0; i = self->items[i - 1].next) {
        *ret_rev = self->first + i - 1;
        if (*ret_rev < before && memcmp(self->items[i - 1].id_hash, id_hash, WD_HASH_SIZE) == 0)
            return WD_OK;
    }
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_KNOWN);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "looking for an article");
    sqlite3_bind_blob(statement, 1, id_hash, WD_HASH_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, before < self->first ? before : self->first);
    return s_one(store, statement, ret_rev);
}

wd_code_t wd_known_same(wd_store_t *store, const wd_article_t *article, int64_t *ret_rev)
{
    const wd_known_t *self = &store->known;
    uint64_t text = s_word(article->text_hash);
    for (uint32_t i = *s_head(self, article->id_hash); i > 0; i = self->items[i - 1].next) {
        const wd_known_item_t *item = &self->items[i - 1];
        *ret_rev = self->first + i - 1;
        if (item->text == text && memcmp(item->id_hash, article->id_hash, WD_HASH_SIZE) == 0)
            return WD_OK;
    }
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_SAME);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "looking for an article");
    sqlite3_bind_blob(statement, 1, article->id_hash, WD_HASH_SIZE, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 2, &text, sizeof text, SQLITE_STATIC);
    return s_one(store, statement, ret_rev);
}

/* -------------------------------------------------------------------------- into the table */

typedef struct {
    uint8_t id_hash[WD_HASH_SIZE];
    uint32_t index;
} s_place_t;

static int s_compare(const void *a, const void *b)
{
    return memcmp(a, b, WD_HASH_SIZE);
}

/* All that are in memory now are to move, in the order of their hashes. */
static wd_code_t s_start(wd_known_t *self)
{
    s_place_t *places = malloc(self->count * sizeof *places);
    self->order = malloc(self->count * sizeof *self->order);
    if (places == NULL || self->order == NULL) {
        free(places);
        return WD_E_MEMORY;
    }
    for (uint32_t i = 0; i < self->count; i++) {
        memcpy(places[i].id_hash, self->items[i].id_hash, WD_HASH_SIZE);
        places[i].index = i;
    }
    qsort(places, self->count, sizeof *places, s_compare);
    for (size_t i = 0; i < self->count; i++)
        self->order[i] = places[i].index;
    free(places);
    self->moving = self->count;
    self->moved = 0;
    return WD_OK;
}

static wd_code_t s_move(wd_store_t *store, size_t most)
{
    wd_known_t *self = &store->known;
    wd_code_t code = WD_OK;
    for (; code == WD_OK && most > 0 && self->moved < self->moving; most--) {
        uint32_t index = self->order[self->moved++];
        sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_KNOW);
        if (statement == NULL)
            return wd_sql_fail(&store->sql, "knowing an article");
        sqlite3_bind_blob(statement, 1, self->items[index].id_hash, WD_HASH_SIZE, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 2, self->first + index);
        sqlite3_bind_blob(statement, 3, &self->items[index].text, sizeof(uint64_t), SQLITE_STATIC);
        code = wd_sql_done(&store->sql, statement, "knowing an article");
    }
    if (code == WD_OK && self->moved == self->moving)
        store->counts.known = self->first + (int64_t)self->moving - 1;
    return code;
}

wd_code_t wd_known_add(wd_store_t *store, const wd_article_t *article)
{
    wd_known_t *self = &store->known;
    wd_code_t code = s_put(self, article->id_hash, article->text_hash) ? WD_OK : WD_E_MEMORY;
    if (code == WD_OK && self->order == NULL && self->count >= self->gather)
        code = s_start(self);
    if (code == WD_OK && self->moved < self->moving)
        code = s_move(store, MOVE_EACH);
    return code;
}

wd_code_t wd_store_file(wd_store_t *store, size_t effort)
{
    wd_known_t *self = &store->known;
    wd_code_t code = WD_OK;
    if (self->order == NULL && self->count > 0)
        code = s_start(self);
    if (code == WD_OK && self->moved < self->moving)
        code = s_move(store, effort * STEP_EACH);
    return code;
}

bool wd_store_unfiled(const wd_store_t *store, bool idle)
{
    return store->known.count >= (idle ? 1 : MANY);
}

static void s_stop(wd_known_t *self)
{
    free(self->order);
    self->order = NULL;
    self->moving = self->moved = 0;
}

void wd_known_commit(wd_store_t *store)
{
    wd_known_t *self = &store->known;
    if (store->counts.known < self->first)
        return;
    size_t gone = (size_t)(store->counts.known - self->first + 1);
    s_stop(self);
    self->count -= gone;
    self->first += (int64_t)gone;
    memmove(self->items, self->items + gone, self->count * sizeof *self->items);
    memset(self->heads, 0, self->head_count * sizeof *self->heads);
    for (uint32_t i = 0; i < self->count; i++)
        s_link(self, i);
}

void wd_known_rollback(wd_store_t *store)
{
    wd_known_t *self = &store->known;
    /* The newest are the first of their chains. What was moved is moved again. */
    while (self->first + (int64_t)self->count - 1 > store->counts.rev) {
        const wd_known_item_t *item = &self->items[--self->count];
        *s_head(self, item->id_hash) = item->next;
    }
    s_stop(self);
}
