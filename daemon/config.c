/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings. The table s_keys is all there is to a key: its name, type, limits, default, whether it
 * can change while the daemon runs. Flags, variables and the lines of a file all go through
 * s_set(), so that a fault reads the same wherever it stands. libinih takes a line apart; it is
 * given one line at a time, as it tells nobody the line's number and stops counting faults at the
 * first.
 */
#include "config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <ini.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "actors.h"

typedef enum {
    S_PATH,
    S_ENDPOINT,
    S_HTTP,
    S_BOOL,
    S_NUMBER,
    S_WORKERS, /* a number or "auto" */
    S_SIZE,    /* bytes: 64MiB, 64M, 65536 */
    S_TIME,    /* milliseconds: 10s, 500ms, 2m; a bare number is seconds */
    S_LEVEL,
    S_FORMAT
} s_type_t;

typedef struct {
    const char *name;
    s_type_t type;
    size_t offset, size; /* of the member in wd_config_t */
    int64_t min, max;
    const char *fallback; /* the default, as a text; NULL: found at run time */
    bool live;            /* can change while the daemon runs */
    const char *help;
} s_key_t;

#define S_MEMBER(m)  offsetof(wd_config_t, m), sizeof(((wd_config_t *)0)->m)
#define S_MIB        ((int64_t)1 << 20)
#define S_GIB        ((int64_t)1 << 30)
#define S_ENV_PREFIX "WINNOW_"

static const s_key_t s_keys[WD_KEY_COUNT] = {
    [WD_KEY_DATA] = {"data", S_PATH, S_MEMBER(data), 0, 0, NULL, false, "state folder"},
    [WD_KEY_INTAKE] = {"intake", S_ENDPOINT, S_MEMBER(intake), 0, 0, "tcp://127.0.0.1:7710", false,
                       "endpoint that takes articles"},
    [WD_KEY_EVENTS] = {"events", S_ENDPOINT, S_MEMBER(events), 0, 0, "tcp://127.0.0.1:7711", false,
                       "endpoint that publishes events"},
    [WD_KEY_QUERY] = {"query", S_ENDPOINT, S_MEMBER(query), 0, 0, "tcp://127.0.0.1:7712", false,
                      "endpoint that answers questions"},
    [WD_KEY_HTTP] = {"http", S_HTTP, S_MEMBER(http), 0, 0, "127.0.0.1:7713", false,
                     "HOST:PORT of health and metrics, or off"},
    [WD_KEY_INSECURE] = {"insecure", S_BOOL, S_MEMBER(insecure), 0, 1, "no", false,
                         "listen beyond this machine, unencrypted, to anybody"},
    [WD_KEY_WORKERS] = {"workers", S_WORKERS, S_MEMBER(workers), 0, WD_WORKERS_MAX, "auto", false,
                        "extraction threads; auto: one a core; 0: only take articles"},
    [WD_KEY_RULES] = {"rules", S_PATH, S_MEMBER(rules), 0, 0, "", false,
                      "folder of further rules for the extractor"},
    [WD_KEY_INTAKE_MEMORY] = {"intake_memory", S_SIZE, S_MEMBER(intake_memory), 4 * S_MIB,
                              64 * S_GIB, "64MiB", true, "credit of all senders together"},
    [WD_KEY_WORK_MEMORY] = {"work_memory", S_SIZE, S_MEMBER(work_memory), S_MIB, 64 * S_GIB,
                            "32MiB", false, "texts in memory that wait for extraction"},
    [WD_KEY_STORE_CACHE] = {"store_cache", S_SIZE, S_MEMBER(store_cache), S_MIB, 64 * S_GIB,
                            "32MiB", false, "page cache of each connection to the store"},
    [WD_KEY_SESSION_MESSAGES] = {"session_messages", S_NUMBER, S_MEMBER(session_messages), 1, 65536,
                                 "512", true, "pushes that one sender may have unanswered"},
    [WD_KEY_SESSION_BYTES] = {"session_bytes", S_SIZE, S_MEMBER(session_bytes), 65536, S_GIB,
                              "8MiB", true, "bytes that one sender may have unanswered"},
    [WD_KEY_MAX_SESSIONS] = {"max_sessions", S_NUMBER, S_MEMBER(max_sessions), 1, 65536, "1024",
                             true, "senders at once"},
    [WD_KEY_WARN_SUBSCRIPTIONS] = {"warn_subscriptions", S_NUMBER, S_MEMBER(warn_subscriptions), 1,
                                   10000000, "100000", true,
                                   "topics over all subscribers beyond which the log warns"},
    [WD_KEY_MAX_BACKLOG] = {"max_backlog", S_NUMBER, S_MEMBER(max_backlog), 1, INT64_C(1) << 40,
                            "1000000", true, "accepted articles that may wait for extraction"},
    [WD_KEY_DRAIN_TIMEOUT] = {"drain_timeout", S_TIME, S_MEMBER(drain_timeout_ms), 0, 3600000,
                              "10s", true, "how long a stop may take"},
    [WD_KEY_LOG_LEVEL] = {"log_level", S_LEVEL, S_MEMBER(log_level), 0, 0, "info", true,
                          "error, warning, info or debug"},
    [WD_KEY_LOG_FORMAT] = {"log_format", S_FORMAT, S_MEMBER(log_format), 0, 0, "logfmt", true,
                           "logfmt or json"},
};

