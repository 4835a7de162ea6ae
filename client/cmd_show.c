/* SPDX-License-Identifier: Apache-2.0 */
/*
 * winnow show: one fact, with the place of the text that states it and what happened to it; or one
 * article with its facts.
 */
#include "cmd.h"

#include "term.h"

#include "proto/json.h"

#include <string.h>

enum { S_OPT_FACT = 256, S_OPT_ARTICLE };

static const wc_opt_t s_opts[] = {{S_OPT_FACT, "fact", NULL, "ID is that of a fact"},
                                  {S_OPT_ARTICLE, "article", NULL, "ID is that of an article"},
                                  {'t', "text", NULL, "of an article: its text alone"},
                                  {'j', "json", NULL, "as JSON"},
                                  WC_COMMON_OPTS};

static const wc_usage_t s_usage = {
    "show",
    "Shows one fact with its evidence in context and its history, or one article with its facts.",
    "[OPTION]... ID",
    "  winnow show 12.3\n"
    "  winnow show https://example.org/news/1\n"
    "  winnow show --text https://example.org/news/1 > article.txt\n",
    s_opts,
    NULL};

/* "kind          investment", if there is a value. */
static void s_line(const char *name, const char *value)
{
    if (!value || !value[0])
        return;
    printf("%-12s ", name);
    wc_print_clean(stdout, value, strlen(value), false);
    putchar('\n');
}

static void s_number(const char *name, const wp_node_t *node)
{
    if (node && node->type == WP_JSON_NUMBER)
        printf("%-12s %.*s\n", name, (int)node->raw_size, node->raw);
}

static void s_article_lines(const wp_node_t *article)
{
    s_line("article", wc_text_of(article, "id"));
    s_number("revision", wp_node_get(article, "revision"));
    s_line("title", wc_text_of(article, "title"));
    s_line("source", wc_text_of(article, "source"));
    s_line("url", wc_text_of(article, "url"));
    s_line("published", wc_text_of(article, "published"));
}

static void s_role_lines(const wp_node_t *record)
{
    const wp_node_t *roles = wp_node_get(record, "roles");
    for (const wp_node_t *role = roles ? roles->child : NULL; role; role = role->next) {
        for (const wp_node_t *filler = role->child; filler; filler = filler->next) {
            const wp_node_t *number = wp_node_get(filler, "number");
            const char *value = wc_text_of(filler, "value");
            printf("  %-12s ", filler == role->child ? role->key : "");
            wc_print_clean(stdout, wc_text_of(filler, "text"), strlen(wc_text_of(filler, "text")),
                           false);
            if (number) {
                printf("  = %.*s ", (int)number->raw_size, number->raw);
                wc_print_clean(stdout, wc_text_of(filler, "unit"),
                               strlen(wc_text_of(filler, "unit")), false);
            } else if (value[0]) {
                fputs("  = ", stdout);
                wc_print_clean(stdout, value, strlen(value), false);
            }
            putchar('\n');
        }
    }
}

/* The text around the evidence, which stands out: in colour, or between double square brackets. */
static void s_context(const wc_cli_t *cli, const wp_node_t *context)
{
    const char *parts[] = {wc_text_of(context, "before"), wc_text_of(context, "evidence"),
                           wc_text_of(context, "after")};

    putchar('\n');
    wc_print_clean(stdout, parts[0], strlen(parts[0]), true);
    wc_style(stdout, cli->color, WC_MARK);
    fputs(cli->color ? "" : "[[", stdout);
    wc_print_clean(stdout, parts[1], strlen(parts[1]), true);
    fputs(cli->color ? "" : "]]", stdout);
    wc_style(stdout, cli->color, WC_PLAIN);
    wc_print_clean(stdout, parts[2], strlen(parts[2]), true);
    puts("\n");
}

static void s_history(const wp_node_t *history)
{
    for (const wp_node_t *event = history ? history->child : NULL; event; event = event->next) {
        const wp_node_t *seq = wp_node_get(event, "seq");
        printf("%-24s %-12s event %.*s\n", wc_text_of(event, "time"), wc_text_of(event, "change"),
               seq ? (int)seq->raw_size : 0, seq ? seq->raw : "");
    }
}

/* "disputed with 17.2   Orkla Tide … (Example Daily, 2022-06-23)", a line each. */
static void s_against(const wp_node_t *root)
{
    const wp_node_t *rows = wp_node_get(root, "against");
    bool disputed = strcmp(wc_text_of(root, "status"), "disputed") == 0;
    for (const wp_node_t *row = rows ? rows->child : NULL; row; row = row->next) {
        const wp_node_t *article = wp_node_get(row, "article");
        wp_buf_t roles = WP_BUF_INIT;
        wc_roles(&roles, wp_node_get(row, "record"));
        printf("%-13s %-8s ", disputed ? "disputed with" : "superseded by",
               wc_text_of(row, "fact"));
        wc_print_clean(stdout, roles.data, roles.size, false);
        fputs("  (", stdout);
        wc_print_clean(stdout, wc_text_of(article, "source"), strlen(wc_text_of(article, "source")),
                       false);
        printf(" %s)\n", wc_text_of(article, "published"));
        wp_buf_free(&roles);
    }
}

