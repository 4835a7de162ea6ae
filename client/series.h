/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures over time: facts of one subject and metric, in the order of their periods, with a bar for
 * each. What has no period stands at the day of its article.
 */
#ifndef WC_SERIES_H
#define WC_SERIES_H

#include "table.h"

typedef struct wc_series wc_series_t;

/* NULL: no memory. */
wc_series_t *wc_series_new(void);
void wc_series_destroy(wc_series_t **self_p);

/* Takes a row of QUERY; one without a figure is left out. 0, or -1: no memory or no JSON. */
int wc_series_add(wc_series_t *self, const char *json, size_t size);

/* How many were taken. */
size_t wc_series_count(const wc_series_t *self);

/* Prints them: a table with bars, CSV, or the rows as they came. 0, or -1: no memory. */
int wc_series_print(wc_series_t *self, wc_format_t format, bool color);

#endif
