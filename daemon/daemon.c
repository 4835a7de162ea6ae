/* SPDX-License-Identifier: Apache-2.0 */
/* The list of actors; see daemon.h. */
#include "daemon.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "endpoint.h"
#include "http.h"
#include "identity.h"
#include "intake.h"
#include "publisher.h"
#include "query.h"
#include "worker.h"
#include "workfile.h"

struct wd_daemon {
    wd_config_t config;
    wd_metrics_t metrics;
    wd_writer_stats_t stats;
    char instance[37], epoch[37];
    char http_bound[WD_ENDPOINT_MAX];
    int64_t suspects[WD_WORKERS_MAX];
    size_t suspect_count;

    wd_store_t *store;
    wd_workfile_t *workfile;
    winnow_model_t *model;
    wd_http_t *http;

    wd_writer_args_t writer_args;
    wd_publisher_args_t publisher_args;
    wd_query_args_t query_args;
    wd_intake_args_t intake_args;
    wd_worker_args_t *worker_args; /* one a worker */
    zactor_t *writer, *publisher, *query, *intake;
    zactor_t **workers;

    bool draining, drained;
    uint64_t seen_ticks; /* the writer's count at the last look */
};

/* mkdir -p, for the owner and the group. */
static int s_folder(const char *path, char *message, size_t size)
{
    char part[WD_PATH_MAX];
    snprintf(part, sizeof part, "%s", path);
    for (char *p = part + 1;; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char kept = *p;
        *p = '\0';
        if (mkdir(part, 0750) != 0 && errno != EEXIST) {
            snprintf(message, size, "cannot make the folder %s: %s", part, strerror(errno));
            return -1;
        }
        *p = kept;
        if (!kept)
            break;
    }
    if (access(path, R_OK | W_OK | X_OK) != 0) {
        snprintf(message, size, "cannot use the folder %s: %s", path, strerror(errno));
        return -1;
    }
    return 0;
}

static void s_writer_log(int priority, const char *event, const char *detail)
{
    wd_level_t level = priority <= LOG_ERR       ? WD_ERROR
                       : priority <= LOG_WARNING ? WD_WARNING
                       : priority <= LOG_INFO    ? WD_INFO
                                                 : WD_DEBUG;
    wd_log(level, event, "actor=%s detail=%s", "writer", detail ? detail : "");
}

/* ---- the steps of the start, in order ---- */

static int s_open_store(wd_daemon_t *self, char *message, size_t size)
{
    wd_code_t code;
    const wd_store_options_t options = {.cache_kib = (unsigned)(self->config.store_cache / 1024)};
    if (s_folder(self->config.data, message, size) != 0)
        return -1;
    self->store = wd_store_open(self->config.data, &options, &code, message, size);
    if (!self->store)
        return -1;
    snprintf(self->epoch, sizeof self->epoch, "%s", wd_store_epoch(self->store));
    wd_identity_uuid(self->instance);
    self->workfile = wd_workfile_open(self->config.data, self->suspects, &self->suspect_count);
    if (!self->workfile) {
        snprintf(message, size, "cannot use %s/winnow.work: %s", self->config.data,
                 strerror(errno));
        return -1;
    }
    if (self->suspect_count > 0)
        wd_log(WD_WARNING, "crashed before", "articles_in_work=%zu", self->suspect_count);
    wd_workfile_guard(self->workfile);
    return 0;
}

static int s_load_model(wd_daemon_t *self, char *message, size_t size)
{
    winnow_error_t err;
    const char *rules = self->config.rules[0] ? self->config.rules : NULL;
    self->model = winnow_model_new(rules, &err);
    if (!self->model)
        snprintf(message, size, "%s", err.message);
    return self->model ? 0 : -1;
}

static int s_start_http(wd_daemon_t *self, char *message, size_t size)
{
    if (strcmp(self->config.http, "off") == 0)
        return 0;
    self->http = wd_http_new(self->config.http, &self->metrics, &self->stats, self->http_bound,
                             sizeof self->http_bound, message, size);
    return self->http ? 0 : -1;
}

/* An actor that could not start has said why in its `failure`. */
static int s_started(const zactor_t *actor, const char *failure, const char *name, char *message,
                     size_t size)
{
    if (actor && !failure[0])
        return 0;
    snprintf(message, size, "%s%s", actor ? failure : "no thread for the ", actor ? "" : name);
    return -1;
}

