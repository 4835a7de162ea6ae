/* SPDX-License-Identifier: Apache-2.0 */
/* A growing buffer, and a JSON writer of the few forms that our messages have. */
#include "buf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool s_reserve(wp_buf_t *self, size_t more)
{
    if (self->failed || more > SIZE_MAX / 4 - self->size) {
        self->failed = true;
        return false;
    }
    if (self->capacity - self->size >= more)
        return true;
    size_t capacity = self->capacity ? self->capacity * 2 : 256;
    while (capacity - self->size < more)
        capacity *= 2;
    char *data = realloc(self->data, capacity);
    if (!data) {
        self->failed = true;
        return false;
    }
    self->data = data;
    self->capacity = capacity;
    return true;
}

void wp_buf_add(wp_buf_t *self, const void *data, size_t size)
{
    if (size == 0 || !s_reserve(self, size))
        return;
    memcpy(self->data + self->size, data, size);
    self->size += size;
}

void wp_buf_puts(wp_buf_t *self, const char *string)
{
    wp_buf_add(self, string, strlen(string));
}

void wp_buf_clear(wp_buf_t *self)
{
    self->size = 0;
    self->failed = false;
}

void wp_buf_free(wp_buf_t *self)
{
    free(self->data);
    *self = (wp_buf_t)WP_BUF_INIT;
}

wp_writer_t wp_writer(wp_buf_t *buf)
{
    return (wp_writer_t){buf, false};
}

/* A quoted string. Runs that need no escape are copied whole. */
static void s_string(wp_buf_t *buf, const char *string, size_t size)
{
    size_t from = 0;

    wp_buf_add(buf, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)string[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        wp_buf_add(buf, string + from, i - from);
        from = i + 1;
        switch (byte) {
        case '"':
            wp_buf_add(buf, "\\\"", 2);
            break;
        case '\\':
            wp_buf_add(buf, "\\\\", 2);
            break;
        case '\n':
            wp_buf_add(buf, "\\n", 2);
            break;
        case '\r':
            wp_buf_add(buf, "\\r", 2);
            break;
        case '\t':
            wp_buf_add(buf, "\\t", 2);
            break;
        default: {
            char escape[8];
            snprintf(escape, sizeof escape, "\\u%04x", byte);
            wp_buf_add(buf, escape, 6);
        }
        }
    }
    wp_buf_add(buf, string + from, size - from);
    wp_buf_add(buf, "\"", 1);
}

static void s_member(wp_writer_t *self, const char *key)
{
    if (self->comma)
        wp_buf_add(self->buf, ",", 1);
    self->comma = true;
    if (key) {
        s_string(self->buf, key, strlen(key));
        wp_buf_add(self->buf, ":", 1);
    }
}

static void s_open(wp_writer_t *self, const char *key, const char *bracket)
{
    s_member(self, key);
    wp_buf_add(self->buf, bracket, 1);
    self->comma = false;
}

static void s_close(wp_writer_t *self, const char *bracket)
{
    wp_buf_add(self->buf, bracket, 1);
    self->comma = true;
}

void wp_write_object(wp_writer_t *self, const char *key)
{
    s_open(self, key, "{");
}

void wp_write_object_end(wp_writer_t *self)
{
    s_close(self, "}");
}

void wp_write_array(wp_writer_t *self, const char *key)
{
    s_open(self, key, "[");
}

void wp_write_array_end(wp_writer_t *self)
{
    s_close(self, "]");
}

void wp_write_string(wp_writer_t *self, const char *key, const char *string)
{
    wp_write_bytes(self, key, string, strlen(string));
}

void wp_write_bytes(wp_writer_t *self, const char *key, const char *string, size_t size)
{
    s_member(self, key);
    s_string(self->buf, string, size);
}

void wp_write_uint(wp_writer_t *self, const char *key, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    s_member(self, key);
    wp_buf_puts(self->buf, digits);
}

void wp_write_bool(wp_writer_t *self, const char *key, bool value)
{
    s_member(self, key);
    wp_buf_puts(self->buf, value ? "true" : "false");
}

void wp_write_null(wp_writer_t *self, const char *key)
{
    s_member(self, key);
    wp_buf_puts(self->buf, "null");
}

void wp_write_raw(wp_writer_t *self, const char *key, const char *json, size_t size)
{
    s_member(self, key);
    wp_buf_add(self->buf, json, size);
}
