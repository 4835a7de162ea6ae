/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer's thread: moves parcels between its sockets and the turns of writer.c.
 *
 * Answers leave before the checkpoint that their transaction may bring about.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <zmq.h>

#include "handover.h"
#include "writer.h"

#define IDLE_MS         1000
#define REST_MS         20   /* of silence before work that can wait is taken up */
#define PUBLISH_MS      1000 /* the publisher may take so long */
#define PUBLISH_BATCHES 16   /* publications that may wait for it */
#define TAKE_MAX        256  /* parcels taken from a socket in one turn */

/* What a worker has in hand, the oldest first. */
typedef struct {
    bool known;
    size_t count;
    int64_t revs[WD_JOBS_AHEAD];
} s_worker_t;

typedef struct {
    wd_writer_args_t *args;
    wd_writer_t *writer;
    zsock_t *pipe;
    void *intake, *work, *publish;
    s_worker_t workers[WD_WORKERS_MAX];
    size_t worker_count; /* indices below it may be known */
    size_t in_work;
    bool greeted; /* the publisher has the first publication */
    bool resting; /* nothing has come for REST_MS */
    bool draining, ended;
} s_actor_t;

static int64_t s_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *s_bind(int type, const char *endpoint, int send_mark, int receive_mark)
{
    void *socket = zmq_socket(zsys_init(), type);
    int zero = 0;
    if (socket == NULL)
        return NULL;
    if (zmq_setsockopt(socket, ZMQ_SNDHWM, &send_mark, sizeof send_mark) != 0 ||
        zmq_setsockopt(socket, ZMQ_RCVHWM, &receive_mark, sizeof receive_mark) != 0 ||
        zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero) != 0 ||
        zmq_bind(socket, endpoint) != 0) {
        zmq_close(socket);
        return NULL;
    }
    return socket;
}

static bool s_open(s_actor_t *self)
{
    int yes = 1;
    self->intake = s_bind(ZMQ_PAIR, WD_WRITER_INTAKE, 0, 0);
    self->work = s_bind(ZMQ_ROUTER, WD_WRITER_WORK, 0, 0);
    self->publish = s_bind(ZMQ_PAIR, WD_WRITER_PUBLISH, PUBLISH_BATCHES, 0);
    return self->intake != NULL && self->work != NULL && self->publish != NULL &&
           zmq_setsockopt(self->work, ZMQ_ROUTER_MANDATORY, &yes, sizeof yes) == 0;
}

static void s_close(s_actor_t *self)
{
    if (self->intake != NULL)
        zmq_close(self->intake);
    if (self->work != NULL)
        zmq_close(self->work);
    if (self->publish != NULL)
        zmq_close(self->publish);
}

/* ------------------------------------------------------------------------------------- coming in
 */

static void s_take_requests(s_actor_t *self)
{
    wd_parcel_t parcel;
    for (int i = 0; i < TAKE_MAX && wd_parcel_recv(self->intake, &parcel, ZMQ_DONTWAIT) == 0; i++) {
        wd_batch_t *batch = parcel.data;
        if (parcel.kind == WD_PARCEL_BATCH && !wd_writer_add_batch(self->writer, batch))
            wd_batch_destroy(&batch); /* the senders ask again */
    }
}

/* READY of a worker that has a job in hand: it gave the oldest one up. */
static void s_ready(s_actor_t *self, s_worker_t *worker)
{
    if (worker->count == 0) {
        worker->known = true;
        return;
    }
    int64_t rev = worker->revs[0];
    worker->count--;
    memmove(worker->revs, worker->revs + 1, worker->count * sizeof worker->revs[0]);
    self->in_work--;
    wd_writer_lost(self->writer, rev);
}

static void s_finished(s_actor_t *self, s_worker_t *worker, wd_finished_t *finished)
{
    for (size_t i = 0; i < worker->count; i++) {
        if (worker->revs[i] != finished->job->rev)
            continue;
        worker->count--;
        memmove(worker->revs + i, worker->revs + i + 1,
                (worker->count - i) * sizeof worker->revs[0]);
        self->in_work--;
        break;
    }
    wd_writer_add_finished(self->writer, finished);
}

