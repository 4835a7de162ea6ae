/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A string that grows, and JSON written into it.
 *
 * Invariants: data is NULL or has size bytes and a NUL behind; once an allocation failed, `failed`
 * is true and further appends do nothing, so that one look at the end is enough.
 */
#ifndef WD_BUF_H
#define WD_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *data;
    size_t size, capacity;
    bool failed;
} wd_buf_t;

void wd_buf_free(wd_buf_t *self);
/* Makes room for `more` bytes and a NUL; false: no memory. */
bool wd_buf_reserve(wd_buf_t *self, size_t more);
void wd_buf_add(wd_buf_t *self, const char *data, size_t size);
void wd_buf_str(wd_buf_t *self, const char *text);
void wd_buf_char(wd_buf_t *self, char c);
void wd_buf_u64(wd_buf_t *self, uint64_t number);
/* A JSON string with its quotes. */
void wd_buf_json(wd_buf_t *self, const char *text, size_t size);
/* `,"name":"value"` when value is not NULL. */
void wd_buf_field(wd_buf_t *self, const char *name, const char *value);
/* Milliseconds since 1970 as a JSON string, "2026-11-21T23:00:00.123Z". */
void wd_buf_time(wd_buf_t *self, int64_t ms);
/* Hands the string over, for the caller to free; NULL when anything failed. */
char *wd_buf_take(wd_buf_t *self, size_t *ret_size);

#endif
