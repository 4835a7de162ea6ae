/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store on SQLite: observations as digests.
 *
 * A digest costs some ten microseconds to make and is asked for as often as its story is told
 * again, so some thousand are kept, and some ten thousand packed. They never change; whether their
 * revision is still stored does: who changes it says so.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "store_fact.h"
#include "store_keys.h"

#define CACHE_SLOTS 8192
#define CLOSE_SLOTS 65536
#define STATE_SLOTS 16384

/* A digest without the room that it does not use: some hundred bytes of two thousand. */
typedef struct {
    int64_t id; /* 0: empty */
    unsigned char *bytes;
} s_close_t;

struct wd_digest_cache {
    wd_digest_t slots[CACHE_SLOTS]; /* by the id's hash; id 0: empty */
    s_close_t close[CLOSE_SLOTS];   /* likewise: what fell out of the slots, and what is in them */
    struct {
        int64_t rev; /* 0: empty */
        bool stored;
    } states[STATE_SLOTS]; /* by the revision's number */
};

uint64_t wd_article_hash(const uint8_t id_hash[WD_HASH_SIZE])
{
    return wd_mix(3, id_hash, WD_HASH_SIZE);
}

void wd_facts_reset(wd_store_t *store)
{
    for (size_t i = 0; store->digests != NULL && i < CLOSE_SLOTS; i++)
        free(store->digests->close[i].bytes);
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

static bool s_cached(wd_store_t *store)
{
    if (store->digests == NULL)
        store->digests = calloc(1, sizeof *store->digests);
    return store->digests != NULL;
}

/* ------------------------------------------------------------------------------------ packing */

typedef struct {
    unsigned char *at;
    bool out; /* out of the digest; else into it */
} s_copy_t;

static void s_move(s_copy_t *copy, void *part, size_t size)
{
    if (copy->out)
        memcpy(copy->at, part, size);
    else
        memcpy(part, copy->at, size);
    copy->at += size;
}

static void s_anchors(s_copy_t *copy, wd_anchors_t *anchors)
{
    s_move(copy, &anchors->count, sizeof anchors->count);
    s_move(copy, anchors->items, anchors->count * sizeof anchors->items[0]);
}

static void s_words(s_copy_t *copy, wd_wordset_t *words)
{
    s_move(copy, &words->count, sizeof words->count);
    s_move(copy, words->items, words->count * sizeof words->items[0]);
}

/* The parts of a digest in the order of its members, arrays as far as they are filled. */
static void s_parts(s_copy_t *copy, wd_digest_t *digest)
{
    s_move(copy, digest, offsetof(wd_digest_t, a));
    s_anchors(copy, &digest->a);
    s_anchors(copy, &digest->b);
    s_anchors(copy, &digest->c);
    s_anchors(copy, &digest->place);
    s_move(copy, &digest->amount_count, sizeof digest->amount_count);
    s_move(copy, digest->amounts, digest->amount_count * sizeof digest->amounts[0]);
    s_words(copy, &digest->text);
    s_words(copy, &digest->goal);
    s_move(copy, &digest->word, sizeof *digest - offsetof(wd_digest_t, word));
}

static s_close_t *s_close(wd_store_t *store, int64_t id)
{
    return &store->digests->close[wd_mix2((uint64_t)id, 2) % CLOSE_SLOTS];
}

static void s_pack(wd_store_t *store, wd_digest_t *digest)
{
    unsigned char bytes[sizeof *digest];
    s_close_t *close = s_close(store, digest->id);
    s_copy_t copy = {bytes, true};
    s_parts(&copy, digest);
    size_t size = (size_t)(copy.at - bytes);
    free(close->bytes);
    close->bytes = malloc(size);
    close->id = close->bytes != NULL ? digest->id : 0;
    if (close->bytes != NULL)
        memcpy(close->bytes, bytes, size);
}

static bool s_unpack(wd_store_t *store, int64_t id, wd_digest_t *slot)
{
    const s_close_t *close = s_close(store, id);
    if (close->id != id)
        return false;
    s_copy_t copy = {close->bytes, false};
    memset(slot, 0, sizeof *slot);
    s_parts(&copy, slot);
    return true;
}

/* ------------------------------------------------------------------------------------ the cache */

static wd_digest_t *s_slot(wd_store_t *store, int64_t id)
{
    return s_cached(store) ? &store->digests->slots[wd_mix2((uint64_t)id, 1) % CACHE_SLOTS] : NULL;
}

wd_code_t wd_digest_get(wd_store_t *store, int64_t id, const wd_digest_t **ret_digest)
{
    wd_digest_t *slot = s_slot(store, id);
    if (slot == NULL)
        return WD_E_MEMORY;
    wd_code_t code = WD_OK;
    if (slot->id != id && !s_unpack(store, id, slot)) {
        code = s_make(store, id, slot);
        if (code == WD_OK && slot->id == id)
            s_pack(store, slot);
    }
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
    s_pack(store, slot);
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
    size_t slot = (size_t)rev % STATE_SLOTS;
    if (s_cached(store) && store->digests->states[slot].rev == rev) {
        *ret_live = store->digests->states[slot].stored;
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
    if (code == WD_OK && store->digests != NULL) {
        store->digests->states[slot].rev = rev;
        store->digests->states[slot].stored = *ret_live;
    }
    return code;
}

void wd_digest_moved(wd_store_t *store, int64_t rev)
{
    size_t slot = (size_t)rev % STATE_SLOTS;
    if (store->digests != NULL && store->digests->states[slot].rev == rev)
        store->digests->states[slot].rev = 0;
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
