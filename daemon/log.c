/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log lines. The format's words are walked with the argument list: each value is printed by
 * snprintf with its own conversion and then quoted. Nothing is allocated and no lock is held, so
 * that a line can be written from anywhere but a signal handler.
 */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define S_LINE  16384
#define S_VALUE 1024

static atomic_int s_level = WD_INFO;
static atomic_int s_format = WD_LOGFMT;

typedef struct {
    char data[S_LINE];
    size_t size;
} s_line_t;

void wd_log_set(wd_level_t level, wd_log_format_t format)
{
    atomic_store(&s_level, (int)level);
    atomic_store(&s_format, (int)format);
}

bool wd_log_on(wd_level_t level)
{
    return (int)level <= atomic_load_explicit(&s_level, memory_order_relaxed);
}

static void s_put(s_line_t *line, const char *data, size_t size)
{
    if (size > S_LINE - 8 - line->size) /* room for the end of the line */
        size = S_LINE - 8 - line->size;
    memcpy(line->data + line->size, data, size);
    line->size += size;
}

static void s_puts(s_line_t *line, const char *text)
{
    s_put(line, text, strlen(text));
}

/* In quotes, with JSON's escapes; logfmt readers know the same ones. */
static void s_quote(s_line_t *line, const char *value)
{
    s_puts(line, "\"");
    for (const char *p = value; *p; p++) {
        unsigned char c = (unsigned char)*p;
        char buf[8];
        if (c == '"' || c == '\\') {
            buf[0] = '\\', buf[1] = (char)c;
            s_put(line, buf, 2);
        } else if (c == '\n') {
            s_puts(line, "\\n");
        } else if (c < 0x20 || c == 0x7F) {
            s_put(line, buf, (size_t)snprintf(buf, sizeof buf, "\\u%04x", c));
        } else {
            s_put(line, (const char *)&c, 1);
        }
    }
    s_puts(line, "\"");
}

/* A value that was cut or came from outside may end within a character: what is not UTF-8 becomes
 * '?'. */
static void s_clean(char *value)
{
    unsigned char *p = (unsigned char *)value;
    while (*p) {
        size_t n = *p < 0x80 ? 1 : (*p & 0xE0) == 0xC0 ? 2 : (*p & 0xF0) == 0xE0 ? 3 : 4;
        size_t i = 1;
        while (i < n && (p[i] & 0xC0) == 0x80)
            i++;
        bool good = i == n && *p != 0xC0 && *p != 0xC1 && *p < 0xF5 && (*p < 0x80 || *p > 0xBF);
        if (!good) {
            *p++ = '?';
            continue;
        }
        p += n;
    }
}

static bool s_plain(const char *value)
{
    if (!*value)
        return false;
    for (const char *p = value; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == '"' || *p == '=' || *p == '\\' || *p == 0x7F)
            return false;
    return true;
}

static void s_field(s_line_t *line, bool json, const char *key, size_t key_size, const char *value,
                    bool number)
{
    if (S_LINE - line->size < 6 * strlen(value) + key_size + 16)
        return; /* a whole field or none: a line stays well formed */
    if (json) {
        s_puts(line, line->size > 1 && line->data[line->size - 1] != '{' ? ",\"" : "\"");
        s_put(line, key, key_size);
        s_puts(line, "\":");
        if (number)
            s_puts(line, value);
        else
            s_quote(line, value);
    } else {
        if (line->size > 0 && line->data[line->size - 1] != '>')
            s_puts(line, " ");
        s_put(line, key, key_size);
        s_puts(line, "=");
        if (s_plain(value))
            s_puts(line, value);
        else
            s_quote(line, value);
    }
}

