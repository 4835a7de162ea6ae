/* SPDX-License-Identifier: Apache-2.0 */
/* Rows for people and for programs: a table on the terminal, CSV as in RFC 4180, or the JSON as it
 * came. */
#ifndef WC_TABLE_H
#define WC_TABLE_H

#include "cmd.h"

#include "proto/json.h"

typedef enum { WC_FORMAT_TABLE, WC_FORMAT_JSON, WC_FORMAT_CSV } wc_format_t;

typedef struct {
    const char *name; /* in the head of CSV; in upper case in that of the table */
    bool shown;       /* in the table; CSV has all columns */
    bool shrinks;     /* in the table, to the width of the terminal */
    bool right;       /* in the table, numbers are on the right */
} wc_column_t;

typedef struct wc_table wc_table_t;

/* A table of `count` columns. NULL: no memory. */
wc_table_t *wc_table_new(wc_format_t format, const wc_column_t *columns, size_t count, bool color);

/* Adds a row: a string for each column, NULL is as good as "". 0 or -1: no memory. CSV is written
 * at once. */
int wc_table_add(wc_table_t *self, const char *const *cells);

/* Prints what was added, and destroys the table. 0 or -1. */
int wc_table_print(wc_table_t **self_p);

/* How to print the rows of a reader. */
typedef struct {
    wc_format_t format;
    const wc_column_t *columns;
    size_t count;                                        /* of columns */
    int (*add)(wc_table_t *table, const wp_node_t *row); /* puts a row into the table */
    bool color;
    const char *none; /* what to say when there are none */
} wc_rows_t;

/* Prints at most `limit` rows (0: all) of a reader that was asked, and says when there are more.
 * Gives the exit code. */
int wc_rows_print(const wc_rows_t *self, winnow_reader_t *reader, uint64_t limit);

/* Reads "table", "json" or "csv"; false: it is none, and that has been told. */
bool wc_format(const wc_usage_t *usage, const char *name, wc_format_t *ret_format);

#endif
