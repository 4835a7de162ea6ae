/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader of records. They were written by the extractor, so this one does not judge them: it
 * finds its way, and stops at what it does not understand.
 *
 *   {"kind":…,"reported_by":"Xinhua","roles":{"amount":[{"text":"…","type":"money","number":15,"unit":"CNY",…}],…},…}
 *             ^ a filler too         ^ s_roles: role by role, filler by filler
 */
#include "record.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"

#define DEPTH_MAX 16

typedef struct {
    const char *p, *end;
    wd_buf_t text; /* a decoded string */
} s_reader_t;

bool wd_slice_is(wd_slice_t slice, const char *word)
{
    size_t size = strlen(word);
    return slice.size == size && slice.data != NULL && memcmp(slice.data, word, size) == 0;
}

bool wd_filler_named(const wd_filler_t *self)
{
    static const char *const types[] = {"person",   "organisation", "place",
                                        "facility", "event",        "thing"};
    if (wd_slice_is(self->role, "reported_by"))
        return true;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (wd_slice_is(self->type, types[i]))
            return true;
    return false;
}

bool wd_filler_place(const wd_filler_t *self)
{
    return wd_slice_is(self->type, "place") || wd_slice_is(self->role, "place");
}

static void s_space(s_reader_t *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
        r->p++;
}

