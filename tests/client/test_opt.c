/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines: options in every form, arguments between them, faults, suggestions. */
#include "client/opt.h"

#include "tests/proto/cm.h"

#include <stdio.h>
#include <string.h>

static const wc_opt_t s_opts[] = {{'k', "kind", "KIND", "help"},
                                  {300, "long-only", "X", "help"},
                                  {'j', "json", NULL, "help"},
                                  {'q', "quiet", NULL, "help"},
                                  {0, NULL, NULL, NULL}};
static const wc_usage_t s_usage = {"test", "Tests.", "ARG", "  x\n", s_opts, NULL};

/* Parses, and writes what was found as "k=v j a:arg !". */
static void s_is(const char *const *words, const char *expected)
{
    char *argv[10] = {NULL};
    char found[200] = "";
    int argc = 0;
    for (; words[argc]; argc++)
        argv[argc] = test_malloc(strlen(words[argc]) + 1), strcpy(argv[argc], words[argc]);
    wc_args_t args = {.usage = &s_usage, .argc = argc, .argv = argv};
    for (int id; (id = wc_args_next(&args)) != WC_END;) {
        char one[64];
        if (id == WC_WRONG) {
            strcat(found, "! ");
            break;
        }
        if (id == WC_ARG)
            snprintf(one, sizeof one, "a:%s ", args.value);
        else if (id == 300)
            snprintf(one, sizeof one, "long=%s ", args.value);
        else
            snprintf(one, sizeof one, args.value ? "%c=%s " : "%c ", (char)id, args.value);
        strcat(found, one);
    }
    assert_string_equal(found, expected);
    for (int i = 0; i < argc; i++)
        test_free(argv[i]);
}

#define IS(expected, ...) s_is((const char *const[]){"test", __VA_ARGS__, NULL}, expected)

static void test_forms(void **state)
{
    (void)state;
    IS("k=a k=b k=c k=d ", "--kind", "a", "--kind=b", "-k", "c", "-kd");
    IS("a:x k=1 a:y j ", "x", "-k", "1", "y", "-j");
    IS("j q k=v ", "-jqk", "v");
    IS("j k=q ", "-jkq");
    IS("k= ", "--kind=");
    IS("a:- j ", "-", "--json");
    IS("a:--json a:-k ", "--", "--json", "-k");
    IS("long=-1 ", "--long-only", "-1");
    s_is((const char *const[]){"test", NULL}, "");
}

static void test_faults(void **state)
{
    (void)state;
    IS("! ", "--kindd");
    IS("! ", "--kind");
    IS("! ", "-k");
    IS("! ", "--json=1");
    IS("! ", "-x");
    IS("j ! ", "-jx");
    IS("! ", "--kin", "x");
}

static void test_nearest(void **state)
{
    static const char *const words[] = {"investment", "statistic", "change", "position", NULL};
    (void)state;
    assert_string_equal(wc_nearest("investmnet", words), "investment");
    assert_string_equal(wc_nearest("invest", words), "investment");
    assert_string_equal(wc_nearest("positoin", words), "position");
    assert_string_equal(wc_nearest("chang", words), "change");
    assert_null(wc_nearest("weather", words));
    assert_null(wc_nearest("", words));
    assert_null(wc_nearest("a word of more than thirty-two letters in all", words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_forms), cmocka_unit_test(test_faults),
                                       cmocka_unit_test(test_nearest)};
    return cmocka_run_group_tests_name("opt", tests, NULL, NULL);
}
