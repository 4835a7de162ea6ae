/* SPDX-License-Identifier: Apache-2.0 */
#include "value_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <yajl/yajl_tree.h>

#include <winnow/extract.h>

static const char *s_string(yajl_val map, const char *key)
{
    yajl_val value = yajl_tree_get(map, (const char *[]){key, NULL}, yajl_t_any);
    if (YAJL_IS_STRING(value))
        return YAJL_GET_STRING(value);
    return YAJL_IS_NUMBER(value) ? YAJL_GET_NUMBER(value) : "";
}

/* What is compared, as one line. */
static void s_describe(yajl_val value, char *out, size_t size)
{
    int at = snprintf(out, size, "%s `%s` %s..%s %s %s %s", s_string(value, "type"),
                      s_string(value, "text"), s_string(value, "number"), s_string(value, "high"),
                      s_string(value, "unit"), s_string(value, "bound"), s_string(value, "value"));
    yajl_val list = yajl_tree_get(value, (const char *[]){"equivalent", NULL}, yajl_t_array);
    for (size_t i = 0; list && i < YAJL_GET_ARRAY(list)->len && (size_t)at < size; i++)
        at += snprintf(out + at, size - (size_t)at, " = %s %s",
                       s_string(YAJL_GET_ARRAY(list)->values[i], "number"),
                       s_string(YAJL_GET_ARRAY(list)->values[i], "unit"));
}

static bool s_is_date(yajl_val value)
{
    const char *type = s_string(value, "type");
    return strcmp(type, "date") == 0 || strcmp(type, "period") == 0;
}

/* The values that were found, a description a line, in `out`. */
static void s_found(const char *text, const char *layer, bool dates, char *out, size_t size)
{
    size_t at = 0;
    out[0] = '\0';
    while (*layer) {
        size_t length = strcspn(layer, "\n");
        char *line = strndup(layer, length);
        yajl_val value = yajl_tree_parse(line, NULL, 0);
        assert_non_null(value);
        free(line);
        layer += length + 1;
        long long start =
            YAJL_GET_INTEGER(yajl_tree_get(value, (const char *[]){"start", NULL}, yajl_t_number));
        long long end =
            YAJL_GET_INTEGER(yajl_tree_get(value, (const char *[]){"end", NULL}, yajl_t_number));
        const char *words = s_string(value, "text");
        assert_int_equal(end - start, strlen(words));
        assert_memory_equal(text + start, words, strlen(words));
        if (s_is_date(value) == dates) {
            char one[512];
            s_describe(value, one, sizeof one);
            at += (size_t)snprintf(out + at, size - at, "%s\n", one);
            assert_true(at < size);
        }
        yajl_tree_free(value);
    }
}

static void s_expected(yajl_val values, char *out, size_t size)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < YAJL_GET_ARRAY(values)->len; i++) {
        char one[512];
        s_describe(YAJL_GET_ARRAY(values)->values[i], one, sizeof one);
        at += (size_t)snprintf(out + at, size - at, "%s\n", one);
        assert_true(at < size);
    }
}

/* One case; true when it is as it should be. */
static bool s_case(winnow_extractor_t *extractor, const char *line, bool dates, bool *ret_gap)
{
    char error[256];
    yajl_val test = yajl_tree_parse(line, error, sizeof error);
    if (!test)
        fail_msg("%s: %s", line, error);
    const char *text = s_string(test, "text"), *published = s_string(test, "published");
    yajl_val values = yajl_tree_get(test, (const char *[]){"values", NULL}, yajl_t_array);
    *ret_gap = s_string(test, "gap")[0] != '\0';
    char *layer = NULL;
    size_t size = 0;
    winnow_error_t err = {0};
    if (winnow_extract_layer(extractor, WINNOW_LAYER_VALUES, text, strlen(text),
                             *published ? published : NULL, &layer, &size, &err) < 0)
        fail_msg("%s: %s", text, err.message);
    assert_non_null(values);
    char found[4096], expected[4096];
    s_found(text, layer, dates, found, sizeof found);
    s_expected(values, expected, sizeof expected);
    bool good = strcmp(found, expected) == 0;
    if (good == *ret_gap)
        print_error("%s%s\n  expected:\n%s  found:\n%s", text, *ret_gap ? " (marked as a gap)" : "",
                    expected, found);
    free(layer);
    yajl_tree_free(test);
    return good;
}

void value_case_run(const char *file, bool dates)
{
    char path[512], line[8192];
    snprintf(path, sizeof path, WINNOW_SOURCE_DIR "/tests/extractor/cases/%s", file);
    FILE *cases = fopen(path, "r");
    assert_non_null(cases);
    winnow_error_t err = {0};
    winnow_model_t *model = winnow_model_new(NULL, &err);
    if (!model)
        fail_msg("%s", err.message);
    winnow_extractor_t *extractor = winnow_extractor_new(model);
    unsigned count = 0, right = 0, gaps = 0, wrong = 0;
    while (fgets(line, sizeof line, cases)) {
        bool gap = false, good = s_case(extractor, line, dates, &gap);
        count++;
        right += good;
        gaps += gap;
        wrong += good == gap;
    }
    fclose(cases);
    winnow_extractor_destroy(&extractor);
    winnow_model_destroy(&model);
    print_message("%s: %u of %u right, %u known gaps\n", file, right, count, gaps);
    assert_true(count > 100);
    assert_int_equal(wrong, 0);
}
