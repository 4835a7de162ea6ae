/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What always holds: offsets, prefixes, the ceiling, bad input, linear work, the same bytes again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "extract.h"

static const char s_article[] =
    "Home > Business\n\nPaper mill to close after ninety years\n\nUpdated : 2021-03-05\n\nBy Ada "
    "Brook\n\n"
    "KEMI, Finland, March 5 (Agency) - Norrpapp Oyj will close its mill in Kemi by the end of "
    "September, "
    "the company\xE2\x80\x99s chief executive, Liisa Aro, said on Friday.\n\n"
    "\"We have lost \xE2\x82\xAC"
    "40 million ($47.6 million) in three years,\" Aro said. \"Half of the orders have gone.\"\n\n"
    "The mill, which employs 670 people, made 420,000 tonnes of paper in 2019, down 12.5% from a "
    "year earlier. "
    "Between 20 and 30 workers may stay until 2023.\n\n- Norrpapp was founded in 1931.\n- It owns "
    "five other mills.\n";

static winnow_model_t *s_model;

static int s_setup(void **state)
{
    (void)state;
    s_model = winnow_model_new(NULL, NULL);
    return s_model ? 0 : -1;
}

static int s_teardown(void **state)
{
    (void)state;
    winnow_model_destroy(&s_model);
    assert_null(s_model);
    return 0;
}

/* All offsets are inside, ranges are in order, and tokens are where their bytes are. */
static void s_check(const wx_doc_t *doc)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < doc->blocks.count; i++) {
        assert_true(doc->blocks.at[i].start >= end &&
                    doc->blocks.at[i].start < doc->blocks.at[i].end);
        end = doc->blocks.at[i].end;
        assert_true(end <= doc->text.size);
    }
    end = 0;
    for (uint32_t i = 0; i < doc->tokens.count; i++) {
        const wx_token_t *t = &doc->tokens.at[i];
        assert_true(t->start >= end && t->start < t->end && t->end <= doc->text.size);
        assert_true(t->sentence < doc->sentences.count);
        assert_true(t->value == WX_NONE || t->value < doc->values.count);
        assert_true(t->name == WX_NONE || t->name < doc->names.count);
        assert_true(wx_str_equal(wx_token_form(doc, i), wx_intern_text(doc->intern, t->form)));
        end = t->end;
    }
    uint32_t first = 0;
    for (uint32_t i = 0; i < doc->values.count; i++) {
        const wx_value_t *v = &doc->values.at[i];
        assert_true(v->first >= first && v->first < v->end && v->end <= doc->tokens.count);
        assert_true(v->outer_first <= v->first && v->outer_end >= v->end);
        assert_true(v->noun_first <= v->noun_end && v->noun_end <= doc->tokens.count);
        assert_int_equal(doc->tokens.at[v->first].value, i);
        first = v->end;
    }
}

static void test_offsets(void **state)
{
    (void)state;
    winnow_extractor_t *extractor = winnow_extractor_new(s_model);
    assert_int_equal(wx_read(extractor, s_article, strlen(s_article), NULL, NULL), 0);
    const wx_doc_t *doc = &extractor->doc;
    assert_int_equal(doc->published.year, 2021);
    assert_true(doc->values.count >= 10);
    s_check(doc);
    winnow_extractor_destroy(&extractor);
    assert_null(extractor);
}

static void test_evidence(void **state)
{
    (void)state;
    winnow_extractor_t *extractor = winnow_extractor_new(s_model);
    winnow_facts_t *facts = NULL;
    assert_int_equal(winnow_extract(extractor, s_article, strlen(s_article), NULL, &facts, NULL),
                     0);
    winnow_extractor_destroy(&extractor); /* facts outlive it */
    for (size_t i = 0; i < winnow_facts_count(facts); i++) {
        const winnow_fact_t *fact = winnow_facts_at(facts, i);
        assert_true(fact->start < fact->end && fact->end <= strlen(s_article));
        assert_true(i == 0 || winnow_facts_at(facts, i - 1)->start <= fact->start);
        assert_true(fact->json.size > 2 && fact->json.data[0] == '{');
        assert_null(memchr(fact->json.data, '\n', fact->json.size));
        for (size_t r = 0; r < fact->role_count; r++)
            for (size_t f = 0; f < fact->roles[r].filler_count; f++) {
                const winnow_filler_t *filler = &fact->roles[r].fillers[f];
                if (filler->start == WINNOW_NOWHERE)
                    continue;
                assert_true(filler->start < filler->end && filler->end <= strlen(s_article));
            }
    }
    winnow_facts_destroy(&facts);
}

/* Cut anywhere, also inside a character: then the byte is told. */
static void test_every_prefix(void **state)
{
    (void)state;
    winnow_extractor_t *extractor = winnow_extractor_new(s_model);
    for (size_t size = 0; size <= strlen(s_article); size++) {
        winnow_facts_t *facts = NULL;
        winnow_error_t err = {0};
        char *text = malloc(size + 1); /* its end is seen by AddressSanitizer */
        memcpy(text, s_article, size);
        int rc = winnow_extract(extractor, text, size, NULL, &facts, &err);
        if (rc == 0)
            s_check(&extractor->doc);
        else
            assert_int_equal(rc, WINNOW_E_UTF8);
        winnow_facts_destroy(&facts);
        free(text);
    }
    winnow_extractor_destroy(&extractor);
}

