/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bringing the file's schema up to the program's, in one transaction: whoever dies in the middle
 * leaves the file as it was.
 */
#include "store_sql.h"

#include <stdio.h>
#include <string.h>

#include "identity.h"

#define APPLICATION_ID 0x574E4E57 /* "WNNW": the file is known by it */

static wd_code_t s_pragma(wd_sql_t *self, const char *sql, int64_t *ret)
{
    sqlite3_stmt *statement = NULL;
    wd_code_t code = WD_OK;
    if (sqlite3_prepare_v2(self->db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        code = wd_sql_fail(self, "reading the schema");
    else
        *ret = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return code;
}

/* A store is born: its epoch, and when. */
static wd_code_t s_name(wd_sql_t *self, int64_t now)
{
    char epoch[37];
    wd_identity_uuid(epoch);
    wd_buf_t sql = {0};
    wd_buf_str(&sql, "INSERT INTO meta VALUES ('epoch', '");
    wd_buf_str(&sql, epoch);
    wd_buf_str(&sql, "'), ('created', json_extract(json('");
    wd_buf_time(&sql, now);
    wd_buf_str(&sql, "'), '$'));");
    wd_code_t code = sql.failed ? WD_E_MEMORY : wd_sql_run(self, sql.data);
    wd_buf_free(&sql);
    return code;
}

static wd_code_t s_steps(wd_sql_t *self, const char *const *steps, int from, int version,
                         int64_t now)
{
    for (int i = from; i < version; i++) {
        wd_code_t code = wd_sql_run(self, steps[i]);
        if (code == WD_OK && i == 0)
            code = s_name(self, now);
        if (code != WD_OK)
            return code;
    }
    char sql[96];
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d; PRAGMA application_id = %d;", version,
             APPLICATION_ID);
    return wd_sql_run(self, sql);
}

wd_code_t wd_schema_upgrade(wd_sql_t *self, const char *const *steps, int version, int64_t now)
{
    int64_t found = 0, application = 0, objects = 0;
    wd_code_t code = wd_sql_run(self, "BEGIN IMMEDIATE");
    if (code != WD_OK)
        return code;
    code = s_pragma(self, "PRAGMA user_version", &found);
    if (code == WD_OK)
        code = s_pragma(self, "PRAGMA application_id", &application);
    if (code == WD_OK)
        code = s_pragma(self, "SELECT count(*) FROM sqlite_schema", &objects);
    if (code == WD_OK && objects > 0 && application != APPLICATION_ID) {
        snprintf(self->message, sizeof self->message,
                 WD_STORE_FILE ": a database, but no store of winnow");
        code = WD_E_CORRUPT;
    } else if (code == WD_OK && found > version) {
        snprintf(self->message, sizeof self->message,
                 WD_STORE_FILE ": schema %d is newer than this program (%d); use a newer winnowd",
                 (int)found, version);
        code = WD_E_NEWER;
    } else if (code == WD_OK && found < version) {
        code = s_steps(self, steps, (int)found, version, now);
    }
    if (code == WD_OK)
        code = wd_sql_run(self, "COMMIT");
    if (code != WD_OK && sqlite3_get_autocommit(self->db) == 0)
        sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}
