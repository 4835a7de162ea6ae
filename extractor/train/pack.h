/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing the packed model (../model_file.h), section by section.
 */
#ifndef WT_PACK_H
#define WT_PACK_H

#include "perceptron.h"

#include <stddef.h>
#include <stdint.h>

/* A growing row of bytes, or of bits, lowest first. */
typedef struct {
    uint8_t *at;
    size_t size, capacity;
    uint64_t bits;
    unsigned have;
} wt_bytes_t;

void wt_bytes_put(wt_bytes_t *self, const void *data, size_t size);
void wt_bits_put(wt_bytes_t *self, uint32_t value, unsigned count);
void wt_bits_golomb(wt_bytes_t *self, uint32_t value, unsigned order);
void wt_bits_end(wt_bytes_t *self);

/* The order under which the values take the fewest bits. */
unsigned wt_golomb_order(const uint32_t *values, size_t count);

/* A linear model as a section. */
wt_bytes_t wt_pack_linear(const int8_t *weights, uint32_t rows, uint32_t stride);

/* Puts a section into the model file at `path`, in the place of one of the same name; makes the
 * file if there is none. Exits with a message on failure. */
void wt_pack_section(const char *path, const char *name, const void *data, size_t size);

#endif
