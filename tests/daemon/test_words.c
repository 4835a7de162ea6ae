/* SPDX-License-Identifier: Apache-2.0 */
/* Words, decimals, and what is read out of records. */
#include <stdlib.h>
#include <string.h>

#include "store_help.h"

#include "daemon/decimal.h"
#include "daemon/identity.h"
#include "daemon/record.h"
#include "daemon/words.h"

static void s_words_are(const char *text, const char *expected)
{
    wd_words_t words;
    char joined[512] = "";
    wd_words_start(&words, text, strlen(text));
    while (wd_words_next(&words)) {
        if (joined[0] != '\0')
            strcat(joined, "|");
        strncat(joined, words.word, words.size);
    }
    assert_string_equal(joined, expected);
}

static void test_words_are_folded(void **state)
{
    (void)state;
    s_words_are("BMW Brilliance, Ltd.", "bmw|brilliance|ltd");
    s_words_are("São Paulo's \xC3\x85lesund", "sao|paulo|s|alesund");
    s_words_are("Stra\xC3\x9F"
                "e STRASSE",
                "strasse|strasse");
    s_words_are("\xE9\x95\xBF\xE6\x98\xA5 2022\xE5\xB9\xB4",
                "\xE9\x95\xBF|\xE6\x98\xA5|2022|\xE5\xB9\xB4");
    s_words_are("  -- \xE2\x80\x9C\xE2\x80\x9D  ", "");
    s_words_are("a\xFFz", "a|z");
    s_words_are("e\xCC\x81t\xC3\xA9", "ete");
}

static void test_long_words_are_cut_alike(void **state)
{
    (void)state;
    char text[301];
    wd_words_t words;
    memset(text, 'x', 300);
    text[300] = '\0';
    wd_words_start(&words, text, 300);
    assert_true(wd_words_next(&words));
    assert_int_equal(words.size, WD_WORD_MAX);
    assert_false(wd_words_next(&words));
    wd_phrase_t phrase;
    assert_true(wd_phrase_parse(&phrase, text));
    assert_true(wd_phrase_in(&phrase, text, 300));
    wd_phrase_free(&phrase);
}

static void test_phrases_are_whole_words_in_a_row(void **state)
{
    (void)state;
    wd_phrase_t phrase;
    assert_true(wd_phrase_parse(&phrase, "a A b"));
    assert_int_equal(phrase.count, 3);
    assert_true(wd_phrase_in(&phrase, "a a a b", 7));
    assert_false(wd_phrase_in(&phrase, "a b a", 5));
    assert_false(wd_phrase_in(&phrase, "aa ab", 5));
    assert_true(wd_phrase_all_in(&phrase, "b then a", 8));
    wd_phrase_free(&phrase);
}

static int s_order(const char *a, const char *b)
{
    wd_decimal_t x, y;
    assert_true(wd_decimal_parse(a, strlen(a), &x));
    assert_true(wd_decimal_parse(b, strlen(b), &y));
    int order = wd_decimal_compare(&x, &y);
    return (order > 0) - (order < 0);
}

