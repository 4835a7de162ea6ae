/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of observations, appended and merged; see store_keys.h. */
#include "store_keys.h"

#include <stdlib.h>
#include <string.h>

#define TAIL_ROWS     256   /* rows of key_tail at which a run is written */
#define TAIL_PAIRS    32768 /* or so many keys */
#define FAN           WD_RUN_FAN
#define CHUNK_PAIRS   240 /* a chunk and its key fill a page */
#define STEP_CHUNKS   6   /* chunks that a step writes for each unit of effort */
#define DELETE_CHUNKS 24

/* ------------------------------------------------------------------------------------- pairs */

static void s_put64(uint8_t *out, int64_t value)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)((uint64_t)value >> (8 * i));
}

static int64_t s_get64(const uint8_t *in)
{
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--)
        value = value << 8 | in[i];
    return (int64_t)value;
}

static wd_pair_t s_pair(const uint8_t *blob, size_t at)
{
    return (wd_pair_t){s_get64(blob + at * 16), s_get64(blob + at * 16 + 8)};
}

/* The row of a chunk: its run, and the upper 40 bits of its lowest key. Chunks of a run begin with
 * keys that differ in them. */
#define ROW_BITS 40

static int64_t s_row(int64_t run, int64_t key)
{
    uint64_t bits = (uint64_t)key ^ (uint64_t)1 << 63; /* sorts as the signed key does */
    return (int64_t)((uint64_t)run << ROW_BITS | bits >> (64 - ROW_BITS));
}

