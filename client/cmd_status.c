/* SPDX-License-Identifier: Apache-2.0 */
/* winnow status: what the daemon says of itself, a line each. */
#include "cmd.h"

#include "term.h"

#include "proto/json.h"

#include <string.h>

static const wc_opt_t s_opts[] = {{'j', "json", NULL, "as JSON"}, WC_COMMON_OPTS};

static const wc_usage_t s_usage = {"status",
                                   "Shows how the daemon is.",
                                   "[OPTION]...",
                                   "  winnow status\n"
                                   "  winnow status --json\n",
                                   s_opts,
                                   NULL};

/* "queue.backlog      12" for every value, objects within by dotted names. */
static void s_print(const wp_node_t *object, const char *prefix)
{
    for (const wp_node_t *node = object->child; node; node = node->next) {
        char name[128];
        snprintf(name, sizeof name, "%s%s%s", prefix, prefix[0] ? "." : "", node->key);
        if (node->type == WP_JSON_OBJECT) {
            s_print(node, name);
            continue;
        }
        printf("%-28s ", name);
        if (node->type == WP_JSON_STRING)
            wc_print_clean(stdout, node->string, node->size, false);
        else
            printf("%.*s", (int)node->raw_size, node->raw);
        putchar('\n');
    }
}

int wc_cmd_status(wc_cli_t *cli, int argc, char **argv)
{
    wc_args_t args = {.usage = &s_usage, .argc = argc, .argv = argv};
    bool as_json = false;
    int exit_code;

    for (int id; (id = wc_args_next(&args)) != WC_END;) {
        if (id == 'j')
            as_json = true;
        else if (id == WC_ARG)
            return wc_wrong(&s_usage, "what is \"%s\" for?", args.value);
        else if (wc_common(cli, &s_usage, id, args.value, &exit_code))
            return exit_code;
    }
    winnow_client_error_t err;
    winnow_client_options_t options = wc_cli_options(cli);
    winnow_reader_t *reader = winnow_reader_new(&options, &err);
    if (!reader)
        return wc_report(&err);
    const char *json;
    size_t size;
    exit_code = WC_EXIT_OK;
    if (winnow_reader_status(reader, &json, &size) != 0) {
        exit_code = wc_report(winnow_reader_error(reader));
    } else if (as_json) {
        puts(json);
    } else {
        wp_json_t *tree = wp_json_parse(json, size, NULL);
        if (tree)
            s_print(wp_json_root(tree), "");
        wp_json_destroy(&tree);
    }
    winnow_reader_destroy(&reader);
    return wc_finish(exit_code);
}
