/* SPDX-License-Identifier: Apache-2.0 */
/* winnow retract and winnow retry: two words to the intake about an article that is there. */
#include "cmd.h"

#include "term.h"

#include <string.h>

static const wc_opt_t s_opts[] = {WC_COMMON_OPTS};

static const wc_usage_t s_retract = {
    "retract",
    "Withdraws articles: their facts are retracted, and the subscribers hear of it.",
    "[OPTION]... ID...",
    "  winnow retract https://example.org/news/1\n",
    s_opts,
    NULL};

static const wc_usage_t s_retry = {"retry",
                                   "Takes up again articles that failed.",
                                   "[OPTION]... ID...",
                                   "  winnow retry https://example.org/news/1\n",
                                   s_opts,
                                   NULL};

typedef struct {
    unsigned refused; /* not done */
    unsigned later;   /* of these, such that may succeed later */
} s_outcome_t;

static void s_on_answer(const winnow_answer_t *answer, void *arg)
{
    s_outcome_t *outcome = arg;

    if (answer->kind == WINNOW_ANSWER_REFUSED) {
        outcome->refused++;
        outcome->later += answer->retry;
        fputs("winnow: ", stderr);
        wc_print_clean(stderr, answer->message, strlen(answer->message), false);
        fputc('\n', stderr);
        return;
    }
    if (!answer->final)
        return;
    outcome->refused += strcmp(answer->state, "failed") == 0;
    printf("%-10s ", answer->state);
    wc_print_clean(stdout, answer->id, strlen(answer->id), false);
    if (answer->reason) {
        fputs(": ", stdout);
        wc_print_clean(stdout, answer->reason, strlen(answer->reason), false);
    }
    putchar('\n');
}

typedef int(s_verb_t)(winnow_pusher_t *self, const char *id, uint64_t *ret_ticket);

static int s_run(wc_cli_t *cli, const wc_usage_t *usage, s_verb_t *verb, int argc, char **argv)
{
    wc_args_t args = {.usage = usage, .argc = argc, .argv = argv};
    s_outcome_t outcome = {0, 0};
    winnow_client_error_t err;
    int count = 0;
    int exit_code;

    for (int id; (id = wc_args_next(&args)) != WC_END;) {
        if (id == WC_ARG)
            argv[count++] = argv[args.at - 1];
        else if (wc_common(cli, usage, id, args.value, &exit_code))
            return exit_code;
    }
    if (count == 0)
        return wc_wrong(usage, "which article?");
    winnow_client_options_t options = wc_cli_options(cli);
    winnow_pusher_t *pusher = winnow_pusher_new(&options, s_on_answer, &outcome, &err);
    if (!pusher)
        return wc_report(&err);
    int code = 0;
    for (int i = 0; i < count && code == 0; i++)
        code = verb(pusher, argv[i], NULL);
    if (code == 0)
        code = winnow_pusher_wait(pusher);
    if (code != 0)
        exit_code = wc_report(winnow_pusher_error(pusher));
    else if (outcome.refused > 0)
        exit_code = outcome.refused == outcome.later ? WC_EXIT_LATER : WC_EXIT_FAILED;
    else
        exit_code = WC_EXIT_OK;
    winnow_pusher_destroy(&pusher);
    return wc_finish(exit_code);
}

int wc_cmd_retract(wc_cli_t *cli, int argc, char **argv)
{
    return s_run(cli, &s_retract, winnow_pusher_retract, argc, argv);
}

int wc_cmd_retry(wc_cli_t *cli, int argc, char **argv)
{
    return s_run(cli, &s_retry, winnow_pusher_retry, argc, argv);
}