static const char *const s_level_names[] = {"error", "warning", "info", "debug"};
static const char *const s_format_names[] = {"logfmt", "json"};

typedef struct {
    wd_config_t *config;
    FILE *faults;
    int count;
    char place[WD_PATH_MAX + 32]; /* "winnow.conf:12", "--workers", "WINNOW_WORKERS" */
    wd_origin_t from;
    int line;
    int seen[WD_KEY_COUNT]; /* line of the file on which a key stands */
} s_reading_t;

__attribute__((format(printf, 2, 3))) static void s_fault(s_reading_t *self, const char *format,
                                                          ...)
{
    va_list args;
    va_start(args, format);
    if (self->place[0])
        fprintf(self->faults, "%s: ", self->place);
    vfprintf(self->faults, format, args);
    fputc('\n', self->faults);
    va_end(args);
    self->count++;
}

/* ---- near words ---- */

/* Edits (insert, delete, replace, swap) between two short words. */
static int s_distance(const char *a, const char *b)
{
    enum { MAX = 40 };
    int n = (int)strlen(a), m = (int)strlen(b);
    int d[MAX + 1][MAX + 1];
    if (n > MAX || m > MAX)
        return MAX;
    for (int i = 0; i <= n; i++)
        d[i][0] = i;
    for (int j = 0; j <= m; j++)
        d[0][j] = j;
    for (int i = 1; i <= n; i++)
        for (int j = 1; j <= m; j++) {
            int best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (d[i - 1][j] + 1 < best)
                best = d[i - 1][j] + 1;
            if (d[i][j - 1] + 1 < best)
                best = d[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                d[i - 2][j - 2] + 1 < best)
                best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    return d[n][m];
}

static const char *s_nearest(const char *word)
{
    const char *best = NULL;
    int least = 1 + (int)strlen(word) / 3;
    for (int k = 0; k < WD_KEY_COUNT; k++) {
        int d = s_distance(word, s_keys[k].name);
        if (d <= least && (!best || d < least)) {
            least = d;
            best = s_keys[k].name;
        }
    }
    return best;
}

/* ---- values ---- */

static bool s_number(const char *text, int64_t *ret, const char **ret_rest)
{
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (errno)
        return false;
    *ret = n;
    *ret_rest = end + strspn(end, " ");
    return true;
}

static bool s_scaled(int64_t *n, int64_t factor)
{
    return !__builtin_mul_overflow(*n, factor, n);
}

static bool s_size(const char *text, int64_t *ret)
{
    const char *rest;
    static const struct {
        const char *unit;
        int shift;
    } units[] = {{"", 0},    {"B", 0},    {"K", 10}, {"KiB", 10}, {"kB", 10}, {"M", 20},
                 {"MB", 20}, {"MiB", 20}, {"G", 30}, {"GB", 30},  {"GiB", 30}};
    if (!s_number(text, ret, &rest))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcasecmp(rest, units[i].unit) == 0)
            return s_scaled(ret, INT64_C(1) << units[i].shift);
    return false;
}

