/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store on SQLite: observations as digests.
 *
 * A digest costs some ten microseconds to make and is asked for as often as its story is told
 * again, so the newest few thousand are kept. They never change; whether their revision is still
 * stored does, and is asked of the file each time.
 */
#include <stdlib.h>
#include <string.h>

#include "store_fact.h"
#include "store_keys.h"

#define CACHE_SLOTS 8192

struct wd_digest_cache {
    wd_digest_t slots[CACHE_SLOTS]; /* by the id's hash; id 0: empty */
};

uint64_t wd_article_hash(const uint8_t id_hash[WD_HASH_SIZE])
{
    return wd_mix(3, id_hash, WD_HASH_SIZE);
}

void wd_facts_reset(wd_store_t *store)
{
    free(store->digests);
    store->digests = NULL;
    store->caught = 0;
}

static wd_code_t s_make(wd_store_t *store, int64_t id, wd_digest_t *slot)
{
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_LOOK);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "comparing facts");
    sqlite3_bind_int64(statement, 1, id);
    int result = sqlite3_step(statement);
    wd_code_t code = WD_OK;
    slot->id = 0;
    if (result == SQLITE_ROW) {
        size_t stream = (size_t)sqlite3_column_int64(statement, 0);
        const char *record = wd_sql_text(statement, 1);
        size_t size = (size_t)sqlite3_column_bytes(statement, 1);
        const uint8_t *hash = sqlite3_column_blob(statement, 2);
        bool whole = hash != NULL && sqlite3_column_bytes(statement, 2) == WD_HASH_SIZE;
        char day[WD_DAY_SIZE];
        wd_article_day(wd_sql_text(statement, 3), sqlite3_column_int64(statement, 4), day);
        if (record != NULL && whole && stream > 0 && stream < store->counts.streams)
            wd_digest_make(slot, id, store->names[stream] + strlen("fact."), record, size,
                           wd_article_hash(hash), day);
        else
            code = WD_E_CORRUPT;
    } else if (result != SQLITE_DONE) {
        code = wd_sql_fail(&store->sql, "comparing facts");
    }
    sqlite3_reset(statement);
    return code;
}

static wd_digest_t *s_slot(wd_store_t *store, int64_t id)
{
    if (store->digests == NULL)
        store->digests = calloc(1, sizeof *store->digests);
    return store->digests != NULL ? &store->digests->slots[wd_mix2((uint64_t)id, 1) % CACHE_SLOTS]
                                  : NULL;
}

wd_code_t wd_digest_get(wd_store_t *store, int64_t id, const wd_digest_t **ret_digest)
{
    wd_digest_t *slot = s_slot(store, id);
    if (slot == NULL)
        return WD_E_MEMORY;
    wd_code_t code = slot->id == id ? WD_OK : s_make(store, id, slot);
    *ret_digest = code == WD_OK && slot->id == id ? slot : NULL;
    return code;
}

wd_code_t wd_digest_put(wd_store_t *store, int64_t id, const wd_record_t *record, uint64_t article,
                        const char *day, const wd_digest_t **ret_digest)
{
    wd_digest_t *slot = s_slot(store, id);
    if (slot == NULL)
        return WD_E_MEMORY;
    wd_digest_make(slot, id, record->kind, record->json, record->size, article, day);
    *ret_digest = slot;
    return WD_OK;
}

wd_code_t wd_digest_live(wd_store_t *store, int64_t id, bool *ret_live)
{
    int64_t rev = id >> 16;
    if (rev == store->storing || rev == store->ending) {
        *ret_live = rev == store->storing;
        return WD_OK;
    }
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_LIVE);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "comparing facts");
    sqlite3_bind_int64(statement, 1, rev);
    int result = sqlite3_step(statement);
    *ret_live = result == SQLITE_ROW && sqlite3_column_int(statement, 0) == WD_STORED;
    wd_code_t code = result == SQLITE_ROW || result == SQLITE_DONE
                         ? WD_OK
                         : wd_sql_fail(&store->sql, "comparing facts");
    sqlite3_reset(statement);
    return code;
}

static int s_descending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x > y ? -1 : x < y;
}

wd_code_t wd_digest_candidates(wd_store_t *store, const wd_digest_t *digest,
                               int64_t ret_ids[WD_CANDIDATES_MAX], size_t *ret_count)
{
    wd_keys_t keys;
    int64_t all[WD_KEYS_MAX * WD_EACH_MAX];
    size_t count = 0;
    wd_keys_look(digest, &keys);
    for (size_t i = 0; i < keys.count; i++) {
        size_t each = 0;
        wd_code_t code = wd_keys_find(store, keys.items[i], all + count, WD_EACH_MAX, &each);
        if (code != WD_OK)
            return code;
        count += each;
    }
    qsort(all, count, sizeof all[0], s_descending);
    *ret_count = 0;
    for (size_t i = 0; i < count && *ret_count < WD_CANDIDATES_MAX; i++) {
        bool live = false;
        if (all[i] == digest->id || (i > 0 && all[i] == all[i - 1]))
            continue;
        wd_code_t code = wd_digest_live(store, all[i], &live);
        if (code != WD_OK)
            return code;
        if (live)
            ret_ids[(*ret_count)++] = all[i];
    }
    return WD_OK;
}

wd_code_t wd_digest_file(wd_store_t *store, const wd_digest_t *digest)
{
    wd_keys_t keys;
    wd_code_t code = WD_OK;
    wd_keys_own(digest, &keys);
    for (size_t i = 0; code == WD_OK && i < keys.count; i++)
        code = wd_keys_file(store, keys.items[i], digest->id);
    return code;
}
