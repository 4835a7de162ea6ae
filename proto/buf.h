/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that grow, and JSON written into them.
 *
 * A buffer that could not grow is `failed`: it takes no more, and whoever wrote asks once, at the
 * end. `wp_buf_t buf = WP_BUF_INIT` is an empty one; `wp_buf_clear` keeps the memory for the next
 * use, `wp_buf_free` gives it back.
 *
 * The writer puts commas and keys: an object's members are written with a key, an array's with
 * NULL. Strings must be valid UTF-8; they are escaped here.
 */
#ifndef WP_BUF_H
#define WP_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *data;      /* not NUL-terminated; NULL while nothing was written */
    size_t size;     /* bytes written */
    size_t capacity; /* bytes there is room for */
    bool failed;     /* memory ran out: the content is not complete */
} wp_buf_t;

#define WP_BUF_INIT                                                                                \
    {                                                                                              \
        NULL, 0, 0, false                                                                          \
    }

void wp_buf_add(wp_buf_t *self, const void *data, size_t size);
void wp_buf_puts(wp_buf_t *self, const char *string);
void wp_buf_clear(wp_buf_t *self);
void wp_buf_free(wp_buf_t *self);

typedef struct {
    wp_buf_t *buf;
    bool comma; /* the next member needs a comma before it */
} wp_writer_t;

/* A writer at the end of a buffer, which stays its owner's. */
wp_writer_t wp_writer(wp_buf_t *buf);

void wp_write_object(wp_writer_t *self, const char *key);
void wp_write_object_end(wp_writer_t *self);
void wp_write_array(wp_writer_t *self, const char *key);
void wp_write_array_end(wp_writer_t *self);
void wp_write_string(wp_writer_t *self, const char *key, const char *string);
void wp_write_bytes(wp_writer_t *self, const char *key, const char *string, size_t size);
void wp_write_uint(wp_writer_t *self, const char *key, uint64_t value);
void wp_write_bool(wp_writer_t *self, const char *key, bool value);
void wp_write_null(wp_writer_t *self, const char *key);
/* `size` bytes that are JSON already. */
void wp_write_raw(wp_writer_t *self, const char *key, const char *json, size_t size);

#endif