static bool s_time(const char *text, int64_t *ret)
{
    const char *rest;
    if (!s_number(text, ret, &rest))
        return false;
    int64_t factor = !*rest || !strcmp(rest, "s") ? 1000
                     : !strcmp(rest, "ms")        ? 1
                     : !strcmp(rest, "m")         ? 60000
                                                  : 0;
    return factor && s_scaled(ret, factor);
}

static bool s_bool(const char *text, bool *ret)
{
    static const char *const yes[] = {"yes", "true", "on", "1"}, *const no[] = {"no", "false",
                                                                                "off", "0"};
    for (int i = 0; i < 4; i++) {
        if (!strcasecmp(text, yes[i]) || !strcasecmp(text, no[i])) {
            *ret = !strcasecmp(text, yes[i]);
            return true;
        }
    }
    return false;
}

static int s_word(const char *text, const char *const *words, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(text, words[i]) == 0)
            return i;
    return -1;
}

static bool s_port(const char *text, bool ephemeral)
{
    const char *rest;
    int64_t n;
    if (ephemeral && strcmp(text, "*") == 0)
        return true;
    return s_number(text, &n, &rest) && !*rest && n >= (ephemeral ? 0 : 1) && n <= 65535;
}

/* HOST:PORT, with the host in brackets when it is an IPv6 address. */
static bool s_host_port(const char *text, char host[WD_ENDPOINT_MAX], const char **ret_port)
{
    const char *colon = strrchr(text, ':');
    if (!colon || colon == text || (size_t)(colon - text) >= WD_ENDPOINT_MAX)
        return false;
    size_t n = (size_t)(colon - text);
    if (text[0] == '[') {
        if (text[n - 1] != ']' || n < 4)
            return false;
        text++;
        n -= 2;
    } else if (memchr(text, ':', n)) {
        return false;
    }
    memcpy(host, text, n);
    host[n] = '\0';
    *ret_port = colon + 1;
    return strcspn(host, " /@;") == n;
}

