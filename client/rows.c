/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a reader, printed; see table.h. */
#include "table.h"

#include <stdio.h>

int wc_rows_print(const wc_rows_t *self, winnow_reader_t *reader, uint64_t limit)
{
    wc_table_t *table = NULL;
    const char *json;
    size_t size;
    uint64_t count = 0;
    int code;

    if (self->format != WC_FORMAT_JSON) {
        table = wc_table_new(self->format, self->columns, self->count, self->color);
        if (!table)
            return WC_EXIT_FAILED;
    }
    while ((code = winnow_reader_next(reader, &json, &size)) == 1) {
        if (limit > 0 && count == limit)
            break;
        count++;
        if (!table) {
            puts(json);
            continue;
        }
        wp_json_t *row = wp_json_parse(json, size, NULL);
        int rc = row ? self->add(table, wp_json_root(row)) : -1;
        wp_json_destroy(&row);
        if (rc != 0)
            fprintf(stderr, "winnow: a row could not be read\n");
    }
    if (table && wc_table_print(&table) != 0)
        return WC_EXIT_FAILED;
    if (code < 0)
        return wc_report(winnow_reader_error(reader));
    if (self->format == WC_FORMAT_TABLE && count == 0)
        fprintf(stderr, "%s\n", self->none);
    if (code == 1)
        fprintf(stderr, "there are more: --limit 0 shows all\n");
    return WC_EXIT_OK;
}

bool wc_format(const wc_usage_t *usage, const char *name, wc_format_t *ret_format)
{
    static const char *const names[] = {"table", "json", "csv", NULL};

    if (!wc_one_of(usage, "format", name, names))
        return false;
    *ret_format = name[0] == 't'   ? WC_FORMAT_TABLE
                  : name[0] == 'j' ? WC_FORMAT_JSON
                                   : WC_FORMAT_CSV;
    return true;
}
