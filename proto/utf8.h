/* SPDX-License-Identifier: Apache-2.0 */
/* Whether bytes are text: valid UTF-8 (Unicode 15, table 3-7) without U+0000, and where they fail.
 */
#ifndef WP_UTF8_H
#define WP_UTF8_H

#include <stdbool.h>
#include <stddef.h>

typedef enum { WP_UTF8_VALID = 0, WP_UTF8_INVALID, WP_UTF8_NUL } wp_utf8_t;

/* Checks `size` bytes. On failure `*ret_offset` (may be NULL) is the first byte of the sequence
   that is no character, or the NUL; on success it is left alone. */
wp_utf8_t wp_utf8_check(const char *text, size_t size, size_t *ret_offset);

/* Whether valid UTF-8 holds a control character: U+0000 to U+001F, U+007F to U+009F. */
bool wp_utf8_has_control(const char *text, size_t size);

#endif
