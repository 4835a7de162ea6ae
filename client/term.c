/* SPDX-License-Identifier: Apache-2.0 */
/* Headlines are written by strangers: nothing of them reaches a terminal that it could take for a
 * command. */
#include "term.h"

#include "link.h"

#include <inttypes.h>
#include <string.h>

void wc_style(FILE *out, bool color, wc_style_t style)
{
    static const char *const codes[] = {"\033[0m",  "\033[1m",  "\033[2m",  "\033[31m",
                                        "\033[32m", "\033[36m", "\033[1;7m"};
    if (color)
        fputs(codes[style], out);
}

/* The code point at `text`, if it is one that must not be shown; its bytes in *ret_size. Control
 * characters, and those that turn the direction of what follows: U+061C, U+200E, U+200F, U+202A to
 * U+202E, U+2066 to U+2069. */
static unsigned s_harmful(const unsigned char *text, size_t left, size_t *ret_size)
{
    *ret_size = 1;
    if (text[0] < 0x20 || text[0] == 0x7F)
        return text[0] ? text[0] : 0x100;
    if (text[0] == 0xC2 && left > 1 && text[1] < 0xA0) {
        *ret_size = 2;
        return text[1];
    }
    if (text[0] == 0xD8 && left > 1 && text[1] == 0x9C) {
        *ret_size = 2;
        return 0x61C;
    }
    if (text[0] == 0xE2 && left > 2) {
        unsigned point = 0x2000u | (text[1] & 0x3Fu) << 6 | (text[2] & 0x3Fu);
        *ret_size = 3;
        if (point == 0x200E || point == 0x200F || (point >= 0x202A && point <= 0x202E) ||
            (point >= 0x2066 && point <= 0x2069))
            return point;
    }
    return 0;
}

void wc_clean(wp_buf_t *buf, const char *text, size_t size, bool lines)
{
    bool blank = false;

    for (size_t i = 0; i < size;) {
        size_t length;
        unsigned point = s_harmful((const unsigned char *)text + i, size - i, &length);
        char escape[16];
        if (point == '\n' && lines) {
            wp_buf_add(buf, "\n", 1);
        } else if (point == '\n' || point == '\r' || point == '\t' || text[i] == ' ') {
            if (!blank || lines)
                wp_buf_add(buf, " ", 1);
        } else if (point) {
            snprintf(escape, sizeof escape, point <= 0x100 ? "\\x%02x" : "\\u{%04x}",
                     point == 0x100 ? 0 : point);
            wp_buf_puts(buf, escape);
        } else {
            wp_buf_add(buf, text + i, 1);
            length = 1;
        }
        blank = text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t';
        i += length;
    }
}

void wc_print_clean(FILE *out, const char *text, size_t size, bool lines)
{
    wp_buf_t buf = WP_BUF_INIT;
    wc_clean(&buf, text, size, lines);
    if (buf.size > 0)
        fwrite(buf.data, 1, buf.size, out);
    wp_buf_free(&buf);
}

const char *wc_text_of(const wp_node_t *object, const char *key)
{
    const char *string = wp_node_string(object, key);
    return string ? string : "";
}

void wc_roles(wp_buf_t *buf, const wp_node_t *record)
{
    const wp_node_t *roles = wp_node_get(record, "roles");
    const char *before = "";

    for (const wp_node_t *role = roles ? roles->child : NULL; role; role = role->next) {
        wp_buf_puts(buf, before);
        wp_buf_puts(buf, role->key);
        before = ": ";
        for (const wp_node_t *filler = role->child; filler; filler = filler->next) {
            wp_buf_puts(buf, before);
            wp_buf_puts(buf, wc_text_of(filler, "text"));
            before = ", ";
        }
        before = "; ";
    }
}

bool wc_progress_due(wc_progress_t *self)
{
    int64_t now = wc_now();
    if (!self->on || now - self->drawn < 100)
        return false;
    self->drawn = now;
    return true;
}

void wc_progress_draw(wc_progress_t *self, const char *label, uint64_t done, uint64_t total,
                      const char *rest)
{
    static const char full[] = "##############################";
    int width = (int)sizeof full - 1;

    if (!self->on)
        return;
    if (total > 0) {
        int part = (int)((uint64_t)width * (done < total ? done : total) / total);
        fprintf(stderr, "\r\033[K%s [%.*s%*s] %" PRIu64 "/%" PRIu64 " %s", label, part, full,
                width - part, "", done, total, rest);
    } else {
        fprintf(stderr, "\r\033[K%s %" PRIu64 " %s", label, done, rest);
    }
    fflush(stderr);
}

void wc_progress_clear(wc_progress_t *self)
{
    if (self->on && self->drawn) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
}
