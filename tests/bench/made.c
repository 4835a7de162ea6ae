/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up news; see made.h. */
#include "made.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 40000
#define NAMES 30000

uint64_t made_random(made_t *self, uint64_t below)
{
    uint64_t z = self->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (z ^ z >> 31) % below;
}

static const char *const s_syllables[] = {"ba", "chun", "da",  "er",  "fang", "gel",  "hai", "in",
                                          "jo", "ka",   "lin", "mer", "no",   "or",   "pen", "qi",
                                          "ro", "shen", "ti",  "ul",  "ver",  "wang", "xu",  "yan"};

static void s_word(made_t *self, char *word, size_t syllables)
{
    size_t at = 0;
    for (size_t i = 0; i < syllables && at < 11; i++)
        at += (size_t)snprintf(word + at, 16 - at, "%s", s_syllables[made_random(self, 24)]);
}

void made_init(made_t *self, uint64_t seed)
{
    *self = (made_t){.state = seed, .word_count = WORDS, .name_count = NAMES};
    self->words = calloc(WORDS, sizeof *self->words);
    self->names = calloc(NAMES, sizeof *self->names);
    self->weights = calloc(WORDS, sizeof *self->weights);
    if (self->words == NULL || self->names == NULL || self->weights == NULL)
        abort();
    double sum = 0;
    for (size_t i = 0; i < WORDS; i++) {
        s_word(self, self->words[i], i < 200 ? 1 + i % 2 : 2 + i % 4);
        sum += 1.0 / (double)(i + 2);
        self->weights[i] = sum;
    }
    static const char *const ends[] = {"Group", "Industrial Park", "University", "Ministry", "Co"};
    for (size_t i = 0; i < NAMES; i++) {
        char a[16], b[16];
        s_word(self, a, 2);
        s_word(self, b, 3);
        a[0] = (char)(a[0] - 32);
        b[0] = (char)(b[0] - 32);
        if (i % 3 == 0)
            snprintf(self->names[i], sizeof self->names[i], "%s %s", a, b);
        else
            snprintf(self->names[i], sizeof self->names[i], "%s %s %s", a, b, ends[i % 5]);
    }
}

void made_free(made_t *self)
{
    free(self->words);
    free(self->names);
    free(self->weights);
}

