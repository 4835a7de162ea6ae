/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals as events: blocked in every thread and read from a descriptor by the main loop, so that
 * nothing happens inside a handler, and so that the process is a good PID 1. Since 0.1.
 */
#ifndef WD_SIGNALS_H
#define WD_SIGNALS_H

typedef enum { WD_SIGNAL_NONE, WD_SIGNAL_STOP, WD_SIGNAL_RELOAD } wd_signal_t;

/* Blocks SIGTERM, SIGINT and SIGHUP, ignores SIGPIPE and SIGCHLD; to be called before any thread or
 * socket exists. The descriptor to poll, or -1 with errno. */
int wd_signals_open(void);

/* The next signal, without waiting. */
wd_signal_t wd_signals_read(int fd);

/* From now on SIGTERM, SIGINT, and SIGALRM after `seconds` call `last`, which must be safe in a
 * handler, and end the process with 0. For the end of main, which waits for threads. */
void wd_signals_last(int fd, unsigned seconds, void (*last)(void));

#endif
