/* SPDX-License-Identifier: Apache-2.0 */
/* winnow query: look for facts, and print them as a table, as JSON Lines or as CSV. */
#include "cmd.h"

#include "amount.h"
#include "series.h"
#include "table.h"
#include "term.h"

#include "proto/json.h"

#include <stdlib.h>
#include <string.h>

enum { S_OPT_STATUS = 256, S_OPT_SOURCE, S_OPT_MODALITY, S_OPT_SERIES };

static const char *const s_statuses[] = {"current", "disputed", "superseded", "retracted", NULL};
static const char *const s_modalities[] = {"actual",   "planned", "target", "forecast",
                                           "possible", "negated", NULL};

static const wc_opt_t s_opts[] = {
    {'k', "kind", "KIND", "facts of this kind: investment, statistic, ..."},
    {'n', "entity", "NAME", "facts with this name in any role, or as their source"},
    {'p', "place", "NAME", "facts with this place"},
    {'s', "since", "DATE", "of articles from DATE on: 2022, 2022-06 or 2022-06-23"},
    {'u', "until", "DATE", "of articles up to DATE"},
    {'m', "min", "AMOUNT", "money of at least AMOUNT: 1bn, \"5m CNY\", 1e9"},
    {'t', "text", "WORDS", "of articles in which all these words stand"},
    {'a', "article", "ID", "of this article"},
    {S_OPT_STATUS, "status", "STATUS", "current, disputed, superseded or retracted facts alone"},
    {'d', "disputed", NULL, "disputed facts alone, as they came last"},
    {S_OPT_SOURCE, "source", "NAME", "told by this source"},
    {S_OPT_MODALITY, "modality", "WORD", "actual, planned, target, forecast, possible or negated"},
    {'r', "retracted", NULL, "retracted facts too"},
    {S_OPT_SERIES, "series", NULL,
     "figures over time: of one subject and metric together, by period,\nwith bars (of --kind "
     "statistic, or target)"},
    {'l', "limit", "N", "at most N facts (default 50; 0: all)"},
    {'f', "format", "FORMAT", "table (default), json (JSON Lines) or csv"},
    {'j', "json", NULL, "the same as --format json"},
    WC_COMMON_OPTS};

static const wc_usage_t s_usage = {
    "query",
    "Looks for facts; those of the newest articles come first.",
    "[OPTION]...",
    "  winnow query --kind investment --min 1bn --since 2022\n"
    "  winnow query --entity \"Acme\" --place Berlin\n"
    "  winnow query --text \"battery plant\" --format csv > facts.csv\n",
    s_opts,
    NULL};

static const wc_column_t s_columns[] = {
    {"fact", true, false, false},         {"status", false, false, false},
    {"kind", true, false, false},         {"modality", false, false, false},
    {"reported_by", false, false, false}, {"roles", true, true, false},
    {"number", false, false, false},      {"unit", false, false, false},
    {"evidence", true, true, false},      {"start", false, false, false},
    {"end", false, false, false},         {"article", false, false, false},
    {"revision", false, false, false},    {"source", true, true, false},
    {"url", false, false, false},         {"title", false, false, false},
    {"published", true, false, false},    {"sources", false, false, false}};
#define COLUMNS (sizeof s_columns / sizeof s_columns[0])

/* A value as it stands in the JSON, in `room`. */
static const char *s_raw(const wp_node_t *node, char room[32])
{
    if (!node || node->type == WP_JSON_NULL)
        return "";
    snprintf(room, 32, "%.*s", (int)node->raw_size, node->raw);
    return room;
}

/* The first filler of a record that has a number. */
static const wp_node_t *s_figure(const wp_node_t *record)
{
    const wp_node_t *roles = wp_node_get(record, "roles");
    for (const wp_node_t *role = roles ? roles->child : NULL; role; role = role->next) {
        for (const wp_node_t *filler = role->child; filler; filler = filler->next) {
            if (wp_node_get(filler, "number"))
                return filler;
        }
    }
    return NULL;
}

/* Who the record names as its source: a name, or an object with one. */
static const char *s_reported_by(const wp_node_t *record)
{
    const wp_node_t *by = wp_node_get(record, "reported_by");
    if (by && by->type == WP_JSON_OBJECT)
        return wc_text_of(by, "text");
    return by && by->string ? by->string : "";
}

