/* SPDX-License-Identifier: Apache-2.0 */
/* Options by table, and suggestions by edit distance. */
#include "opt.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define S_WORD_MAX 32
#define S_OPTS_MAX 32

int wc_wrong(const wc_usage_t *usage, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "winnow %s: ", usage->name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nTry: winnow %s --help\n", usage->name);
    return 2;
}

static size_t s_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters must be put in, left out, exchanged or swapped with their neighbour. */
static size_t s_distance(const char *a, const char *b)
{
    size_t la = strlen(a);
    size_t lb = strlen(b);
    size_t d[S_WORD_MAX + 1][S_WORD_MAX + 1];

    if (la > S_WORD_MAX || lb > S_WORD_MAX)
        return S_WORD_MAX;
    for (size_t i = 0; i <= la; i++) {
        for (size_t j = 0; j <= lb; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            size_t same = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i][j] = s_min(s_min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = s_min(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[la][lb];
}

const char *wc_nearest(const char *word, const char *const *list)
{
    const char *nearest = NULL;
    size_t least = strlen(word) / 3 + 1;

    for (; *list; list++) {
        bool begins = strlen(word) >= 2 && strncmp(*list, word, strlen(word)) == 0;
        size_t distance = begins ? 0 : s_distance(word, *list);
        if (distance <= least && (!nearest || distance < least)) {
            least = distance;
            nearest = *list;
        }
    }
    return nearest;
}

static int s_unknown(wc_args_t *self, const char *word, size_t size)
{
    char name[S_WORD_MAX + 1];
    const char *names[S_OPTS_MAX + 1] = {NULL};
    size_t count = 0;

    snprintf(name, sizeof name, "%.*s", (int)size, word);
    for (const wc_opt_t *opt = self->usage->opts; opt->id && count < S_OPTS_MAX; opt++)
        names[count++] = opt->name;
    const char *nearest = wc_nearest(name, names);
    if (nearest)
        wc_wrong(self->usage, "unknown option --%s (did you mean --%s?)", name, nearest);
    else
        wc_wrong(self->usage, "unknown option --%s", name);
    return WC_WRONG;
}

static int s_take_value(wc_args_t *self, const wc_opt_t *opt, const char *inside)
{
    self->value = inside;
    if (!opt->value) {
        if (!inside)
            return opt->id;
        wc_wrong(self->usage, "option --%s takes no value", opt->name);
        return WC_WRONG;
    }
    if (!inside) {
        if (self->at >= self->argc) {
            wc_wrong(self->usage, "option --%s needs a value: --%s %s", opt->name, opt->name,
                     opt->value);
            return WC_WRONG;
        }
        self->value = self->argv[self->at++];
    }
    return opt->id;
}

static int s_long(wc_args_t *self, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t size = equals ? (size_t)(equals - word) : strlen(word);

    for (const wc_opt_t *opt = self->usage->opts; opt->id; opt++) {
        if (strlen(opt->name) == size && memcmp(opt->name, word, size) == 0)
            return s_take_value(self, opt, equals ? equals + 1 : NULL);
    }
    return s_unknown(self, word, size);
}

/* One of the letters of -jk VALUE. */
static int s_short(wc_args_t *self)
{
    char letter = *self->rest++;

    if (*self->rest == '\0')
        self->rest = NULL;
    for (const wc_opt_t *opt = self->usage->opts; opt->id; opt++) {
        if (opt->id != letter)
            continue;
        const char *inside = opt->value ? self->rest : NULL;
        if (opt->value)
            self->rest = NULL;
        return s_take_value(self, opt, inside);
    }
    wc_wrong(self->usage, "unknown option -%c", letter);
    return WC_WRONG;
}

int wc_args_next(wc_args_t *self)
{
    if (self->rest)
        return s_short(self);
    if (self->at == 0)
        self->at = 1;
    if (self->at >= self->argc)
        return WC_END;
    const char *word = self->argv[self->at++];
    if (!self->only_args && strcmp(word, "--") == 0) {
        self->only_args = true;
        return wc_args_next(self);
    }
    if (!self->only_args && strncmp(word, "--", 2) == 0)
        return s_long(self, word + 2);
    if (!self->only_args && word[0] == '-' && word[1] != '\0') {
        self->rest = word + 1;
        return s_short(self);
    }
    self->value = word;
    return WC_ARG;
}

void wc_help(const wc_usage_t *usage)
{
    printf("%s\n\nExamples:\n%s\nUsage: winnow %s %s\n\n", usage->summary, usage->examples,
           usage->name, usage->arguments);
    for (const wc_opt_t *opt = usage->opts; opt->id; opt++) {
        char left[40];
        char letter[5] = "    ";
        if (opt->id < 256)
            snprintf(letter, sizeof letter, "-%c, ", (char)opt->id);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, opt->name, opt->value ? " " : "",
                 opt->value ? opt->value : "");
        const char *help = opt->help;
        printf("  %-24s", left);
        if (strlen(left) > 23)
            printf("\n%26s", "");
        for (const char *line = help; line;) {
            const char *end = strchr(line, '\n');
            int size = end ? (int)(end - line) : (int)strlen(line);
            printf("%s%.*s\n", line == help ? "" : "                          ", size, line);
            line = end ? end + 1 : NULL;
        }
    }
    if (usage->notes)
        printf("\n%s", usage->notes);
}
