/* SPDX-License-Identifier: Apache-2.0 */
/* Settings: where they come from, which fault is named how, what a reload takes over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/config.h"

#define ARGS_MAX 8

typedef struct {
    char folder[64], file[96];
    wd_config_t config;
    wd_command_t command;
    int count;
    char *faults;
} s_fixture_t;

static void s_write(const s_fixture_t *f, const char *text)
{
    FILE *out = fopen(f->file, "w");
    assert_non_null(out);
    assert_int_equal(fputs(text, out) >= 0, 1);
    assert_int_equal(fclose(out), 0);
}

/* Reads a configuration with the words of `line` as arguments. */
static void s_read(s_fixture_t *f, const char *line)
{
    char words[512], program[] = "winnowd", *argv[ARGS_MAX + 2] = {program}, *save = NULL;
    int argc = 1;
    size_t size = 0;
    free(f->faults);
    f->faults = NULL;
    snprintf(words, sizeof words, "%s", line);
    for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
        argv[argc++] = w;
    FILE *out = open_memstream(&f->faults, &size);
    f->command = wd_config_read(&f->config, argc, argv, out, &f->count);
    fclose(out);
}

static void s_read_file(s_fixture_t *f, const char *text, const char *more)
{
    char line[256];
    s_write(f, text);
    snprintf(line, sizeof line, "--config %s %s", f->file, more);
    s_read(f, line);
}

