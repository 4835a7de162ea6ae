/* SPDX-License-Identifier: Apache-2.0 */
/* Signals by signalfd; see signals.h. */
#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void (*volatile s_last)(void);

static void s_on_last(int signal_number)
{
    (void)signal_number;
    if (s_last)
        s_last();
    _exit(0);
}

static void s_set(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
}

int wd_signals_open(void)
{
    sigset_t set;
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGCHLD, &ignore, NULL); /* as PID 1: orphans are not ours to keep */
    s_set(&set);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

wd_signal_t wd_signals_read(int fd)
{
    struct signalfd_siginfo info;
    if (read(fd, &info, sizeof info) != (ssize_t)sizeof info)
        return WD_SIGNAL_NONE;
    return info.ssi_signo == SIGHUP ? WD_SIGNAL_RELOAD : WD_SIGNAL_STOP;
}

void wd_signals_last(int fd, unsigned seconds, void (*last)(void))
{
    struct sigaction action;
    sigset_t set;
    s_last = last;
    memset(&action, 0, sizeof action);
    action.sa_handler = s_on_last;
    sigfillset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    close(fd);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    /* The main thread alone takes them: the others were started with them blocked. */
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    alarm(seconds);
}
