/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include <stdarg.h>
#include <stdio.h>

int wx_error(winnow_error_t *err, winnow_code_t code, const char *format, ...)
{
    if (err) {
        *err = (winnow_error_t){.code = code};
        va_list args;
        va_start(args, format);
        vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
    }
    return code;
}
