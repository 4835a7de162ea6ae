/* SPDX-License-Identifier: Apache-2.0 */
/* winnow watch: events as they come, each once, in order; a line each for people, or their JSON. */
#include "cmd.h"

#include "term.h"

#include "proto/json.h"

#include <stdlib.h>
#include <string.h>

#define S_LIST_MAX 32

static const wc_opt_t s_opts[] = {
    {'k', "kind", "KIND", "facts of this kind; may be given again"},
    {'c', "change", "CHANGE", "created, corroborated, revised, disputed ...; may be given again"},
    {'n', "entity", "NAME", "facts with this name in any role, or as their source"},
    {'f', "from", "SEQ|start|now", "from event SEQ, from the first, or what comes (default)"},
    {'N', "count", "N", "end after N events"},
    {'j', "json", NULL, "the events as JSON Lines"},
    WC_COMMON_OPTS};

static const wc_usage_t s_usage = {
    "watch",
    "Follows facts and articles as they come. Nothing is missed while the daemon is away.",
    "[OPTION]...",
    "  winnow watch --kind investment\n"
    "  winnow watch --entity \"Acme\" --from start --json\n"
    "  winnow watch --change stored --count 1\n",
    s_opts,
    NULL};

static const char *const s_changes[] = {"created",      "retracted", "stored",
                                        "failed",       "revised",   "superseded",
                                        "corroborated", "disputed",  NULL};

typedef struct {
    winnow_event_filter_t filter;
    const char *kinds[S_LIST_MAX + 1];
    const char *changes[S_LIST_MAX + 1];
    unsigned long long count; /* 0: no end */
    bool json;
} s_request_t;

/*  101  created    investment  investor: Acme; amount: $1 billion  "Acme will invest ..." (Example)
 */
static void s_print_fact(const wc_cli_t *cli, const winnow_event_t *event, const wp_node_t *root)
{
    const wp_node_t *record = wp_node_get(root, "record");
    const char *evidence = wc_text_of(wp_node_get(record, "evidence"), "text");
    const char *modality = wc_text_of(record, "modality");
    bool gone = strcmp(event->change, "retracted") == 0;
    wp_buf_t roles = WP_BUF_INIT;

    wc_style(stdout, cli->color, gone ? WC_RED : WC_GREEN);
    printf("%-10s ", event->change);
    wc_style(stdout, cli->color, WC_BOLD);
    printf("%-14s ", event->kind);
    wc_style(stdout, cli->color, WC_PLAIN);
    wc_roles(&roles, record);
    wc_print_clean(stdout, roles.data, roles.size, false);
    wp_buf_free(&roles);
    if (modality[0] && strcmp(modality, "actual") != 0)
        printf(" [%s]", modality);
    wc_style(stdout, cli->color, WC_DIM);
    fputs("  \"", stdout);
    wc_print_clean(stdout, evidence, strlen(evidence), false);
    fputs("\"", stdout);
}

static void s_print_event(const wc_cli_t *cli, const winnow_event_t *event)
{
    wp_json_t *tree = wp_json_parse(event->body, event->body_size, NULL);
    if (!tree)
        return;
    const wp_node_t *root = wp_json_root(tree);
    const wp_node_t *article = wp_node_get(root, "article");
    const char *source = wc_text_of(article, "source");

    wc_style(stdout, cli->color, WC_DIM);
    printf("%6llu ", (unsigned long long)event->seq);
    wc_style(stdout, cli->color, WC_PLAIN);
    if (event->kind) {
        s_print_fact(cli, event, root);
    } else {
        const char *title = wc_text_of(article, "title");
        if (!title[0])
            title = wc_text_of(article, "id");
        wc_style(stdout, cli->color, WC_CYAN);
        printf("%-10s article", event->change);
        wc_style(stdout, cli->color, WC_PLAIN);
        printf("        %llu fact%s: ", (unsigned long long)event->facts,
               event->facts == 1 ? "" : "s");
        wc_print_clean(stdout, title, strlen(title), false);
    }
    if (source[0]) {
        fputs("  (", stdout);
        wc_print_clean(stdout, source, strlen(source), false);
        fputs(")", stdout);
    }
    wc_style(stdout, cli->color, WC_PLAIN);
    putchar('\n');
    wp_json_destroy(&tree);
}