static int s_compare(const void *a, const void *b)
{
    const wd_pair_t *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static wd_code_t s_bytes(const wd_pair_t *pairs, size_t count, uint8_t **ret)
{
    *ret = malloc(count * 16 + 1);
    if (*ret == NULL)
        return WD_E_MEMORY;
    for (size_t i = 0; i < count; i++) {
        s_put64(*ret + i * 16, pairs[i].key);
        s_put64(*ret + i * 16 + 8, pairs[i].id);
    }
    return WD_OK;
}

/* ---------------------------------------------------------------------------------- filters */

#define FILTER_BITS   10 /* for each key, at least */
#define FILTER_PROBES 5

static bool s_new_filter(wd_filter_t *self, size_t pairs)
{
    uint64_t bits = 64;
    while (bits < (uint64_t)pairs * FILTER_BITS)
        bits *= 2;
    self->bits = calloc(bits / 8, 1);
    self->mask = bits - 1;
    return self->bits != NULL;
}

/* Keys are well mixed already: their halves give the places. */
static uint64_t s_probe(const wd_filter_t *self, int64_t key, unsigned turn)
{
    uint64_t step = (uint64_t)key >> 29 | 1;
    return ((uint64_t)key + turn * step) & self->mask;
}

static void s_set(wd_filter_t *self, int64_t key)
{
    for (unsigned i = 0; i < FILTER_PROBES; i++) {
        uint64_t at = s_probe(self, key, i);
        self->bits[at / 8] |= (uint8_t)(1u << at % 8);
    }
}

static bool s_may_have(const wd_filter_t *self, int64_t key)
{
    for (unsigned i = 0; self->bits != NULL && i < FILTER_PROBES; i++) {
        uint64_t at = s_probe(self, key, i);
        if ((self->bits[at / 8] >> at % 8 & 1) == 0)
            return false;
    }
    return true;
}

/* A filter as it was written; what is no power of 2 is none, and every look-up looks. */
static bool s_read_filter(wd_filter_t *self, const void *blob, size_t size)
{
    *self = (wd_filter_t){.bits = NULL};
    if (blob == NULL || size < 8 || (size & (size - 1)) != 0)
        return true;
    self->bits = malloc(size);
    self->mask = (uint64_t)size * 8 - 1;
    if (self->bits != NULL)
        memcpy(self->bits, blob, size);
    return self->bits != NULL;
}

/* -------------------------------------------------------------------------------- in memory */

static bool s_grow(wd_tail_keys_t *tail)
{
    size_t capacity = tail->capacity > 0 ? tail->capacity * 2 : 4096;
    wd_pair_t *pairs = realloc(tail->pairs, capacity * sizeof *pairs);
    if (pairs != NULL)
        tail->pairs = pairs;
    uint32_t *next = realloc(tail->next, capacity * sizeof *next);
    if (next != NULL)
        tail->next = next;
    uint32_t *heads = calloc(capacity * 2, sizeof *heads);
    if (pairs == NULL || next == NULL || heads == NULL) {
        free(heads);
        return false;
    }
    free(tail->heads);
    tail->heads = heads;
    tail->capacity = capacity;
    for (uint32_t i = 0; i < tail->count; i++) {
        size_t slot = (uint64_t)tail->pairs[i].key & (capacity * 2 - 1);
        tail->next[i] = heads[slot];
        heads[slot] = i + 1;
    }
    return true;
}

static bool s_remember(wd_tail_keys_t *tail, wd_pair_t pair)
{
    if (tail->count == tail->capacity && !s_grow(tail))
        return false;
    size_t slot = (uint64_t)pair.key & (tail->capacity * 2 - 1);
    tail->pairs[tail->count] = pair;
    tail->next[tail->count] = tail->heads[slot];
    tail->heads[slot] = ++tail->count;
    return true;
}

static void s_clear_tail(wd_tail_keys_t *tail)
{
    free(tail->pairs);
    free(tail->next);
    free(tail->heads);
    *tail = (wd_tail_keys_t){.count = 0};
}

void wd_keys_reset(wd_store_t *store)
{
    wd_key_index_t *self = &store->keys;
    s_clear_tail(&self->tail);
    for (size_t i = 0; i < FAN; i++)
        free(self->merge.inputs[i].pairs);
    for (size_t i = 0; i < self->count; i++)
        free(self->runs[i].filter.bits);
    free(self->merge.filter.bits);
    free(self->merge.out);
    *self = (wd_key_index_t){.loaded = false};
}

static wd_code_t s_load_tail(wd_store_t *store)
{
    wd_key_index_t *self = &store->keys;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_KEY_TAIL);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "reading keys");
    wd_code_t code = WD_OK;
    int result;
    while (code == WD_OK && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        const uint8_t *blob = sqlite3_column_blob(statement, 1);
        size_t count = (size_t)sqlite3_column_bytes(statement, 1) / 16;
        self->tail.rows++;
        for (size_t i = 0; code == WD_OK && blob != NULL && i < count; i++)
            if (!s_remember(&self->tail, s_pair(blob, i)))
                code = WD_E_MEMORY;
    }
    if (code == WD_OK && result != SQLITE_DONE)
        code = wd_sql_fail(&store->sql, "reading keys");
    self->tail.saved = self->tail.count;
    sqlite3_reset(statement);
    return code;
}

static wd_code_t s_load_run(wd_key_index_t *self, sqlite3_stmt *row)
{
    wd_key_run_t *run = &self->runs[self->count];
    const void *filter = sqlite3_column_blob(row, 4);
    *run = (wd_key_run_t){.run = sqlite3_column_int64(row, 0),
                          .level = (unsigned)sqlite3_column_int(row, 1),
                          .pairs = (size_t)sqlite3_column_int64(row, 3)};
    if (!s_read_filter(&run->filter, filter, (size_t)sqlite3_column_bytes(row, 4)))
        return WD_E_MEMORY;
    self->count++;
    return WD_OK;
}

