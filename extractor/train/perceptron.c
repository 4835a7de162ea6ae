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

int8_t *wt_perceptron_average(const wt_perceptron_t *self, int scale, int least)
{
    size_t count = (size_t)self->rows * self->stride;
    int64_t t = self->t ? self->t : 1, largest = 1;
    const int limit = 127;
    int8_t *result = wt_alloc(count, sizeof *result);
    for (size_t i = 0; i < count; i++) {
        int64_t sum = self->w[i] * t - self->u[i];
        if (llabs(sum) > largest)
            largest = llabs(sum);
    }
    for (size_t i = 0; i < count; i++) {
        double x = (double)(self->w[i] * t - self->u[i]);
        double y = scale ? x / (double)t * scale : x / (double)largest * limit;
        int q = (int)(y < 0 ? y - 0.5 : y + 0.5);
        q = q > limit ? limit : q < -limit ? -limit : q;
        result[i] = (int8_t)(abs(q) < least ? 0 : q);
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
