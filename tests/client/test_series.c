/* SPDX-License-Identifier: Apache-2.0 */
/* Figures over time: grouped, in the order of their periods, as CSV. */
#include "client/series.h"

#include "tests/proto/cm.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void s_add(wc_series_t *series, const char *subject, const char *value, const char *period,
                  const char *fact)
{
    char json[1024], date[128] = "";
    if (period)
        snprintf(date, sizeof date, ",\"period\":[{\"text\":\"p\",\"value\":\"%s\"}]", period);
    int size = snprintf(json, sizeof json,
                        "{\"fact\":\"%s\",\"status\":\"current\",\"sources\":1,\"article\":{\"id\":"
                        "\"a\",\"source\":\"Daily\",\"published\":\"2021-06-01\"},\"record\":{"
                        "\"kind\":\"statistic\",\"roles\":{\"subject\":[{\"text\":\"%s\"}],"
                        "\"metric\":[{\"text\":\"cars sold\"}]%s,"
                        "\"value\":[{\"text\":\"v\",\"number\":%s,\"unit\":\"car\"}]}}}",
                        fact, subject, date, value);
    assert_int_equal(wc_series_add(series, json, (size_t)size), 0);
}

/* What is printed, read back from a file in the place of standard output. */
static char *s_printed(wc_series_t *series, wc_format_t format)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stdout);
    int out = dup(STDOUT_FILENO);
    dup2(fileno(file), STDOUT_FILENO);
    int rc = wc_series_print(series, format, false);
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    close(out);
    assert_int_equal(rc, 0);
    char *text = calloc(1, 8192);
    rewind(file);
    assert_true(fread(text, 1, 8191, file) > 0);
    fclose(file);
    return text;
}

static void test_a_series_is_in_order(void **state)
{
    (void)state;
    wc_series_t *series = wc_series_new();
    s_add(series, "Veltro Ltd", "255", "2022", "3.1");
    s_add(series, "Acme", "7", NULL, "4.1");
    s_add(series, "VELTRO", "201.5", "2020", "1.1");
    s_add(series, "Veltro", "233", "2021", "2.1");
    static const char none[] = "{\"fact\":\"9.1\",\"record\":{\"roles\":{}}}";
    assert_int_equal(wc_series_add(series, none, sizeof none - 1), 0);
    assert_int_equal(wc_series_add(series, "{", 1), -1);
    assert_int_equal(wc_series_count(series), 4);
    char *text = s_printed(series, WC_FORMAT_CSV);
    assert_string_equal(text, "subject,metric,period,value,unit,status,fact,source\r\n"
                              "Acme,cars sold,2021-06-01,7,car,current,4.1,Daily\r\n"
                              "VELTRO,cars sold,2020,201.5,car,current,1.1,Daily\r\n"
                              "Veltro,cars sold,2021,233,car,current,2.1,Daily\r\n"
                              "Veltro Ltd,cars sold,2022,255,car,current,3.1,Daily\r\n");
    free(text);
    text = s_printed(series, WC_FORMAT_TABLE);
    assert_non_null(strstr(text, "\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88"));
    free(text);
    text = s_printed(series, WC_FORMAT_JSON);
    assert_memory_equal(text, "{\"fact\":\"4.1\"", 13);
    free(text);
    wc_series_destroy(&series);
    assert_null(series);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_series_is_in_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