static int s_setup(void **state)
{
    s_fixture_t *f = calloc(1, sizeof *f);
    strcpy(f->folder, "/tmp/winnow-config-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(f->file, sizeof f->file, "%s/winnow.conf", f->folder);
    unsetenv("WINNOW_WORKERS");
    unsetenv("WINNOW_CONFIG");
    unsetenv("STATE_DIRECTORY");
    *state = f;
    return 0;
}

static int s_teardown(void **state)
{
    s_fixture_t *f = *state;
    unlink(f->file);
    rmdir(f->folder);
    free(f->faults);
    free(f);
    return 0;
}

static void test_defaults(void **state)
{
    s_fixture_t *f = *state;
    setenv("STATE_DIRECTORY", "/var/lib/one:/var/lib/two", 1);
    s_read(f, "");
    assert_int_equal(f->command, WD_RUN);
    assert_int_equal(f->count, 0);
    assert_string_equal(f->config.data, "/var/lib/one");
    assert_string_equal(f->config.intake, "tcp://127.0.0.1:7710");
    assert_string_equal(f->config.events, "tcp://127.0.0.1:7711");
    assert_string_equal(f->config.query, "tcp://127.0.0.1:7712");
    assert_string_equal(f->config.http, "127.0.0.1:7713");
    assert_true(f->config.workers >= 1);
    assert_int_equal(f->config.intake_memory, 64 << 20);
    assert_int_equal(f->config.drain_timeout_ms, 10000);
    assert_false(f->config.insecure);
    assert_int_equal(f->config.log_level, WD_INFO);
}

/* A flag beats the environment, that beats the file, that beats the default. */
static void test_precedence(void **state)
{
    s_fixture_t *f = *state;
    s_read_file(f, "workers = 3\nmax_sessions = 7\nlog_level = debug\n", "");
    assert_int_equal(f->count, 0);
    assert_int_equal(f->config.workers, 3);
    assert_int_equal(f->config.origin[WD_KEY_WORKERS].from, WD_FROM_FILE);
    assert_int_equal(f->config.origin[WD_KEY_WORKERS].line, 1);

    setenv("WINNOW_WORKERS", "4", 1);
    s_read_file(f, "workers = 3\nmax_sessions = 7\n", "");
    assert_int_equal(f->config.workers, 4);
    assert_int_equal(f->config.origin[WD_KEY_WORKERS].from, WD_FROM_ENV);
    assert_int_equal(f->config.max_sessions, 7);

    s_read_file(f, "workers = 3\n", "--workers 5 --data /tmp/x");
    assert_int_equal(f->config.workers, 5);
    assert_int_equal(f->config.origin[WD_KEY_WORKERS].from, WD_FROM_FLAG);
    assert_string_equal(f->config.data, "/tmp/x");
}

static void test_values(void **state)
{
    s_fixture_t *f = *state;
    s_read_file(f,
                "# a comment\n\nintake_memory = 128MiB ; a word on it\nsession_bytes=65536\n"
                "drain_timeout = 500ms\r\ninsecure = yes\nworkers = 0\nhttp = off\n"
                "intake = tcp://127.0.0.1:*\nevents = ipc:///tmp/winnow.events\n"
                "query = tcp://[::1]:7712\nlog_format = json\n",
                "");
    assert_string_equal(f->faults, "");
    assert_int_equal(f->config.intake_memory, 128 << 20);
    assert_int_equal(f->config.session_bytes, 65536);
    assert_int_equal(f->config.drain_timeout_ms, 500);
    assert_true(f->config.insecure);
    assert_int_equal(f->config.workers, 0);
    assert_string_equal(f->config.http, "off");
    assert_int_equal(f->config.log_format, WD_JSON);
}

/* Every fault is named, with its place, in the order of the file. */
static void test_faults(void **state)
{
    s_fixture_t *f = *state;
    char expected[2048];
    s_read_file(f,
                "wrokers = 2\nworkers = two\nworkers = 3\n[section]\njust words\n"
                "intake = http://x\nintake_memory = 1\nevents = tcp://127.0.0.1:99999\n"
                "quux = 1\ndrain_timeout = 5h\nlog_level = loud\n",
                "--max-sessions 0");
    snprintf(expected, sizeof expected,
             "%1$s:1: unknown key \"wrokers\" (did you mean \"workers\"?)\n"
             "%1$s:2: workers: \"two\" is no whole number\n"
             "%1$s:3: workers stands on line 2 already\n"
             "%1$s:4: sections are not used here; write the keys without\n"
             "%1$s:5: expected key = value\n"
             "%1$s:6: intake: \"http://x\" is no endpoint: use tcp://HOST:PORT or ipc://PATH\n"
             "%1$s:7: intake_memory: 1 is not between 4194304 and 68719476736 bytes\n"
             "%1$s:8: events: \"tcp://127.0.0.1:99999\" has no port between 0 and 65535 at its "
             "end\n"
             "%1$s:9: unknown key \"quux\"\n"
             "%1$s:10: drain_timeout: \"5h\" is no time like 10s or 500ms\n"
             "%1$s:11: log_level: \"loud\" is none of error, warning, info, debug\n"
             "--max-sessions: max_sessions: 0 is not between 1 and 65536\n",
             f->file);
    assert_string_equal(f->faults, expected);
    assert_int_equal(f->count, 12);
}

static void test_missing_file(void **state)
{
    s_fixture_t *f = *state;
    s_read(f, "--config /nowhere/winnow.conf");
    assert_int_equal(f->count, 1);
    assert_string_equal(f->faults, "/nowhere/winnow.conf: No such file or directory\n");
}

static void test_beyond_loopback(void **state)
{
    s_fixture_t *f = *state;
    static const char *const open[] = {"tcp://0.0.0.0:7710", "tcp://*:7710", "tcp://192.0.2.1:7710",
                                       "tcp://[::]:7710", "tcp://eth0:7710"};
    static const char *const shut[] = {"tcp://127.0.0.1:1", "tcp://127.1.2.3:1", "tcp://[::1]:1",
                                       "tcp://localhost:1", "ipc:///tmp/x"};
    char line[256];
    for (size_t i = 0; i < 5; i++) {
        snprintf(line, sizeof line, "--intake %s", open[i]);
        s_read(f, line);
        assert_int_equal(f->count, 1);
        assert_non_null(strstr(f->faults, "set insecure = yes"));
        snprintf(line, sizeof line, "--insecure --intake %s", open[i]);
        s_read(f, line);
        assert_string_equal(f->faults, "");
        snprintf(line, sizeof line, "--intake %s", shut[i]);
        s_read(f, line);
        assert_string_equal(f->faults, "");
    }
    s_read_file(f, "\nhttp = 0.0.0.0:7713\n", "");
    assert_int_equal(f->count, 1);
    snprintf(line, sizeof line, "%s:2: http:", f->file);
    assert_memory_equal(f->faults, line, strlen(line));
}

static void test_commands(void **state)
{
    s_fixture_t *f = *state;
    static const struct {
        const char *line;
        wd_command_t command;
    } cases[] = {{"--help", WD_HELP},
                 {"--version", WD_VERSION},
                 {"--check-config", WD_CHECK_CONFIG},
                 {"--print-config", WD_PRINT_CONFIG},
                 {"healthcheck", WD_HEALTHCHECK},
                 {"--workers 1 healthcheck", WD_HEALTHCHECK},
                 {"healthcheck now", WD_USAGE},
                 {"start", WD_USAGE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s_read(f, cases[i].line);
        assert_int_equal(f->command, cases[i].command);
    }
}

/* What is printed reads as the same configuration. */
static void test_print(void **state)
{
    s_fixture_t *f = *state;
    char *printed = NULL;
    size_t size = 0;
    s_read_file(f, "workers = 3\n", "--session-bytes 100000 --drain-timeout 1500ms");
    wd_config_t first = f->config;
    FILE *out = open_memstream(&printed, &size);
    wd_config_print(&first, out);
    fclose(out);
    assert_non_null(strstr(printed, "/winnow.conf:1"));
    assert_non_null(strstr(printed, "; flag"));
    assert_non_null(strstr(printed, "; default"));
    s_read_file(f, printed, "");
    assert_string_equal(f->faults, "");
    assert_int_equal(f->config.workers, 3);
    assert_int_equal(f->config.session_bytes, 100000);
    assert_int_equal(f->config.drain_timeout_ms, 1500);
    assert_string_equal(f->config.data, first.data);
    free(printed);
}

static void test_reload(void **state)
{
    s_fixture_t *f = *state;
    char restart[128];
    s_read(f, "--workers 2 --log-level info");
    wd_config_t running = f->config;
    s_read(f, "--workers 3 --log-level debug --max-sessions 5 --intake tcp://127.0.0.1:1");
    assert_int_equal(wd_config_take(&running, &f->config, restart, sizeof restart), 2);
    assert_string_equal(restart, "intake,workers");
    assert_int_equal(running.workers, 2);
    assert_int_equal(running.log_level, WD_DEBUG);
    assert_int_equal(running.max_sessions, 5);
    assert_string_equal(running.intake, "tcp://127.0.0.1:7710");
}

/* The annotated file that ships names every key with its default. */
static void test_shipped_file(void **state)
{
    s_fixture_t *f = *state;
    char *line = NULL, *text = NULL;
    size_t room = 0, size = 0;
    s_read(f, "");
    wd_config_t defaults = f->config;
    setenv("WINNOW_CONFIG", WINNOW_SOURCE_DIR "/deploy/winnowd.conf",
           1); /* its path may have blanks */
    s_read(f, "");
    unsetenv("WINNOW_CONFIG");
    assert_string_equal(f->faults, "");

    FILE *in = fopen(WINNOW_SOURCE_DIR "/deploy/winnowd.conf", "r"),
         *out = open_memstream(&text, &size);
    assert_non_null(in);
    while (getline(&line, &room, in) >= 0)
        fputs(line[0] == ';' ? line + 1 : line, out);
    fclose(in);
    fclose(out);
    s_read_file(f, text, "");
    assert_string_equal(f->faults, "");
    for (int k = 0; k < WD_KEY_COUNT; k++)
        assert_int_equal(f->config.origin[k].from, WD_FROM_FILE);
    char restart[256];
    snprintf(f->config.data, sizeof f->config.data, "%s", defaults.data);
    assert_int_equal(wd_config_take(&defaults, &f->config, restart, sizeof restart), 0);
    assert_string_equal(restart, "");
    free(line);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_defaults, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_precedence, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_values, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_faults, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_missing_file, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_beyond_loopback, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_commands, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_print, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_reload, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_shipped_file, s_setup, s_teardown),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
