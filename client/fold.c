/* SPDX-License-Identifier: Apache-2.0 */
/* Unicode's compatibility decomposition, case folded, without marks; then a search for whole words.
 */
#include "fold.h"

#include <string.h>
#include <utf8proc.h>

char *wc_fold(const char *text)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_option_t how = UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_DECOMPOSE |
                            UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK;

    if (utf8proc_map((const utf8proc_uint8_t *)text, 0, &folded, how) < 0)
        return NULL;
    return (char *)folded;
}

/* Letters and digits; every byte of a character beyond ASCII counts as one. */
static bool s_in_word(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9');
}

bool wc_fold_holds(const char *text, const char *words)
{
    size_t size = strlen(words);

    if (size == 0)
        return false;
    for (const char *at = text; (at = strstr(at, words)) != NULL; at++) {
        bool starts = at == text || !s_in_word(at[-1]) || !s_in_word(words[0]);
        bool ends = !s_in_word(at[size]) || !s_in_word(words[size - 1]);
        if (starts && ends)
            return true;
    }
    return false;
}
