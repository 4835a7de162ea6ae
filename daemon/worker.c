/* SPDX-License-Identifier: Apache-2.0 */
/* Text to facts; see worker.h. */
#include "worker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "endpoint.h"
#include "log.h"

#define NICER 5 /* than the other threads */

typedef struct {
    wd_worker_args_t *args;
    zsock_t *pipe;
    void *writer;
    winnow_extractor_t *extractor;
    bool ended;
} s_worker_t;

static bool s_add_facts(wd_finished_t *finished, const winnow_facts_t *facts)
{
    size_t count = winnow_facts_count(facts);
    for (size_t i = 0; i < count; i++) {
        const winnow_fact_t *fact = winnow_facts_at(facts, i);
        if (!wd_finished_add(finished, winnow_kind_name(fact->kind), fact->json.data,
                             fact->json.size))
            return false;
    }
    return wd_finished_seal(finished);
}

/* NULL: no memory; the job is gone then and stays in the store as accepted. */
static wd_finished_t *s_extract(s_worker_t *self, wd_job_t **job_p)
{
    wd_metrics_t *metrics = self->args->metrics;
    const wd_article_t *article = (*job_p)->article;
    winnow_facts_t *facts = NULL;
    winnow_error_t err = {.message = ""};
    int64_t start = wd_now_ns();

    wd_workfile_set(self->args->workfile, self->args->index, (*job_p)->rev);
    wd_reading(metrics, self->args->index, true);
    int rc = winnow_extract(self->extractor, article->text, article->size, article->published,
                            &facts, &err);
    wd_finished_t *finished = wd_finished_new(job_p);
    bool good = finished != NULL;
    if (good && rc == 0) {
        good = s_add_facts(finished, facts);
    } else if (good) {
        good = wd_finished_fail(finished, err.message[0] ? err.message : "extraction failed") &&
               wd_finished_seal(finished);
        wd_count(metrics, WD_C_EXTRACTION_FAILURES, 1);
        wd_log(WD_WARNING, "extraction failed", "id=%s rev=%lld why=%s", finished->job->article->id,
               (long long)finished->job->rev, err.message);
    }
    winnow_facts_destroy(&facts);
    wd_reading(metrics, self->args->index, false);
    wd_workfile_set(self->args->workfile, self->args->index, 0);
    wd_observe(metrics, WD_H_EXTRACT, wd_now_ns() - start);
    wd_count(metrics, WD_C_EXTRACTIONS, 1);
    if (!good) {
        wd_log(WD_ERROR, "no memory for facts", "worker=%zu", self->args->index);
        wd_finished_destroy(&finished);
        return NULL;
    }
    wd_count(metrics, WD_C_EXTRACTED_BYTES, finished->job->article->size);
    return finished;
}

static void s_work(s_worker_t *self)
{
    wd_parcel_t parcel;
    if (wd_parcel_recv(self->writer, &parcel, ZMQ_DONTWAIT) != 0 || parcel.kind != WD_PARCEL_JOB)
        return;
    wd_job_t *job = parcel.data;
    wd_finished_t *finished = s_extract(self, &job);
    if (!finished)
        /* The job is given up: the writer takes it from the store again. */
        wd_parcel_send(self->writer, WD_PARCEL_READY, NULL, 0);
    else if (wd_parcel_send(self->writer, WD_PARCEL_FINISHED, finished, 0) != 0)
        wd_finished_destroy(&finished);
}

static bool s_start(s_worker_t *self)
{
    wd_worker_args_t *args = self->args;
    char id[2] = {'w', (char)args->index};
    self->extractor = winnow_extractor_new(args->model);
    self->writer = zmq_socket(zsys_init(), ZMQ_DEALER);
    int zero = 0, forever = -1;
    if (!self->extractor || !self->writer ||
        zmq_setsockopt(self->writer, ZMQ_ROUTING_ID, id, sizeof id) != 0 ||
        zmq_setsockopt(self->writer, ZMQ_RCVHWM, &zero, sizeof zero) != 0 ||
        zmq_setsockopt(self->writer, ZMQ_SNDHWM, &zero, sizeof zero) != 0 ||
        zmq_setsockopt(self->writer, ZMQ_LINGER, &forever, sizeof forever) != 0 ||
        zmq_connect(self->writer, WD_WRITER_WORK) != 0 ||
        wd_parcel_send(self->writer, WD_PARCEL_READY, NULL, 0) != 0) {
        snprintf(args->failure, sizeof args->failure, "worker %zu: %s", args->index,
                 zmq_strerror(errno));
        return false;
    }
    return true;
}

/* Reading gives way to who is answered and what is written: on Linux each thread has a niceness of
 * its own. Where that is refused, all are equal. */
static void s_give_way(void)
{
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICER);
}

void wd_worker_actor(zsock_t *pipe, void *args)
{
    s_worker_t self = {.args = args, .pipe = pipe};
    s_give_way();
    bool started = s_start(&self);
    wd_actor_ready(pipe, args, started);
    zmq_pollitem_t items[] = {{zsock_resolve(pipe), 0, ZMQ_POLLIN, 0},
                              {self.writer, 0, ZMQ_POLLIN, 0}};
    while (started && !self.ended) {
        if (zmq_poll(items, 2, -1) < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        if (items[0].revents & ZMQ_POLLIN) {
            char *word = zstr_recv_nowait(pipe);
            self.ended = word && strcmp(word, "$TERM") == 0;
            freen(word);
        } else if (items[1].revents & ZMQ_POLLIN) {
            s_work(&self);
        }
    }
    self.args->writer_socket = self.writer; /* the job that was not begun stays in the store */
    winnow_extractor_destroy(&self.extractor);
    wd_actor_end(args);
}
