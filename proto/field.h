/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON object into a struct and back, by one table.
 *
 * Each row of the table names a member of the object, its form and limits, and where it goes in the
 * struct. A name with a dot, "credit.bytes", is a member of an object within; rows of one such
 * object stand together. What is absent stays as the struct was set up by wp_fields_clear: strings
 * NULL, numbers WP_ABSENT, booleans false.
 */
#ifndef WP_FIELD_H
#define WP_FIELD_H

#include "buf.h"
#include "json.h"

#define WP_ABSENT UINT64_MAX /* a number that is not there */

/* A string or a piece of JSON. `data` is NULL when it is absent; a string is also NUL-terminated.
 */
typedef struct {
    const char *data;
    size_t size;
} wp_str_t;

#define WP_PREFIXES_MAX 32

/* A short list of strings. */
typedef struct {
    wp_str_t item[WP_PREFIXES_MAX];
    size_t count;
} wp_list_t;

typedef enum {
    WP_F_STRING,  /* wp_str_t, min to max bytes */
    WP_F_OR_NULL, /* the same; absent is written as null */
    WP_F_WORD,    /* the same of lower-case letters, digits and underscores */
    WP_F_DATE,    /* the same, an ISO 8601 day, or RFC 3339 date and time */
    WP_F_DAY,     /* the same, an ISO 8601 day, month or year */
    WP_F_DECIMAL, /* the same, digits with at most one point between them */
    WP_F_UNIT,    /* the same, three upper-case letters */
    WP_F_CHOICE,  /* the same, one of the words in `choice` */
    WP_F_UINT,    /* uint64_t, min to max */
    WP_F_BOOL,    /* bool */
    WP_F_LIST,    /* wp_list_t of at most WP_PREFIXES_MAX strings of at most max bytes */
    WP_F_JSON     /* wp_str_t, any value as it stands */
} wp_form_t;

typedef struct {
    const char *name;   /* "id" or "limits.id" */
    wp_form_t form;     /* what it looks like */
    bool required;      /* its absence is a fault; a boolean is written even when false */
    size_t offset;      /* of its member in the struct */
    uint64_t min;       /* bytes of a string, value of a number */
    uint64_t max;       /* the same */
    const char *choice; /* "accepted stored" */
} wp_field_t;

/* Sets every member that the table names to absent. */
void wp_fields_clear(const wp_field_t *fields, size_t count, void *ret_struct);

/* Reads an object. `strict` is for requests, whose objects are flat: members that the table does
   not name and control characters in strings are refused. In answers both are passed over, and null
   counts as absent. 0, or -1 with WP_BAD_JSON when the value is no object, else WP_BAD_FIELD.
   Strings point into the tree. */
int wp_fields_read(const wp_field_t *fields, size_t count, const wp_node_t *object, bool strict,
                   void *ret_struct, wp_error_t *err);

/* Writes the members that are there as an object. */
void wp_fields_write(const wp_field_t *fields, size_t count, const void *from, wp_buf_t *buf);

/* Whether `size` bytes are a day as in 2022-06-23, that the calendar has. */
bool wp_is_day(const char *text, size_t size);

/* The same, or a date and time as in RFC 3339: 2022-06-23T08:00:00.5+08:00. */
bool wp_is_date(const char *text, size_t size);

#endif