/* Prints the argument of one conversion, `spec` = "%…", into `value`. */
static bool s_convert(const char *spec, size_t size, va_list *args, char value[S_VALUE])
{
    char f[16];
    if (size >= sizeof f)
        return false;
    memcpy(f, spec, size);
    f[size] = '\0';
    char last = f[size - 1];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (last == 's' && strstr(f, ".*")) {
        int n = va_arg(*args, int);
        const char *s = va_arg(*args, const char *);
        snprintf(value, S_VALUE, "%.*s", n, s ? s : "");
    } else if (last == 's') {
        const char *s = va_arg(*args, const char *);
        snprintf(value, S_VALUE, "%s", s ? s : "");
    } else if (last == 'f') {
        snprintf(value, S_VALUE, f, va_arg(*args, double));
    } else if (strstr(f, "ll")) {
        snprintf(value, S_VALUE, f, va_arg(*args, long long));
    } else if (strchr(f, 'l')) {
        snprintf(value, S_VALUE, f, va_arg(*args, long));
    } else if (strchr(f, 'z')) {
        snprintf(value, S_VALUE, f, va_arg(*args, size_t));
    } else {
        snprintf(value, S_VALUE, f, va_arg(*args, int));
    }
#pragma GCC diagnostic pop
    if (last == 's')
        s_clean(value);
    return last != 's';
}

/* Standard error is the journal when JOURNAL_STREAM names its device and inode. */
static bool s_is_journal(void)
{
    static atomic_int known; /* 0: not looked yet, 1: no, 2: yes */
    int state = atomic_load(&known);
    if (state == 0) {
        const char *stream = getenv("JOURNAL_STREAM");
        unsigned long long dev = 0, ino = 0;
        struct stat st;
        state = stream && sscanf(stream, "%llu:%llu", &dev, &ino) == 2 &&
                        fstat(STDERR_FILENO, &st) == 0 && st.st_dev == dev && st.st_ino == ino
                    ? 2
                    : 1;
        atomic_store(&known, state);
    }
    return state == 2;
}

static void s_time(char out[32])
{
    struct timespec ts;
    struct tm tm;
    clock_gettime(CLOCK_REALTIME, &ts);
    gmtime_r(&ts.tv_sec, &tm);
    size_t n = strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out + n, 32 - n, ".%03dZ", (int)(ts.tv_nsec / 1000000));
}

static void s_write(const s_line_t *line)
{
    size_t done = 0;
    while (done < line->size) {
        ssize_t n = write(STDERR_FILENO, line->data + done, line->size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* nobody to tell */
        done += (size_t)n;
    }
}

void wd_log(wd_level_t level, const char *message, const char *fields, ...)
{
    static const char *const name[] = {"error", "warning", "info", "debug"};
    static const char *const prefix[] = {"<3>", "<4>", "<6>", "<7>"};
    if (!wd_log_on(level))
        return;
    int saved = errno;
    bool json = atomic_load(&s_format) == WD_JSON;
    s_line_t line = {.size = 0};
    char value[S_VALUE];
    if (s_is_journal())
        s_puts(&line, prefix[level]);
    if (json)
        s_puts(&line, "{");
    if (!s_is_journal()) {
        s_time(value);
        s_field(&line, json, "time", 4, value, false);
    }
    s_field(&line, json, "level", 5, name[level], false);
    s_field(&line, json, "msg", 3, message, false);

    va_list args;
    va_start(args, fields);
    for (const char *p = fields; p && *p;) {
        size_t size = strcspn(p, " ");
        const char *eq = memchr(p, '=', size);
        if (eq) {
            size_t spec = size - (size_t)(eq + 1 - p);
            bool number = s_convert(eq + 1, spec, &args, value);
            s_field(&line, json, p, (size_t)(eq - p), value, number);
        }
        p += size;
        p += strspn(p, " ");
    }
    va_end(args);
    line.data[line.size] = json ? '}' : '\n';
    line.size++;
    if (json)
        line.data[line.size++] = '\n';
    s_write(&line);
    errno = saved;
}

bool wd_log_allow(wd_log_limit_t *self, uint64_t *ret_suppressed)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    int64_t now = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
    if (self->last_ms == 0)
        self->last_ms = now;
    int64_t more = self->tokens_m + (now - self->last_ms) * 5; /* 5 a second = 5 thousandths a ms */
    self->last_ms = now;
    self->tokens_m = more > 0 ? 0 : (int32_t)more;
    if (self->tokens_m - 1000 < -20000) {
        self->suppressed++;
        return false;
    }
    self->tokens_m -= 1000;
    *ret_suppressed = self->suppressed;
    self->suppressed = 0;
    return true;
}