static bool s_loopback(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    if (inet_pton(AF_INET6, host, &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return strcmp(host, "localhost") == 0 || strcmp(host, "lo") == 0;
}

/* NULL when `value` is an endpoint that can be bound, else what is wrong with it. */
static const char *s_endpoint_fault(const char *value)
{
    char host[WD_ENDPOINT_MAX];
    const char *port;
    if (strncmp(value, "ipc://", 6) == 0) {
        if (!value[6])
            return "has no path after ipc://";
        if (strlen(value + 6) >= sizeof(((struct sockaddr_un *)0)->sun_path))
            return "has a path that is too long for a socket (107 bytes at most)";
        return NULL;
    }
    if (strncmp(value, "tcp://", 6) != 0)
        return "is no endpoint: use tcp://HOST:PORT or ipc://PATH";
    if (!s_host_port(value + 6, host, &port))
        return "is no endpoint: use tcp://HOST:PORT";
    if (!s_port(port, true))
        return "has no port between 0 and 65535 at its end";
    return NULL;
}

static bool s_assign(s_reading_t *self, const s_key_t *key, const char *value)
{
    void *member = (char *)self->config + key->offset;
    int64_t n = 0;
    const char *fault, *rest, *port;
    char host[WD_ENDPOINT_MAX];
    switch (key->type) {
    case S_PATH:
    case S_ENDPOINT:
    case S_HTTP:
        if (strlen(value) >= key->size) {
            s_fault(self, "%s is too long (%zu bytes at most)", key->name, key->size - 1);
            return false;
        }
        if (key->type == S_PATH && !*value && !key->fallback) {
            s_fault(self, "%s is empty", key->name);
            return false;
        }
        if (key->type == S_ENDPOINT && (fault = s_endpoint_fault(value)) != NULL) {
            s_fault(self, "%s: \"%s\" %s", key->name, value, fault);
            return false;
        }
        if (key->type == S_HTTP && strcmp(value, "off") != 0 &&
            (!s_host_port(value, host, &port) || !s_port(port, true))) {
            s_fault(self, "%s: \"%s\" is neither HOST:PORT nor off", key->name, value);
            return false;
        }
        memcpy(member, value, strlen(value) + 1);
        return true;
    case S_BOOL:
        if (!s_bool(value, (bool *)member)) {
            s_fault(self, "%s: \"%s\" is neither yes nor no", key->name, value);
            return false;
        }
        return true;
    case S_LEVEL:
        if ((n = s_word(value, s_level_names, 4)) < 0) {
            s_fault(self, "%s: \"%s\" is none of error, warning, info, debug", key->name, value);
            return false;
        }
        *(wd_level_t *)member = (wd_level_t)n;
        return true;
    case S_FORMAT:
        if ((n = s_word(value, s_format_names, 2)) < 0) {
            s_fault(self, "%s: \"%s\" is neither logfmt nor json", key->name, value);
            return false;
        }
        *(wd_log_format_t *)member = (wd_log_format_t)n;
        return true;
    case S_WORKERS:
        if (strcmp(value, "auto") == 0) {
            long cores = sysconf(_SC_NPROCESSORS_ONLN);
            *(int64_t *)member = cores < 1 ? 1 : cores > WD_WORKERS_MAX ? WD_WORKERS_MAX : cores;
            return true;
        }
        /* fall through */
    case S_NUMBER:
        if (!s_number(value, &n, &rest) || *rest) {
            s_fault(self, "%s: \"%s\" is no whole number", key->name, value);
            return false;
        }
        break;
    case S_SIZE:
        if (!s_size(value, &n)) {
            s_fault(self, "%s: \"%s\" is no size like 64MiB", key->name, value);
            return false;
        }
        break;
    case S_TIME:
        if (!s_time(value, &n)) {
            s_fault(self, "%s: \"%s\" is no time like 10s or 500ms", key->name, value);
            return false;
        }
        break;
    }
    if (n < key->min || n > key->max) {
        s_fault(self, "%s: %s is not between %" PRId64 " and %" PRId64 "%s", key->name, value,
                key->min, key->max,
                key->type == S_SIZE   ? " bytes"
                : key->type == S_TIME ? " milliseconds"
                                      : "");
        return false;
    }
    *(int64_t *)member = n;
    return true;
}

static void s_set(s_reading_t *self, wd_key_t key, const char *value)
{
    if (s_assign(self, &s_keys[key], value)) {
        self->config->origin[key].from = self->from;
        self->config->origin[key].line = self->line;
    }
}

/* ---- the four places ---- */

/* $STATE_DIRECTORY (systemd), else /var/lib/winnow for root, else the user's state folder. */
static void s_default_data(wd_config_t *config)
{
    const char *dir = getenv("STATE_DIRECTORY"), *home = getenv("HOME"),
               *xdg = getenv("XDG_STATE_HOME");
    if (dir && *dir == '/')
        snprintf(config->data, sizeof config->data, "%.*s", (int)strcspn(dir, ":"), dir);
    else if (geteuid() == 0)
        snprintf(config->data, sizeof config->data, "/var/lib/winnow");
    else if (xdg && *xdg == '/')
        snprintf(config->data, sizeof config->data, "%s/winnow", xdg);
    else if (home && *home == '/')
        snprintf(config->data, sizeof config->data, "%s/.local/state/winnow", home);
    else
        snprintf(config->data, sizeof config->data, "winnow-data");
}

static void s_defaults(s_reading_t *self)
{
    self->from = WD_FROM_DEFAULT;
    for (int k = 0; k < WD_KEY_COUNT; k++)
        if (s_keys[k].fallback)
            s_set(self, (wd_key_t)k, s_keys[k].fallback);
    s_default_data(self->config);
}

/* libinih calls this for a line `key = value`. */
static int s_on_pair(void *arg, const char *section, const char *name, const char *value)
{
    s_reading_t *self = arg;
    (void)section;
    for (int k = 0; k < WD_KEY_COUNT; k++) {
        if (strcmp(name, s_keys[k].name) != 0)
            continue;
        if (self->seen[k])
            s_fault(self, "%s stands on line %d already", name, self->seen[k]);
        else
            s_set(self, (wd_key_t)k, value);
        self->seen[k] = self->line;
        return 1;
    }
    const char *near = s_nearest(name);
    if (near)
        s_fault(self, "unknown key \"%s\" (did you mean \"%s\"?)", name, near);
    else
        s_fault(self, "unknown key \"%s\"", name);
    return 1;
}

static void s_line(s_reading_t *self, char *line, size_t size)
{
    const char *p = line + strspn(line, " \t");
    if (memchr(line, '\0', size)) {
        s_fault(self, "a zero byte in the line");
    } else if (*p == '[') {
        s_fault(self, "sections are not used here; write the keys without");
    } else if (size >= INI_MAX_LINE) {
        s_fault(self, "the line is longer than %d bytes", INI_MAX_LINE - 1);
    } else if (*p && *p != '#' && *p != ';' && !strchr(p, '=')) {
        s_fault(self, "expected key = value");
    } else if (ini_parse_string(p, s_on_pair, self) != 0) {
        s_fault(self, "expected key = value");
    }
}

static void s_file(s_reading_t *self, const char *path)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    self->from = WD_FROM_FILE;
    if (strlen(path) >= WD_PATH_MAX) {
        s_fault(self, "--config: the path is too long");
        return;
    }
    memcpy(self->config->file, path, strlen(path) + 1);
    FILE *file = fopen(path, "re");
    if (!file) {
        s_fault(self, "%s: %s", path, strerror(errno));
        return;
    }
    for (self->line = 1; (n = getline(&line, &room, file)) >= 0; self->line++) {
        snprintf(self->place, sizeof self->place, "%s:%d", path, self->line);
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
            line[--n] = '\0';
        s_line(self, line, (size_t)n);
    }
    if (ferror(file)) {
        snprintf(self->place, sizeof self->place, "%s", path);
        s_fault(self, "%s", strerror(errno));
    }
    free(line);
    fclose(file);
    self->line = 0;
    self->place[0] = '\0';
}

static void s_environment(s_reading_t *self)
{
    self->from = WD_FROM_ENV;
    for (int k = 0; k < WD_KEY_COUNT; k++) {
        char name[64];
        int n = snprintf(name, sizeof name, S_ENV_PREFIX "%s", s_keys[k].name);
        for (int i = 0; i < n; i++)
            name[i] = (char)toupper((unsigned char)name[i]);
        const char *value = getenv(name);
        if (!value)
            continue;
        snprintf(self->place, sizeof self->place, "%s", name);
        s_set(self, (wd_key_t)k, value);
    }
    self->place[0] = '\0';
}

/* What no single place can be blamed for. */
static void s_whole(s_reading_t *self)
{
    const wd_config_t *c = self->config;
    const struct {
        const char *value;
        wd_key_t key;
        bool http;
    } open[] = {{c->intake, WD_KEY_INTAKE, false},
                {c->events, WD_KEY_EVENTS, false},
                {c->query, WD_KEY_QUERY, false},
                {c->http, WD_KEY_HTTP, true}};
    self->place[0] = '\0';
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        char host[WD_ENDPOINT_MAX];
        const char *port, *v = open[i].value;
        if (!open[i].http && strncmp(v, "tcp://", 6) != 0)
            continue;
        if (!s_host_port(open[i].http ? v : v + 6, host, &port) || s_loopback(host) || c->insecure)
            continue;
        if (c->origin[open[i].key].from == WD_FROM_FILE)
            snprintf(self->place, sizeof self->place, "%s:%d", c->file,
                     c->origin[open[i].key].line);
        s_fault(self,
                "%s: \"%s\" can be reached from other machines, and anybody there could read and "
                "write everything, unencrypted; set insecure = yes if that is meant",
                s_keys[open[i].key].name, v);
        self->place[0] = '\0';
    }
    for (size_t i = 0; i < 3; i++)
        for (size_t j = i + 1; j < 3; j++)
            if (!strcmp(open[i].value, open[j].value) && !strstr(open[i].value, ":*") &&
                !(strlen(open[i].value) > 2 &&
                  !strcmp(open[i].value + strlen(open[i].value) - 2, ":0")))
                s_fault(self, "%s and %s are the same endpoint, \"%s\"", s_keys[open[i].key].name,
                        s_keys[open[j].key].name, open[i].value);
    if (c->session_bytes > c->intake_memory)
        s_fault(self, "session_bytes (%" PRId64 ") is more than intake_memory (%" PRId64 ")",
                c->session_bytes, c->intake_memory);
}

