/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets with their limits; see endpoint.h. */
#include "endpoint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "actors.h"
#include "handover.h"

static int s_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

static int s_limits(const wd_endpoint_t *self, void *socket, const char *address)
{
    int rc = zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &self->max_frame, sizeof self->max_frame);
    rc |= s_int(socket, ZMQ_HANDSHAKE_IVL, 3000);
    rc |= s_int(socket, ZMQ_HEARTBEAT_IVL, 10000);
    rc |= s_int(socket, ZMQ_HEARTBEAT_TIMEOUT, 30000);
    rc |= s_int(socket, ZMQ_BACKLOG, 1024);
    rc |= s_int(socket, ZMQ_RCVHWM, self->receive);
    rc |= s_int(socket, ZMQ_SNDHWM, self->send);
    rc |= s_int(socket, ZMQ_LINGER, self->linger_ms);
    rc |= s_int(socket, ZMQ_IPV6, strchr(address, '[') != NULL);
    if (self->type == ZMQ_ROUTER)
        rc |= s_int(socket, ZMQ_ROUTER_MANDATORY, 1);
    if (self->type == ZMQ_XPUB)
        rc |= s_int(socket, ZMQ_XPUB_VERBOSER, 1);
    return rc;
}

void *wd_endpoint_bind(const wd_endpoint_t *self, const char *address,
                       char ret_bound[WD_ENDPOINT_MAX], char *message, size_t size)
{
    static const char name[] = "tcp://localhost:";
    char literal[WD_ENDPOINT_MAX];
    size_t length = WD_ENDPOINT_MAX;
    void *socket = zmq_socket(zsys_init(), self->type);
    if (!socket) {
        snprintf(message, size, "no socket for %s: %s", address, zmq_strerror(errno));
        return NULL;
    }
    if (strncmp(address, name, sizeof name - 1) == 0)
        snprintf(literal, sizeof literal, "tcp://127.0.0.1:%s", address + sizeof name - 1);
    else
        snprintf(literal, sizeof literal, "%s", address);
    if (s_limits(self, socket, literal) != 0 || zmq_bind(socket, literal) != 0 ||
        zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, ret_bound, &length) != 0) {
        snprintf(message, size, "cannot listen on %s: %s", address, zmq_strerror(errno));
        s_int(socket, ZMQ_LINGER, 0);
        zmq_close(socket);
        return NULL;
    }
    return socket;
}

void *wd_endpoint_inner(int type, const char *address)
{
    void *socket = zmq_socket(zsys_init(), type);
    if (!socket)
        return NULL;
    if (s_int(socket, ZMQ_RCVHWM, 0) != 0 || s_int(socket, ZMQ_SNDHWM, 0) != 0 ||
        s_int(socket, ZMQ_LINGER, -1) != 0 || zmq_connect(socket, address) != 0) {
        int saved = errno;
        zmq_close(socket);
        errno = saved;
        return NULL;
    }
    return socket;
}

static void s_parcel_destroy(const wd_parcel_t *parcel)
{
    wd_batch_t *batch = parcel->kind == WD_PARCEL_BATCH ? parcel->data : NULL;
    wd_ends_t *ends = parcel->kind == WD_PARCEL_ENDS ? parcel->data : NULL;
    wd_job_t *job = parcel->kind == WD_PARCEL_JOB ? parcel->data : NULL;
    wd_publication_t *publication = parcel->kind == WD_PARCEL_PUBLICATION ? parcel->data : NULL;
    wd_batch_destroy(&batch);
    wd_ends_destroy(&ends);
    wd_job_destroy(&job);
    wd_publication_destroy(&publication);
}

void wd_parcels_close(void **socket_p)
{
    wd_parcel_t parcel;
    if (!*socket_p)
        return;
    while (wd_parcel_recv(*socket_p, &parcel, ZMQ_DONTWAIT) == 0)
        s_parcel_destroy(&parcel);
    zmq_close(*socket_p);
    *socket_p = NULL;
}

zactor_t *wd_actor_new(zactor_fn *run, void *args)
{
    zactor_t *actor = zactor_new(run, args);
    wd_handover_take(args);
    return actor;
}

void wd_actor_destroy(zactor_t **self_p, void *args)
{
    zactor_destroy(self_p);
    wd_handover_take(args);
}

void wd_actor_ready(zsock_t *pipe, void *args, bool started)
{
    wd_handover_give(args);
    zsock_signal(pipe, started ? 0 : 1);
}

void wd_actor_end(void *args)
{
    wd_handover_give(args);
}
