/* SPDX-License-Identifier: Apache-2.0 */
/* winnow articles: what was pushed, and what became of it. */
#include "cmd.h"

#include "table.h"
#include "term.h"

#include "proto/json.h"

#include <stdlib.h>
#include <string.h>

static const wc_opt_t s_opts[] = {
    {'s', "state", "STATE", "those that are accepted, stored, failed, superseded or retracted"},
    {'F', "failed", NULL, "the same as --state failed"},
    {'o', "source", "SOURCE", "those of this source"},
    {'l', "limit", "N", "at most N articles (default 50; 0: all)"},
    {'f', "format", "FORMAT", "table (default), json (JSON Lines) or csv"},
    {'j', "json", NULL, "the same as --format json"},
    WC_COMMON_OPTS};

static const wc_usage_t s_usage = {"articles",
                                   "Lists articles, the newest first.",
                                   "[OPTION]...",
                                   "  winnow articles\n"
                                   "  winnow articles --failed\n"
                                   "  winnow articles --source Example --format csv\n",
                                   s_opts,
                                   NULL};

static const char *const s_states[] = {"accepted",   "stored",    "failed",
                                       "superseded", "retracted", NULL};

static const wc_column_t s_columns[] = {
    {"state", true, false, false},     {"facts", true, false, true},
    {"published", true, false, false}, {"source", true, true, false},
    {"title", true, true, false},      {"id", true, false, false},
    {"revision", false, false, false}, {"url", false, false, false},
    {"received", false, false, false}, {"reason", true, true, false}};
#define COLUMNS (sizeof s_columns / sizeof s_columns[0])

static int s_add(wc_table_t *table, const wp_node_t *row)
{
    char cells_room[COLUMNS][32];
    const char *cells[COLUMNS];

    for (size_t i = 0; i < COLUMNS; i++) {
        const wp_node_t *node = wp_node_get(row, s_columns[i].name);
        cells[i] = "";
        if (node && node->type == WP_JSON_STRING) {
            cells[i] = node->string;
        } else if (node && node->type == WP_JSON_NUMBER) {
            snprintf(cells_room[i], sizeof cells_room[i], "%.*s", (int)node->raw_size, node->raw);
            cells[i] = cells_room[i];
        }
    }
    return wc_table_add(table, cells);
}

int wc_cmd_articles(wc_cli_t *cli, int argc, char **argv)
{
    wc_args_t args = {.usage = &s_usage, .argc = argc, .argv = argv};
    winnow_article_filter_t filter = {0};
    wc_format_t format = WC_FORMAT_TABLE;
    unsigned long long limit = 50;
    int exit_code;

    for (int id; (id = wc_args_next(&args)) != WC_END;) {
        switch (id) {
        case 's':
            if (!wc_one_of(&s_usage, "state", args.value, s_states))
                return WC_EXIT_USAGE;
            filter.state = args.value;
            break;
        case 'F':
            filter.state = "failed";
            break;
        case 'o':
            filter.source = args.value;
            break;
        case 'l':
            if (!wc_number(args.value, 0, 1000000000, &limit))
                return wc_wrong(&s_usage, "--limit: \"%s\" is no whole number", args.value);
            break;
        case 'f':
            if (!wc_format(&s_usage, args.value, &format))
                return WC_EXIT_USAGE;
            break;
        case 'j':
            format = WC_FORMAT_JSON;
            break;
        case WC_ARG:
            return wc_wrong(&s_usage, "what is \"%s\" for? (winnow show shows one article)",
                            args.value);
        default:
            if (wc_common(cli, &s_usage, id, args.value, &exit_code))
                return exit_code;
        }
    }
    filter.limit = limit ? limit + 1 : 0; /* one more, to know whether there are more */
    const wc_rows_t rows = {format, s_columns, COLUMNS, s_add, cli->color, "no such articles"};
    winnow_client_error_t err;
    winnow_client_options_t options = wc_cli_options(cli);
    winnow_reader_t *reader = winnow_reader_new(&options, &err);
    if (!reader)
        return wc_report(&err);
    if (winnow_reader_articles(reader, &filter) != 0)
        exit_code = wc_report(winnow_reader_error(reader));
    else
        exit_code = wc_rows_print(&rows, reader, limit);
    winnow_reader_destroy(&reader);
    return wc_finish(exit_code);
}
