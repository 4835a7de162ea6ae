/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Word classes from raw text: words that stand beside the same words come into one class.
 *
 * Each word v has counts n(v, w) of its neighbours w, left and right told apart, over the most
 * frequent CONTEXTS words. A class c is the sum of its words, N(w, c). Words move, one after
 * another in the order of frequency, to the class under which their neighbours are likeliest:
 *
 *     score(c) = sum over w of n(v, w) * log2 (N(w, c) + 1)  -  n(v) * log2 (N(c) + CONTEXTS / 4)
 *
 * and N is brought up to date at once (an exchange with the word taken out first). All of it is in
 * integers, counts of frequent words scaled down, so the same text gives the same classes on every
 * machine. The classes start as the most frequent words alone. Tried and dropped: batch moves,
 * which let all rare words run into a few classes.
 */
#include "cluster.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXTS = 12000, COUNT_SUM = 1 << 14, LOG_ONE = 128, LOG_TABLE = 1 << 16 };

typedef struct {
    uint32_t context, count;
} link_t;

typedef struct {
    const wt_text_t *text;
    uint32_t words, classes;
    uint32_t *first; /* words + 1: where the links of a word begin */
    link_t *links;
    uint32_t *total;   /* scaled count of neighbours, by word */
    uint32_t *n;       /* [2 * CONTEXTS][classes] */
    int16_t *log;      /* log2 (n + 1), in the same order */
    uint32_t *n_class; /* neighbours by class */
    uint16_t *class_of;
    int16_t log_table[LOG_TABLE];
} cluster_t;

static int16_t s_log2(uint32_t x)
{
    /* log2 in units of 1/LOG_ONE, by squaring: seven bits behind the point */
    unsigned whole = 0;
    while (x >> (whole + 1)) {
        ++whole;
    }
    uint64_t m = ((uint64_t)x << 31) >> whole;
    unsigned result = whole * LOG_ONE;
    for (unsigned bit = LOG_ONE / 2; bit > 0; bit /= 2) {
        m = (m * m) >> 31;
        if (m >> 32) {
            m >>= 1;
            result += bit;
        }
    }
    return (int16_t)result;
}

static int16_t s_log(const cluster_t *self, uint32_t n)
{
    return n < LOG_TABLE ? self->log_table[n] : s_log2(n);
}

static int s_order_pairs(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Pairs word << 32 | context, sorted and counted in rounds so that memory stays bounded. */
static void s_count_links(cluster_t *self)
{
    const wt_text_t *text = self->text;
    size_t capacity = 0;
    for (size_t i = 1; i < text->length; ++i) {
        uint32_t a = text->stream[i - 1], b = text->stream[i];
        capacity += (b < self->words && a < CONTEXTS) + (a < self->words && b < CONTEXTS);
    }
    uint64_t *pairs = wt_alloc(capacity + 1, sizeof *pairs);
    size_t count = 0;
    for (size_t i = 1; i < text->length; ++i) {
        uint32_t a = text->stream[i - 1], b = text->stream[i];
        if (b < self->words && a < CONTEXTS) {
            pairs[count++] = (uint64_t)b << 32 | a;
        }
        if (a < self->words && b < CONTEXTS) {
            pairs[count++] = (uint64_t)a << 32 | (CONTEXTS + b);
        }
    }
    qsort(pairs, count, sizeof *pairs, s_order_pairs);
    size_t distinct = 0;
    for (size_t i = 0; i < count; ++i) {
        distinct += i == 0 || pairs[i] != pairs[i - 1];
    }
    self->links = wt_alloc(distinct + 1, sizeof *self->links);
    self->first = wt_alloc(self->words + 1, sizeof *self->first);
    self->total = wt_alloc(self->words, sizeof *self->total);
    size_t at = 0, link = 0;
    for (uint32_t v = 0; v < self->words; ++v) {
        size_t end = at;
        while (end < count && pairs[end] >> 32 == v) {
            ++end;
        }
        size_t sum = end - at;
        self->first[v] = (uint32_t)link;
        while (at < end) {
            size_t next = at;
            while (next < end && pairs[next] == pairs[at]) {
                ++next;
            }
            uint64_t n = next - at;
            if (sum > COUNT_SUM) {
                n = n * COUNT_SUM / sum;
            }
            if (n > 0) {
                self->links[link++] = (link_t){(uint32_t)pairs[at], (uint32_t)n};
                self->total[v] += (uint32_t)n;
            }
            at = next;
        }
    }
    self->first[self->words] = (uint32_t)link;
    free(pairs);
}

static void s_add(cluster_t *self, uint32_t v, uint32_t class, bool in)
{
    for (uint32_t i = self->first[v]; i < self->first[v + 1]; ++i) {
        size_t cell = (size_t)self->links[i].context * self->classes + class;
        self->n[cell] =
            in ? self->n[cell] + self->links[i].count : self->n[cell] - self->links[i].count;
        self->log[cell] = s_log(self, self->n[cell] + 1);
    }
    self->n_class[class] =
        in ? self->n_class[class] + self->total[v] : self->n_class[class] - self->total[v];
}

static uint32_t s_best(const cluster_t *self, uint32_t v, int32_t *score)
{
    uint32_t classes = self->classes;
    for (uint32_t c = 0; c < classes; ++c) {
        score[c] = -(int32_t)self->total[v] * s_log2(self->n_class[c] + CONTEXTS / 4);
    }
    for (uint32_t i = self->first[v]; i < self->first[v + 1]; ++i) {
        const int16_t *row = self->log + (size_t)self->links[i].context * classes;
        int32_t n = (int32_t)self->links[i].count;
        for (uint32_t c = 0; c < classes; ++c) {
            score[c] += n * row[c];
        }
    }
    uint32_t best = 0;
    for (uint32_t c = 1; c < classes; ++c) {
        if (score[c] > score[best]) {
            best = c;
        }
    }
    return best;
}

uint16_t *wt_cluster(const wt_text_t *text, uint32_t words, uint32_t classes, int rounds)
{
    cluster_t self = {.text = text, .words = words, .classes = classes};
    for (uint32_t i = 1; i < LOG_TABLE; ++i) {
        self.log_table[i] = s_log2(i);
    }
    s_count_links(&self);
    size_t cells = (size_t)2 * CONTEXTS * classes;
    self.n = wt_alloc(cells, sizeof *self.n);
    self.log = wt_alloc(cells, sizeof *self.log);
    self.n_class = wt_alloc(classes, sizeof *self.n_class);
    self.class_of = wt_alloc(words, sizeof *self.class_of);
    int32_t *score = wt_alloc(classes, sizeof *score);
    for (int round = 0; round < rounds; ++round) {
        uint32_t moved = 0;
        for (uint32_t v = 0; v < words; ++v) {
            uint32_t old = self.class_of[v], best;
            if (round == 0) {
                best = v < classes ? v : s_best(&self, v, score);
            } else {
                s_add(&self, v, old, false);
                best = s_best(&self, v, score);
            }
            s_add(&self, v, best, true);
            self.class_of[v] = (uint16_t)best;
            moved += best != old;
        }
        fprintf(stderr, "clusters: %" PRIu32 " classes, round %d, %" PRIu32 " words moved\n",
                classes, round + 1, moved);
    }
    free(self.first);
    free(self.links);
    free(self.total);
    free(self.n);
    free(self.log);
    free(self.n_class);
    free(score);
    return self.class_of;
}