static int s_add(wc_table_t *table, const wp_node_t *row)
{
    const wp_node_t *record = wp_node_get(row, "record");
    const wp_node_t *article = wp_node_get(row, "article");
    const wp_node_t *evidence = wp_node_get(record, "evidence");
    const wp_node_t *figure = s_figure(record);
    wp_buf_t roles = WP_BUF_INIT;
    char number[32], start[32], end[32], revision[32], sources[32];

    wc_roles(&roles, record);
    wp_buf_add(&roles, "", 1);
    const char *cells[COLUMNS] = {wc_text_of(row, "fact"),
                                  wc_text_of(row, "status"),
                                  wc_text_of(record, "kind"),
                                  wc_text_of(record, "modality"),
                                  s_reported_by(record),
                                  roles.failed ? "" : roles.data,
                                  s_raw(wp_node_get(figure, "number"), number),
                                  wc_text_of(figure, "unit"),
                                  wc_text_of(evidence, "text"),
                                  s_raw(wp_node_get(evidence, "start"), start),
                                  s_raw(wp_node_get(evidence, "end"), end),
                                  wc_text_of(article, "id"),
                                  s_raw(wp_node_get(article, "revision"), revision),
                                  wc_text_of(article, "source"),
                                  wc_text_of(article, "url"),
                                  wc_text_of(article, "title"),
                                  wc_text_of(article, "published"),
                                  s_raw(wp_node_get(row, "sources"), sources)};
    int rc = wc_table_add(table, cells);
    wp_buf_free(&roles);
    return rc;
}

/* Prints the reader's rows as series. */
static int s_series(const wc_cli_t *cli, winnow_reader_t *reader, wc_format_t format)
{
    const char *json;
    size_t size;
    int code;
    wc_series_t *series = wc_series_new();
    bool ok = series != NULL;

    while ((code = winnow_reader_next(reader, &json, &size)) == 1)
        ok = ok && wc_series_add(series, json, size) == 0;
    if (code < 0) {
        wc_series_destroy(&series);
        return wc_report(winnow_reader_error(reader));
    }
    if (ok && wc_series_count(series) == 0)
        fprintf(stderr, "no such figures\n");
    else
        ok = ok && wc_series_print(series, format, cli->color) == 0;
    wc_series_destroy(&series);
    if (!ok)
        fprintf(stderr, "winnow: out of memory\n");
    return ok ? WC_EXIT_OK : WC_EXIT_FAILED;
}

int wc_cmd_query(wc_cli_t *cli, int argc, char **argv)
{
    wc_args_t args = {.usage = &s_usage, .argc = argc, .argv = argv};
    winnow_fact_filter_t filter = {0};
    wc_format_t format = WC_FORMAT_TABLE;
    char min[WC_AMOUNT_MAX];
    char unit[4];
    unsigned long long limit = 50;
    bool series = false;
    int exit_code;

    for (int id; (id = wc_args_next(&args)) != WC_END;) {
        switch (id) {
        case 'k':
            if (!wc_one_of(&s_usage, "kind", args.value, wc_kinds))
                return WC_EXIT_USAGE;
            filter.kind = args.value;
            break;
        case 'n':
            filter.entity = args.value;
            break;
        case 'p':
            filter.place = args.value;
            break;
        case 's':
            filter.since = args.value;
            break;
        case 'u':
            filter.until = args.value;
            break;
        case 'm':
            if (!wc_amount(args.value, min, unit))
                return wc_wrong(&s_usage, "--min: \"%s\" is no amount as in 1bn, \"5m CNY\" or 1e9",
                                args.value);
            filter.min = min;
            filter.unit = unit[0] ? unit : NULL;
            break;
        case 't':
            filter.text = args.value;
            break;
        case 'a':
            filter.article = args.value;
            break;
        case S_OPT_STATUS:
            if (!wc_one_of(&s_usage, "status", args.value, s_statuses))
                return WC_EXIT_USAGE;
            filter.status = args.value;
            break;
        case 'd':
            filter.status = "disputed";
            break;
        case S_OPT_SOURCE:
            filter.source = args.value;
            break;
        case S_OPT_MODALITY:
            if (!wc_one_of(&s_usage, "modality", args.value, s_modalities))
                return WC_EXIT_USAGE;
            filter.modality = args.value;
            break;
        case S_OPT_SERIES:
            series = true;
            break;
        case 'r':
            filter.retracted = true;
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
            return wc_wrong(&s_usage, "what is \"%s\" for? (--text looks for words)", args.value);
        default:
            if (wc_common(cli, &s_usage, id, args.value, &exit_code))
                return exit_code;
        }
    }
    if (series && !filter.kind)
        filter.kind = "statistic";
    filter.limit = limit && !series ? limit + 1 : 0; /* one more, to know whether there are more */
    const wc_rows_t rows = {format, s_columns, COLUMNS, s_add, cli->color, "no such facts"};
    winnow_client_error_t err;
    winnow_client_options_t options = wc_cli_options(cli);
    winnow_reader_t *reader = winnow_reader_new(&options, &err);
    if (!reader)
        return wc_report(&err);
    if (winnow_reader_facts(reader, &filter) != 0)
        exit_code = wc_report(winnow_reader_error(reader));
    else if (series)
        exit_code = s_series(cli, reader, format);
    else
        exit_code = wc_rows_print(&rows, reader, limit);
    winnow_reader_destroy(&reader);
    return wc_finish(exit_code);
}
