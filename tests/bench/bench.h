/* SPDX-License-Identifier: Apache-2.0 */
/* What the load generators share: a clock, latencies, and text that does not compress. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Monotonic nanoseconds. */
uint64_t bench_now(void);

/* A growing list of latencies in nanoseconds. Zeroed to begin; free()d by bench_times_clear. */
typedef struct {
    uint64_t *at;
    size_t count, capacity;
} bench_times_t;

void bench_times_add(bench_times_t *self, uint64_t nanoseconds);
/* Sorts, and gives the value below which `share` (0 to 1) of all lie, in milliseconds; 0: none. */
double bench_times_ms(bench_times_t *self, double share);
void bench_times_clear(bench_times_t *self);

/* The texts that are sent: bench_texts_fill makes `count` of about `size` bytes out of random
 * words; bench_texts_read takes a file in which a zero byte ends each. */
typedef struct {
    char **text;
    size_t *size;
    size_t count;
} bench_texts_t;

void bench_texts_fill(bench_texts_t *self, size_t count, size_t size);
void bench_texts_read(bench_texts_t *self, const char *path);
/* Writes text number `n` into `out` (of at least its size and 32 bytes), begun with a line that
 * makes it unlike any other number's and any other run's; returns how long it is. */
size_t bench_texts_make(const bench_texts_t *self, uint64_t n, char *out);
size_t bench_texts_longest(const bench_texts_t *self);
void bench_texts_clear(bench_texts_t *self);

/* Ends the program with a word. */
_Noreturn void bench_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The number of option `value`, or the end. */
uint64_t bench_number(const char *option, const char *value);

#endif
