/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who an article is: BLAKE2b hashes of its id and its text, and the id of one that was pushed
 * without. Pure; any thread.
 */
#ifndef WD_IDENTITY_H
#define WD_IDENTITY_H

#include <stddef.h>
#include <stdint.h>

#include "store.h"

#define WD_CONTENT_ID_SIZE 68 /* "b2:", 64 hex digits, NUL */

/* The first WD_HASH_SIZE bytes that identify `data`. */
void wd_identity_hash(const void *data, size_t size, uint8_t ret_hash[WD_HASH_SIZE]);

/* "b2:" and the BLAKE2b-256 of source (NULL: none), a zero byte and the text, in hex. */
void wd_identity_content(const char *source, const char *text, size_t size,
                         char ret_id[WD_CONTENT_ID_SIZE]);

/* A random UUID (version 4) as 36 characters and a NUL. */
void wd_identity_uuid(char ret_uuid[37]);

#endif