static wd_code_t s_load_runs(wd_store_t *store)
{
    wd_key_index_t *self = &store->keys;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_KEY_RUNS);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "reading runs of keys");
    wd_code_t code = WD_OK;
    int result;
    self->newest = 0;
    self->dead = 0;
    while (code == WD_OK && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t run = sqlite3_column_int64(statement, 0);
        self->newest = run;
        if (sqlite3_column_int(statement, 2) != 1)
            self->dead = self->dead == 0 ? run : self->dead;
        else if (self->count == WD_RUNS_MAX)
            code = WD_E_CORRUPT;
        else
            code = s_load_run(self, statement);
    }
    if (code == WD_OK && result != SQLITE_DONE)
        code = wd_sql_fail(&store->sql, "reading runs of keys");
    sqlite3_reset(statement);
    return code;
}

static wd_code_t s_load(wd_store_t *store)
{
    if (store->keys.loaded)
        return WD_OK;
    wd_keys_reset(store);
    wd_code_t code = s_load_tail(store);
    if (code == WD_OK)
        code = s_load_runs(store);
    if (code == WD_OK)
        store->keys.loaded = true;
    else
        wd_keys_reset(store);
    return code;
}

/* ------------------------------------------------------------------------------------ runs */

static wd_code_t s_set_run(wd_store_t *store, const wd_key_run_t *run, int state)
{
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_SET_RUN);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "writing keys");
    sqlite3_bind_int64(statement, 1, run->run);
    sqlite3_bind_int(statement, 2, (int)run->level);
    sqlite3_bind_int(statement, 3, state);
    sqlite3_bind_int64(statement, 4, (sqlite3_int64)run->pairs);
    if (run->filter.bits != NULL && state == 1)
        sqlite3_bind_blob64(statement, 5, run->filter.bits, (run->filter.mask + 1) / 8,
                            SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, 5);
    wd_code_t code = wd_sql_done(&store->sql, statement, "writing keys");
    sqlite3_bind_null(statement, 5);
    return code;
}

static wd_code_t s_write_chunk(wd_store_t *store, int64_t run, const wd_pair_t *pairs, size_t count)
{
    uint8_t *bytes = NULL;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_ADD_CHUNK);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "writing keys");
    wd_code_t code = s_bytes(pairs, count, &bytes);
    if (code != WD_OK)
        return code;
    sqlite3_bind_int64(statement, 1, s_row(run, pairs[0].key));
    sqlite3_bind_blob64(statement, 2, bytes, count * 16, SQLITE_STATIC);
    code = wd_sql_done(&store->sql, statement, "writing keys");
    free(bytes);
    return code;
}

/* How many of the sorted pairs make a chunk: those of a row are not parted. */
static size_t s_cut(const wd_pair_t *pairs, size_t count)
{
    size_t end = count < CHUNK_PAIRS ? count : CHUNK_PAIRS;
    while (end < count && s_row(0, pairs[end].key) == s_row(0, pairs[end - 1].key))
        end++;
    return end;
}

/* The tail becomes a run of level 0. */
static wd_code_t s_flush(wd_store_t *store)
{
    wd_key_index_t *self = &store->keys;
    wd_tail_keys_t *tail = &self->tail;
    if (self->count == WD_RUNS_MAX)
        return WD_OK; /* merging has to come first */
    wd_key_run_t run = {.run = self->newest + 1, .pairs = tail->count};
    if (!s_new_filter(&run.filter, tail->count))
        return WD_E_MEMORY;
    for (size_t i = 0; i < tail->count; i++)
        s_set(&run.filter, tail->pairs[i].key);
    qsort(tail->pairs, tail->count, sizeof tail->pairs[0], s_compare);
    wd_code_t code = s_set_run(store, &run, 1);
    for (size_t at = 0; code == WD_OK && at < tail->count;) {
        size_t size = s_cut(tail->pairs + at, tail->count - at);
        code = s_write_chunk(store, run.run, tail->pairs + at, size);
        at += size;
    }
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_CUT_KEYS);
    if (code == WD_OK)
        code = statement != NULL ? wd_sql_done(&store->sql, statement, "cutting keys")
                                 : wd_sql_fail(&store->sql, "cutting keys");
    if (code != WD_OK) {
        free(run.filter.bits);
        return code;
    }
    self->newest = run.run;
    self->runs[self->count++] = run;
    s_clear_tail(tail);
    return WD_OK;
}

