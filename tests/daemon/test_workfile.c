/* SPDX-License-Identifier: Apache-2.0 */
/* Who is suspected after each kind of end: the ends are real, in a child process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/workfile.h"

typedef enum { END_KILL, END_WORKER, END_ELSEWHERE, END_HUNG, END_ORDER } s_end_t;

static char s_folder[64];

static void *s_worker(void *arg)
{
    wd_workfile_set(arg, 7, 77);
    raise(SIGABRT);
    return NULL;
}

static void s_child(s_end_t end)
{
    int64_t suspects[WD_WORKERS_MAX];
    size_t count;
    pthread_t thread;
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    wd_workfile_t *file = wd_workfile_open(s_folder, suspects, &count);
    if (!file)
        _exit(1);
    wd_workfile_guard(file);
    wd_workfile_set(file, 3, 33);
    if (end == END_KILL)
        raise(SIGKILL);
    if (end == END_ELSEWHERE) {
        wd_workfile_set(file, 3, 0); /* this thread has nothing in hand */
        raise(SIGABRT);
    }
    if (end == END_HUNG) {
        wd_workfile_mark(file, 3);
        wd_workfile_set(file, 3, 33);
        abort();
    }
    if (end == END_WORKER && pthread_create(&thread, NULL, s_worker, file) == 0)
        pthread_join(thread, NULL);
    wd_workfile_close(&file);
    _exit(0);
}

/* Lets a process end so, and gives whom the next start suspects. */
static size_t s_suspects(s_end_t end, int expected_signal, int64_t *suspects)
{
    int status;
    size_t count = 99;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        s_child(end);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, expected_signal);
    wd_workfile_t *file = wd_workfile_open(s_folder, suspects, &count);
    assert_non_null(file);
    wd_workfile_close(&file);
    return count;
}

static int s_setup(void **state)
{
    char path[96];
    (void)state;
    snprintf(path, sizeof path, "%s/winnow.work", s_folder);
    unlink(path);
    return 0;
}

static void test_killed(void **state)
{
    int64_t suspects[WD_WORKERS_MAX];
    (void)state;
    assert_int_equal(s_suspects(END_KILL, SIGKILL, suspects), 1);
    assert_int_equal(suspects[0], 33);
}

/* Worker 7 crashed, worker 3 only happened to work. */
static void test_worker_crashed(void **state)
{
    int64_t suspects[WD_WORKERS_MAX];
    (void)state;
    assert_int_equal(s_suspects(END_WORKER, SIGABRT, suspects), 1);
    assert_int_equal(suspects[0], 77);
}

static void test_other_thread_crashed(void **state)
{
    int64_t suspects[WD_WORKERS_MAX];
    (void)state;
    assert_int_equal(s_suspects(END_ELSEWHERE, SIGABRT, suspects), 0);
}

/* Somebody else saw that worker 3 hangs, and ended the process for it. */
static void test_worker_hung(void **state)
{
    int64_t suspects[WD_WORKERS_MAX];
    (void)state;
    assert_int_equal(s_suspects(END_HUNG, SIGABRT, suspects), 1);
    assert_int_equal(suspects[0], 33);
}

static void test_ended_in_order(void **state)
{
    int64_t suspects[WD_WORKERS_MAX];
    (void)state;
    assert_int_equal(s_suspects(END_ORDER, 0, suspects), 0);
}

static void test_foreign_file(void **state)
{
    char path[96];
    int64_t suspects[WD_WORKERS_MAX];
    size_t count = 99;
    (void)state;
    snprintf(path, sizeof path, "%s/winnow.work", s_folder);
    FILE *out = fopen(path, "w");
    for (int i = 0; i < 5000; i++)
        fputc(i * 37 & 0xFF, out);
    fclose(out);
    wd_workfile_t *file = wd_workfile_open(s_folder, suspects, &count);
    assert_non_null(file);
    assert_int_equal(count, 0);
    wd_workfile_close(&file);
}

static int s_make_folder(void **state)
{
    (void)state;
    strcpy(s_folder, "/tmp/winnow-work-XXXXXX");
    return mkdtemp(s_folder) ? 0 : -1;
}

static int s_remove_folder(void **state)
{
    s_setup(state);
    return rmdir(s_folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_killed, s_setup),
        cmocka_unit_test_setup(test_worker_crashed, s_setup),
        cmocka_unit_test_setup(test_other_thread_crashed, s_setup),
        cmocka_unit_test_setup(test_worker_hung, s_setup),
        cmocka_unit_test_setup(test_ended_in_order, s_setup),
        cmocka_unit_test_setup(test_foreign_file, s_setup),
    };
    return cmocka_run_group_tests_name("workfile", tests, s_make_folder, s_remove_folder);
}
