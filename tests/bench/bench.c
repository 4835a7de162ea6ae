/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

uint64_t bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void bench_die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static void *s_alloc(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);
    if (!p)
        bench_die("no memory");
    return p;
}

void bench_times_add(bench_times_t *self, uint64_t nanoseconds)
{
    if (self->count == self->capacity) {
        self->capacity = self->capacity ? self->capacity * 2 : 65536;
        self->at = s_alloc(self->at, self->capacity * sizeof *self->at);
    }
    self->at[self->count++] = nanoseconds;
}

static int s_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

double bench_times_ms(bench_times_t *self, double share)
{
    if (!self->count)
        return 0;
    qsort(self->at, self->count, sizeof *self->at, s_compare);
    size_t i = (size_t)(share * (double)self->count);
    return (double)self->at[i < self->count ? i : self->count - 1] / 1e6;
}

void bench_times_clear(bench_times_t *self)
{
    free(self->at);
    *self = (bench_times_t){0};
}

/* xorshift64*: the same words in each run. */
static uint64_t s_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1du;
}

void bench_texts_fill(bench_texts_t *self, size_t count, size_t size)
{
    uint64_t state = 0x9e3779b97f4a7c15u;
    *self = (bench_texts_t){s_alloc(NULL, count * sizeof *self->text),
                            s_alloc(NULL, count * sizeof *self->size), count};
    for (size_t i = 0; i < count; i++) {
        char *p = s_alloc(NULL, size + 1);
        size_t at = 0;
        while (at < size) {
            size_t word = 2 + s_random(&state) % 9;
            for (size_t k = 0; k < word && at < size; k++)
                p[at++] = (char)('a' + s_random(&state) % 26);
            if (at < size)
                p[at++] = s_random(&state) % 13 ? ' ' : '.';
        }
        p[size] = '\0';
        self->text[i] = p;
        self->size[i] = size;
    }
}

void bench_texts_read(bench_texts_t *self, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        bench_die("%s: %s", path, strerror(errno));
    *self = (bench_texts_t){0};
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    while ((n = getdelim(&line, &room, '\0', file)) > 0) {
        size_t size = line[n - 1] == '\0' ? (size_t)n - 1 : (size_t)n;
        if (!size)
            continue;
        self->text = s_alloc(self->text, (self->count + 1) * sizeof *self->text);
        self->size = s_alloc(self->size, (self->count + 1) * sizeof *self->size);
        self->text[self->count] = line;
        self->size[self->count++] = size;
        line = NULL;
        room = 0;
    }
    free(line);
    fclose(file);
    if (!self->count)
        bench_die("%s: no texts", path);
}

size_t bench_texts_longest(const bench_texts_t *self)
{
    size_t longest = 0;
    for (size_t i = 0; i < self->count; i++)
        longest = self->size[i] > longest ? self->size[i] : longest;
    return longest;
}

size_t bench_texts_make(const bench_texts_t *self, uint64_t n, char *out)
{
    size_t i = (size_t)(n % self->count);
    int head = sprintf(out, "No. %x-%llx\n\n", (unsigned)getpid(), (unsigned long long)n);
    memcpy(out + head, self->text[i], self->size[i]);
    return (size_t)head + self->size[i];
}

void bench_texts_clear(bench_texts_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->text[i]);
    free(self->text);
    free(self->size);
    *self = (bench_texts_t){0};
}

uint64_t bench_number(const char *option, const char *value)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(value, &end, 10);
    if (errno || end == value || *end)
        bench_die("%s: \"%s\" is no number", option, value);
    return n;
}
