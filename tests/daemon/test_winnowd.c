/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program winnowd as a process: its exit codes, its signals, its reload. What it did is known
 * by its log lines and its end, which are waited for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <czmq.h>

#include "peer.h"

typedef struct {
    char folder[64], data[80], file[80];
    pid_t pid;
    FILE *log; /* its standard error */
    char line[4096];
} s_fixture_t;

static void s_empty(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    if (dir)
        closedir(dir);
}

static int s_setup(void **state)
{
    s_fixture_t *f = calloc(1, sizeof *f);
    strcpy(f->folder, "/tmp/winnow-process-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(f->data, sizeof f->data, "%s/data", f->folder);
    snprintf(f->file, sizeof f->file, "%s/winnow.conf", f->folder);
    *state = f;
    return 0;
}

static int s_teardown(void **state)
{
    s_fixture_t *f = *state;
    if (f->pid > 0) {
        kill(f->pid, SIGKILL);
        waitpid(f->pid, NULL, 0);
    }
    if (f->log)
        fclose(f->log);
    s_empty(f->data);
    rmdir(f->data);
    s_empty(f->folder);
    rmdir(f->folder);
    free(f);
    return 0;
}

/* Starts winnowd with the configuration `text` and up to two further arguments. */
static void s_start(s_fixture_t *f, const char *text, const char *one, const char *two)
{
    int out[2];
    FILE *config = fopen(f->file, "w");
    assert_non_null(config);
    fprintf(config,
            "data = %1$s\nintake = ipc://%2$s/i\nevents = ipc://%2$s/e\nquery = ipc://%2$s/q\n"
            "http = 127.0.0.1:0\n%3$s",
            f->data, f->folder, text);
    fclose(config);
    if (f->log)
        fclose(f->log);
    assert_int_equal(pipe(out), 0);
    f->pid = fork();
    assert_true(f->pid >= 0);
    if (f->pid == 0) {
        dup2(out[1], STDERR_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(out[0]);
        close(out[1]);
        execl(WINNOWD_PATH, "winnowd", "--config", f->file, one, two, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    f->log = fdopen(out[0], "r");
}

/* Reads its log until a line holds `text`. */
static void s_line(s_fixture_t *f, const char *text)
{
    do {
        if (!fgets(f->line, sizeof f->line, f->log))
            fail_msg("it ended without \"%s\"", text);
    } while (!strstr(f->line, text));
}

static void s_ends(s_fixture_t *f, int code)
{
    int status;
    char rest[512];
    while (fgets(rest, sizeof rest, f->log))
        if (strstr(rest, "ERROR: ")) { /* of a sanitizer */
            while (fgets(f->line, sizeof f->line, f->log))
                fputs(f->line, stderr);
            fail_msg("%s", rest);
        }
    assert_int_equal(waitpid(f->pid, &status, 0), f->pid);
    f->pid = 0;
    if (!WIFEXITED(status))
        fail_msg("signal %d ended it", WTERMSIG(status));
    assert_int_equal(WEXITSTATUS(status), code);
}

static void test_stop(void **state)
{
    s_fixture_t *f = *state;
    char path[128];
    s_start(f, "", NULL, NULL);
    s_line(f, "msg=ready");
    snprintf(path, sizeof path, "%s/endpoints", f->data);
    assert_int_equal(access(path, R_OK), 0);
    kill(f->pid, SIGTERM);
    s_line(f, "msg=stopped");
    s_ends(f, 0);
    assert_int_equal(access(path, R_OK), -1);
}

static void test_commands(void **state)
{
    s_fixture_t *f = *state;
    s_start(f, "", "--version", NULL);
    s_line(f, "winnowd ");
    s_ends(f, 0);
    s_start(f, "", "--help", NULL);
    s_line(f, "--drain-timeout");
    s_ends(f, 0);
    s_start(f, "", "--check-config", NULL);
    s_ends(f, 0);
    s_start(f, "", "--print-config", NULL);
    s_line(f, "winnow.conf:1");
    s_ends(f, 0);
    s_start(f, "wrokers = 1\n", "--check-config", NULL);
    s_line(f, "winnow.conf:6: unknown key \"wrokers\" (did you mean \"workers\"?)");
    s_ends(f, 78);
    s_start(f, "wrokers = 1\n", NULL, NULL);
    s_ends(f, 78);
    s_start(f, "", "--intake", "tcp://0.0.0.0:7710");
    s_line(f, "insecure");
    s_ends(f, 78);
    s_start(f, "", "--wrokers", NULL);
    s_ends(f, 2);
    s_start(f, "", "start", NULL);
    s_ends(f, 2);
}

/* `winnowd healthcheck` finds the port that the daemon took by itself. */
static int s_healthcheck(s_fixture_t *f)
{
    char command[256];
    snprintf(command, sizeof command, "'%s' healthcheck --config %s >%s/said 2>&1", WINNOWD_PATH,
             f->file, f->folder);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_reload(void **state)
{
    s_fixture_t *f = *state;
    s_start(f, "workers = 1\nlog_level = info\n", NULL, NULL);
    s_line(f, "msg=ready");
    assert_int_equal(s_healthcheck(f), 0);

    FILE *config = fopen(f->file, "a");
    fprintf(config, "max_sessions = 0\n");
    fclose(config);
    kill(f->pid, SIGHUP);
    s_line(f, "max_sessions: 0 is not between");
    s_line(f, "msg=\"configuration kept\"");

    config = fopen(f->file, "w");
    fprintf(config,
            "data = %1$s\nintake = ipc://%2$s/i\nevents = ipc://%2$s/e\nquery = ipc://%2$s/q\n"
            "http = 127.0.0.1:0\nworkers = 2\nmax_sessions = 9\nlog_format = json\n",
            f->data, f->folder);
    fclose(config);
    kill(f->pid, SIGHUP);
    s_line(f, "\"msg\":\"configuration read again\",\"changed\":2,\"need_restart\":\"workers\"");
    assert_int_equal(s_healthcheck(f), 0);
    kill(f->pid, SIGINT);
    s_ends(f, 0);
    assert_int_equal(s_healthcheck(f), 1);
}

static void test_two_on_one_store(void **state)
{
    s_fixture_t *f = *state;
    s_start(f, "", NULL, NULL);
    s_line(f, "msg=ready");
    pid_t first = f->pid;
    FILE *first_log = f->log;
    f->log = NULL;
    s_start(f, "", NULL, NULL);
    s_line(f, "cannot start");
    s_ends(f, 1);
    f->pid = first;
    fclose(f->log);
    f->log = first_log;
    kill(f->pid, SIGTERM);
    s_ends(f, 0);
}

static const wp_message_t *s_hello(s_fixture_t *f, peer_t *peer)
{
    char endpoint[96];
    snprintf(endpoint, sizeof endpoint, "ipc://%s/i", f->folder);
    peer_open(peer, endpoint, WP_AT_INTAKE_CLIENT);
    return peer_hello(peer);
}

/* Much is accepted and waits. A second signal ends the drain at once, and nothing is lost by it. */
static void test_second_signal(void **state)
{
    s_fixture_t *f = *state;
    enum { COUNT = 300 };
    peer_t peer;
    char id[16];
    s_start(f, "workers = 0\n", NULL, NULL);
    s_line(f, "msg=ready");
    s_hello(f, &peer);
    for (int i = 0; i < COUNT; i++) {
        snprintf(id, sizeof id, "a%d", i);
        peer_send_push(&peer, id, "It rained in the night, and in the morning.", "accepted");
    }
    for (uint64_t i = 0; i < COUNT; i++)
        assert_int_equal(peer_next(&peer)->type, WP_ACCEPTED);
    kill(f->pid, SIGTERM);
    s_ends(f, 0);
    peer_close(&peer);

    s_start(f, "workers = 1\ndrain_timeout = 10m\n", NULL, NULL);
    s_line(f, "msg=ready");
    kill(f->pid, SIGTERM);
    s_line(f, "msg=stopping");
    kill(f->pid, SIGTERM);
    s_ends(f, 0);

    s_start(f, "workers = 2\ndrain_timeout = 10m\n", NULL, NULL);
    s_line(f, "msg=ready");
    s_hello(f, &peer);
    for (int i = 0; i < COUNT; i++) {
        snprintf(id, sizeof id, "a%d", i);
        uint64_t request =
            peer_send_push(&peer, id, "It rained in the night, and in the morning.", NULL);
        assert_true(peer_expect(&peer, WP_ACCEPTED, request)->body.accepted.duplicate);
        assert_string_equal(peer_expect(&peer, WP_STORED, request)->body.stored.state.data,
                            "stored");
    }
    peer_close(&peer);
    kill(f->pid, SIGTERM);
    s_line(f, "msg=drained end=done");
    s_ends(f, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, s_setup, s_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {CASE(test_stop), CASE(test_commands), CASE(test_reload),
                                       CASE(test_two_on_one_store), CASE(test_second_signal)};
    zsys_handler_set(NULL);
    int failed = cmocka_run_group_tests_name("winnowd", tests, NULL, NULL);
    if (failed)
        _exit(1); /* a test that failed has left sockets open: the shutdown would wait for them */
    zsys_shutdown();
    return 0;
}
