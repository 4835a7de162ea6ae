/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon's settings: one table of keys, read from four places. A flag beats a WINNOW_ variable
 * of the environment, that beats the file, that beats the default.
 *
 *   winnow.conf:12: unknown key "wrokers" (did you mean "workers"?)
 *
 * The file is a list of `key = value`, with comments after ; or on lines of their own after # and
 * no sections. Every fault of all places is found, not only the first. A configuration is plain
 * data: it owns nothing and may be copied. Since 0.1.
 */
#ifndef WD_CONFIG_H
#define WD_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "log.h"

#define WD_PATH_MAX     1024
#define WD_ENDPOINT_MAX 256

typedef enum { WD_FROM_DEFAULT, WD_FROM_FILE, WD_FROM_ENV, WD_FROM_FLAG } wd_origin_t;

/* Every key, in the order in which it is shown. One line each in config.c says its type and limits.
 */
typedef enum {
    WD_KEY_DATA,
    WD_KEY_INTAKE,
    WD_KEY_EVENTS,
    WD_KEY_QUERY,
    WD_KEY_HTTP,
    WD_KEY_INSECURE,
    WD_KEY_WORKERS,
    WD_KEY_RULES,
    WD_KEY_INTAKE_MEMORY,
    WD_KEY_WORK_MEMORY,
    WD_KEY_STORE_CACHE,
    WD_KEY_SESSION_MESSAGES,
    WD_KEY_SESSION_BYTES,
    WD_KEY_MAX_SESSIONS,
    WD_KEY_WARN_SUBSCRIPTIONS,
    WD_KEY_MAX_BACKLOG,
    WD_KEY_DRAIN_TIMEOUT,
    WD_KEY_LOG_LEVEL,
    WD_KEY_LOG_FORMAT,
    WD_KEY_COUNT
} wd_key_t;

typedef struct {
    char data[WD_PATH_MAX];       /* the state folder */
    char intake[WD_ENDPOINT_MAX]; /* ZeroMQ endpoints to bind */
    char events[WD_ENDPOINT_MAX];
    char query[WD_ENDPOINT_MAX];
    char http[WD_ENDPOINT_MAX]; /* HOST:PORT of the admin HTTP, or "off" */
    bool insecure;              /* listen beyond this machine without encryption */
    int64_t workers;            /* extraction threads; 0: take articles, extract none */
    char rules[WD_PATH_MAX];    /* a folder of further rules, or "" */
    int64_t intake_memory;      /* bytes: credit of all sessions together */
    int64_t work_memory;        /* bytes: texts in memory with or for the workers */
    int64_t store_cache;        /* bytes: page cache of each connection to the store */
    int64_t session_messages;   /* credit of one session: pushes */
    int64_t session_bytes;      /* and bytes */
    int64_t max_sessions;
    int64_t warn_subscriptions; /* topics, over all subscribers, beyond which the log warns */
    int64_t max_backlog;        /* articles that may wait for extraction */
    int64_t drain_timeout_ms;   /* how long a stop may take */
    wd_level_t log_level;
    wd_log_format_t log_format;

    char file[WD_PATH_MAX]; /* where the file was read from, or "" */
    struct {
        wd_origin_t from;
        int line; /* with WD_FROM_FILE */
    } origin[WD_KEY_COUNT];
} wd_config_t;

/* What the command line asks for beside settings. */
typedef enum {
    WD_RUN,
    WD_HELP,
    WD_VERSION,
    WD_CHECK_CONFIG,
    WD_PRINT_CONFIG,
    WD_HEALTHCHECK,
    WD_USAGE /* the command line itself is at fault; a word about it was written */
} wd_command_t;

/* Fills `self` from defaults, the file (--config, else WINNOW_CONFIG, else none), the environment
 * and the flags, and writes each fault as a line to `faults`. Returns what is to be done and the
 * number of faults in *ret_faults; with a fault that key keeps the value of the place before.
 * `faults` may be standard error or a memory stream. Not for two threads at once (getopt). */
wd_command_t wd_config_read(wd_config_t *self, int argc, char *const argv[], FILE *faults,
                            int *ret_faults);

/* Writes `key = value ; origin` for every key: a file that can be read again. */
void wd_config_print(const wd_config_t *self, FILE *out);

/* Compares a configuration that was read again with the running one: takes over into `running` what
 * can be changed while it runs, and writes into `restart` the keys (comma between them) that differ
 * and need a restart. Returns how many were taken. */
int wd_config_take(wd_config_t *running, const wd_config_t *fresh, char *restart, size_t size);

/* The options, for --help. */
void wd_config_usage(FILE *out);

#endif