static bool s_take(s_reader_t *r, char c)
{
    s_space(r);
    if (r->p >= r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

/* A string's bytes between the quotes, escapes and all. */
static bool s_string(s_reader_t *r, wd_slice_t *ret)
{
    if (!s_take(r, '"'))
        return false;
    const char *start = r->p;
    while (r->p < r->end) {
        const char *quote = memchr(r->p, '"', (size_t)(r->end - r->p));
        if (quote == NULL)
            break;
        const char *escape = memchr(r->p, '\\', (size_t)(quote - r->p));
        if (escape == NULL) {
            *ret = (wd_slice_t){start, (size_t)(quote - start)};
            r->p = quote + 1;
            return true;
        }
        r->p = r->end - escape > 2 ? escape + 2 : r->end;
    }
    r->p = r->end;
    return false;
}

/* A number, true, false or null, as written. */
static bool s_word(s_reader_t *r, wd_slice_t *ret)
{
    s_space(r);
    const char *start = r->p;
    while (r->p < r->end && strchr(",]} \t\r\n", *r->p) == NULL)
        r->p++;
    *ret = (wd_slice_t){start, (size_t)(r->p - start)};
    return ret->size > 0;
}

/* Over one value of any kind. */
static bool s_skip(s_reader_t *r)
{
    int depth = 0;
    do {
        s_space(r);
        if (r->p >= r->end)
            return false;
        wd_slice_t ignored;
        switch (*r->p) {
        case '"':
            if (!s_string(r, &ignored))
                return false;
            break;
        case '{':
        case '[':
            depth++;
            r->p++;
            break;
        case '}':
        case ']':
            depth--;
            r->p++;
            break;
        case ',':
        case ':':
            if (depth == 0)
                return false;
            r->p++;
            break;
        default:
            if (!s_word(r, &ignored))
                return false;
        }
    } while (depth > 0 && depth < DEPTH_MAX);
    return depth == 0;
}

static unsigned s_hex4(const char *p)
{
    unsigned code = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                                : 0;
        code = code << 4 | digit;
    }
    return code;
}

static void s_add_code(wd_buf_t *out, unsigned code)
{
    if (code < 0x80) {
        wd_buf_char(out, (char)code);
    } else if (code < 0x800) {
        wd_buf_char(out, (char)(0xC0 | code >> 6));
        wd_buf_char(out, (char)(0x80 | (code & 63)));
    } else if (code < 0x10000) {
        wd_buf_char(out, (char)(0xE0 | code >> 12));
        wd_buf_char(out, (char)(0x80 | (code >> 6 & 63)));
        wd_buf_char(out, (char)(0x80 | (code & 63)));
    } else {
        wd_buf_char(out, (char)(0xF0 | code >> 18));
        wd_buf_char(out, (char)(0x80 | (code >> 12 & 63)));
        wd_buf_char(out, (char)(0x80 | (code >> 6 & 63)));
        wd_buf_char(out, (char)(0x80 | (code & 63)));
    }
}

/* The text that a JSON string means; `raw` itself when it has no escapes. */
static wd_slice_t s_decode(wd_buf_t *scratch, wd_slice_t raw)
{
    if (raw.size == 0 || memchr(raw.data, '\\', raw.size) == NULL)
        return raw;
    scratch->size = 0;
    const char *p = raw.data, *end = raw.data + raw.size;
    while (p < end) {
        if (*p != '\\' || p + 1 >= end) {
            wd_buf_char(scratch, *p++);
            continue;
        }
        char c = p[1];
        p += 2;
        if (c == 'u' && end - p >= 4) {
            unsigned code = s_hex4(p);
            p += 4;
            if (code >= 0xD800 && code < 0xDC00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
                unsigned low = s_hex4(p + 2);
                if (low >= 0xDC00 && low < 0xE000) {
                    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                    p += 6;
                }
            }
            s_add_code(scratch, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
        } else {
            static const char from[] = "ntrbf", to[] = "\n\t\r\b\f";
            const char *at = c != '\0' ? strchr(from, c) : NULL;
            wd_buf_char(scratch, at != NULL ? to[at - from] : c);
        }
    }
    return (wd_slice_t){scratch->data, scratch->size};
}

/* [{"number":2230000000,"unit":"USD"}, …] */
static bool s_equivalents(s_reader_t *r, wd_filler_t *filler)
{
    if (!s_take(r, '['))
        return false;
    if (s_take(r, ']'))
        return true;
    do {
        wd_slice_t number = {0}, unit = {0}, name;
        if (!s_take(r, '{'))
            return false;
        do {
            if (!s_string(r, &name) || !s_take(r, ':'))
                return false;
            bool ok = wd_slice_is(name, "number") ? s_word(r, &number)
                      : wd_slice_is(name, "unit") ? s_string(r, &unit)
                                                  : s_skip(r);
            if (!ok)
                return false;
        } while (s_take(r, ','));
        if (!s_take(r, '}'))
            return false;
        if (filler->equivalents < WD_EQUIVALENTS_MAX) {
            filler->numbers[filler->equivalents] = number;
            filler->units[filler->equivalents++] = unit;
        }
    } while (s_take(r, ','));
    return s_take(r, ']');
}

/* {"text":"…","type":"money","number":15000000000,"unit":"CNY",…} */
static bool s_filler(s_reader_t *r, wd_filler_t *filler)
{
    if (!s_take(r, '{'))
        return false;
    if (s_take(r, '}'))
        return true;
    do {
        wd_slice_t name;
        if (!s_string(r, &name) || !s_take(r, ':'))
            return false;
        bool ok = wd_slice_is(name, "text")         ? s_string(r, &filler->text)
                  : wd_slice_is(name, "type")       ? s_string(r, &filler->type)
                  : wd_slice_is(name, "number")     ? s_word(r, &filler->number)
                  : wd_slice_is(name, "unit")       ? s_string(r, &filler->unit)
                  : wd_slice_is(name, "bound")      ? s_string(r, &filler->bound)
                  : wd_slice_is(name, "high")       ? s_word(r, &filler->high)
                  : wd_slice_is(name, "value")      ? s_string(r, &filler->value)
                  : wd_slice_is(name, "equivalent") ? s_equivalents(r, filler)
                                                    : s_skip(r);
        if (!ok)
            return false;
    } while (s_take(r, ','));
    return s_take(r, '}');
}

typedef bool s_visit_t(void *arg, const wd_filler_t *filler);

/* *stop: the visitor has had enough. */
static bool s_roles(s_reader_t *r, s_visit_t *visit, void *arg, bool *stop)
{
    if (!s_take(r, '{'))
        return false;
    if (s_take(r, '}'))
        return true;
    do {
        wd_slice_t role;
        if (!s_string(r, &role) || !s_take(r, ':') || !s_take(r, '['))
            return false;
        if (s_take(r, ']'))
            continue;
        do {
            wd_filler_t filler = {.role = role};
            if (!s_filler(r, &filler))
                return false;
            filler.text = s_decode(&r->text, filler.text);
            if (r->text.failed)
                return false;
            if (!visit(arg, &filler)) {
                *stop = true;
                return true;
            }
        } while (s_take(r, ','));
        if (!s_take(r, ']'))
            return false;
    } while (s_take(r, ','));
    return s_take(r, '}');
}

static bool s_record(s_reader_t *r, s_visit_t *visit, void *arg)
{
    bool stop = false;
    if (!s_take(r, '{'))
        return false;
    if (s_take(r, '}'))
        return true;
    do {
        wd_slice_t name;
        if (!s_string(r, &name) || !s_take(r, ':'))
            return false;
        s_space(r);
        if (wd_slice_is(name, "roles")) {
            if (!s_roles(r, visit, arg, &stop))
                return false;
        } else if (wd_slice_is(name, "reported_by") && r->p < r->end && *r->p == '"') {
            wd_filler_t filler = {.role = name};
            wd_slice_t raw;
            if (!s_string(r, &raw))
                return false;
            filler.text = s_decode(&r->text, raw);
            if (r->text.failed)
                return false;
            stop = !visit(arg, &filler);
        } else if (!s_skip(r)) {
            return false;
        }
        if (stop)
            return true;
    } while (s_take(r, ','));
    return s_take(r, '}');
}

bool wd_record_fillers(const char *json, size_t size, s_visit_t *visit, void *arg)
{
    s_reader_t reader = {.p = json, .end = json + size};
    bool ok = s_record(&reader, visit, arg);
    wd_buf_free(&reader.text);
    return ok;
}

bool wd_record_word(const char *json, size_t size, const char *name, wd_slice_t *ret)
{
    s_reader_t r = {.p = json, .end = json + size};
    wd_slice_t member;
    if (!s_take(&r, '{'))
        return false;
    do {
        if (!s_string(&r, &member) || !s_take(&r, ':'))
            return false;
        s_space(&r);
        if (wd_slice_is(member, name))
            return r.p < r.end && *r.p == '"' && s_string(&r, ret);
        if (!s_skip(&r))
            return false;
    } while (s_take(&r, ','));
    return false;
}

static bool s_offset(wd_slice_t word, size_t *ret)
{
    size_t value = 0;
    if (word.size == 0 || word.size > 9)
        return false;
    for (size_t i = 0; i < word.size; i++) {
        if (word.data[i] < '0' || word.data[i] > '9')
            return false;
        value = value * 10 + (size_t)(word.data[i] - '0');
    }
    *ret = value;
    return true;
}

bool wd_record_evidence(const char *json, size_t size, size_t *ret_start, size_t *ret_end)
{
    s_reader_t r = {.p = json, .end = json + size};
    wd_slice_t name, start = {0}, end = {0};
    if (!s_take(&r, '{'))
        return false;
    do {
        if (!s_string(&r, &name) || !s_take(&r, ':'))
            return false;
        if (!wd_slice_is(name, "evidence")) {
            if (!s_skip(&r))
                return false;
            continue;
        }
        if (!s_take(&r, '{'))
            return false;
        do {
            if (!s_string(&r, &name) || !s_take(&r, ':'))
                return false;
            bool ok = wd_slice_is(name, "start") ? s_word(&r, &start)
                      : wd_slice_is(name, "end") ? s_word(&r, &end)
                                                 : s_skip(&r);
            if (!ok)
                return false;
        } while (s_take(&r, ','));
        return s_offset(start, ret_start) && s_offset(end, ret_end) && *ret_start <= *ret_end;
    } while (s_take(&r, ','));
    return false;
}
