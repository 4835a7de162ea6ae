/* SPDX-License-Identifier: Apache-2.0 */
/* The one file that knows libsmartcols, which measures characters as terminals do. */
#include "table.h"

#include "term.h"

#include <ctype.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define S_COLUMNS_MAX 24

struct wc_table {
    wc_format_t format;
    const wc_column_t *columns;
    size_t count;
    bool color;
    struct libscols_table *table;
};

static int s_set_up(wc_table_t *self)
{
    self->table = scols_new_table();
    if (!self->table)
        return -1;
    scols_table_enable_colors(self->table, self->color);
    scols_table_enable_nolinesep(self->table, 0);
    if (!isatty(STDOUT_FILENO)) /* nobody measures a pipe: nothing is cut */
        scols_table_set_termforce(self->table, SCOLS_TERMFORCE_NEVER);
    for (size_t i = 0; i < self->count; i++) {
        const wc_column_t *column = &self->columns[i];
        char name[32];
        size_t size = 0;
        if (!column->shown)
            continue;
        for (; column->name[size] && size + 1 < sizeof name; size++)
            name[size] = (char)toupper((unsigned char)column->name[size]);
        name[size] = '\0';
        int flags = (column->shrinks ? SCOLS_FL_TRUNC : 0) | (column->right ? SCOLS_FL_RIGHT : 0);
        if (!scols_table_new_column(self->table, name, column->shrinks ? 0.2 : 0, flags))
            return -1;
    }
    return 0;
}

static void s_csv_cell(const char *cell)
{
    if (!cell || !strpbrk(cell, "\",\r\n")) {
        fputs(cell ? cell : "", stdout);
        return;
    }
    putchar('"');
    for (; *cell; cell++) {
        if (*cell == '"')
            putchar('"');
        putchar(*cell);
    }
    putchar('"');
}

static void s_csv_row(const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            putchar(',');
        s_csv_cell(cells[i]);
    }
    fputs("\r\n", stdout);
}

wc_table_t *wc_table_new(wc_format_t format, const wc_column_t *columns, size_t count, bool color)
{
    wc_table_t *self = calloc(1, sizeof *self);

    if (!self)
        return NULL;
    *self = (wc_table_t){format, columns, count, color, NULL};
    if (format == WC_FORMAT_TABLE && s_set_up(self) != 0) {
        scols_unref_table(self->table);
        free(self);
        return NULL;
    }
    if (format == WC_FORMAT_CSV) {
        const char *names[S_COLUMNS_MAX];
        for (size_t i = 0; i < count && i < S_COLUMNS_MAX; i++)
            names[i] = columns[i].name;
        s_csv_row(names, count < S_COLUMNS_MAX ? count : S_COLUMNS_MAX);
    }
    return self;
}

int wc_table_add(wc_table_t *self, const char *const *cells)
{
    size_t shown = 0;

    if (self->format == WC_FORMAT_CSV) {
        s_csv_row(cells, self->count);
        return 0;
    }
    struct libscols_line *line = scols_table_new_line(self->table, NULL);
    if (!line)
        return -1;
    for (size_t i = 0; i < self->count; i++) {
        if (!self->columns[i].shown)
            continue;
        wp_buf_t clean = WP_BUF_INIT;
        wc_clean(&clean, cells[i] ? cells[i] : "", cells[i] ? strlen(cells[i]) : 0, false);
        wp_buf_add(&clean, "", 1);
        int rc = clean.failed ? -1 : scols_line_set_data(line, shown++, clean.data);
        wp_buf_free(&clean);
        if (rc != 0)
            return -1;
    }
    return 0;
}

int wc_table_print(wc_table_t **self_p)
{
    wc_table_t *self = *self_p;
    int rc = 0;

    if (self->table) {
        if (scols_table_get_nlines(self->table) > 0)
            rc = scols_print_table(self->table);
        scols_unref_table(self->table);
    }
    free(self);
    *self_p = NULL;
    return rc;
}
