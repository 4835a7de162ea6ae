/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The packed model inside the library: the assembler takes the file's bytes as they are
 * (WX_MODEL_FILE, and its checksum WX_MODEL_SUM, from the build).
 */
#include "stats.h"

__asm__(".section .rodata\n"
        ".balign 16\n"
        "wx_model_bytes: # " WX_MODEL_SUM "\n"
        ".incbin \"" WX_MODEL_FILE "\"\n"
        "wx_model_bytes_end:\n"
        ".byte 0\n"
        ".previous\n");

extern const unsigned char wx_model_bytes[], wx_model_bytes_end[];

const void *wx_stats_embedded(size_t *ret_size)
{
    *ret_size = (size_t)((uintptr_t)wx_model_bytes_end - (uintptr_t)wx_model_bytes);
    return wx_model_bytes;
}
