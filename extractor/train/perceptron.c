/* SPDX-License-Identifier: Apache-2.0 */
/* The averaged perceptron; see perceptron.h. */
#include "perceptron.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>

wt_perceptron_t *wt_perceptron_new(uint32_t rows_log2, uint32_t stride, uint32_t classes)
{
    wt_perceptron_t *self = wt_alloc(1, sizeof *self);
    self->rows = 1u << rows_log2;
    self->stride = stride;
    self->classes = classes;
    self->w = wt_alloc((size_t)self->rows * stride, sizeof *self->w);
    self->u = wt_alloc((size_t)self->rows * stride, sizeof *self->u);
    return self;
}

void wt_perceptron_destroy(wt_perceptron_t **self_p)
{
    if (*self_p) {
        free((*self_p)->w);
        free((*self_p)->u);
        free(*self_p);
        *self_p = NULL;
    }
}

void wt_perceptron_score(const wt_perceptron_t *self, const uint32_t *rows, unsigned count,
                         int32_t *score)
{
    uint32_t stride = self->stride, mask = self->rows - 1;
    memset(score, 0, stride * sizeof *score);
    for (unsigned i = 0; i < count; i++)
        __builtin_prefetch(self->w + (size_t)(rows[i] & mask) * stride);
    for (unsigned i = 0; i < count; i++) {
        const int32_t *row = self->w + (size_t)(rows[i] & mask) * stride;
        for (uint32_t c = 0; c < stride; c++)
            score[c] += row[c];
    }
}

void wt_perceptron_update(wt_perceptron_t *self, const uint32_t *rows, unsigned count,
                          uint32_t class, int32_t by)
{
    uint32_t mask = self->rows - 1;
    for (unsigned i = 0; i < count; i++) {
        size_t at = (size_t)(rows[i] & mask) * self->stride + class;
        self->w[at] += by;
        self->u[at] += by * self->t;
    }
}

enum { ONE = 256 }; /* of the sums, for each perceptron */

void wt_perceptron_add(const wt_perceptron_t *self, int32_t *sum)
{
    size_t count = (size_t)self->rows * self->stride;
    int64_t t = self->t ? self->t : 1;
    for (size_t i = 0; i < count; i++)
        sum[i] += (int32_t)((self->w[i] * t - self->u[i]) * ONE / t);
}

int8_t *wt_perceptron_pack(const wt_perceptron_t *self, const int32_t *sum, int parts, int scale)
{
    const int limit = 127;
    size_t count = (size_t)self->rows * self->stride;
    int64_t largest = 1;
    for (size_t i = 0; i < count; i++)
        largest = llabs(sum[i]) > largest ? llabs(sum[i]) : largest;
    int64_t times = scale ? scale : limit, per = scale ? (int64_t)parts * ONE : largest;
    int8_t *result = wt_alloc(count, sizeof *result);
    for (size_t i = 0; i < count; i++) {
        int64_t twice = 2 * sum[i] * times;
        int64_t q = (twice < 0 ? twice - per : twice + per) / (2 * per);
        result[i] = (int8_t)(q > limit ? limit : q < -limit ? -limit : q);
    }
    return result;
}

wx_linear_t wt_linear(const wt_perceptron_t *self, const int8_t *weights)
{
    size_t count = (size_t)self->rows * self->stride;
    int8_t *copy = wt_alloc(count, 1);
    memcpy(copy, weights, count);
    return (wx_linear_t){self->rows - 1, self->stride, copy};
}
