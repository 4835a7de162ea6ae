/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reading.h"

#include "conllu.h"
#include "entity_json.h"

static const char s_text[] =
    "The workers' plan isn't Ann Lee's; she said it cost $5.2 million (\xC2\xA3"
    "4m) in Oslo.\n\n"
    "\"We can't stop,\" Lee told Northgate Bank Ltd on 3 May 2021. State-of-the-art tools!";

/* A column of a line, from 0; its size in *ret_size. */
static const char *s_cell(const char *line, int column, size_t *ret_size)
{
    for (; column > 0; column--) {
        line = strchr(line, '\t');
        assert_non_null(line);
        line++;
    }
    *ret_size = strcspn(line, "\t\n");
    return line;
}

typedef struct {
    const char *text; /* behind `# text = ` */
    size_t at;        /* how much of it the words have covered */
    long words, range_end;
} sentence_t;

static void s_word(sentence_t *self, const char *line)
{
    size_t size;
    char *end;
    long first = strtol(line, &end, 10), last = *end == '-' ? strtol(end + 1, &end, 10) : first;
    int columns = 1;
    for (const char *c = line; *c != '\n'; c++)
        columns += *c == '\t';
    assert_int_equal(columns, 10);
    if (last > first) {
        assert_int_equal(first, self->words + 1);
        self->range_end = last;
    } else {
        assert_int_equal(first, ++self->words);
        const char *head = s_cell(line, 6, &size);
        assert_in_range(strtol(head, NULL, 10), 0, 200);
        assert_int_not_equal(strtol(head, NULL, 10), first);
        s_cell(line, 7, &size);
        assert_true(size > 1);
        if (first <= self->range_end)
            return; /* its contraction stood for it */
    }
    const char *form = s_cell(line, 1, &size);
    assert_memory_equal(form, self->text + self->at, size);
    self->at += size;
    const char *misc = s_cell(line, 9, &size);
    if (strncmp(misc, "SpaceAfter=No", 13) != 0 && self->text[self->at] == ' ')
        self->at++;
}

/* The forms and SpaceAfter give the text again, words are numbered, heads are in range. */
static void test_words_give_the_text(void **state)
{
    (void)state;
    winnow_str_t out = wx_conllu(reading(s_text));
    sentence_t self = {0};
    int sentences = 0, ranges = 0;
    const char *line = out.data, *end = out.data + out.size;
    while (line < end) {
        size_t size = strcspn(line, "\n");
        if (strncmp(line, "# text = ", 9) == 0) {
            self = (sentence_t){.text = line + 9};
            sentences++;
        } else if (size > 0 && *line != '#') {
            s_word(&self, line);
            ranges += strcspn(line, "-") < strcspn(line, "\t");
        } else if (size == 0) {
            assert_int_equal(self.text[self.at], '\n');
        }
        line += size + 1;
    }
    assert_int_equal(sentences, 3);
    assert_int_equal(ranges, 4); /* workers' isn't Lee's can't */
}

static void test_entities_stand_where_they_say(void **state)
{
    (void)state;
    winnow_str_t out = wx_entities_json(reading(s_text));
    int lines = 0;
    const char *line = out.data;
    while (line < out.data + out.size) {
        const char *text = strstr(line, "\"text\":\""), *start = strstr(line, "\"start\":");
        const char *end = strstr(line, "\"end\":");
        assert_non_null(text);
        assert_non_null(start);
        assert_non_null(end);
        long from = strtol(start + 8, NULL, 10), to = strtol(end + 6, NULL, 10);
        assert_in_range(from, 0, to - 1);
        assert_in_range(to, from + 1, (long)sizeof s_text - 1);
        assert_memory_equal(text + 8, s_text + from, (size_t)(to - from));
        assert_int_equal(text[8 + to - from], '"');
        lines++;
        line += strcspn(line, "\n") + 1;
    }
    assert_in_range(lines, 3, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_words_give_the_text),
                                       cmocka_unit_test(test_entities_stand_where_they_say)};
    return cmocka_run_group_tests(tests, reading_open, reading_close);
}
