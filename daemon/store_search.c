/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store on SQLite: the full-text index over the articles' texts, for whoever opens the file.
 *
 * FTS5 rewrites its segments, which costs more than all else that an article costs. So it follows
 * behind: texts are indexed in the order of their revisions when the writer has nothing better to
 * do, `tally` says up to which (`searched`), and segments are merged a few pages at a time. Beside
 * other work it happens only when the index is later than the options allow. The daemon's own
 * queries do not need it: see store_index.c.
 */
#include "store_sql.h"

#define TEXTS_EACH  16 /* revisions of a step: about 4 ms */
#define MERGE_PAGES 32 /* of a step */

uint64_t wd_store_search_lag(const wd_store_t *self)
{
    return (uint64_t)(self->counts.rev - self->counts.searched);
}

bool wd_store_search_late(const wd_store_t *self)
{
    return wd_store_search_lag(self) > self->search_lag;
}

bool wd_store_search_due(const wd_store_t *self, bool idle)
{
    uint64_t lag = wd_store_search_lag(self);
    return lag >= TEXTS_EACH || (idle && lag > 0) || self->unmerged;
}

static wd_code_t s_texts(wd_store_t *self)
{
    int64_t last = self->counts.searched + TEXTS_EACH;
    if (last > self->counts.rev)
        last = self->counts.rev;
    sqlite3_stmt *statement = wd_sql_get(&self->sql, WD_S_SEARCH);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "indexing texts");
    sqlite3_bind_int64(statement, 1, self->counts.searched);
    sqlite3_bind_int64(statement, 2, last);
    wd_code_t code = wd_sql_done(&self->sql, statement, "indexing texts");
    if (code == WD_OK) {
        self->counts.searched = last;
        self->unmerged = true;
    }
    return code;
}

/* FTS5 says that there was nothing to merge by changing fewer than two rows. */
static wd_code_t s_merge(wd_store_t *self)
{
    sqlite3_stmt *statement = wd_sql_get(&self->sql, WD_S_MERGE);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "merging the index");
    int before = sqlite3_total_changes(self->sql.db);
    sqlite3_bind_int64(statement, 1, MERGE_PAGES);
    wd_code_t code = wd_sql_done(&self->sql, statement, "merging the index");
    if (code == WD_OK && sqlite3_total_changes(self->sql.db) - before < 2)
        self->unmerged = false;
    return code;
}

wd_code_t wd_store_search_step(wd_store_t *self)
{
    wd_code_t code = WD_OK;
    if (wd_store_search_lag(self) > 0)
        code = s_texts(self);
    if (code == WD_OK && self->unmerged)
        code = s_merge(self);
    return code;
}