wd_code_t wd_keys_file(wd_store_t *store, int64_t key, int64_t id)
{
    wd_code_t code = s_load(store);
    if (code == WD_OK && !s_remember(&store->keys.tail, (wd_pair_t){key, id}))
        code = WD_E_MEMORY;
    return code;
}

wd_code_t wd_keys_save(wd_store_t *store)
{
    wd_tail_keys_t *tail = &store->keys.tail;
    uint8_t *bytes = NULL;
    size_t count = tail->count - tail->saved;
    if (count == 0)
        return WD_OK;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_ADD_KEYS);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "filing keys");
    wd_code_t code = s_bytes(tail->pairs + tail->saved, count, &bytes);
    if (code != WD_OK)
        return code;
    sqlite3_bind_blob64(statement, 1, bytes, count * 16, SQLITE_STATIC);
    code = wd_sql_done(&store->sql, statement, "filing keys");
    free(bytes);
    tail->saved = tail->count;
    tail->rows++;
    if (code == WD_OK && (tail->rows >= TAIL_ROWS || tail->count >= TAIL_PAIRS))
        code = s_flush(store);
    return code;
}

/* --------------------------------------------------------------------------------- look-ups */

static void s_keep(int64_t id, int64_t *ret, size_t max, size_t *count)
{
    /* The list is short: put in its place, the newest first. */
    size_t at = *count;
    while (at > 0 && ret[at - 1] < id)
        at--;
    if ((at > 0 && ret[at - 1] == id) || at == max)
        return;
    size_t end = *count < max ? (*count)++ : max - 1;
    memmove(&ret[at + 1], &ret[at], (end - at) * sizeof ret[0]);
    ret[at] = id;
}

static wd_code_t s_find_in(wd_store_t *store, int64_t run, int64_t key, int64_t *ret, size_t max,
                           size_t *count)
{
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_CHUNK);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "looking for keys");
    sqlite3_bind_int64(statement, 1, s_row(run, INT64_MIN));
    sqlite3_bind_int64(statement, 2, s_row(run, key));
    int result = sqlite3_step(statement);
    wd_code_t code = WD_OK;
    if (result == SQLITE_ROW) {
        const uint8_t *blob = sqlite3_column_blob(statement, 0);
        size_t size = blob != NULL ? (size_t)sqlite3_column_bytes(statement, 0) / 16 : 0;
        size_t low = 0, high = size;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (s_get64(blob + middle * 16) <= key)
                low = middle + 1;
            else
                high = middle;
        }
        /* Behind the last of the key: the newest first, no more than can count. */
        for (size_t taken = 0; low > 0 && taken < max; low--, taken++) {
            wd_pair_t pair = s_pair(blob, low - 1);
            if (pair.key != key)
                break;
            s_keep(pair.id, ret, max, count);
        }
    } else if (result != SQLITE_DONE) {
        code = wd_sql_fail(&store->sql, "looking for keys");
    }
    sqlite3_reset(statement);
    return code;
}

wd_code_t wd_keys_find(wd_store_t *store, int64_t key, int64_t *ret, size_t max, size_t *ret_count)
{
    wd_key_index_t *self = &store->keys;
    wd_code_t code = s_load(store);
    if (code != WD_OK)
        return code;
    const wd_tail_keys_t *tail = &self->tail;
    uint32_t at = tail->capacity > 0 ? tail->heads[(uint64_t)key & (tail->capacity * 2 - 1)] : 0;
    for (; at > 0; at = tail->next[at - 1])
        if (tail->pairs[at - 1].key == key)
            s_keep(tail->pairs[at - 1].id, ret, max, ret_count);
    for (size_t i = 0; code == WD_OK && i < self->count; i++)
        if (s_may_have(&self->runs[i].filter, key))
            code = s_find_in(store, self->runs[i].run, key, ret, max, ret_count);
    return code;
}

