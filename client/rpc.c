/* SPDX-License-Identifier: Apache-2.0 */
/* One question, one answer; what else arrives belongs to questions that were given up. */
#include "rpc.h"

#include <errno.h>

#define S_AGAIN_MS 3000 /* a question this old is asked again */
#define S_LATER_MS 200  /* one that was refused for now */

int wc_rpc_open(wc_rpc_t *self, void *context, const char *endpoint, winnow_client_error_t *err)
{
    *self = (wc_rpc_t){.request = 0};
    return wc_link_open(&self->link, context, ZMQ_DEALER, endpoint, NULL, err);
}

void wc_rpc_close(wc_rpc_t *self)
{
    wp_message_clear(&self->answer);
    wc_link_close(&self->link);
}

static int s_send(wc_rpc_t *self, winnow_client_error_t *err)
{
    self->asked.request = ++self->request;
    self->again = wc_now() + S_AGAIN_MS;
    self->open = true;
    if (wp_send_message(self->link.socket, NULL, &self->asked, &self->link.packet, ZMQ_DONTWAIT) !=
            0 &&
        errno != EAGAIN)
        return wc_fail(err, WINNOW_CLIENT_MEMORY, "cannot send: %s", zmq_strerror(errno));
    return 0;
}

int wc_rpc_ask(wc_rpc_t *self, const wp_message_t *question, winnow_client_error_t *err)
{
    wp_message_clear(&self->answer);
    self->asked = *question;
    return s_send(self, err);
}

int wc_rpc_poll(wc_rpc_t *self, winnow_client_error_t *err)
{
    wc_link_t *link = &self->link;
    wp_error_t fault;

    if (!self->open)
        return 0;
    wp_message_clear(&self->answer);
    while (wp_parts_recv(&link->parts, link->socket, WP_ANSWER_PARTS, ZMQ_DONTWAIT) == 0) {
        if (wp_message_decode(WP_AT_QUERY_CLIENT, link->parts.frames, link->parts.count,
                              &self->answer, &fault) != 0)
            return wc_fail(err, WINNOW_CLIENT_PROTOCOL, "what answers at %.150s is no winnowd: %s",
                           link->endpoint, fault.message);
        if (self->answer.request == self->request) {
            self->open = false;
            return 1;
        }
        wp_message_clear(&self->answer);
    }
    if (wc_now() < self->again)
        return 0;
    int code = wc_link_reopen(link, err);
    return code == 0 ? s_send(self, err) : code;
}

static bool s_fits(wp_type_t asked, wp_type_t answer)
{
    switch (asked) {
    case WP_PING:
        return answer == WP_PONG;
    case WP_STATUS:
    case WP_SHOW:
        return answer == WP_RESULT;
    case WP_QUERY:
    case WP_ARTICLES:
        return answer == WP_ROWS;
    default:
        return answer == WP_EVENTS;
    }
}

int wc_rpc_call(wc_rpc_t *self, const wp_message_t *question, int patience_ms, int cancel_fd,
                winnow_client_error_t *err)
{
    int64_t end = patience_ms < 0 ? -1 : wc_now() + patience_ms;
    int64_t later = -1; /* when to ask again what was refused for now */

    int code = wc_rpc_ask(self, question, err);
    while (code == 0) {
        code =
            wc_wait(&self->link, NULL, cancel_fd, wc_earlier(end, later < 0 ? self->again : later));
        if (code != 0)
            return wc_fail(err, WINNOW_CLIENT_CANCELLED, "cancelled");
        int64_t now = wc_now();
        if (later >= 0 && now >= later) {
            later = -1;
            code = s_send(self, err);
            continue;
        }
        int got = wc_rpc_poll(self, err);
        if (got < 0)
            return got;
        if (got == 1) {
            const wp_refused_t *refused = &self->answer.body.refused;
            if (s_fits(question->type, self->answer.type))
                return 0;
            if (self->answer.type != WP_REFUSED)
                return wc_fail(err, WINNOW_CLIENT_PROTOCOL, "%s was answered with %s",
                               wp_type_name(question->type), wp_type_name(self->answer.type));
            if (!refused->retry || (end >= 0 && now + S_LATER_MS >= end))
                return wc_refused(err, refused);
            later = now + S_LATER_MS;
        } else if (end >= 0 && now >= end) {
            return wc_unreachable(err, self->link.endpoint);
        }
    }
    return code;
}
