/* SPDX-License-Identifier: Apache-2.0 */
/*
 * winnow: the command. This file knows which subcommands there are, what every one of them has, and
 * how an interruption reaches them: the signal handler writes a byte into a pipe, whose other end
 * the library watches.
 */
#include "cmd.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const wc_kinds[] = {
    "investment",     "statistic", "change",    "target",      "statement", "position",  "founding",
    "facility_event", "agreement", "ownership", "acquisition", "location",  "gathering", NULL};

static const struct {
    const char *name;
    int (*run)(wc_cli_t *cli, int argc, char **argv);
    const char *summary;
} s_commands[] = {
    {"push", wc_cmd_push, "send articles"},
    {"watch", wc_cmd_watch, "follow facts as they come"},
    {"query", wc_cmd_query, "look for facts"},
    {"show", wc_cmd_show, "show one fact or article"},
    {"articles", wc_cmd_articles, "list articles"},
    {"retract", wc_cmd_retract, "withdraw articles"},
    {"retry", wc_cmd_retry, "take up again articles that failed"},
    {"status", wc_cmd_status, "how the daemon is"},
};
#define COMMANDS (sizeof s_commands / sizeof s_commands[0])

static int s_pipe[2] = {-1, -1};

static void s_on_signal(int number)
{
    int error = errno;
    (void)number;
    /* a second interruption does not wait for anything */
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (write(s_pipe[1], "", 1) < 0)
        _exit(WC_EXIT_INTERRUPTED);
    errno = error;
}

/* What was ignored when we were started, as by `&` in a script, stays so. */
static bool s_watch_signals(wc_cli_t *cli)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    struct sigaction action = {.sa_handler = s_on_signal};
    struct sigaction before;

    if (pipe(s_pipe) != 0)
        return false;
    for (size_t i = 0; i < 2; i++) {
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
    cli->cancel_fd = s_pipe[0];
    return true;
}

static void s_help(void)
{
    printf("winnow turns news into data: it talks to winnowd.\n\nExamples:\n"
           "  winnow push --source Example article.txt\n"
           "  winnow watch --kind investment\n"
           "  winnow query --entity \"Acme\" --since 2022 --min 1bn\n\n"
           "Usage: winnow [--endpoint ENDPOINT] COMMAND ...\n\nCommands:\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-10s %s\n", s_commands[i].name, s_commands[i].summary);
    printf("\nwinnow COMMAND --help says more. winnowd is looked for at --endpoint, else at\n"
           "$WINNOW_ENDPOINT, else at %s.\n",
           WINNOW_CLIENT_ENDPOINT);
}

static int s_no_command(const char *word)
{
    const char *names[COMMANDS + 1] = {NULL};
    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = s_commands[i].name;
    const char *nearest = wc_nearest(word, names);
    if (nearest)
        fprintf(stderr, "winnow: unknown command \"%s\" (did you mean \"%s\"?)\n", word, nearest);
    else
        fprintf(stderr, "winnow: unknown command \"%s\"\nTry: winnow --help\n", word);
    return WC_EXIT_USAGE;
}

/* Options before the command. Gives the index of the command's name, or -1 with the exit code. */
static int s_before(wc_cli_t *cli, int argc, char **argv, int *ret_exit)
{
    int at = 1;

    *ret_exit = WC_EXIT_OK;
    for (; at < argc && argv[at][0] == '-'; at++) {
        const char *word = argv[at];
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            s_help();
            return -1;
        }
        if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
            printf("winnow %s\n", WINNOW_CLIENT_VERSION);
            return -1;
        }
        if (strncmp(word, "--endpoint=", 11) == 0) {
            cli->endpoint = word + 11;
        } else if ((strcmp(word, "--endpoint") == 0 || strcmp(word, "-e") == 0) && at + 1 < argc) {
            cli->endpoint = argv[++at];
        } else {
            fprintf(stderr, "winnow: unknown option %s before the command\nTry: winnow --help\n",
                    word);
            *ret_exit = WC_EXIT_USAGE;
            return -1;
        }
    }
    if (at == argc) {
        fprintf(stderr, "winnow: which command?\nTry: winnow --help\n");
        *ret_exit = WC_EXIT_USAGE;
        return -1;
    }
    return at;
}