static void s_take_work(s_actor_t *self)
{
    for (int i = 0; i < TAKE_MAX; i++) {
        char id[2];
        wd_parcel_t parcel;
        int size = zmq_recv(self->work, id, sizeof id, ZMQ_DONTWAIT);
        if (size < 0)
            return;
        if (wd_parcel_recv(self->work, &parcel, ZMQ_DONTWAIT) != 0 || size != (int)sizeof id)
            continue;
        size_t index = (unsigned char)id[1];
        if (index >= self->worker_count)
            self->worker_count = index + 1;
        if (parcel.kind == WD_PARCEL_READY)
            s_ready(self, &self->workers[index]);
        else if (parcel.kind == WD_PARCEL_FINISHED)
            s_finished(self, &self->workers[index], parcel.data);
    }
}

static bool s_waiting(void *arg)
{
    s_actor_t *self = arg;
    int events = 0;
    size_t size = sizeof events;
    return zmq_getsockopt(self->intake, ZMQ_EVENTS, &events, &size) == 0 &&
           (events & ZMQ_POLLIN) != 0;
}

/* ------------------------------------------------------------------------------------- going out
 */

static void s_give_answers(s_actor_t *self)
{
    wd_batch_t *batch;
    while ((batch = wd_writer_take_answers(self->writer)) != NULL)
        if (wd_parcel_send(self->intake, WD_PARCEL_BATCH, batch, ZMQ_DONTWAIT) != 0)
            wd_batch_destroy(&batch); /* no intake any more */
    wd_ends_t *ends = wd_writer_take_ends(self->writer);
    if (ends != NULL && wd_parcel_send(self->intake, WD_PARCEL_ENDS, ends, ZMQ_DONTWAIT) != 0)
        wd_ends_destroy(&ends); /* nobody waits for them */
}

static void s_greet(s_actor_t *self)
{
    wd_publication_t *publication = wd_writer_streams(self->writer);
    if (publication == NULL)
        return;
    if (wd_parcel_send(self->publish, WD_PARCEL_PUBLICATION, publication, ZMQ_DONTWAIT) == 0)
        self->greeted = true;
    else
        wd_publication_destroy(&publication);
}

static void s_publish(s_actor_t *self)
{
    wd_publication_t *publication = wd_writer_take_publication(self->writer);
    if (publication == NULL)
        return;
    if (!self->greeted)
        s_greet(self);
    if (self->greeted &&
        wd_parcel_send(self->publish, WD_PARCEL_PUBLICATION, publication, ZMQ_DONTWAIT) == 0)
        return;
    zmq_pollitem_t item = {self->publish, 0, ZMQ_POLLOUT, 0};
    if (self->greeted && zmq_poll(&item, 1, PUBLISH_MS) > 0 &&
        wd_parcel_send(self->publish, WD_PARCEL_PUBLICATION, publication, ZMQ_DONTWAIT) == 0)
        return;
    atomic_fetch_add_explicit(&self->args->stats->dropped, 1, memory_order_relaxed);
    wd_publication_destroy(&publication);
}