static int s_start_writer(wd_daemon_t *self, char *message, size_t size)
{
    self->writer_args = (wd_writer_args_t){.store = self->store,
                                           .stats = &self->stats,
                                           .log = s_writer_log,
                                           .suspects = self->suspects,
                                           .suspect_count = self->suspect_count,
                                           .ready_bytes = (size_t)self->config.work_memory};
    self->writer = wd_actor_new(wd_writer_actor, &self->writer_args);
    return s_started(self->writer, self->writer_args.failure, "writer", message, size);
}

static int s_start_publisher(wd_daemon_t *self, char *message, size_t size)
{
    wd_publisher_args_t *args = &self->publisher_args;
    args->config = self->config;
    args->metrics = &self->metrics;
    args->epoch = self->epoch;
    self->publisher = wd_actor_new(wd_publisher_actor, args);
    return s_started(self->publisher, args->failure, "publisher", message, size);
}

static int s_start_workers(wd_daemon_t *self, char *message, size_t size)
{
    size_t count = (size_t)self->config.workers;
    self->worker_args = calloc(count + 1, sizeof *self->worker_args);
    self->workers = calloc(count + 1, sizeof(zactor_t *));
    if (!self->worker_args || !self->workers) {
        snprintf(message, size, "no memory for workers");
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        wd_worker_args_t *args = &self->worker_args[i];
        args->index = i;
        args->model = self->model;
        args->workfile = self->workfile;
        args->metrics = &self->metrics;
        self->workers[i] = wd_actor_new(wd_worker_actor, args);
        if (s_started(self->workers[i], args->failure, "worker", message, size) != 0)
            return -1;
    }
    wd_gauge_set(&self->metrics, WD_G_WORKERS, (int64_t)count);
    return 0;
}

static int s_start_query(wd_daemon_t *self, char *message, size_t size)
{
    wd_query_args_t *args = &self->query_args;
    args->config = self->config;
    args->metrics = &self->metrics;
    args->writer = &self->stats;
    args->epoch = self->epoch;
    args->instance = self->instance;
    args->model = winnow_model_version(self->model);
    args->started_ms = wd_now_ns() / 1000000;
    self->query = wd_actor_new(wd_query_actor, args);
    return s_started(self->query, args->failure, "query", message, size);
}

static int s_start_intake(wd_daemon_t *self, char *message, size_t size)
{
    wd_intake_args_t *args = &self->intake_args;
    args->config = self->config;
    args->metrics = &self->metrics;
    args->writer = &self->stats;
    args->epoch = self->epoch;
    args->instance = self->instance;
    self->intake = wd_actor_new(wd_intake_actor, args);
    return s_started(self->intake, args->failure, "intake", message, size);
}

/* DIR/endpoints, a line `name=address` each, for scripts that gave a port of *. It is there while
 * the daemon runs; a disk too full for it is no reason not to start. */
static void s_write_endpoints(const wd_daemon_t *self)
{
    static const char *const names[] = {"intake", "events", "query", "http"};
    char path[WD_PATH_MAX + 32], fresh[WD_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/endpoints", self->config.data);
    snprintf(fresh, sizeof fresh, "%s/endpoints.new", self->config.data);
    FILE *file = fopen(fresh, "we");
    bool good = file != NULL;
    for (size_t i = 0; good && i < sizeof names / sizeof *names; i++) {
        const char *address = wd_daemon_endpoint(self, names[i]);
        good = !address || fprintf(file, "%s=%s\n", names[i], address) > 0;
    }
    if (file && fclose(file) != 0)
        good = false;
    if (!good || rename(fresh, path) != 0) {
        wd_log(WD_WARNING, "endpoints not written", "path=%s error=%s", path, strerror(errno));
        unlink(fresh);
        unlink(path);
    }
}

wd_daemon_t *wd_daemon_new(const wd_config_t *config, char *message, size_t size)
{
    static int (*const steps[])(wd_daemon_t *, char *, size_t) = {
        s_open_store,      s_load_model,    s_start_http,  s_start_writer,
        s_start_publisher, s_start_workers, s_start_query, s_start_intake};
    wd_daemon_t *self = calloc(1, sizeof *self);
    if (!self) {
        snprintf(message, size, "no memory");
        return NULL;
    }
    self->config = *config;
    wd_gauge_set(&self->metrics, WD_G_START_TIME, (int64_t)time(NULL));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i](self, message, size) != 0) {
            wd_daemon_destroy(&self);
            return NULL;
        }
    }
    s_write_endpoints(self);
    wd_gauge_set(&self->metrics, WD_G_READY, 1);
    return self;
}