bool wc_common(wc_cli_t *cli, const wc_usage_t *usage, int id, const char *value, int *ret_exit)
{
    switch (id) {
    case 'e':
        cli->endpoint = value;
        return false;
    case 'h':
        wc_help(usage);
        *ret_exit = wc_finish(WC_EXIT_OK);
        return true;
    default: /* WC_WRONG: told already */
        *ret_exit = WC_EXIT_USAGE;
        return true;
    }
}

winnow_client_options_t wc_cli_options(const wc_cli_t *cli)
{
    return (winnow_client_options_t){.endpoint = cli->endpoint,
                                     .name = "winnow " WINNOW_CLIENT_VERSION,
                                     .connect_ms = cli->connect_ms,
                                     .cancel_fd = cli->cancel_fd};
}

int wc_report(const winnow_client_error_t *err)
{
    if (err->code == WINNOW_CLIENT_CANCELLED)
        return WC_EXIT_INTERRUPTED;
    fprintf(stderr, "winnow: %s\n", err->message);
    switch (err->code) {
    case WINNOW_CLIENT_UNREACHABLE:
        return WC_EXIT_UNREACHABLE;
    case WINNOW_CLIENT_TIMEOUT:
        return WC_EXIT_LATER;
    case WINNOW_CLIENT_INVALID:
        return WC_EXIT_USAGE;
    default:
        return err->retry ? WC_EXIT_LATER : WC_EXIT_FAILED;
    }
}

int wc_finish(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "winnow: cannot write to standard output: %s\n", strerror(errno));
    return code == WC_EXIT_OK ? WC_EXIT_FAILED : code;
}

bool wc_number(const char *text, unsigned long long min, unsigned long long max,
               unsigned long long *ret_value)
{
    char *end;

    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*end != '\0' || errno != 0 || value < min || value > max)
        return false;
    *ret_value = value;
    return true;
}

bool wc_one_of(const wc_usage_t *usage, const char *option, const char *value,
               const char *const *list)
{
    for (const char *const *word = list; *word; word++) {
        if (strcmp(*word, value) == 0)
            return true;
    }
    const char *nearest = wc_nearest(value, list);
    if (nearest)
        wc_wrong(usage, "unknown %s \"%s\" (did you mean \"%s\"?)", option, value, nearest);
    else
        wc_wrong(usage, "unknown %s \"%s\"", option, value);
    return false;
}

/* How long to wait for the daemon's first answer: WINNOW_TIMEOUT in whole seconds, else 3. False:
 * malformed, told. */
static bool s_timeout(wc_cli_t *cli)
{
    const char *value = getenv("WINNOW_TIMEOUT");
    cli->connect_ms = 3000;
    if (!value || !value[0])
        return true;
    char *end = NULL;
    long seconds = strtol(value, &end, 10);
    if (*end || seconds < 1 || seconds > 3600) {
        fprintf(stderr, "winnow: WINNOW_TIMEOUT=\"%s\" is no number of seconds from 1 to 3600\n",
                value);
        return false;
    }
    cli->connect_ms = (int)seconds * 1000;
    return true;
}

int main(int argc, char **argv)
{
    wc_cli_t cli = {.endpoint = getenv("WINNOW_ENDPOINT")};
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    int code;

    /* Widths of characters on the terminal need a locale that knows them. */
    if (!setlocale(LC_ALL, "") || strcmp(setlocale(LC_CTYPE, NULL), "C") == 0)
        setlocale(LC_CTYPE, "C.UTF-8");
    if (cli.endpoint && !cli.endpoint[0])
        cli.endpoint = NULL;
    cli.color =
        isatty(STDOUT_FILENO) && !(no_color && no_color[0]) && !(term && strcmp(term, "dumb") == 0);
    cli.progress = isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
    int at = s_before(&cli, argc, argv, &code);
    if (at < 0)
        return wc_finish(code);
    if (!s_timeout(&cli))
        return WC_EXIT_USAGE;
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[at], s_commands[i].name) != 0)
            continue;
        if (!s_watch_signals(&cli)) {
            fprintf(stderr, "winnow: %s\n", strerror(errno));
            return WC_EXIT_FAILED;
        }
        return s_commands[i].run(&cli, argc - at, argv + at);
    }
    return s_no_command(argv[at]);
}
