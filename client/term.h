/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing for people: text from outside made harmless, colours, facts as a line, and the progress
 * of a long work.
 */
#ifndef WC_TERM_H
#define WC_TERM_H

#include "proto/buf.h"
#include "proto/json.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef enum { WC_PLAIN, WC_BOLD, WC_DIM, WC_RED, WC_GREEN, WC_CYAN, WC_MARK } wc_style_t;

/* Turns a style on, or off with WC_PLAIN; nothing when `color` is false. */
void wc_style(FILE *out, bool color, wc_style_t style);

/* Appends text so that a terminal shows it and does nothing else: blanks and newlines as one blank
 * (`lines`: newlines are kept), other control characters and what turns the direction of writing as
 * \xNN or \u{NNNN}. */
void wc_clean(wp_buf_t *buf, const char *text, size_t size, bool lines);

/* The same, to a file. */
void wc_print_clean(FILE *out, const char *text, size_t size, bool lines);

/* Appends what the roles of a record say, "investor: BMW Brilliance; amount: 15 billion yuan",
 * uncleaned. */
void wc_roles(wp_buf_t *buf, const wp_node_t *record);

/* The string of a member, or "". */
const char *wc_text_of(const wp_node_t *object, const char *key);

/* A line on standard error that is written over, ten times a second at most. */
typedef struct {
    bool on;
    int64_t drawn; /* when, in milliseconds; 0: not yet */
} wc_progress_t;

/* Whether it is time to draw again. */
bool wc_progress_due(wc_progress_t *self);
/* Draws "LABEL [####    ] 12/40 REST"; without a bar when `total` is 0. */
void wc_progress_draw(wc_progress_t *self, const char *label, uint64_t done, uint64_t total,
                      const char *rest);
/* Takes the line away, so that something else can be printed. */
void wc_progress_clear(wc_progress_t *self);

#endif