static bool s_give_job(s_actor_t *self, size_t index)
{
    wd_job_t *job = wd_writer_take_job(self->writer);
    if (job == NULL)
        return false;
    char id[2] = {'w', (char)index};
    s_worker_t *worker = &self->workers[index];
    int64_t rev = job->rev;
    if (zmq_send(self->work, id, sizeof id, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
        wd_parcel_send(self->work, WD_PARCEL_JOB, job, ZMQ_DONTWAIT) != 0) {
        worker->known = false; /* it is gone */
        wd_job_destroy(&job);
        wd_writer_lost(self->writer, rev);
        return true;
    }
    worker->revs[worker->count++] = rev;
    self->in_work++;
    return true;
}

/* Idle workers first, then one job ahead for each. */
static void s_give_jobs(s_actor_t *self)
{
    for (size_t level = 0; level < WD_JOBS_AHEAD; level++)
        for (size_t i = 0; i < self->worker_count; i++)
            if (self->workers[i].known && self->workers[i].count == level && !s_give_job(self, i))
                return;
}

/* ------------------------------------------------------------------------------------------ life
 */

static void s_command(s_actor_t *self)
{
    char *command = zstr_recv(self->pipe);
    if (command == NULL || strcmp(command, "$TERM") == 0)
        self->ended = true;
    else if (strcmp(command, "DRAIN") == 0)
        self->draining = true;
    freen(command);
}

static void s_turn(s_actor_t *self)
{
    int64_t now = s_now();
    s_take_requests(self);
    s_take_work(self);
    if (wd_writer_busy(self->writer, now))
        wd_writer_turn(self->writer, now, s_waiting, self);
    s_give_answers(self);
    s_publish(self);
    if (!self->ended)
        s_give_jobs(self);
    atomic_store_explicit(&self->args->stats->in_work, self->in_work, memory_order_relaxed);
    wd_writer_checkpoint(self->writer);
    if (self->draining && wd_writer_drained(self->writer)) {
        self->draining = false;
        zstr_send(self->pipe, "DRAINED");
    }
}

/* Everything that has come is written, if the disk takes it. */
static void s_finish(s_actor_t *self)
{
    size_t before;
    do {
        s_take_requests(self);
        s_take_work(self);
        before = atomic_load_explicit(&self->args->stats->commits, memory_order_relaxed);
        s_turn(self);
    } while (before != atomic_load_explicit(&self->args->stats->commits, memory_order_relaxed));
}

static void s_loop(s_actor_t *self)
{
    while (!self->ended) {
        zmq_pollitem_t items[] = {{zsock_resolve(self->pipe), 0, ZMQ_POLLIN, 0},
                                  {self->intake, 0, ZMQ_POLLIN, 0},
                                  {self->work, 0, ZMQ_POLLIN, 0},
                                  {self->publish, 0, ZMQ_POLLOUT, 0}};
        bool busy = wd_writer_busy(self->writer, s_now());
        bool spare = !busy && wd_writer_has_spare(self->writer);
        long patience = busy || (spare && self->resting) ? 0 : spare ? REST_MS : IDLE_MS;
        int ready = zmq_poll(items, self->greeted ? 3 : 4, patience);
        if (ready < 0 && errno != EINTR) {
            if (self->args->log != NULL)
                self->args->log(LOG_ERR, "writer_poll", zmq_strerror(errno));
            return;
        }
        atomic_fetch_add_explicit(&self->args->stats->ticks, 1, memory_order_relaxed);
        if (ready > 0 && (items[0].revents & ZMQ_POLLIN))
            s_command(self);
        if (ready > 0 && !self->greeted && (items[3].revents & ZMQ_POLLOUT))
            s_greet(self);
        self->resting = ready == 0 && !busy;
        if (ready == 0 && spare)
            wd_writer_spare(self->writer, s_now());
        else if (ready == 0 && !busy)
            wd_writer_idle(self->writer, s_now());
        s_turn(self);
    }
}

void wd_writer_actor(zsock_t *pipe, void *args)
{
    s_actor_t *self = calloc(1, sizeof *self);
    char message[512] = "out of memory";
    bool open = false;
    if (self != NULL) {
        self->args = args;
        self->pipe = pipe;
        self->writer = wd_writer_new(self->args, s_now(), message, sizeof message);
        open = self->writer != NULL && s_open(self);
        if (self->writer != NULL && !open)
            snprintf(message, sizeof message, "sockets: %s", zmq_strerror(errno));
    }
    if (!open) {
        wd_writer_args_t *given = args;
        snprintf(given->failure, sizeof given->failure, "%s", message);
    }
    wd_handover_give(args);
    zsock_signal(pipe, open ? 0 : 1);
    if (open) {
        s_loop(self);
        s_finish(self);
    }
    if (self != NULL) {
        s_close(self);
        wd_writer_destroy(&self->writer);
    }
    free(self);
    wd_handover_give(args);
}