/* ----------------------------------------------------------------------------------- merging */

static bool s_due(const wd_key_index_t *self, unsigned *ret_level)
{
    for (unsigned level = 0; level < 24; level++) {
        size_t count = 0;
        for (size_t i = 0; i < self->count; i++)
            count += self->runs[i].level == level;
        if (count >= FAN) {
            *ret_level = level;
            return true;
        }
    }
    return false;
}

static wd_code_t s_begin_merge(wd_store_t *store, unsigned level)
{
    wd_key_index_t *self = &store->keys;
    wd_merge_t *merge = &self->merge;
    size_t inputs = 0, pairs = 0;
    for (size_t i = 0; i < self->count && inputs < FAN; i++) {
        if (self->runs[i].level != level)
            continue;
        merge->inputs[inputs++].run = self->runs[i].run;
        pairs += self->runs[i].pairs;
    }
    wd_key_run_t run = {.run = self->newest + 1, .level = level + 1};
    if (!s_new_filter(&merge->filter, pairs))
        return WD_E_MEMORY;
    merge->run = run.run;
    merge->level = run.level;
    wd_code_t code = s_set_run(store, &run, 0);
    if (code == WD_OK)
        self->newest = run.run;
    return code;
}

/* The next chunk of an input, if its last one is used up. */
static wd_code_t s_refill(wd_store_t *store, wd_merge_input_t *input)
{
    if (input->at < input->count || input->end)
        return WD_OK;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_NEXT_CHUNK);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "merging keys");
    sqlite3_bind_int64(statement, 1,
                       input->row > 0 ? input->row + 1 : s_row(input->run, INT64_MIN));
    sqlite3_bind_int64(statement, 2, s_row(input->run, INT64_MAX));
    int result = sqlite3_step(statement);
    wd_code_t code = WD_OK;
    input->at = input->count = 0;
    if (result == SQLITE_ROW) {
        const uint8_t *blob = sqlite3_column_blob(statement, 1);
        size_t count = blob != NULL ? (size_t)sqlite3_column_bytes(statement, 1) / 16 : 0;
        wd_pair_t *pairs = realloc(input->pairs, (count + 1) * sizeof *pairs);
        input->row = sqlite3_column_int64(statement, 0);
        if (pairs == NULL) {
            code = WD_E_MEMORY;
        } else {
            input->pairs = pairs;
            input->count = count;
            for (size_t i = 0; i < count; i++)
                pairs[i] = s_pair(blob, i);
        }
    } else if (result == SQLITE_DONE) {
        input->end = true;
    } else {
        code = wd_sql_fail(&store->sql, "merging keys");
    }
    sqlite3_reset(statement);
    return code;
}

static bool s_append(wd_merge_t *merge, wd_pair_t pair)
{
    if (merge->count == merge->capacity) {
        size_t capacity = merge->capacity > 0 ? merge->capacity * 2 : CHUNK_PAIRS * 2;
        wd_pair_t *out = realloc(merge->out, capacity * sizeof *out);
        if (out == NULL)
            return false;
        merge->out = out;
        merge->capacity = capacity;
    }
    merge->out[merge->count++] = pair;
    return true;
}

/* Gathers a chunk and writes it; *ret_end: there is no more. */
static wd_code_t s_merge_chunk(wd_store_t *store, bool *ret_end)
{
    wd_merge_t *merge = &store->keys.merge;
    merge->count = 0;
    for (;;) {
        wd_merge_input_t *least = NULL;
        for (size_t i = 0; i < FAN; i++) {
            wd_merge_input_t *input = &merge->inputs[i];
            wd_code_t code = s_refill(store, input);
            if (code != WD_OK)
                return code;
            if (!input->end && (least == NULL ||
                                s_compare(&input->pairs[input->at], &least->pairs[least->at]) < 0))
                least = input;
        }
        *ret_end = least == NULL;
        if (least == NULL ||
            (merge->count >= CHUNK_PAIRS &&
             s_row(0, merge->out[merge->count - 1].key) != s_row(0, least->pairs[least->at].key)))
            break;
        if (!s_append(merge, least->pairs[least->at++]))
            return WD_E_MEMORY;
    }
    for (size_t i = 0; i < merge->count; i++)
        s_set(&merge->filter, merge->out[i].key);
    merge->pairs += merge->count;
    return merge->count > 0 ? s_write_chunk(store, merge->run, merge->out, merge->count) : WD_OK;
}

