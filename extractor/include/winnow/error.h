/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong in libwinnow-extract, in one value.
 *
 * Every function that can fail in more than one way takes a `winnow_error_t *err` last, which may
 * be NULL. On failure it is filled; on success it is left alone. Nothing in it needs to be freed.
 */
#ifndef WINNOW_ERROR_H
#define WINNOW_ERROR_H

#include <stddef.h>

typedef enum {
    WINNOW_OK = 0,
    WINNOW_E_MEMORY = -1,    /* the system has no memory left */
    WINNOW_E_UTF8 = -2,      /* the text is not valid UTF-8; offset says where */
    WINNOW_E_TOO_LARGE = -3, /* the text is longer than WINNOW_TEXT_MAX */
    WINNOW_E_EFFORT = -4,    /* the arena's ceiling was reached: the text asks for too much work */
    WINNOW_E_DATE = -5,      /* `published` is no ISO 8601 date */
    WINNOW_E_RULE = -6,      /* a rule file does not compile; file, line and column say where */
    WINNOW_E_MODEL = -7,     /* the model is damaged or of another version */
    WINNOW_E_IO = -8         /* a file could not be read */
} winnow_code_t;

typedef struct {
    winnow_code_t code;
    size_t offset;     /* byte offset into the input that is at fault, else 0 */
    unsigned line;     /* line in a rule file, from 1, else 0 */
    unsigned column;   /* column in that line, from 1, else 0 */
    char message[256]; /* one line for a person, NUL-terminated, names the place */
} winnow_error_t;

#endif