enum { S_OPT_CONFIG = 1000, S_OPT_CHECK, S_OPT_PRINT, S_OPT_HELP, S_OPT_VERSION };

/* Names of the options: a key's underscores are dashes on the command line. */
typedef struct {
    char name[WD_KEY_COUNT][32];
    struct option option[WD_KEY_COUNT + 6];
} s_options_t;

static void s_options_init(s_options_t *self)
{
    static const struct option fixed[] = {{"config", required_argument, NULL, S_OPT_CONFIG},
                                          {"check-config", no_argument, NULL, S_OPT_CHECK},
                                          {"print-config", no_argument, NULL, S_OPT_PRINT},
                                          {"help", no_argument, NULL, S_OPT_HELP},
                                          {"version", no_argument, NULL, S_OPT_VERSION},
                                          {NULL, 0, NULL, 0}};
    for (int k = 0; k < WD_KEY_COUNT; k++) {
        snprintf(self->name[k], sizeof self->name[k], "%s", s_keys[k].name);
        for (char *p = self->name[k]; *p; p++)
            if (*p == '_')
                *p = '-';
        self->option[k] = (struct option){
            self->name[k], k == WD_KEY_INSECURE ? optional_argument : required_argument, NULL, k};
    }
    memcpy(self->option + WD_KEY_COUNT, fixed, sizeof fixed);
}

