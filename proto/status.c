/* SPDX-License-Identifier: Apache-2.0 */
/* One table joins each status code with its name on the wire and with whether to try again. */
#include "status.h"

#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    bool retry;
} s_codes[WP_CODES] = {
    [WP_BAD_MESSAGE] = {"bad_message", false},   [WP_BAD_VERSION] = {"bad_version", false},
    [WP_BAD_JSON] = {"bad_json", false},         [WP_BAD_FIELD] = {"bad_field", false},
    [WP_NO_SESSION] = {"no_session", true},      [WP_NO_CREDIT] = {"no_credit", true},
    [WP_TOO_LARGE] = {"too_large", false},       [WP_EMPTY_TEXT] = {"empty_text", false},
    [WP_INVALID_UTF8] = {"invalid_utf8", false}, [WP_NUL_BYTE] = {"nul_byte", false},
    [WP_NOT_FOUND] = {"not_found", false},       [WP_NOT_FAILED] = {"not_failed", false},
    [WP_DISK_FULL] = {"disk_full", true},        [WP_DRAINING] = {"draining", true},
    [WP_OVERLOADED] = {"overloaded", true},      [WP_INTERNAL] = {"internal", true},
};

const char *wp_code_name(wp_code_t code)
{
    return (unsigned)code < WP_CODES ? s_codes[code].name : NULL;
}

wp_code_t wp_code_of(const char *name, size_t size)
{
    for (int i = WP_BAD_MESSAGE; i < WP_CODES; i++) {
        if (strlen(s_codes[i].name) == size && memcmp(s_codes[i].name, name, size) == 0)
            return (wp_code_t)i;
    }
    return WP_INTERNAL;
}

bool wp_code_retry(wp_code_t code)
{
    return (unsigned)code < WP_CODES && s_codes[code].retry;
}

/* A message may quote bytes from outside and be cut within a character: what does not decode is
   replaced, so that it can always be sent as JSON. */
static void s_clean(char *text)
{
    size_t at = 0;
    while (wp_utf8_check(text, strlen(text), &at) != WP_UTF8_VALID)
        text[at] = '?';
}

__attribute__((format(printf, 5, 0))) static void s_fill(wp_error_t *err, wp_code_t code,
                                                         const char *field, size_t offset,
                                                         const char *format, va_list args)
{
    err->code = code;
    err->offset = offset;
    snprintf(err->field, sizeof err->field, "%s", field ? field : "");
    vsnprintf(err->message, sizeof err->message, format, args);
    s_clean(err->field);
    s_clean(err->message);
}

int wp_fail(wp_error_t *err, wp_code_t code, const char *field, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        s_fill(err, code, field, WP_NO_OFFSET, format, args);
        va_end(args);
    }
    return -1;
}

int wp_fail_at(wp_error_t *err, wp_code_t code, const char *field, size_t offset,
               const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        s_fill(err, code, field, offset, format, args);
        va_end(args);
    }
    return -1;
}
