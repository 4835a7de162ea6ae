/* SPDX-License-Identifier: Apache-2.0 */
/* A string that grows: doubled, so that appending is linear in all. */
#include "buf.h"

#include <stdlib.h>
#include <string.h>

void wd_buf_free(wd_buf_t *self)
{
    free(self->data);
    *self = (wd_buf_t){0};
}

bool wd_buf_reserve(wd_buf_t *self, size_t more)
{
    if (self->failed)
        return false;
    if (more < self->capacity && self->size < self->capacity - more)
        return true;
    size_t capacity = self->capacity > 0 ? self->capacity : 256;
    while (capacity <= self->size + more)
        capacity *= 2;
    char *data = realloc(self->data, capacity);
    if (data == NULL) {
        self->failed = true;
        return false;
    }
    self->data = data;
    self->capacity = capacity;
    return true;
}

void wd_buf_add(wd_buf_t *self, const char *data, size_t size)
{
    if (!wd_buf_reserve(self, size))
        return;
    if (size > 0)
        memcpy(self->data + self->size, data, size);
    self->size += size;
    self->data[self->size] = '\0';
}

void wd_buf_str(wd_buf_t *self, const char *text)
{
    wd_buf_add(self, text, strlen(text));
}

void wd_buf_char(wd_buf_t *self, char c)
{
    wd_buf_add(self, &c, 1);
}

void wd_buf_u64(wd_buf_t *self, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    wd_buf_add(self, digits + at, sizeof digits - at);
}

void wd_buf_json(wd_buf_t *self, const char *text, size_t size)
{
    static const char hex[] = "0123456789abcdef";
    wd_buf_char(self, '"');
    size_t from = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        wd_buf_add(self, text + from, i - from);
        from = i + 1;
        switch (c) {
        case '"':
            wd_buf_add(self, "\\\"", 2);
            break;
        case '\\':
            wd_buf_add(self, "\\\\", 2);
            break;
        case '\n':
            wd_buf_add(self, "\\n", 2);
            break;
        case '\r':
            wd_buf_add(self, "\\r", 2);
            break;
        case '\t':
            wd_buf_add(self, "\\t", 2);
            break;
        default: {
            char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            wd_buf_add(self, escape, sizeof escape);
        }
        }
    }
    wd_buf_add(self, text + from, size - from);
    wd_buf_char(self, '"');
}

void wd_buf_field(wd_buf_t *self, const char *name, const char *value)
{
    if (value == NULL)
        return;
    wd_buf_add(self, ",\"", 2);
    wd_buf_str(self, name);
    wd_buf_add(self, "\":", 2);
    wd_buf_json(self, value, strlen(value));
}

static void s_digits(char *at, unsigned width, unsigned number)
{
    for (unsigned i = width; i > 0; i--, number /= 10)
        at[i - 1] = (char)('0' + number % 10);
}

/* The civil calendar from days since 1970: years start in March, so that leap days come last. */
void wd_buf_time(wd_buf_t *self, int64_t ms)
{
    if (ms < 0)
        ms = 0;
    unsigned milli = (unsigned)(ms % 1000);
    int64_t seconds = ms / 1000;
    unsigned second = (unsigned)(seconds % 86400);
    int64_t day = seconds / 86400 + 719468;
    int64_t era = day / 146097;
    unsigned of_era = (unsigned)(day - era * 146097);
    unsigned year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    unsigned of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned shifted = (5 * of_year + 2) / 153;
    unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
    unsigned year = year_of_era + (unsigned)era * 400 + (month <= 2 ? 1 : 0);
    char text[] = "\"0000-00-00T00:00:00.000Z\"";
    s_digits(text + 1, 4, year);
    s_digits(text + 6, 2, month);
    s_digits(text + 9, 2, of_year - (153 * shifted + 2) / 5 + 1);
    s_digits(text + 12, 2, second / 3600);
    s_digits(text + 15, 2, second / 60 % 60);
    s_digits(text + 18, 2, second % 60);
    s_digits(text + 21, 3, milli);
    wd_buf_add(self, text, sizeof text - 1);
}

char *wd_buf_take(wd_buf_t *self, size_t *ret_size)
{
    wd_buf_add(self, "", 0);
    if (self->failed) {
        wd_buf_free(self);
        return NULL;
    }
    char *data = self->data;
    if (ret_size != NULL)
        *ret_size = self->size;
    *self = (wd_buf_t){0};
    return data;
}