static wd_code_t s_end_merge(wd_store_t *store)
{
    wd_key_index_t *self = &store->keys;
    wd_merge_t *merge = &self->merge;
    wd_key_run_t made = {merge->run, merge->level, merge->pairs, merge->filter};
    wd_code_t code = s_set_run(store, &made, 1);
    for (size_t i = 0; code == WD_OK && i < FAN; i++) {
        wd_key_run_t old = {.run = merge->inputs[i].run, .level = merge->level - 1};
        code = s_set_run(store, &old, 2);
        for (size_t k = 0; k < self->count; k++)
            if (self->runs[k].run == old.run) {
                free(self->runs[k].filter.bits);
                memmove(&self->runs[k], &self->runs[k + 1],
                        (self->count - k - 1) * sizeof self->runs[0]);
                self->count--;
                break;
            }
        if (self->dead == 0)
            self->dead = merge->inputs[i].run;
    }
    self->runs[self->count++] = made;
    for (size_t i = 0; i < FAN; i++)
        free(merge->inputs[i].pairs);
    free(merge->out);
    *merge = (wd_merge_t){.run = 0};
    return code;
}

/* Deletes some chunks of what is no longer needed. */
static wd_code_t s_delete(wd_store_t *store, size_t effort)
{
    wd_key_index_t *self = &store->keys;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_CUT_CHUNKS);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "deleting keys");
    sqlite3_bind_int64(statement, 1, s_row(self->dead, INT64_MIN));
    sqlite3_bind_int64(statement, 2, s_row(self->dead, INT64_MAX));
    sqlite3_bind_int64(statement, 3, (sqlite3_int64)(effort * DELETE_CHUNKS));
    wd_code_t code = wd_sql_done(&store->sql, statement, "deleting keys");
    if (code != WD_OK || (size_t)sqlite3_changes(store->sql.db) >= effort * DELETE_CHUNKS)
        return code;
    statement = wd_sql_get(&store->sql, WD_S_CUT_RUN);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "deleting keys");
    sqlite3_bind_int64(statement, 1, self->dead);
    code = wd_sql_done(&store->sql, statement, "deleting keys");
    self->dead = 0;
    statement = wd_sql_get(&store->sql, WD_S_DEAD_RUN);
    if (code != WD_OK || statement == NULL)
        return code != WD_OK ? code : wd_sql_fail(&store->sql, "deleting keys");
    sqlite3_bind_int64(statement, 1, self->merge.run);
    if (sqlite3_step(statement) == SQLITE_ROW)
        self->dead = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return WD_OK;
}

bool wd_keys_busy(const wd_store_t *store)
{
    const wd_key_index_t *self = &store->keys;
    unsigned level = 0;
    return !self->loaded || self->merge.run != 0 || self->dead != 0 || s_due(self, &level);
}

wd_code_t wd_keys_step(wd_store_t *store, size_t effort)
{
    wd_key_index_t *self = &store->keys;
    unsigned level = 0;
    wd_code_t code = s_load(store);
    if (code != WD_OK)
        return code;
    if (self->merge.run == 0) {
        if (self->dead != 0)
            return s_delete(store, effort);
        return s_due(self, &level) ? s_begin_merge(store, level) : WD_OK;
    }
    bool end = false;
    for (size_t i = 0; code == WD_OK && !end && i < effort * STEP_CHUNKS; i++)
        code = s_merge_chunk(store, &end);
    return code == WD_OK && end ? s_end_merge(store) : code;
}
