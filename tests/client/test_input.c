/* SPDX-License-Identifier: Apache-2.0 */
/* Articles out of a folder: which files, which lines, which titles; faults are counted and passed.
 */
#include "client/input.h"

#include "tests/proto/cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char s_folder[64];

static void s_write(const char *name, const char *content)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", s_folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int s_setup(void **state)
{
    char path[256];
    (void)state;
    snprintf(s_folder, sizeof s_folder, "/tmp/winnow-input-XXXXXX");
    if (!mkdtemp(s_folder))
        return -1;
    snprintf(path, sizeof path, "%s/sub", s_folder);
    if (mkdir(path, 0700) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/sub/circle", s_folder);
    if (symlink("..", path) != 0)
        return -1;
    s_write("b.txt", "Title B\n\nText.");
    s_write("a.txt", "A");
    s_write("ignored.html", "x");
    s_write(".hidden.txt", "x");
    s_write("sub/c.txt", "C");
    s_write("sub/d.jsonl", "{\"id\":\"1\",\"text\":\"one\\ntwo\",\"title\":null}\n"
                           "\n"
                           "{\"id\":\"2\",\"txt\":\"x\"}\n"
                           "{\"id\":\"3\"}\n"
                           "not json\n"
                           "[1]\n"
                           "{\"id\":4,\"text\":\"x\"}\n"
                           "{\"id\":\"5\",\"source\":\"s\",\"url\":\"u\",\"title\":\"t\","
                           "\"published\":\"p\",\"text\":\"five\"}");
    return 0;
}

static int s_teardown(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -r '%s'", s_folder);
    return system(command);
}

typedef struct {
    char all[512]; /* "place id text|" of what was taken */
    int stop_after;
} s_taken_t;

static int s_take(const wc_input_t *input, void *arg)
{
    s_taken_t *taken = arg;
    char one[256];
    snprintf(one, sizeof one, "%s %s %.*s|", strrchr(input->place, '/') + 1,
             input->id ? input->id : "-", (int)input->text_size, input->text);
    strcat(taken->all, one);
    return --taken->stop_after == 0 ? -7 : 0;
}

static void test_folder(void **state)
{
    wc_paths_t paths = {NULL, 0, 0};
    s_taken_t taken = {.stop_after = 100};
    size_t faults = 0;
    (void)state;
    assert_int_equal(wc_paths_add(&paths, s_folder), 0);
    assert_int_equal(paths.count, 4);
    for (size_t i = 0; i < paths.count; i++)
        assert_int_equal(wc_input_read(paths.path[i], false, s_take, &taken, &faults), 0);
    assert_string_equal(taken.all, "a.txt - A|b.txt - Title B\n\nText.|c.txt - C|"
                                   "d.jsonl:1 1 one\ntwo|d.jsonl:8 5 five|");
    assert_int_equal(faults, 5);
    wc_paths_free(&paths);
}

static void test_stop(void **state)
{
    char path[256];
    s_taken_t taken = {.stop_after = 1};
    size_t faults = 0;
    (void)state;
    snprintf(path, sizeof path, "%s/sub/d.jsonl", s_folder);
    assert_int_equal(wc_input_read(path, false, s_take, &taken, &faults), -7);
    assert_string_equal(taken.all, "d.jsonl:1 1 one\ntwo|");
}

static void test_missing(void **state)
{
    wc_paths_t paths = {NULL, 0, 0};
    s_taken_t taken = {.stop_after = 1};
    size_t faults = 0;
    (void)state;
    assert_int_equal(wc_paths_add(&paths, "/nonexistent/file"), -1);
    assert_int_equal(paths.count, 0);
    assert_int_equal(wc_input_read("/nonexistent/file", false, s_take, &taken, &faults), 0);
    assert_int_equal(faults, 1);
    wc_paths_free(&paths);
}

static void s_title(const char *text, const char *expected)
{
    char room[12];
    wc_input_title(text, strlen(text), room, sizeof room);
    assert_string_equal(room, expected);
}

static void test_titles(void **state)
{
    (void)state;
    s_title("Title\nmore", "Title");
    s_title("\n \t\r\n  Title  \r\nmore", "Title");
    s_title("\xEF\xBB\xBFTitle", "Title");
    s_title("", "");
    s_title("\n\n", "");
    s_title("A long title indeed", "A long titl");
    s_title("ééééééé", "ééééé"); /* eleven bytes would cut the sixth */
    s_title("bad \xFF\nmore", "");
    s_title("esc \033[0m\nmore", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_folder), cmocka_unit_test(test_stop),
                                       cmocka_unit_test(test_missing),
                                       cmocka_unit_test(test_titles)};
    return cmocka_run_group_tests_name("input", tests, s_setup, s_teardown);
}
