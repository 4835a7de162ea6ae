/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions stand in two chained tables, waiters in a pool of nodes that one chained table leads to.
 * All tables double when they have as many entries as chains; freed nodes are used again.
 */
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#define S_NONE UINT32_MAX

typedef struct {
    int64_t rev;
    wd_waiter_t waiter;
    uint32_t next; /* in its chain, or in the list of free nodes */
} s_node_t;

struct wd_book {
    wd_session_t **peers, **numbers; /* chains */
    size_t chains;                   /* of each, a power of two */
    size_t sessions;
    uint64_t last; /* number of the newest session */

    s_node_t *nodes;
    uint32_t node_capacity, node_free; /* first free node */
    uint32_t *heads;
    size_t head_count; /* a power of two */
    size_t waiters;
};

static size_t s_mix(uint64_t n)
{
    n ^= n >> 31;
    n *= UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(n ^ (n >> 32));
}

static size_t s_peer_chain(const wd_book_t *self, const void *peer, size_t size)
{
    return (size_t)XXH64(peer, size, 0) & (self->chains - 1);
}

static size_t s_number_chain(const wd_book_t *self, uint64_t number)
{
    return s_mix(number) & (self->chains - 1);
}

wd_book_t *wd_book_new(void)
{
    wd_book_t *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->chains = 256;
    self->head_count = 1024;
    self->node_free = S_NONE;
    self->peers = calloc(self->chains, sizeof *self->peers);
    self->numbers = calloc(self->chains, sizeof *self->numbers);
    self->heads = malloc(self->head_count * sizeof *self->heads);
    if (!self->peers || !self->numbers || !self->heads) {
        wd_book_destroy(&self);
        return NULL;
    }
    memset(self->heads, 0xFF, self->head_count * sizeof *self->heads);
    return self;
}

void wd_book_destroy(wd_book_t **self_p)
{
    wd_book_t *self = *self_p;
    if (!self)
        return;
    for (size_t i = 0; self->numbers && i < self->chains; i++)
        for (wd_session_t *s = self->numbers[i], *next; s; s = next) {
            next = s->by_number;
            free(s);
        }
    free(self->peers);
    free(self->numbers);
    free(self->heads);
    free(self->nodes);
    free(self);
    *self_p = NULL;
}

/* ---- sessions ---- */

static void s_link(wd_book_t *self, wd_session_t *session)
{
    wd_session_t **peer = &self->peers[s_peer_chain(self, session->peer, session->peer_size)];
    wd_session_t **number = &self->numbers[s_number_chain(self, session->number)];
    session->by_peer = *peer;
    *peer = session;
    session->by_number = *number;
    *number = session;
}

/* Doubles both tables; where there is no memory the chains just grow longer. */
static void s_grow_sessions(wd_book_t *self)
{
    size_t old = self->chains;
    wd_session_t **peers = calloc(old * 2, sizeof *peers),
                 **numbers = calloc(old * 2, sizeof *numbers), **from = self->numbers;
    if (!peers || !numbers) {
        free(peers);
        free(numbers);
        return;
    }
    free(self->peers);
    self->peers = peers;
    self->numbers = numbers;
    self->chains = old * 2;
    for (size_t i = 0; i < old; i++)
        for (wd_session_t *s = from[i], *next; s; s = next) {
            next = s->by_number;
            s_link(self, s);
        }
    free(from);
}

wd_session_t *wd_book_find_peer(wd_book_t *self, const void *peer, size_t peer_size)
{
    wd_session_t *s = self->peers[s_peer_chain(self, peer, peer_size)];
    while (s && (s->peer_size != peer_size || memcmp(s->peer, peer, peer_size) != 0))
        s = s->by_peer;
    return s;
}

wd_session_t *wd_book_find_number(wd_book_t *self, uint64_t number)
{
    wd_session_t *s = self->numbers[s_number_chain(self, number)];
    while (s && s->number != number)
        s = s->by_number;
    return s;
}

wd_session_t *wd_book_open(wd_book_t *self, const void *peer, size_t peer_size, int64_t now_ms)
{
    wd_session_t *old = wd_book_find_peer(self, peer, peer_size);
    if (old)
        wd_book_close(self, old);
    if (peer_size > WD_ROUTING_MAX)
        return NULL;
    wd_session_t *session = calloc(1, sizeof *session);
    if (!session)
        return NULL;
    if (self->sessions >= self->chains)
        s_grow_sessions(self);
    session->number = ++self->last;
    memcpy(session->peer, peer, peer_size);
    session->peer_size = (uint8_t)peer_size;
    session->seen_ms = now_ms;
    s_link(self, session);
    self->sessions++;
    return session;
}

void wd_book_close(wd_book_t *self, wd_session_t *session)
{
    wd_session_t **peer = &self->peers[s_peer_chain(self, session->peer, session->peer_size)];
    wd_session_t **number = &self->numbers[s_number_chain(self, session->number)];
    if (*peer == session) {
        *peer = session->by_peer;
    } else {
        wd_session_t *s = *peer;
        while (s->by_peer != session)
            s = s->by_peer;
        s->by_peer = session->by_peer;
    }
    if (*number == session) {
        *number = session->by_number;
    } else {
        wd_session_t *s = *number;
        while (s->by_number != session)
            s = s->by_number;
        s->by_number = session->by_number;
    }
    self->sessions--;
    free(session);
}

