/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program winnowd: command line, signals, the service manager, around one wd_daemon_t.
 *
 * The main loop waits for signals, for the end of a drain, and for its own second; the descriptor
 * of the signals comes first. Exit codes: 0 stopped in order, 1 could not start or healthcheck
 * failed, 2 wrong use, 78 bad configuration.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <czmq.h>
#include <systemd/sd-daemon.h>

#include "config.h"
#include "daemon.h"
#include "http.h"
#include "log.h"
#include "signals.h"

#define S_EXIT_USAGE  2
#define S_EXIT_CONFIG 78

typedef struct {
    int argc;
    char **argv;
    wd_config_t config;
    wd_daemon_t *daemon;
    int signals;
    bool watchdog; /* the service manager wants to hear that we live */
} s_program_t;

static wd_daemon_t *s_dying; /* for the handler of the last moments */

static void s_usage(FILE *out)
{
    fprintf(out, "Turns news into data: takes articles, reads them, stores and publishes facts.\n"
                 "\n"
                 "  winnowd                          run with the defaults, on this machine alone\n"
                 "  winnowd --data ./news            keep everything in ./news\n"
                 "  winnowd --config winnowd.conf --check-config\n"
                 "  winnowd --print-config           show each setting and where it comes from\n"
                 "  winnowd healthcheck              ask the daemon that runs; exit 0 or 1\n"
                 "\n"
                 "  --config FILE                read settings from FILE\n"
                 "  --check-config               name every fault of the settings, exit 0 or 78\n"
                 "  --print-config               print the settings\n"
                 "  --help, --version\n"
                 "\n"
                 "Settings, as flags, as WINNOW_NAME in the environment, as `name = value` in the "
                 "file:\n\n");
    wd_config_usage(out);
    fprintf(out, "\nSee winnowd(8) and winnowd.conf(5).\n");
}

static void s_raise_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    rlim_t want = limit.rlim_max > 1048576 ? 1048576 : limit.rlim_max;
    if (limit.rlim_cur >= want)
        return;
    limit.rlim_cur = want;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* ---- reload ---- */

/* Logs what was written to a memory stream, a line each. */
static void s_log_lines(char *text)
{
    char *save = NULL;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        wd_log(WD_ERROR, "bad configuration", "fault=%s", line);
}

static void s_reload(s_program_t *self)
{
    wd_config_t fresh;
    char *faults = NULL, restart[512];
    size_t size = 0;
    int count = 0;
    FILE *out = open_memstream(&faults, &size);
    if (!out)
        return;
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, wd_now_ns() / 1000);
    wd_config_read(&fresh, self->argc, self->argv, out, &count);
    fclose(out);
    if (count > 0) {
        s_log_lines(faults);
        wd_log(WD_ERROR, "configuration kept", "faults=%d", count);
        wd_daemon_count(self->daemon, WD_C_RELOAD_FAILURES);
    } else {
        int taken = wd_config_take(&self->config, &fresh, restart, sizeof restart);
        wd_log_set(self->config.log_level, self->config.log_format);
        wd_daemon_configure(self->daemon, &self->config);
        wd_daemon_count(self->daemon, WD_C_RELOADS);
        wd_log(WD_INFO, "configuration read again", "changed=%d need_restart=%s", taken,
               restart[0] ? restart : "none");
    }
    free(faults);
    sd_notify(0, "READY=1");
}

/* ---- run and stop ---- */

static void s_watch(s_program_t *self, const char **stuck)
{
    const char *now = wd_daemon_watch(self->daemon);
    if (now && !*stuck)
        wd_log(WD_ERROR, "a loop does not turn", "actor=%s", now);
    else if (!now && *stuck)
        wd_log(WD_WARNING, "the loop turns again", "actor=%s", *stuck);
    *stuck = now;
    if (!now && self->watchdog)
        sd_notify(0, "WATCHDOG=1");
}

/* Until the first signal to stop. */
static void s_run(s_program_t *self)
{
    const char *stuck = NULL;
    for (;;) {
        struct pollfd item = {.fd = self->signals, .events = POLLIN};
        if (poll(&item, 1, 1000) < 0 && errno != EINTR)
            return;
        switch (wd_signals_read(self->signals)) {
        case WD_SIGNAL_STOP:
            return;
        case WD_SIGNAL_RELOAD:
            s_reload(self);
            break;
        case WD_SIGNAL_NONE:
            break;
        }
        s_watch(self, &stuck);
    }
}

/* Until what was accepted is worked off, time is up, or a second signal comes. */
static void s_drain(s_program_t *self)
{
    const char *stuck = NULL, *end = "timeout";
    int64_t start = wd_now_ns() / 1000000, limit = start + self->config.drain_timeout_ms;
    wd_daemon_drain(self->daemon);
    for (;;) {
        int64_t now = wd_now_ns() / 1000000;
        if (wd_daemon_drained(self->daemon)) {
            end = "done";
            break;
        }
        if (now >= limit)
            break;
        struct pollfd items[2] = {{.fd = self->signals, .events = POLLIN},
                                  {.fd = wd_daemon_drain_fd(self->daemon), .events = POLLIN}};
        /* libzmq's descriptor speaks once for several messages: look again soon all the same. */
        int64_t wait = limit - now < 100 ? limit - now : 100;
        if (poll(items, 2, (int)wait) > 0 && wd_signals_read(self->signals) == WD_SIGNAL_STOP) {
            end = "second signal";
            break;
        }
        s_watch(self, &stuck);
    }
    wd_log(WD_INFO, "drained", "end=%s ms=%lld", end, (long long)(wd_now_ns() / 1000000 - start));
}

