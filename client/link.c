/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sockets that connect. Two settings matter: no ZMTP heartbeats, as libzmq 4.3.4 aborts on a
 * stalled socket that connects and has them; and no high-water mark for sending, as a SUB would
 * lose subscriptions beyond it. What is in flight is bounded by the objects themselves.
 */
#include "link.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int wc_fail(winnow_client_error_t *err, winnow_client_code_t code, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        *err = (winnow_client_error_t){.code = code};
        vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
        err->retry = code == WINNOW_CLIENT_UNREACHABLE || code == WINNOW_CLIENT_TIMEOUT;
    }
    return code;
}

int wc_refused(winnow_client_error_t *err, const wp_refused_t *refused)
{
    if (err) {
        *err = (winnow_client_error_t){.code = WINNOW_CLIENT_REFUSED, .retry = refused->retry};
        snprintf(err->refused, sizeof err->refused, "%s", refused->code.data);
        snprintf(err->message, sizeof err->message, "%s", refused->message.data);
    }
    return WINNOW_CLIENT_REFUSED;
}

int wc_unreachable(winnow_client_error_t *err, const char *endpoint)
{
    return wc_fail(err, WINNOW_CLIENT_UNREACHABLE, "cannot reach %.200s (is winnowd running?)",
                   endpoint);
}

wp_str_t wc_str(const char *string)
{
    return (wp_str_t){string, string ? strlen(string) : 0};
}

/* One endpoint: given alone, or made from the base, whose port is raised by `step`. */
static int s_endpoint(const char *alone, const char *base, unsigned step, const char *suffix,
                      char *ret, winnow_client_error_t *err)
{
    const char *from = alone ? alone : base;
    int written = -1;

    if (alone) {
        written = snprintf(ret, WC_ENDPOINT_MAX, "%s", alone);
    } else if (strncmp(base, "ipc://", 6) == 0) {
        written = snprintf(ret, WC_ENDPOINT_MAX, "%s%s", base, suffix);
    } else if (strncmp(base, "tcp://", 6) == 0) {
        const char *colon = strrchr(base + 6, ':');
        char *end = NULL;
        unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;
        if (!colon || colon == base + 6 || colon[1] < '0' || colon[1] > '9' || *end != '\0' ||
            port == 0 || port + step > 65535)
            return wc_fail(err, WINNOW_CLIENT_INVALID,
                           "endpoint \"%.200s\" has no port from 1 to %u", base, 65535 - step);
        written =
            snprintf(ret, WC_ENDPOINT_MAX, "%.*s:%lu", (int)(colon - base), base, port + step);
    }
    if (written >= WC_ENDPOINT_MAX)
        return wc_fail(err, WINNOW_CLIENT_INVALID, "endpoint \"%.60s...\" is too long", from);
    if (written < 0 || !strstr(ret, "://"))
        return wc_fail(err, WINNOW_CLIENT_INVALID,
                       "endpoint \"%.200s\" is neither tcp://HOST:PORT nor ipc://PATH", from);
    return 0;
}

int wc_options(const winnow_client_options_t *options, wc_options_t *ret_options,
               winnow_client_error_t *err)
{
    static const winnow_client_options_t none = {0};
    const winnow_client_options_t *in = options ? options : &none;
    const char *base = in->endpoint ? in->endpoint : WINNOW_CLIENT_ENDPOINT;
    wc_options_t out = {.connect_ms = in->connect_ms ? in->connect_ms : 5000,
                        .patience_ms = in->patience_ms ? in->patience_ms : 60000,
                        .cancel_fd = in->cancel_fd,
                        .window = in->window ? in->window : 4096,
                        .window_bytes = in->window_bytes ? in->window_bytes : (size_t)64 << 20};

    int code = s_endpoint(in->intake, base, 0, ".intake", out.intake, err);
    if (code == 0)
        code = s_endpoint(in->events, base, 1, ".events", out.events, err);
    if (code == 0)
        code = s_endpoint(in->query, base, 2, ".query", out.query, err);
    if (code != 0)
        return code;
    snprintf(out.name, sizeof out.name, "%s",
             in->name && in->name[0] ? in->name : "libwinnow-client");
    *ret_options = out;
    return 0;
}