wd_command_t wd_config_read(wd_config_t *self, int argc, char *const argv[], FILE *faults,
                            int *ret_faults)
{
    s_options_t options;
    s_reading_t reading = {.config = self, .faults = faults};
    const char *file = getenv(S_ENV_PREFIX "CONFIG"), *value[WD_KEY_COUNT] = {NULL};
    wd_command_t command = WD_RUN;
    int opt;

    memset(self, 0, sizeof *self);
    s_options_init(&options);
    *ret_faults = 0;
    optind = 0; /* GNU: start anew, also when called a second time */
    opterr = 1;
    while ((opt = getopt_long(argc, argv, "c:hV", options.option, NULL)) != -1) {
        if (opt < WD_KEY_COUNT)
            value[opt] = optarg ? optarg : "yes";
        else if (opt == S_OPT_CONFIG || opt == 'c')
            file = optarg;
        else if (opt == S_OPT_CHECK)
            command = WD_CHECK_CONFIG;
        else if (opt == S_OPT_PRINT)
            command = WD_PRINT_CONFIG;
        else if (opt == S_OPT_HELP || opt == 'h')
            return WD_HELP;
        else if (opt == S_OPT_VERSION || opt == 'V')
            return WD_VERSION;
        else
            return WD_USAGE;
    }
    if (optind < argc && strcmp(argv[optind], "healthcheck") == 0 && optind + 1 == argc &&
        command == WD_RUN) {
        command = WD_HEALTHCHECK;
    } else if (optind < argc) {
        fprintf(faults, "winnowd: unexpected argument \"%s\"\n", argv[optind]);
        return WD_USAGE;
    }

    s_defaults(&reading);
    if (file && *file)
        s_file(&reading, file);
    s_environment(&reading);
    reading.from = WD_FROM_FLAG;
    for (int k = 0; k < WD_KEY_COUNT; k++) {
        if (!value[k])
            continue;
        snprintf(reading.place, sizeof reading.place, "--%s", options.name[k]);
        s_set(&reading, (wd_key_t)k, value[k]);
    }
    s_whole(&reading);
    *ret_faults = reading.count;
    return command;
}

/* ---- showing and taking ---- */