static void s_on_last(void)
{
    static const char line[] = "winnowd: stopped at once; nothing that was answered is lost\n";
    if (s_dying)
        wd_daemon_abandon(s_dying);
    (void)!write(STDERR_FILENO, line, sizeof line - 1);
}

static int s_serve(s_program_t *self)
{
    char message[512] = "";
    uint64_t usec = 0;
    self->daemon = wd_daemon_new(&self->config, message, sizeof message);
    if (!self->daemon) {
        wd_log(WD_ERROR, "cannot start", "why=%s", message);
        return EXIT_FAILURE;
    }
    const char *http = wd_daemon_endpoint(self->daemon, "http");
    wd_log(WD_INFO, "ready",
           "version=%s data=%s intake=%s events=%s query=%s http=%s workers=%lld pid=%d",
           WINNOW_VERSION, self->config.data, wd_daemon_endpoint(self->daemon, "intake"),
           wd_daemon_endpoint(self->daemon, "events"), wd_daemon_endpoint(self->daemon, "query"),
           http ? http : "off", (long long)self->config.workers, (int)getpid());
    if (self->config.insecure)
        wd_log(WD_WARNING, "insecure", "why=%s",
               "anybody who reaches the endpoints can read and write everything");
    self->watchdog = sd_watchdog_enabled(0, &usec) > 0;
    sd_notify(0, "READY=1\nSTATUS=taking articles");

    s_run(self);
    wd_log(WD_INFO, "stopping", "drain_timeout_ms=%lld", (long long)self->config.drain_timeout_ms);
    sd_notify(0, "STOPPING=1\nSTATUS=working off what was accepted");
    s_drain(self);

    s_dying = self->daemon;
    wd_signals_last(self->signals, 10, s_on_last);
    wd_daemon_destroy(&self->daemon);
    s_dying = NULL;
    zsys_shutdown();
    alarm(0);
    wd_log(WD_INFO, "stopped", NULL);
    return EXIT_SUCCESS;
}

/* ---- the other commands ---- */

/* The address of the daemon's HTTP, which may have found its own port. */
static void s_http_address(const wd_config_t *config, char *out, size_t size)
{
    char path[WD_PATH_MAX + 32], line[WD_ENDPOINT_MAX + 32];
    snprintf(out, size, "%s", config->http);
    snprintf(path, sizeof path, "%s/endpoints", config->data);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "http=", 5) == 0)
            snprintf(out, size, "%.*s", (int)strcspn(line + 5, "\n"), line + 5);
    if (file)
        fclose(file);
}

static int s_healthcheck(const wd_config_t *config)
{
    char address[WD_ENDPOINT_MAX], message[256] = "";
    s_http_address(config, address, sizeof address);
    if (strcmp(address, "off") == 0) {
        fprintf(stderr, "winnowd: http is off, there is nobody to ask\n");
        return EXIT_FAILURE;
    }
    int rc = wd_http_healthcheck(address, message, sizeof message);
    fprintf(rc ? stderr : stdout, "%s\n", message);
    return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char *argv[])
{
    static s_program_t self;
    int faults = 0;
    self.argc = argc;
    self.argv = argv;
    wd_command_t command = wd_config_read(&self.config, argc, argv, stderr, &faults);
    switch (command) {
    case WD_HELP:
        s_usage(stdout);
        return EXIT_SUCCESS;
    case WD_VERSION:
        printf("winnowd %s\n", WINNOW_VERSION);
        return EXIT_SUCCESS;
    case WD_USAGE:
        fprintf(stderr, "Try winnowd --help.\n");
        return S_EXIT_USAGE;
    default:
        break;
    }
    if (faults > 0)
        return S_EXIT_CONFIG;
    if (command == WD_CHECK_CONFIG)
        return EXIT_SUCCESS;
    if (command == WD_PRINT_CONFIG) {
        wd_config_print(&self.config, stdout);
        return EXIT_SUCCESS;
    }
    if (command == WD_HEALTHCHECK)
        return s_healthcheck(&self.config);

    wd_log_set(self.config.log_level, self.config.log_format);
    umask(027);
    s_raise_files();
    self.signals = wd_signals_open();
    if (self.signals < 0) {
        wd_log(WD_ERROR, "cannot start", "why=%s", strerror(errno));
        return EXIT_FAILURE;
    }
    zsys_handler_set(NULL);
    setenv("ZSYS_SIGHANDLER", "false", 1);
    zsys_init();
    return s_serve(&self);
}
