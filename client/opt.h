/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line of one subcommand, by table: what is parsed, suggested and shown by --help is
 * one list. Options and arguments may be mixed; `--` ends the options; `--name value` and
 * `--name=value` are the same.
 */
#ifndef WC_OPT_H
#define WC_OPT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    int id;            /* its letter, or a number above 255 when it has none; 0 ends the table */
    const char *name;  /* without the dashes */
    const char *value; /* what --help calls its value, "DATE"; NULL: it takes none */
    const char *help;  /* one line, or more with a newline between */
} wc_opt_t;

typedef struct {
    const char *name;      /* of the subcommand, "push" */
    const char *summary;   /* one line */
    const char *arguments; /* "[OPTION]... PATH...|-" */
    const char *examples;  /* lines, each "  winnow push ..." */
    const wc_opt_t *opts;
    const char *notes; /* after the options, or NULL */
} wc_usage_t;

typedef struct {
    const wc_usage_t *usage;
    int argc;
    char **argv;
    int at;            /* the next word */
    bool only_args;    /* after -- */
    const char *rest;  /* further letters of a word like -jx */
    const char *value; /* of the option or argument that was found */
} wc_args_t;

#define WC_ARG   (-1) /* an argument: see value */
#define WC_END   (-2) /* nothing more */
#define WC_WRONG (-3) /* a fault, which has been told */

/* The id of the next option, or one of the above. argv[0] is passed over. */
int wc_args_next(wc_args_t *self);

/* Prints the help to standard output. */
void wc_help(const wc_usage_t *usage);

/* Prints "winnow push: MESSAGE" and where to look to standard error. Gives 2, the exit code of a
 * wrong call. */
int wc_wrong(const wc_usage_t *usage, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The word of the list (ending with NULL) that is most like `word`, or NULL if none is near. */
const char *wc_nearest(const char *word, const char *const *list);

#endif
