/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A writer of JSON in the arena: the one place that calls yajl.
 *
 * A key always comes with its value. Nothing fails but for the arena's ceiling, as
 * yajl takes its memory there.
 */
#ifndef WX_JSON_H
#define WX_JSON_H

#include "str.h"

typedef struct wx_json wx_json_t;

wx_json_t *wx_json_new(wx_arena_t *arena);

/* `key` NULL: a member of a list, or the record itself. */
void wx_json_open_map(wx_json_t *self, const char *key);
void wx_json_open_list(wx_json_t *self, winnow_str_t key);
void wx_json_close_map(wx_json_t *self);
void wx_json_close_list(wx_json_t *self);
void wx_json_string(wx_json_t *self, const char *key, winnow_str_t value);
void wx_json_null(wx_json_t *self, const char *key);
void wx_json_integer(wx_json_t *self, const char *key, long long value);

/* As digits, without exponent where that is not absurdly long: 2690000000, 33.33. */
void wx_json_decimal(wx_json_t *self, const char *key, winnow_decimal_t value);

/* What was written; in the arena. No further call but this one. */
winnow_str_t wx_json_text(wx_json_t *self);

#endif