static void s_print_value(const wd_config_t *self, const s_key_t *key, char *out, size_t size)
{
    const void *member = (const char *)self + key->offset;
    int64_t n;
    switch (key->type) {
    case S_PATH:
    case S_ENDPOINT:
    case S_HTTP:
        snprintf(out, size, "%s", (const char *)member);
        break;
    case S_BOOL:
        snprintf(out, size, "%s", *(const bool *)member ? "yes" : "no");
        break;
    case S_LEVEL:
        snprintf(out, size, "%s", s_level_names[*(const wd_level_t *)member]);
        break;
    case S_FORMAT:
        snprintf(out, size, "%s", s_format_names[*(const wd_log_format_t *)member]);
        break;
    case S_SIZE:
        n = *(const int64_t *)member;
        if (n % S_MIB == 0)
            snprintf(out, size, "%" PRId64 "MiB", n / S_MIB);
        else
            snprintf(out, size, "%" PRId64, n);
        break;
    case S_TIME:
        n = *(const int64_t *)member;
        if (n % 1000 == 0)
            snprintf(out, size, "%" PRId64 "s", n / 1000);
        else
            snprintf(out, size, "%" PRId64 "ms", n);
        break;
    case S_NUMBER:
    case S_WORKERS:
        snprintf(out, size, "%" PRId64, *(const int64_t *)member);
        break;
    }
}

void wd_config_print(const wd_config_t *self, FILE *out)
{
    for (int k = 0; k < WD_KEY_COUNT; k++) {
        char value[WD_PATH_MAX], line[WD_PATH_MAX + 64], origin[WD_PATH_MAX + 32] = "default";
        s_print_value(self, &s_keys[k], value, sizeof value);
        int n = snprintf(line, sizeof line, "%s = %s", s_keys[k].name, value);
        switch (self->origin[k].from) {
        case WD_FROM_DEFAULT:
            break;
        case WD_FROM_FILE:
            snprintf(origin, sizeof origin, "%s:%d", self->file, self->origin[k].line);
            break;
        case WD_FROM_ENV:
            snprintf(origin, sizeof origin, "environment");
            break;
        case WD_FROM_FLAG:
            snprintf(origin, sizeof origin, "flag");
            break;
        }
        /* What is printed can be read as a file: a line may not be too long for that. */
        if ((n < 40 ? 40 : (size_t)n) + strlen(origin) + 4 < INI_MAX_LINE)
            fprintf(out, "%-40s ; %s\n", line, origin);
        else
            fprintf(out, "%s\n", line);
    }
}

int wd_config_take(wd_config_t *running, const wd_config_t *fresh, char *restart, size_t size)
{
    int taken = 0;
    size_t used = 0;
    restart[0] = '\0';
    for (int k = 0; k < WD_KEY_COUNT; k++) {
        const s_key_t *key = &s_keys[k];
        char *to = (char *)running + key->offset;
        const char *from = (const char *)fresh + key->offset;
        char before[WD_PATH_MAX], after[WD_PATH_MAX];
        s_print_value(running, key, before, sizeof before);
        s_print_value(fresh, key, after, sizeof after);
        if (strcmp(before, after) == 0)
            continue;
        if (key->live) {
            memcpy(to, from, key->size);
            running->origin[k] = fresh->origin[k];
            taken++;
        } else if (used < size) {
            int n = snprintf(restart + used, size - used, "%s%s", used ? "," : "", key->name);
            used += n > 0 ? (size_t)n : 0;
        }
    }
    return taken;
}

void wd_config_usage(FILE *out)
{
    s_options_t options;
    s_options_init(&options);
    for (int k = 0; k < WD_KEY_COUNT; k++) {
        char left[64];
        snprintf(left, sizeof left, "--%s %s", options.name[k],
                 k == WD_KEY_INSECURE ? "[yes|no]" : "VALUE");
        fprintf(out, "  %-28s %s", left, s_keys[k].help);
        if (s_keys[k].fallback && *s_keys[k].fallback)
            fprintf(out, " (%s)", s_keys[k].fallback);
        fputc('\n', out);
    }
}
