/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON read strictly into a tree: one value, UTF-8 without byte order mark, at most WP_JSON_DEPTH
 * levels, no key twice in an object, at most WP_JSON_KEYS keys in one, no lone surrogate, no U+0000
 * in a string.
 *
 * The tree and all its strings live until wp_json_destroy; `raw` points into the caller's text,
 * which must live as long. Trees are read only and may be read from any thread.
 */
#ifndef WP_JSON_H
#define WP_JSON_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WP_JSON_DEPTH 16
#define WP_JSON_KEYS  512
#define WP_UINT_MAX   ((UINT64_C(1) << 53) - 1) /* numbers stay exact in every language */

typedef enum {
    WP_JSON_NULL,
    WP_JSON_BOOL,
    WP_JSON_NUMBER,
    WP_JSON_STRING,
    WP_JSON_ARRAY,
    WP_JSON_OBJECT
} wp_json_type_t;

typedef struct wp_node wp_node_t;
struct wp_node {
    wp_json_type_t type;
    bool boolean;       /* of a WP_JSON_BOOL */
    const char *key;    /* its name in the object around it, NUL-terminated, else NULL */
    const char *string; /* of a WP_JSON_STRING, unescaped, NUL-terminated, else NULL */
    size_t size;        /* bytes of string */
    const char *raw;    /* the value as it stands in the text */
    size_t raw_size;    /* its bytes */
    size_t count;       /* members of an array or object */
    wp_node_t *child;   /* the first of them */
    wp_node_t *next;    /* the next member of what this one is in */
};

typedef struct wp_json wp_json_t;

/* Reads `size` bytes. NULL on failure: WP_BAD_JSON with the offset of the byte at fault, or
   WP_INTERNAL without memory. */
wp_json_t *wp_json_parse(const char *text, size_t size, wp_error_t *err);

/* The value that was read; never NULL. */
const wp_node_t *wp_json_root(const wp_json_t *self);

/* The member of an object. NULL if there is none, or if `object` is NULL or no object. */
const wp_node_t *wp_node_get(const wp_node_t *object, const char *key);

/* The string of a member, or NULL if there is none or it is no string. */
const char *wp_node_string(const wp_node_t *object, const char *key);

/* Whether the node (may be NULL) is a whole number from 0 to WP_UINT_MAX; then it is `*ret_value`.
 */
bool wp_node_uint(const wp_node_t *node, uint64_t *ret_value);

void wp_json_destroy(wp_json_t **self_p);

#endif
