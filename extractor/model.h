/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of the language, loaded once, constant afterwards, shared by threads.
 *
 * winnow_model_new() (model.c) asks each part to load itself; a part is a pointer here that its own
 * module makes and destroys.
 */
#ifndef WX_MODEL_H
#define WX_MODEL_H

#include "arena.h"
#include "intern.h"

#include <winnow/extract.h>

struct wx_stats;                                          /* tagger, names, parser */
struct wx_rules;                                          /* the kinds' rules, compiled */
typedef struct wx_confidence_table wx_confidence_table_t; /* confidence.h */
struct wx_words; /* words of numbers, units, dates (words.h) */

struct winnow_model {
    wx_arena_t arena;       /* for parts that live as long as the model */
    jmp_buf full;           /* for the arena, while loading */
    wx_intern_t *intern;    /* the words that lexicons and rules name; base of every document's */
    char version[64];       /* winnow_model_version() */
    uint32_t checksum;      /* over all lexicons, rules and statistics: wx_model_mix() */
    struct wx_words *words; /* owned by the arena */
    struct wx_rules *rules; /* owned by the arena */
    wx_confidence_table_t *confidence; /* owned by the arena */
    struct wx_stats *stats;            /* owned: see the module that makes it */
};

/* Takes bytes that the model is made of into its version. */
void wx_model_mix(winnow_model_t *self, const void *data, size_t size);

/* Fills *err, if there is one: printf for the message. Returns `code`. */
int wx_error(winnow_error_t *err, winnow_code_t code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