static int s_connect(wc_link_t *self, winnow_client_error_t *err)
{
    int none = 0;
    int linger = 100;
    int one = 1;
    int slow = 1000;
    int64_t max = (int64_t)WP_ANSWER_MAX;
    int marks = self->type == ZMQ_SUB ? 20000 : 0;

    self->socket = zmq_socket(self->context, self->type);
    if (!self->socket)
        return wc_fail(err, WINNOW_CLIENT_MEMORY, "no socket: %s", zmq_strerror(errno));
    zmq_setsockopt(self->socket, ZMQ_SNDHWM, &none, sizeof none);
    zmq_setsockopt(self->socket, ZMQ_RCVHWM, &marks, sizeof marks);
    zmq_setsockopt(self->socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(self->socket, ZMQ_MAXMSGSIZE, &max, sizeof max);
    zmq_setsockopt(self->socket, ZMQ_TCP_KEEPALIVE, &one, sizeof one);
    zmq_setsockopt(self->socket, ZMQ_RECONNECT_IVL_MAX, &slow, sizeof slow);
    if (strchr(self->endpoint, '['))
        zmq_setsockopt(self->socket, ZMQ_IPV6, &one, sizeof one);
    for (const char *const *topic = self->topics; topic && *topic; topic++)
        zmq_setsockopt(self->socket, ZMQ_SUBSCRIBE, *topic, strlen(*topic));
    if (zmq_connect(self->socket, self->endpoint) != 0)
        return wc_fail(err, WINNOW_CLIENT_INVALID, "endpoint \"%.200s\": %s", self->endpoint,
                       zmq_strerror(errno));
    return 0;
}

int wc_link_open(wc_link_t *self, void *context, int type, const char *endpoint,
                 const char *const *topics, winnow_client_error_t *err)
{
    *self = (wc_link_t){.context = context,
                        .type = type,
                        .topics = topics,
                        .packet = WP_PACKET_INIT,
                        .parts = WP_PARTS_INIT};
    snprintf(self->endpoint, sizeof self->endpoint, "%s", endpoint);
    return s_connect(self, err);
}

int wc_link_reopen(wc_link_t *self, winnow_client_error_t *err)
{
    int at_once = 0;

    if (self->socket) {
        zmq_setsockopt(self->socket, ZMQ_LINGER, &at_once, sizeof at_once);
        zmq_close(self->socket);
    }
    return s_connect(self, err);
}

void wc_link_close(wc_link_t *self)
{
    wp_parts_free(&self->parts);
    wp_packet_free(&self->packet);
    if (self->socket)
        zmq_close(self->socket);
    self->socket = NULL;
}

int64_t wc_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t wc_earlier(int64_t one, int64_t other)
{
    if (one < 0 || other < 0)
        return one < 0 ? other : one;
    return one < other ? one : other;
}

int wc_wait(wc_link_t *one, wc_link_t *other, int cancel_fd, int64_t until)
{
    for (;;) {
        zmq_pollitem_t items[3];
        int count = 0;
        if (one && one->socket)
            items[count++] = (zmq_pollitem_t){one->socket, 0, ZMQ_POLLIN, 0};
        if (other && other->socket)
            items[count++] = (zmq_pollitem_t){other->socket, 0, ZMQ_POLLIN, 0};
        if (cancel_fd > 0)
            items[count++] = (zmq_pollitem_t){NULL, cancel_fd, ZMQ_POLLIN, 0};
        int64_t left = until < 0 ? -1 : until - wc_now();
        if (until >= 0 && left < 0)
            left = 0;
        int rc = zmq_poll(items, count, (long)left);
        if (rc < 0 && errno == EINTR)
            continue;
        if (cancel_fd > 0 && items[count - 1].revents)
            return WINNOW_CLIENT_CANCELLED;
        return 0;
    }
}
