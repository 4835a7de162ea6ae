/* SPDX-License-Identifier: Apache-2.0 */
/* Health and metrics over HTTP; see http.h. */
#include "http.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <microhttpd.h>

struct wd_http {
    struct MHD_Daemon *daemon;
    const wd_metrics_t *metrics;
    const wd_writer_stats_t *writer;
};

static enum MHD_Result s_reply(struct MHD_Connection *connection, unsigned status, const char *type,
                               char *body, size_t size, enum MHD_ResponseMemoryMode mode)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(size, body, mode);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    enum MHD_Result rc = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return rc;
}

static enum MHD_Result s_text(struct MHD_Connection *connection, unsigned status, const char *text)
{
    char line[128];
    int n = snprintf(line, sizeof line, "%s\n", text);
    return s_reply(connection, status, "text/plain; charset=utf-8", line, (size_t)n,
                   MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result s_health(wd_http_t *self, struct MHD_Connection *connection)
{
    char text[96];
    const char *stuck = wd_metrics_stuck(self->metrics, WD_STUCK_MS);
    if (!stuck)
        return s_text(connection, MHD_HTTP_OK, "ok");
    snprintf(text, sizeof text, "the loop of %s does not turn", stuck);
    return s_text(connection, MHD_HTTP_SERVICE_UNAVAILABLE, text);
}

static enum MHD_Result s_ready(wd_http_t *self, struct MHD_Connection *connection)
{
    const char *why = NULL;
    if (wd_gauge_get(self->metrics, WD_G_DRAINING))
        why = "draining";
    else if (!wd_gauge_get(self->metrics, WD_G_READY))
        why = "starting";
    else if (atomic_load_explicit(&self->writer->full, memory_order_relaxed))
        why = "the store cannot be written";
    return s_text(connection, why ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK, why ? why : "ok");
}

static enum MHD_Result s_metrics(wd_http_t *self, struct MHD_Connection *connection)
{
    char *body = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&body, &size);
    if (!out)
        return MHD_NO;
    wd_metrics_write(self->metrics, self->writer, out);
    if (fclose(out) != 0) {
        free(body);
        return MHD_NO;
    }
    return s_reply(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", body, size,
                   MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result s_on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version, const char *upload,
                                    size_t *upload_size, void **state)
{
    static int seen;
    wd_http_t *self = arg;
    (void)version;
    (void)upload;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return s_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD");
    if (!*state) { /* the head alone has been read */
        *state = &seen;
        return MHD_YES;
    }
    *upload_size = 0;
    if (strcmp(url, "/healthz") == 0)
        return s_health(self, connection);
    if (strcmp(url, "/readyz") == 0)
        return s_ready(self, connection);
    if (strcmp(url, "/metrics") == 0)
        return s_metrics(self, connection);
    return s_text(connection, MHD_HTTP_NOT_FOUND, "see /healthz, /readyz and /metrics");
}

/* HOST:PORT to a socket address; -1 with `message`. */
static int s_resolve(const char *address, struct sockaddr_storage *ret, socklen_t *ret_size,
                     char *message, size_t size)
{
    char host[256];
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE},
                    *found = NULL;
    const char *colon = strrchr(address, ':'), *from = address;
    size_t n = colon ? (size_t)(colon - address) : 0;
    if (n == 0 || n >= sizeof host) {
        snprintf(message, size, "http: \"%s\" is no HOST:PORT", address);
        return -1;
    }
    if (*from == '[' && n > 2) {
        from++;
        n -= 2;
    }
    snprintf(host, sizeof host, "%.*s", (int)n, from);
    const char *port = strcmp(colon + 1, "*") == 0 ? "0" : colon + 1;
    int rc = getaddrinfo(strcmp(host, "*") == 0 ? NULL : host, port, &hints, &found);
    if (rc != 0) {
        snprintf(message, size, "http: %s: %s", address, gai_strerror(rc));
        return -1;
    }
    memcpy(ret, found->ai_addr, found->ai_addrlen);
    *ret_size = found->ai_addrlen;
    freeaddrinfo(found);
    return 0;
}

static int s_listen(const struct sockaddr_storage *where, socklen_t where_size)
{
    int one = 1;
    int fd = socket(where->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        bind(fd, (const struct sockaddr *)where, where_size) != 0 || listen(fd, 64) != 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

wd_http_t *wd_http_new(const char *address, const wd_metrics_t *metrics,
                       const wd_writer_stats_t *writer, char *ret_bound, size_t bound_size,
                       char *message, size_t size)
{
    struct sockaddr_storage where;
    socklen_t where_size;
    char host[128], port[16];
    if (s_resolve(address, &where, &where_size, message, size) != 0)
        return NULL;
    int fd = s_listen(&where, where_size);
    wd_http_t *self = calloc(1, sizeof *self);
    if (fd < 0 || !self) {
        snprintf(message, size, "cannot listen on http %s: %s", address, strerror(errno));
        if (fd >= 0)
            close(fd);
        free(self);
        return NULL;
    }
    where_size = sizeof where;
    getsockname(fd, (struct sockaddr *)&where, &where_size);
    getnameinfo((struct sockaddr *)&where, where_size, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(ret_bound, bound_size, where.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
    self->metrics = metrics;
    self->writer = writer;
    self->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, s_on_request, self, MHD_OPTION_LISTEN_SOCKET,
        fd, MHD_OPTION_CONNECTION_LIMIT, 64u, MHD_OPTION_CONNECTION_TIMEOUT, 10u,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)16384, MHD_OPTION_END);
    if (!self->daemon) {
        snprintf(message, size, "http: no server on %s", address);
        close(fd);
        free(self);
        return NULL;
    }
    return self;
}

void wd_http_destroy(wd_http_t **self_p)
{
    if (!*self_p)
        return;
    MHD_stop_daemon((*self_p)->daemon);
    free(*self_p);
    *self_p = NULL;
}

static int s_connect(const char *address, char *message, size_t size)
{
    struct sockaddr_storage where;
    socklen_t where_size;
    struct timeval patience = {.tv_sec = 5};
    if (s_resolve(address, &where, &where_size, message, size) != 0)
        return -1;
    int fd = socket(where.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0 ||
        connect(fd, (struct sockaddr *)&where, where_size) != 0) {
        snprintf(message, size, "cannot reach http %s: %s", address, strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

int wd_http_healthcheck(const char *address, char *message, size_t size)
{
    static const char request[] = "GET /healthz HTTP/1.0\r\n\r\n";
    char answer[1024];
    size_t have = 0;
    ssize_t n = 0;
    int fd = s_connect(address, message, size);
    if (fd < 0)
        return 1;
    if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) == (ssize_t)sizeof request - 1)
        while (have < sizeof answer - 1 &&
               (n = recv(fd, answer + have, sizeof answer - 1 - have, 0)) > 0)
            have += (size_t)n;
    answer[have] = '\0';
    close(fd);
    const char *status = strchr(answer, ' '), *body = strstr(answer, "\r\n\r\n");
    if (!status || strncmp(answer, "HTTP/1.", 7) != 0) {
        snprintf(message, size, "no answer from http %s", address);
        return 1;
    }
    int code = atoi(status + 1);
    snprintf(message, size, "%.*s", body ? (int)strcspn(body + 4, "\n") : 0, body ? body + 4 : "");
    return code == 200 ? 0 : 1;
}
