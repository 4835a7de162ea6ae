/* SPDX-License-Identifier: Apache-2.0 */
/* A text file that the library carries; lists of them are made by cmake/Embed.cmake. */
#ifndef WX_EMBEDDED_H
#define WX_EMBEDDED_H

#include <stddef.h>

typedef struct {
    const char *name; /* without folder; NULL: behind the last */
    const char *text; /* NUL-terminated */
    size_t size;
} wx_embedded_t;

#endif