static void test_decimals_are_exact(void **state)
{
    (void)state;
    assert_int_equal(s_order("15000000000", "1.5e10"), 0);
    assert_int_equal(s_order("0.1", "0.10"), 0);
    assert_int_equal(s_order("9007199254740993", "9007199254740992"), 1);
    assert_int_equal(s_order("-3", "2"), -1);
    assert_int_equal(s_order("-3", "-2"), -1);
    assert_int_equal(s_order("0", "-0.0"), 0);
    assert_int_equal(s_order("0.002", "1e-3"), 1);
    assert_int_equal(s_order("1e-400", "0"), 1);
    wd_decimal_t value;
    static const char *const bad[] = {"", "-", ".", "e5", "1e", "1x", "1 ", "0x10", "1.2.3", "NaN"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(wd_decimal_parse(bad[i], strlen(bad[i]), &value));
    assert_true(wd_decimal_parse("2690000000", 10, &value));
    assert_int_equal(wd_decimal_power(&value), 9);
    assert_true(wd_decimal_parse("0.5", 3, &value));
    assert_int_equal(wd_decimal_power(&value), 0);
}

typedef struct {
    char seen[1024];
} s_seen_t;

static bool s_note(void *arg, const wd_filler_t *filler)
{
    s_seen_t *seen = arg;
    strncat(seen->seen, filler->role.data, filler->role.size);
    strcat(seen->seen, "=");
    if (filler->text.data != NULL)
        strncat(seen->seen, filler->text.data, filler->text.size);
    for (size_t i = 0; i < filler->equivalents; i++) {
        strcat(seen->seen, "~");
        strncat(seen->seen, filler->numbers[i].data, filler->numbers[i].size);
    }
    strcat(seen->seen, ";");
    return true;
}

static const char s_record[] =
    "{\"kind\":\"investment\",\"reported_by\":\"Xin\\u0068ua\",\"roles\":{"
    "\"investor\":[{\"text\":\"A \\\"b\\\"\",\"type\":\"organisation\"},{\"type\":\"thing\"}],"
    "\"none\":[],\"amount\":[{\"text\":\"2 bn\",\"type\":\"money\",\"number\":2e9,\"unit\":\"CNY\","
    "\"equivalent\":[{\"number\":3,\"unit\":\"USD\"},{\"number\":4,\"unit\":\"GBP\"}]}]},"
    "\"evidence\":{\"text\":\"}{\",\"start\":7,\"end\":12}}";

static void test_records_are_looked_into(void **state)
{
    (void)state;
    s_seen_t seen = {""};
    assert_true(wd_record_fillers(s_record, sizeof s_record - 1, s_note, &seen));
    assert_string_equal(seen.seen,
                        "reported_by=Xinhua;investor=A \"b\";investor=;amount=2 bn~3~4;");
    size_t start = 0, end = 0;
    assert_true(wd_record_evidence(s_record, sizeof s_record - 1, &start, &end));
    assert_int_equal(start, 7);
    assert_int_equal(end, 12);
}

static void test_broken_records_do_no_harm(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof s_record - 1; size++) {
        char *copy = malloc(size > 0 ? size : 1);
        assert_non_null(copy);
        memcpy(copy, s_record, size);
        s_seen_t seen = {""};
        size_t start, end;
        assert_false(wd_record_fillers(copy, size, s_note, &seen));
        wd_record_evidence(copy, size, &start, &end);
        free(copy);
    }
}

static void test_the_set_of_an_article(void **state)
{
    (void)state;
    wd_article_t *article = help_article("x", "The plant, the PLANT of Bergen");
    char *json = help_record("facility_event", "Halden Marine", "Bergen", "12345", "EUR");
    char kind[] = "facility_event";
    wd_record_t record = {.kind = kind, .json = json, .size = strlen(json)};
    char *words = wd_words_make(article, &record, 1);
    assert_string_equal(words,
                        "the plant of bergen k:facility_event e:halden e:marine a:eur:04 a:04"
                        " e:bergen p:bergen");
    free(words);
    free(json);
    wd_article_destroy(&article);
}

/* Prefix and word are hashed apart: a:07 once hid e:47. */
static void test_no_word_hides_another(void **state)
{
    (void)state;
    wd_article_t *article = help_article("x", "x");
    char *json = help_record("founding", "Halden 47", NULL, "37000000", "CNY");
    char kind[] = "founding";
    wd_record_t record = {.kind = kind, .json = json, .size = strlen(json)};
    char *words = wd_words_make(article, &record, 1);
    assert_string_equal(words, "x k:founding e:halden e:47 a:cny:07 a:07");
    free(words);
    free(json);
    wd_article_destroy(&article);
}

static void test_an_id_is_made_of_source_and_text(void **state)
{
    (void)state;
    char a[WD_CONTENT_ID_SIZE], b[WD_CONTENT_ID_SIZE];
    wd_identity_content("s", "text", 4, a);
    wd_identity_content("st", "ext", 3, b);
    assert_string_not_equal(a, b);
    wd_identity_content(NULL, "text", 4, b);
    assert_string_not_equal(a, b);
    assert_int_equal(strlen(a), 67);
    wd_identity_content(NULL, "", 0, b); /* BLAKE2b-256 of one zero byte */
    assert_string_equal(b, "b2:03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_are_folded),
        cmocka_unit_test(test_long_words_are_cut_alike),
        cmocka_unit_test(test_phrases_are_whole_words_in_a_row),
        cmocka_unit_test(test_decimals_are_exact),
        cmocka_unit_test(test_records_are_looked_into),
        cmocka_unit_test(test_broken_records_do_no_harm),
        cmocka_unit_test(test_the_set_of_an_article),
        cmocka_unit_test(test_no_word_hides_another),
        cmocka_unit_test(test_an_id_is_made_of_source_and_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
