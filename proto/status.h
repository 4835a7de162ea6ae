/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The status codes of REFUSED (PROTOCOL.md, section 6), and the one value in which proto says what
 * is wrong with a message. Nothing in it needs to be freed.
 */
#ifndef WP_STATUS_H
#define WP_STATUS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    WP_OK = 0,
    WP_BAD_MESSAGE,  /* wrong frames, header or type */
    WP_BAD_VERSION,  /* a version that is not spoken here */
    WP_BAD_JSON,     /* a JSON frame that does not parse, is too deep or repeats a key */
    WP_BAD_FIELD,    /* a field that is unknown, missing, too long, or of the wrong type or form */
    WP_NO_SESSION,   /* no HELLO since the daemon started */
    WP_NO_CREDIT,    /* a push beyond the credit */
    WP_TOO_LARGE,    /* text over the limit */
    WP_EMPTY_TEXT,   /* text of no bytes */
    WP_INVALID_UTF8, /* text that is not UTF-8, at offset */
    WP_NUL_BYTE,     /* U+0000 in the text, at offset */
    WP_NOT_FOUND,    /* no such article or fact */
    WP_NOT_FAILED,   /* RETRY of an article that has not failed */
    WP_DISK_FULL,    /* no room for it now */
    WP_DRAINING,     /* the daemon is about to stop */
    WP_OVERLOADED,   /* a limit on all clients together was reached */
    WP_INTERNAL,     /* a fault of the daemon, or no memory */
    WP_CODES         /* how many codes there are; none itself */
} wp_code_t;

#define WP_NO_OFFSET ((size_t)-1)

typedef struct {
    wp_code_t code;
    size_t offset;     /* byte in the text or JSON frame at fault, or WP_NO_OFFSET */
    char field[24];    /* the field at fault, or "" */
    char message[200]; /* one line for a person, valid UTF-8 */
} wp_error_t;

/* The name of a code on the wire, "bad_message". NULL for WP_OK and for what is no code. */
const char *wp_code_name(wp_code_t code);

/* The code of a name (`size` bytes). WP_INTERNAL for a name that this version does not know. */
wp_code_t wp_code_of(const char *name, size_t size);

/* Whether the same message may succeed later. */
bool wp_code_retry(wp_code_t code);

/* Fills an error, which may be NULL: no offset, `field` (may be NULL) and a message as printf makes
   it, cut at a character. Returns -1, so that one can write `return wp_fail (...)`. */
int wp_fail(wp_error_t *err, wp_code_t code, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same with the offset of the byte at fault. */
int wp_fail_at(wp_error_t *err, wp_code_t code, const char *field, size_t offset,
               const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
