/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that fails when it is told to: a layer over SQLite's own file layer, the default one from
 * fault_install on.
 *
 * Calls that change the disk (write, sync, truncate, and opening for it) are counted. When the
 * countdown reaches zero the call fails: with `kind` once, or from then on until fault_clear.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <stdint.h>

typedef enum { FAULT_IO, FAULT_FULL } fault_kind_t;

void fault_install(void);
/* The call after `calls` further ones fails; `stays`: all behind it, too. */
void fault_after(long calls, fault_kind_t kind, bool stays);
void fault_clear(void);
/* Whether a call has failed since fault_after. */
bool fault_happened(void);
/* The files may hold so many bytes together, as if the disk ended there; 0: no limit. */
void fault_quota(int64_t bytes);

#endif
