/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the subcommands of winnow share: where the daemon is, how to end, and how to speak.
 *
 * Data goes to standard output and talk to standard error. Exit codes: 0 done; 1 failed; 2 wrong
 * call; 69 the daemon was not reached; 75 try again later; 130 interrupted.
 */
#ifndef WC_CMD_H
#define WC_CMD_H

#include <winnow/client.h>

#include "opt.h"

#include <stdio.h>

enum {
    WC_EXIT_OK = 0,
    WC_EXIT_FAILED = 1,
    WC_EXIT_USAGE = 2,
    WC_EXIT_UNREACHABLE = 69,
    WC_EXIT_LATER = 75,
    WC_EXIT_INTERRUPTED = 130
};

/* Options that every subcommand has: at the end of each table. */
#define WC_COMMON_OPTS                                                                             \
    {'e', "endpoint", "ENDPOINT",                                                                  \
     "where winnowd is: tcp://HOST:PORT or ipc://PATH\n(default: $WINNOW_ENDPOINT, else "          \
     "tcp://127.0.0.1:7710)"},                                                                     \
        {'h', "help", NULL, "show this"},                                                          \
    {                                                                                              \
        0, NULL, NULL, NULL                                                                        \
    }

typedef struct {
    const char *endpoint; /* NULL: the library's default */
    int connect_ms;       /* how long to wait for the daemon's first answer */
    int cancel_fd;        /* readable once the user interrupted */
    bool color;           /* standard output is a terminal that may be coloured */
    bool progress;        /* standard error is a terminal */
} wc_cli_t;

/* One for each subcommand: argv[0] is its name. They give the exit code. */
int wc_cmd_push(wc_cli_t *cli, int argc, char **argv);
int wc_cmd_watch(wc_cli_t *cli, int argc, char **argv);
int wc_cmd_query(wc_cli_t *cli, int argc, char **argv);
int wc_cmd_show(wc_cli_t *cli, int argc, char **argv);
int wc_cmd_articles(wc_cli_t *cli, int argc, char **argv);
int wc_cmd_retract(wc_cli_t *cli, int argc, char **argv);
int wc_cmd_retry(wc_cli_t *cli, int argc, char **argv);
int wc_cmd_status(wc_cli_t *cli, int argc, char **argv);

/* Takes an option that every subcommand has. True when the command is to end with *ret_exit. */
bool wc_common(wc_cli_t *cli, const wc_usage_t *usage, int id, const char *value, int *ret_exit);

/* The library's options for this command line. */
winnow_client_options_t wc_cli_options(const wc_cli_t *cli);

/* Tells an error of the library, and gives the exit code that stands for it. */
int wc_report(const winnow_client_error_t *err);

/* Ends a command that wrote to standard output: `code`, or WC_EXIT_FAILED when writing failed. */
int wc_finish(int code);

/* Reads a whole number from `min` to `max`; false: it is none. */
bool wc_number(const char *text, unsigned long long min, unsigned long long max,
               unsigned long long *ret_value);

/* The kinds of facts (FACTS.md), ending with NULL. */
extern const char *const wc_kinds[];

/* Checks a value against a list: false: it is none of them, and that has been told with a
 * suggestion. */
bool wc_one_of(const wc_usage_t *usage, const char *option, const char *value,
               const char *const *list);

#endif