const char *wd_daemon_endpoint(const wd_daemon_t *self, const char *name)
{
    const char *bound = strcmp(name, "intake") == 0   ? self->intake_args.bound
                        : strcmp(name, "events") == 0 ? self->publisher_args.bound
                        : strcmp(name, "query") == 0  ? self->query_args.bound
                                                      : self->http_bound;
    return bound[0] ? bound : NULL;
}

static void s_tell_config(zactor_t *actor, const wd_config_t *config)
{
    if (!actor)
        return;
    zstr_sendm(actor, "CONFIG");
    zmq_send(zsock_resolve(actor), config, sizeof *config, 0);
}

void wd_daemon_configure(wd_daemon_t *self, const wd_config_t *config)
{
    self->config = *config;
    s_tell_config(self->intake, config);
    s_tell_config(self->publisher, config);
}

void wd_daemon_drain(wd_daemon_t *self)
{
    if (self->draining)
        return;
    self->draining = true;
    wd_gauge_set(&self->metrics, WD_G_READY, 0);
    wd_gauge_set(&self->metrics, WD_G_DRAINING, 1);
    zstr_send(self->intake, "DRAIN");
    if (self->config.workers > 0)
        zstr_send(self->writer, "DRAIN");
    else
        self->drained = true;
}

bool wd_daemon_drained(wd_daemon_t *self)
{
    zmq_pollitem_t item = {zsock_resolve(self->writer), 0, ZMQ_POLLIN, 0};
    while (!self->drained && zmq_poll(&item, 1, 0) > 0) {
        char *word = zstr_recv_nowait(self->writer);
        self->drained = word && strcmp(word, "DRAINED") == 0;
        freen(word);
    }
    return self->drained;
}

int wd_daemon_drain_fd(wd_daemon_t *self)
{
    int fd = -1;
    size_t size = sizeof fd;
    zmq_getsockopt(zsock_resolve(self->writer), ZMQ_FD, &fd, &size);
    return fd;
}

void wd_daemon_count(wd_daemon_t *self, wd_counter_t counter)
{
    wd_count(&self->metrics, counter, 1);
}

const char *wd_daemon_watch(wd_daemon_t *self)
{
    uint64_t ticks = atomic_load_explicit(&self->stats.ticks, memory_order_relaxed);
    wd_tick(&self->metrics, WD_TICK_MAIN);
    if (ticks != self->seen_ticks)
        wd_tick(&self->metrics, WD_TICK_WRITER);
    self->seen_ticks = ticks;
    int hung = wd_metrics_hung(&self->metrics, WD_HUNG_MS);
    if (hung >= 0) {
        wd_log(WD_ERROR, "worker hangs", "worker=%d limit_ms=%d", hung, WD_HUNG_MS);
        wd_workfile_mark(self->workfile, (size_t)hung);
        abort();
    }
    return wd_metrics_stuck(&self->metrics, WD_STUCK_MS);
}

void wd_daemon_destroy(wd_daemon_t **self_p)
{
    wd_daemon_t *self = *self_p;
    if (!self)
        return;
    wd_gauge_set(&self->metrics, WD_G_READY, 0);
    wd_gauge_set(&self->metrics, WD_G_DRAINING, 1);
    if (self->intake) {
        char path[WD_PATH_MAX + 32];
        snprintf(path, sizeof path, "%s/endpoints", self->config.data);
        unlink(path);
    }
    wd_actor_destroy(&self->intake, &self->intake_args);
    wd_actor_destroy(&self->query, &self->query_args);
    for (size_t i = 0; self->workers && i < (size_t)self->config.workers; i++)
        wd_actor_destroy(&self->workers[i], &self->worker_args[i]);
    wd_actor_destroy(&self->writer, &self->writer_args);
    wd_parcels_close(&self->intake_args.writer_socket);
    for (size_t i = 0; self->worker_args && i < (size_t)self->config.workers; i++)
        wd_parcels_close(&self->worker_args[i].writer_socket);
    wd_actor_destroy(&self->publisher, &self->publisher_args);
    wd_http_destroy(&self->http);
    winnow_model_destroy(&self->model);
    wd_workfile_close(&self->workfile);
    wd_store_close(&self->store);
    free(self->workers);
    free(self->worker_args);
    free(self);
    *self_p = NULL;
}

void wd_daemon_abandon(wd_daemon_t *self)
{
    wd_workfile_clear(self->workfile);
}
