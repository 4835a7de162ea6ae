/* SPDX-License-Identifier: Apache-2.0 */
/* Names in one form: how many of those that are one get one key, and that others do not. The names
 * are in tests/identity/names.txt. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_help.h"

#include "daemon/name.h"

#define NAMES_MAX 256

typedef struct {
    char text[128];
    int line;
    int64_t key;
} s_name_t;

static wd_name_t s_make(const char *text, wd_name_class_t class)
{
    wd_name_t name;
    wd_name_make(&name, class, text, strlen(text));
    return name;
}

static void test_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        wd_name_class_t class;
        const char *form;
    } cases[] = {
        {"FAW", WD_NAME_OTHER, "faw"},
        {"China FAW Group Corp.", WD_NAME_OTHER, "faw"},
        {"China Harbour Corp.", WD_NAME_OTHER, "china harbor"},
        {"Group", WD_NAME_OTHER, "group"},
        {"The Limited", WD_NAME_OTHER, "limited"},
        {"A. B. Ltd", WD_NAME_OTHER, "ab"},
        {"Jane Q. Public", WD_NAME_PERSON, "jane public"},
        {"Dr", WD_NAME_PERSON, "dr"},
        {"", WD_NAME_OTHER, ""},
        {"--", WD_NAME_PERSON, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(s_make(cases[i].text, cases[i].class).form, cases[i].form);
    assert_true(s_make("the plant", WD_NAME_OTHER).size > 0);
    assert_false(s_make("the plant", WD_NAME_OTHER).proper);
    assert_true(s_make("Plant 4", WD_NAME_OTHER).proper);
    assert_true(s_make("Solheim", WD_NAME_PERSON).weak);
    assert_false(s_make("Ingrid Solheim", WD_NAME_PERSON).weak);
}

/* Any bytes, of any length. */
static void test_any_bytes(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int i = 0; i < 3000; i++) {
        char text[600];
        size_t size = help_random(&seed, sizeof text);
        for (size_t k = 0; k < size; k++)
            text[k] = (char)(help_random(&seed, 3) == 0 ? ' ' : (int)help_random(&seed, 256));
        for (int class = 0; class < 3; class ++) {
            wd_name_t name;
            wd_name_make(&name, (wd_name_class_t) class, text, size);
            assert_true(name.size < WD_NAME_SIZE && strlen(name.form) == name.size);
            assert_true(wd_name_key(&name, (wd_name_class_t) class) != 0);
        }
    }
}

static size_t s_read(s_name_t *names)
{
    FILE *file = fopen(WINNOW_SOURCE_DIR "/tests/identity/names.txt", "r");
    char line[1024];
    size_t count = 0;
    int number = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0')
            continue;
        wd_name_class_t class = line[0] == 'p'   ? WD_NAME_PERSON
                                : line[0] == 'l' ? WD_NAME_PLACE
                                                 : WD_NAME_OTHER;
        /* "Co., Ltd." has a comma of its own: names are parted by one before a capital that is no
         * legal ending. */
        for (char *p = line + 3; p != NULL && *p != '\0';) {
            char *end = p;
            while ((end = strstr(end, ", ")) != NULL &&
                   (strncmp(end, ", Ltd", 5) == 0 || strncmp(end, ", Inc", 5) == 0))
                end++;
            if (end != NULL)
                *end = '\0';
            assert_true(count < NAMES_MAX);
            s_name_t *name = &names[count++];
            snprintf(name->text, sizeof name->text, "%.127s", p);
            wd_name_t form = s_make(name->text, class);
            name->line = number;
            name->key = wd_name_key(&form, class);
            p = end != NULL ? end + 2 : NULL;
        }
    }
    fclose(file);
    return count;
}

static void test_names_that_are_one(void **state)
{
    (void)state;
    static s_name_t names[NAMES_MAX];
    size_t count = s_read(names), right = 0, wrong = 0, missed = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            bool one = names[i].key == names[k].key, wanted = names[i].line == names[k].line;
            right += one && wanted;
            wrong += one && !wanted;
            missed += !one && wanted;
            if (one != wanted)
                print_message("%s | %s: %s\n", names[k].text, names[i].text,
                              one ? "made one" : "kept apart");
        }
    }
    double precision = (double)right / (double)(right + wrong);
    double f1 = 2.0 * (double)right / (double)(2 * right + wrong + missed);
    print_message("%zu names: precision %.3f, F1 %.3f\n", count, precision, f1);
    assert_true(count > 90);
    assert_true(precision >= 0.97);
    assert_true(f1 >= 0.90);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_names_that_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