size_t wd_book_sessions(const wd_book_t *self)
{
    return self->sessions;
}

void wd_book_each(wd_book_t *self, void (*each)(void *arg, wd_session_t *session), void *arg)
{
    for (size_t i = 0; i < self->chains; i++)
        for (wd_session_t *s = self->numbers[i], *next; s; s = next) {
            next = s->by_number;
            each(arg, s);
        }
}

/* ---- credit ---- */

wd_window_t wd_window_share(const wd_config_t *config, size_t sessions)
{
    uint64_t share = (uint64_t)config->session_bytes, least = 16384;
    uint64_t memory = (uint64_t)config->intake_memory, messages;
    while (share > least && share * sessions > memory)
        share /= 2;
    messages = (uint64_t)config->session_messages;
    /* Short articles too cost a few hundred bytes each: messages shrink as bytes do. */
    messages = messages * share / (uint64_t)config->session_bytes;
    return (wd_window_t){messages > 0 ? (uint32_t)messages : 1, share};
}

bool wd_session_grant(wd_session_t *self, wd_window_t window, int64_t now_ms)
{
    if (self->window.messages == window.messages && self->window.bytes == window.bytes)
        return false;
    bool grace = now_ms < self->grace_ms;
    wd_window_t old = self->window;
    if (grace && self->before.messages > old.messages)
        old.messages = self->before.messages;
    if (grace && self->before.bytes > old.bytes)
        old.bytes = self->before.bytes;
    self->before = old;
    self->grace_ms = now_ms + WD_GRACE_MS;
    self->window = window;
    return true;
}

static bool s_fits(const wd_session_t *self, wd_window_t window, uint64_t bytes)
{
    if (self->messages >= window.messages)
        return false;
    return self->messages == 0 || self->bytes + bytes <= window.bytes;
}

bool wd_session_fits(const wd_session_t *self, uint64_t bytes, int64_t now_ms)
{
    return s_fits(self, self->window, bytes) ||
           (now_ms < self->grace_ms && s_fits(self, self->before, bytes));
}

/* ---- waiters ---- */

static void s_grow_heads(wd_book_t *self)
{
    size_t count = self->head_count * 2;
    uint32_t *heads = malloc(count * sizeof *heads);
    if (!heads)
        return;
    memset(heads, 0xFF, count * sizeof *heads);
    for (size_t i = 0; i < self->head_count; i++) {
        /* Keep the order within a chain: append. */
        for (uint32_t n = self->heads[i], next; n != S_NONE; n = next) {
            next = self->nodes[n].next;
            uint32_t *at = &heads[s_mix((uint64_t)self->nodes[n].rev) & (count - 1)];
            while (*at != S_NONE)
                at = &self->nodes[*at].next;
            self->nodes[n].next = S_NONE;
            *at = n;
        }
    }
    free(self->heads);
    self->heads = heads;
    self->head_count = count;
}

static bool s_grow_nodes(wd_book_t *self)
{
    uint32_t old = self->node_capacity, count = old ? old * 2 : 1024;
    s_node_t *nodes = realloc(self->nodes, count * sizeof *nodes);
    if (!nodes)
        return false;
    self->nodes = nodes;
    self->node_capacity = count;
    for (uint32_t i = old; i < count; i++)
        nodes[i].next = i + 1 < count ? i + 1 : S_NONE;
    self->node_free = old;
    return true;
}

bool wd_book_wait(wd_book_t *self, int64_t rev, wd_waiter_t waiter)
{
    if (self->waiters >= WD_WAITERS_MAX)
        return false;
    if (self->node_free == S_NONE && !s_grow_nodes(self))
        return false;
    if (self->waiters >= self->head_count)
        s_grow_heads(self);
    uint32_t node = self->node_free;
    self->node_free = self->nodes[node].next;
    self->nodes[node] = (s_node_t){rev, waiter, S_NONE};
    uint32_t *at = &self->heads[s_mix((uint64_t)rev) & (self->head_count - 1)];
    while (*at != S_NONE)
        at = &self->nodes[*at].next;
    *at = node;
    self->waiters++;
    return true;
}

bool wd_book_take(wd_book_t *self, int64_t rev, wd_waiter_t *ret_waiter)
{
    uint32_t *at = &self->heads[s_mix((uint64_t)rev) & (self->head_count - 1)];
    while (*at != S_NONE && self->nodes[*at].rev != rev)
        at = &self->nodes[*at].next;
    if (*at == S_NONE)
        return false;
    uint32_t node = *at;
    *at = self->nodes[node].next;
    *ret_waiter = self->nodes[node].waiter;
    self->nodes[node].next = self->node_free;
    self->node_free = node;
    self->waiters--;
    return true;
}

size_t wd_book_waiters(const wd_book_t *self)
{
    return self->waiters;
}