/* The other articles that tell it, each with its words. */
static void s_evidence(const wc_cli_t *cli, const wp_node_t *root)
{
    const wp_node_t *told = wp_node_get(root, "evidence");
    const char *shown = wc_text_of(root, wp_node_get(root, "observation") ? "observation" : "fact");
    for (const wp_node_t *each = told ? told->child : NULL; each; each = each->next) {
        if (strcmp(wc_text_of(each, "observation"), shown) == 0)
            continue;
        puts("also told by");
        s_article_lines(wp_node_get(each, "article"));
        s_context(cli, wp_node_get(each, "context"));
    }
}

static void s_fact(const wc_cli_t *cli, const wp_node_t *root)
{
    const wp_node_t *record = wp_node_get(root, "record");
    const wp_node_t *by = wp_node_get(record, "reported_by");

    s_line("fact", wc_text_of(root, "fact"));
    s_line("status", wc_text_of(root, "status"));
    s_number("sources", wp_node_get(root, "sources"));
    s_against(root);
    s_line("kind", wc_text_of(record, "kind"));
    s_line("modality", wc_text_of(record, "modality"));
    s_line("reported by", by && by->type == WP_JSON_OBJECT ? wc_text_of(by, "text")
                                                           : wc_text_of(record, "reported_by"));
    s_role_lines(record);
    s_article_lines(wp_node_get(root, "article"));
    s_context(cli, wp_node_get(root, "context"));
    s_evidence(cli, root);
    s_history(wp_node_get(root, "history"));
}

static void s_article(const wc_cli_t *cli, const wp_node_t *root)
{
    const wp_node_t *article = wp_node_get(root, "article");
    const wp_node_t *facts = wp_node_get(root, "facts");

    s_article_lines(article);
    s_line("state", wc_text_of(article, "state"));
    s_line("reason", wc_text_of(article, "reason"));
    s_line("received", wc_text_of(article, "received"));
    s_number("facts", wp_node_get(article, "facts"));
    for (const wp_node_t *row = facts ? facts->child : NULL; row; row = row->next) {
        const wp_node_t *record = wp_node_get(row, "record");
        wp_buf_t roles = WP_BUF_INIT;
        wc_roles(&roles, record);
        printf("\n%-8s ", wc_text_of(row, "fact"));
        wc_style(stdout, cli->color, WC_BOLD);
        fputs(wc_text_of(record, "kind"), stdout);
        wc_style(stdout, cli->color, WC_PLAIN);
        if (strcmp(wc_text_of(row, "status"), "current") != 0)
            printf(" (%s)", wc_text_of(row, "status"));
        fputs("  ", stdout);
        wc_print_clean(stdout, roles.data, roles.size, false);
        wp_buf_free(&roles);
    }
    if (facts && facts->child)
        putchar('\n');
}

static void s_print(const wc_cli_t *cli, const char *json, size_t size, bool text_only)
{
    wp_json_t *tree = wp_json_parse(json, size, NULL);
    if (!tree)
        return;
    const wp_node_t *root = wp_json_root(tree);
    const wp_node_t *text = wp_node_get(root, "text");
    if (text_only && text && text->string)
        fwrite(text->string, 1, text->size, stdout);
    else if (wp_node_get(root, "record"))
        s_fact(cli, root);
    else
        s_article(cli, root);
    wp_json_destroy(&tree);
}

int wc_cmd_show(wc_cli_t *cli, int argc, char **argv)
{
    wc_args_t args = {.usage = &s_usage, .argc = argc, .argv = argv};
    winnow_show_t what = WINNOW_SHOW_ANY;
    const char *id_shown = NULL;
    bool as_json = false;
    bool text_only = false;
    int exit_code;

    for (int id; (id = wc_args_next(&args)) != WC_END;) {
        switch (id) {
        case S_OPT_FACT:
            what = WINNOW_SHOW_FACT;
            break;
        case S_OPT_ARTICLE:
            what = WINNOW_SHOW_ARTICLE;
            break;
        case 't':
            text_only = true;
            what = WINNOW_SHOW_ARTICLE;
            break;
        case 'j':
            as_json = true;
            break;
        case WC_ARG:
            if (id_shown)
                return wc_wrong(&s_usage, "one ID at a time");
            id_shown = args.value;
            break;
        default:
            if (wc_common(cli, &s_usage, id, args.value, &exit_code))
                return exit_code;
        }
    }
    if (!id_shown)
        return wc_wrong(&s_usage, "which fact or article?");
    winnow_client_error_t err;
    winnow_client_options_t options = wc_cli_options(cli);
    winnow_reader_t *reader = winnow_reader_new(&options, &err);
    if (!reader)
        return wc_report(&err);
    const char *json;
    size_t size;
    exit_code = WC_EXIT_OK;
    if (winnow_reader_show(reader, id_shown, what, &json, &size) != 0)
        exit_code = wc_report(winnow_reader_error(reader));
    else if (as_json)
        puts(json);
    else
        s_print(cli, json, size, text_only);
    winnow_reader_destroy(&reader);
    return wc_finish(exit_code);
}
