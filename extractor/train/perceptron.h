/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The averaged perceptron that trains all linear models (../linear.h): integer weights, the average
 * kept as w - u / t.
 */
#ifndef WT_PERCEPTRON_H
#define WT_PERCEPTRON_H

#include "../linear.h"

#include <stddef.h>

typedef struct {
    uint32_t rows, stride, classes;
    int32_t *w; /* [rows][stride] */
    int64_t *u; /* sum of time * change */
    int64_t t;  /* time: decisions so far */
} wt_perceptron_t;

wt_perceptron_t *wt_perceptron_new(uint32_t rows_log2, uint32_t stride, uint32_t classes);
void wt_perceptron_destroy(wt_perceptron_t **self_p);

void wt_perceptron_score(const wt_perceptron_t *self, const uint32_t *rows, unsigned count,
                         int32_t *score);

/* Adds `by` to the weights of a class on all rows. */
void wt_perceptron_update(wt_perceptron_t *self, const uint32_t *rows, unsigned count,
                          uint32_t class, int32_t by);

/* Several perceptrons that learned the same in another order are added up, which scores as all of
 * them together. A sum has rows * stride weights, zero at first. */
void wt_perceptron_add(const wt_perceptron_t *self, int32_t *sum);

/* The weights of a sum as whole numbers: as large as fits, or, with `scale`, so many times the
 * average of `parts` perceptrons; over 127 they are cut. For the caller to free(). */
int8_t *wt_perceptron_pack(const wt_perceptron_t *self, const int32_t *sum, int parts, int scale);

/* A model that scores with `weights`. Owns its copy. */
wx_linear_t wt_linear(const wt_perceptron_t *self, const int8_t *weights);

#endif
