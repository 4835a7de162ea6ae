/* SPDX-License-Identifier: Apache-2.0 */
/* Who an article is. */
#include "identity.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

void wd_identity_hash(const void *data, size_t size, uint8_t ret_hash[WD_HASH_SIZE])
{
    crypto_generichash(ret_hash, WD_HASH_SIZE, data, size, NULL, 0);
}

void wd_identity_content(const char *source, const char *text, size_t size,
                         char ret_id[WD_CONTENT_ID_SIZE])
{
    unsigned char hash[32];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    if (source != NULL)
        crypto_generichash_update(&state, (const unsigned char *)source, strlen(source));
    crypto_generichash_update(&state, (const unsigned char *)"", 1);
    crypto_generichash_update(&state, (const unsigned char *)text, size);
    crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(ret_id, "b2:", 3);
    sodium_bin2hex(ret_id + 3, WD_CONTENT_ID_SIZE - 3, hash, sizeof hash);
}

void wd_identity_uuid(char ret_uuid[37])
{
    uint8_t b[16];
    randombytes_buf(b, sizeof b);
    b[6] = (uint8_t)(0x40 | (b[6] & 0x0f));
    b[8] = (uint8_t)(0x80 | (b[8] & 0x3f));
    snprintf(ret_uuid, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
             b[14], b[15]);
}
