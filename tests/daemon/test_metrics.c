/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers as text: every line has Prometheus' form, and HTTP gives the same with its states. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/http.h"
#include "daemon/metrics.h"
#include "proto/status.h"

static wd_metrics_t s_metrics;
static wd_writer_stats_t s_stats;

static char *s_text(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    wd_metrics_write(&s_metrics, &s_stats, out);
    fclose(out);
    return text;
}

/* The value of a sample, named with its labels. */
static double s_value(const char *text, const char *name)
{
    size_t n = strlen(name);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, n) == 0 && line[n] == ' ')
            return atof(line + n);
    }
    fail_msg("no sample %s", name);
    return -1;
}

/* HELP, TYPE, then samples of that name alone; no name twice. */
static void test_form(void **state)
{
    char *text = s_text(), *save = NULL, family[128] = "", seen[16384] = "";
    (void)state;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char name[128], mark[140];
        if (sscanf(line, "# HELP %127s", name) == 1) {
            snprintf(mark, sizeof mark, " %s ", name);
            assert_null(strstr(seen, mark));
            strncat(seen, mark, sizeof seen - strlen(seen) - 1);
            snprintf(family, sizeof family, "%s", name);
            assert_memory_equal(name, "winnow_", 7);
            continue;
        }
        if (sscanf(line, "# TYPE %127s", name) == 1) {
            assert_string_equal(name, family);
            bool counter = strstr(line, " counter") != NULL;
            size_t n = strlen(name);
            assert_int_equal(counter, n > 6 && strcmp(name + n - 6, "_total") == 0);
            continue;
        }
        assert_memory_equal(line, family, strlen(family));
        const char *space = strrchr(line, ' ');
        assert_non_null(space);
        assert_true(isdigit((unsigned char)space[1]) || space[1] == '-');
    }
    free(text);
}

static void test_numbers(void **state)
{
    (void)state;
    wd_count(&s_metrics, WD_C_PUSHES, 3);
    wd_count_refused(&s_metrics, 0, WP_NO_CREDIT);
    wd_count_refused(&s_metrics, 1, WP_NOT_FOUND);
    wd_observe(&s_metrics, WD_H_EXTRACT, 2000000);  /* 2 ms */
    wd_observe(&s_metrics, WD_H_EXTRACT, 20000000); /* 20 ms */
    wd_observe(&s_metrics, WD_H_EXTRACT, INT64_C(20000000000));
    atomic_store(&s_stats.commit_bucket[0], 5);
    atomic_store(&s_stats.commit_bucket[15], 1);
    char *text = s_text();
    assert_int_equal(s_value(text, "winnow_pushes_total"), 3);
    assert_int_equal(s_value(text, "winnow_refused_total{endpoint=\"intake\",code=\"no_credit\"}"),
                     1);
    assert_int_equal(s_value(text, "winnow_refused_total{endpoint=\"query\",code=\"not_found\"}"),
                     1);
    assert_int_equal(s_value(text, "winnow_extraction_seconds_bucket{le=\"0.001\"}"), 0);
    assert_int_equal(s_value(text, "winnow_extraction_seconds_bucket{le=\"0.0025\"}"), 1);
    assert_int_equal(s_value(text, "winnow_extraction_seconds_bucket{le=\"0.025\"}"), 2);
    assert_int_equal(s_value(text, "winnow_extraction_seconds_bucket{le=\"+Inf\"}"), 3);
    assert_int_equal(s_value(text, "winnow_extraction_seconds_count"), 3);
    assert_int_equal(s_value(text, "winnow_commit_seconds_bucket{le=\"0.0001\"}"), 5);
    assert_int_equal(s_value(text, "winnow_commit_seconds_count"), 6);
    free(text);
}

static void test_stuck(void **state)
{
    (void)state;
    assert_null(wd_metrics_stuck(&s_metrics, 30000));
    wd_tick(&s_metrics, WD_TICK_INTAKE);
    assert_null(wd_metrics_stuck(&s_metrics, 30000));
    atomic_fetch_sub(&s_metrics.tick[WD_TICK_INTAKE], 30001 + 1);
    assert_string_equal(wd_metrics_stuck(&s_metrics, 30000), "intake");
    wd_tick(&s_metrics, WD_TICK_INTAKE);
}

static void test_hung(void **state)
{
    (void)state;
    assert_int_equal(wd_metrics_hung(&s_metrics, 1000), -1);
    wd_reading(&s_metrics, 5, true);
    assert_int_equal(wd_metrics_hung(&s_metrics, 600000), -1);
    atomic_fetch_sub(&s_metrics.reading[5], 600001 + 1);
    assert_int_equal(wd_metrics_hung(&s_metrics, 600000), 5);
    wd_reading(&s_metrics, 5, false);
    assert_int_equal(wd_metrics_hung(&s_metrics, 600000), -1);
}

static void test_http(void **state)
{
    char bound[64], message[256] = "";
    (void)state;
    wd_http_t *http = wd_http_new("127.0.0.1:*", &s_metrics, &s_stats, bound, sizeof bound, message,
                                  sizeof message);
    assert_string_equal(message, "");
    assert_non_null(http);
    assert_int_equal(wd_http_healthcheck(bound, message, sizeof message), 0);
    assert_string_equal(message, "ok");
    wd_tick(&s_metrics, WD_TICK_WRITER);
    atomic_fetch_sub(&s_metrics.tick[WD_TICK_WRITER], WD_STUCK_MS + 1000);
    assert_int_equal(wd_http_healthcheck(bound, message, sizeof message), 1);
    assert_string_equal(message, "the loop of writer does not turn");
    wd_http_destroy(&http);
    assert_int_equal(wd_http_healthcheck(bound, message, sizeof message), 1);
    assert_non_null(strstr(message, "cannot reach"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form), cmocka_unit_test(test_numbers), cmocka_unit_test(test_stuck),
        cmocka_unit_test(test_hung), cmocka_unit_test(test_http),
    };
    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