/* From no memory to enough: each step ends in WINNOW_E_EFFORT or in the right number of facts. */
static void test_ceiling(void **state)
{
    (void)state;
    winnow_extractor_t *extractor = winnow_extractor_new(s_model);
    winnow_facts_t *whole = NULL;
    assert_int_equal(winnow_extract(extractor, s_article, strlen(s_article), NULL, &whole, NULL),
                     0);
    size_t needed = extractor->arena.used;
    unsigned refused = 0;
    for (size_t ceiling = 16; ceiling <= needed + 4096; ceiling += needed / 600) {
        winnow_facts_t *facts = NULL;
        winnow_error_t err = {0};
        extractor->ceiling = ceiling;
        int rc = winnow_extract(extractor, s_article, strlen(s_article), NULL, &facts, &err);
        if (rc) {
            assert_int_equal(rc, WINNOW_E_EFFORT);
            assert_int_equal(err.code, WINNOW_E_EFFORT);
            assert_null(facts);
            refused++;
        } else {
            assert_int_equal(winnow_facts_count(facts), winnow_facts_count(whole));
        }
        winnow_facts_destroy(&facts);
    }
    assert_true(refused > 100 && refused < 610);
    winnow_facts_destroy(&whole);
    winnow_extractor_destroy(&extractor);
}

static void test_bad_input(void **state)
{
    (void)state;
    winnow_extractor_t *extractor = winnow_extractor_new(s_model);
    winnow_facts_t *facts = NULL;
    winnow_error_t err = {0};
    static const char broken[] = "Good words, then \xC3\x28 not.";
    assert_int_equal(winnow_extract(extractor, broken, sizeof broken - 1, NULL, &facts, &err),
                     WINNOW_E_UTF8);
    assert_int_equal(err.offset, 17);
    assert_string_equal(err.message, "invalid UTF-8 at byte 17");
    static const char *const dates[] = {"",          "2020",        "2020-13-01", "2020-02-30",
                                        "26.5.2020", "2020-05-26x", "today"};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        assert_int_equal(winnow_extract(extractor, "Text.", 5, dates[i], &facts, &err),
                         WINNOW_E_DATE);
    assert_int_equal(winnow_extract(extractor, "Text.", 5, "2020-05-26T10:00:00Z", &facts, NULL),
                     0);
    winnow_facts_destroy(&facts);
    char *large = calloc(1, WINNOW_TEXT_MAX + 1);
    memset(large, 'a', WINNOW_TEXT_MAX + 1);
    assert_int_equal(winnow_extract(extractor, large, WINNOW_TEXT_MAX + 1, NULL, &facts, &err),
                     WINNOW_E_TOO_LARGE);
    free(large);
    assert_int_equal(winnow_extract(extractor, "", 0, NULL, &facts, NULL), 0);
    assert_int_equal(winnow_facts_count(facts), 0);
    winnow_facts_destroy(&facts);
    winnow_extractor_destroy(&extractor);
}

/* Twice the text is at most a little more than twice the work and the memory. */
static void test_linear(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "It sold 3 ships for $5 million (EUR 4.6 million) in March, up 12%. ",
        "a ",
        "( ",
        "1 ",
        "\" ",
        "10-",
        "between 5 and ",
        ". ",
        "the first ",
        "A\n",
        "more than about ",
        "of the ",
        "\"He said \"no\" ",
        "former chief executive officer "};
    winnow_extractor_t *extractor = winnow_extractor_new(s_model);
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        uint64_t steps[2] = {0, 0};
        size_t used[2] = {0, 0}, size = strlen(pieces[p]);
        for (int round = 0; round < 2; round++) {
            size_t count = (round ? 64000 : 32000) / size;
            char *text = malloc(count * size);
            for (size_t i = 0; i < count; i++)
                memcpy(text + i * size, pieces[p], size);
            winnow_error_t err = {0};
            int rc = wx_read(extractor, text, count * size, "2020-05-26", &err);
            if (rc)
                fail_msg("%s: %s", pieces[p], err.message);
            steps[round] = extractor->doc.steps;
            used[round] = extractor->arena.used;
            free(text);
        }
        if (10 * steps[1] > 25 * steps[0] || 10 * used[1] > 25 * used[0] + 10000000)
            fail_msg("`%s`: %llu steps, then %llu; %zu bytes, then %zu", pieces[p],
                     (unsigned long long)steps[0], (unsigned long long)steps[1], used[0], used[1]);
    }
    winnow_extractor_destroy(&extractor);
}