/* Tells once that the daemon is away, and once that it is back. */
static void s_tell_presence(const winnow_subscriber_t *subscriber, bool *away)
{
    bool now_away = !winnow_subscriber_alive(subscriber);
    if (now_away != *away)
        fprintf(stderr, now_away ? "winnow: no word from winnowd; waiting for it\n"
                                 : "winnow: winnowd is back\n");
    *away = now_away;
}

static int s_follow(const wc_cli_t *cli, winnow_subscriber_t *subscriber,
                    const s_request_t *request)
{
    unsigned long long given = 0;
    bool away = false;

    while (request->count == 0 || given < request->count) {
        winnow_event_t event;
        int code = winnow_subscriber_next(subscriber, 1000, &event);
        if (code == WINNOW_CLIENT_TIMEOUT) {
            s_tell_presence(subscriber, &away);
            continue;
        }
        if (code == WINNOW_CLIENT_EPOCH) {
            fprintf(stderr, "winnow: %s\n", winnow_subscriber_error(subscriber)->message);
            continue;
        }
        if (code != 0)
            return wc_report(winnow_subscriber_error(subscriber));
        if (request->json)
            puts(event.body);
        else
            s_print_event(cli, &event);
        if (fflush(stdout) != 0)
            return WC_EXIT_FAILED;
        given++;
    }
    return WC_EXIT_OK;
}

static bool s_append(const wc_usage_t *usage, const char *option, const char *value,
                     const char *const *words, const char **list)
{
    size_t count = 0;
    if (!wc_one_of(usage, option, value, words))
        return false;
    while (list[count])
        count++;
    if (count == S_LIST_MAX) {
        wc_wrong(usage, "more than %d times --%s", S_LIST_MAX, option);
        return false;
    }
    list[count] = value;
    return true;
}

static bool s_from(const char *value, uint64_t *ret_from)
{
    unsigned long long number;
    if (strcmp(value, "start") == 0)
        *ret_from = WINNOW_FROM_START;
    else if (strcmp(value, "now") == 0)
        *ret_from = WINNOW_FROM_NOW;
    else if (wc_number(value, 1, (1ULL << 53) - 1, &number))
        *ret_from = number;
    else
        return false;
    return true;
}

/* Reads the command line. False: it is over, with *ret_exit. */
static bool s_parse(wc_cli_t *cli, wc_args_t *args, s_request_t *request, int *ret_exit)
{
    *ret_exit = WC_EXIT_USAGE;
    for (int id; (id = wc_args_next(args)) != WC_END;) {
        switch (id) {
        case 'k':
            if (!s_append(&s_usage, "kind", args->value, wc_kinds, request->kinds))
                return false;
            request->filter.kinds = request->kinds;
            break;
        case 'c':
            if (!s_append(&s_usage, "change", args->value, s_changes, request->changes))
                return false;
            request->filter.changes = request->changes;
            break;
        case 'n':
            request->filter.entity = args->value;
            break;
        case 'f':
            if (!s_from(args->value, &request->filter.from)) {
                wc_wrong(&s_usage, "--from: \"%s\" is neither a number, nor start, nor now",
                         args->value);
                return false;
            }
            break;
        case 'N':
            if (!wc_number(args->value, 1, 1ULL << 53, &request->count)) {
                wc_wrong(&s_usage, "--count: \"%s\" is no whole number above 0", args->value);
                return false;
            }
            break;
        case 'j':
            request->json = true;
            break;
        case WC_ARG:
            wc_wrong(&s_usage, "what is \"%s\" for?", args->value);
            return false;
        default:
            if (wc_common(cli, &s_usage, id, args->value, ret_exit))
                return false;
        }
    }
    return true;
}

int wc_cmd_watch(wc_cli_t *cli, int argc, char **argv)
{
    wc_args_t args = {.usage = &s_usage, .argc = argc, .argv = argv};
    s_request_t request = {.count = 0};
    winnow_client_error_t err;
    int exit_code;

    if (!s_parse(cli, &args, &request, &exit_code))
        return exit_code;
    winnow_client_options_t options = wc_cli_options(cli);
    winnow_subscriber_t *subscriber = winnow_subscriber_new(&options, &request.filter, &err);
    if (!subscriber)
        return wc_report(&err);
    exit_code = s_follow(cli, subscriber, &request);
    winnow_subscriber_destroy(&subscriber);
    return wc_finish(exit_code);
}