static const char *s_pick(made_t *self)
{
    double at = self->weights[WORDS - 1] * (double)made_random(self, 1u << 30) / (1u << 30);
    size_t low = 0, high = WORDS - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (self->weights[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return self->words[low];
}

/* A third of the names that occur are among the 300 that the news is full of. */
static const char *s_name(made_t *self)
{
    return self
        ->names[made_random(self, 3) == 0 ? made_random(self, 300) : made_random(self, NAMES)];
}

wd_article_t *made_article(made_t *self, uint64_t number, size_t size)
{
    char *text = malloc(size + 128);
    char id[64], url[128], published[16];
    if (text == NULL)
        abort();
    size_t at = 0;
    while (at < size) {
        const char *word = made_random(self, 12) == 0 ? s_name(self) : s_pick(self);
        at += (size_t)snprintf(text + at, size + 128 - at, "%s%s", word,
                               made_random(self, 14) == 0 ? ". " : " ");
    }
    snprintf(id, sizeof id, "made:%llu", (unsigned long long)number);
    snprintf(url, sizeof url, "https://news.example/%llx/article-of-the-day.html",
             (unsigned long long)made_random(self, UINT64_MAX));
    snprintf(published, sizeof published, "20%02d-%02d-%02d", (int)made_random(self, 25),
             1 + (int)made_random(self, 12), 1 + (int)made_random(self, 28));
    wd_article_t *article =
        wd_article_new(id, "Example Daily", url, "A headline of the usual length for such a page",
                       published, text, at);
    free(text);
    if (article == NULL)
        abort();
    return article;
}

/* The roles of a kind: whose, what else, an amount, words, a date; NULL: it has none. */
static const struct {
    const char *kind, *a, *b, *amount, *text, *date;
} s_kinds[] = {
    {"statistic", "subject", NULL, "value", "metric", "period"},
    {"statement", "speaker", NULL, NULL, "content", NULL},
    {"investment", "investor", "recipient", "amount", NULL, "date"},
    {"change", "subject", NULL, "amount", "metric", "period"},
    {"position", "person", "organisation", NULL, "title", NULL},
    {"location", "entity", NULL, NULL, NULL, NULL},
    {"target", "subject", NULL, "value", "metric", "deadline"},
    {"founding", "entity", NULL, NULL, NULL, "date"},
    {"agreement", "party", "party", NULL, "topic", NULL},
    {"gathering", "event", NULL, NULL, NULL, "date"},
    {"ownership", "entity", "owner", NULL, NULL, NULL},
    {"facility_event", "facility", NULL, NULL, NULL, "date"},
};
#define KINDS (sizeof s_kinds / sizeof s_kinds[0])

/* Roles of a story: the same each time that it is told. */
static int s_roles(made_t *self, uint64_t story, size_t *ret_kind, char *out, size_t size)
{
    made_t own = *self;
    own.state = story * 1000003;
    size_t kind = made_random(&own, made_random(&own, 4) == 0 ? KINDS : 4);
    unsigned long long amount = made_random(&own, 9000) + 1000;
    for (uint64_t zeros = made_random(&own, 8); zeros > 0; zeros--)
        amount *= 10;
    int at = snprintf(out, size,
                      "\"place\":[{\"text\":\"%s\",\"type\":\"place\",\"start\":40,\"end\":50}],"
                      "\"%s\":[{\"text\":\"%s\",\"type\":\"organisation\",\"start\":10,\"end\":20}",
                      self->names[made_random(&own, 300)], s_kinds[kind].a, s_name(&own));
    if (s_kinds[kind].b != NULL) {
        if (strcmp(s_kinds[kind].a, s_kinds[kind].b) != 0)
            at += snprintf(out + at, size - (size_t)at, "],\"%s\":[", s_kinds[kind].b);
        else
            at += snprintf(out + at, size - (size_t)at, ",");
        at += snprintf(out + at, size - (size_t)at, "{\"text\":\"%s\",\"type\":\"organisation\"}",
                       s_name(&own));
    }
    if (s_kinds[kind].amount != NULL)
        at += snprintf(out + at, size - (size_t)at,
                       "],\"%s\":[{\"text\":\"%llu yuan\",\"type\":\"money\",\"number\":%llu,"
                       "\"unit\":\"CNY\",\"bound\":\"exact\",\"start\":20,\"end\":30}",
                       s_kinds[kind].amount, amount, amount);
    if (s_kinds[kind].text != NULL) {
        const char *a = own.words[made_random(&own, 400)], *b = s_pick(&own), *c = s_pick(&own);
        at += snprintf(out + at, size - (size_t)at,
                       "],\"%s\":[{\"text\":\"%s %s%s%s\",\"type\":\"text\"}", s_kinds[kind].text,
                       a, b, kind == 1 ? " " : "", kind == 1 ? c : "");
    }
    if (s_kinds[kind].date != NULL)
        at += snprintf(out + at, size - (size_t)at,
                       "],\"%s\":[{\"text\":\"then\",\"type\":\"date\",\"value\":\"20%02d\"}",
                       s_kinds[kind].date, (int)made_random(&own, 25));
    *ret_kind = kind;
    return at;
}

void made_facts(made_t *self, wd_finished_t *finished, size_t count)
{
    const wd_article_t *article = finished->job->article;
    for (size_t i = 0; i < count; i++) {
        char json[2048], roles[1200];
        bool old = self->stories > 2000 && made_random(self, 5) == 0;
        uint64_t story = old ? self->stories - made_random(self, 2000) : ++self->stories;
        size_t kind = 0;
        size_t start = article->size > 400 ? made_random(self, article->size - 300) : 0;
        size_t length = article->size > 400 ? 160 + made_random(self, 120) : article->size;
        s_roles(self, story, &kind, roles, sizeof roles);
        int size = snprintf(json, sizeof json,
                            "{\"kind\":\"%s\",\"modality\":\"actual\",\"reported_by\":null,"
                            "\"roles\":{%s]},\"evidence\":{\"start\":%zu,\"end\":%zu,"
                            "\"text\":\"%.*s\"},\"confidence\":0.8,\"rule\":\"some-rule\"}",
                            s_kinds[kind].kind, roles, start, start + length, (int)length,
                            article->text + start);
        if (size < 0 || (size_t)size >= sizeof json ||
            !wd_finished_add(finished, s_kinds[kind].kind, json, (size_t)size))
            abort();
    }
}