/* Writes sentences with ever new names (at the `@`) into `text` until it is full; its size. */
static size_t s_distinct(char *text, size_t capacity, const char *format)
{
    static const char *const syllables[] = {"ka", "lo", "mi", "ru", "se", "ta", "ne", "vo"};
    size_t size = 0;
    for (uint32_t i = 1; size + 200 < capacity; i++) {
        char name[16] = "";
        uint32_t number = i * 40503u & 0x7FFF; /* five syllables: different for 32,768 names */
        for (int k = 0; k < 5; k++, number /= 8)
            memcpy(name + 2 * k, syllables[number % 8], 2);
        name[0] = (char)(name[0] - 'a' + 'A');
        for (const char *c = format; *c; c++) {
            if (*c == '@') {
                memcpy(text + size, name, 10);
                size += 10;
            } else {
                text[size++] = *c;
            }
        }
    }
    return size;
}

/* A text of ever new names and facts costs in proportion to its size, too. */
static void test_distinct(void **state)
{
    (void)state;
    static const char *const formats[] = {
        "Ann @ said the company met the president. ",
        "@ Group will invest $5 million in a steel plant, it said. ",
        "\"The plant is new,\" said Jane @, the president. ",
        "Port operator @, which closed the plant, left. ",
        "Sales rose 5 percent to $6 million, according to @ Group.\n\n",
        "@, "};
    winnow_extractor_t *extractor = winnow_extractor_new(s_model);
    char *text = malloc(128000);
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        uint64_t steps[2] = {0, 0};
        for (int round = 0; round < 2; round++) {
            size_t size = s_distinct(text, round ? 128000 : 64000, formats[f]);
            winnow_error_t err = {0};
            if (wx_read(extractor, text, size, "2020-05-26", &err))
                fail_msg("%s: %s", formats[f], err.message);
            steps[round] = extractor->doc.steps;
        }
        if (10 * steps[1] > 25 * steps[0])
            fail_msg("`%s`: %llu steps, then %llu", formats[f], (unsigned long long)steps[0],
                     (unsigned long long)steps[1]);
    }
    free(text);
    winnow_extractor_destroy(&extractor);
}

/* What never ends is cut, so that no sentence asks for more than its share. */
static void test_long_sentence(void **state)
{
    (void)state;
    static const char *const pieces[] = {"the company said it will invest $5 million and ",
                                         "a mill; ",
                                         "\"a ",
                                         "a-b-",
                                         "((((",
                                         "said "};
    enum { S_SIZE = 60000, S_MOST = 900 };
    winnow_extractor_t *extractor = winnow_extractor_new(s_model);
    char *text = malloc(S_SIZE);
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        size_t length = strlen(pieces[p]), size = S_SIZE / length * length;
        for (size_t at = 0; at < size; at += length)
            memcpy(text + at, pieces[p], length);
        winnow_error_t err = {0};
        if (wx_read(extractor, text, size, "2020-05-26", &err))
            fail_msg("%s: %s", pieces[p], err.message);
        for (uint32_t s = 0; s < extractor->doc.sentences.count; s++) {
            const wx_sentence_t *sentence = &extractor->doc.sentences.at[s];
            if (sentence->end - sentence->first > S_MOST)
                fail_msg("`%s`: a sentence of %u words", pieces[p],
                         (unsigned)(sentence->end - sentence->first));
        }
    }
    free(text);
    winnow_extractor_destroy(&extractor);
}

/* The same text gives the same bytes, whatever was read before. */
static void test_repeats(void **state)
{
    (void)state;
    winnow_extractor_t *extractor = winnow_extractor_new(s_model);
    static const winnow_layer_t layers[] = {WINNOW_LAYER_FACTS, WINNOW_LAYER_VALUES,
                                            WINNOW_LAYER_ENTITIES, WINNOW_LAYER_CONLLU};
    for (size_t l = 0; l < sizeof layers / sizeof *layers; l++) {
        char *first = NULL, *again = NULL, *other = NULL;
        size_t first_size = 0, again_size = 0, other_size = 0;
        assert_int_equal(winnow_extract_layer(extractor, layers[l], s_article, strlen(s_article),
                                              NULL, &first, &first_size, NULL),
                         0);
        assert_int_equal(winnow_extract_layer(extractor, layers[l], "Rain in May.", 12, NULL,
                                              &other, &other_size, NULL),
                         0);
        assert_int_equal(winnow_extract_layer(extractor, layers[l], s_article, strlen(s_article),
                                              NULL, &again, &again_size, NULL),
                         0);
        assert_int_equal(first_size, again_size);
        assert_memory_equal(first, again, first_size);
        assert_int_equal(first[first_size], '\0');
        free(first);
        free(again);
        free(other);
    }
    winnow_extractor_destroy(&extractor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_offsets),      cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_every_prefix), cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_bad_input),    cmocka_unit_test(test_linear),
        cmocka_unit_test(test_distinct),     cmocka_unit_test(test_long_sentence),
        cmocka_unit_test(test_repeats),
    };
    return cmocka_run_group_tests(tests, s_setup, s_teardown);
}
