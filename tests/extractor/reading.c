/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "extract.h"

static winnow_model_t *s_model;
static winnow_extractor_t *s_extractor;

int reading_open(void **state)
{
    (void)state;
    winnow_error_t err = {0};
    s_model = winnow_model_new(NULL, &err);
    s_extractor = s_model ? winnow_extractor_new(s_model) : NULL;
    if (!s_extractor)
        print_error("%s\n", err.message);
    return s_extractor ? 0 : -1;
}

int reading_close(void **state)
{
    (void)state;
    winnow_extractor_destroy(&s_extractor);
    winnow_model_destroy(&s_model);
    return 0;
}

winnow_model_t *reading_model(void)
{
    return s_model;
}

winnow_extractor_t *reading_extractor(void)
{
    return s_extractor;
}

wx_doc_t *reading(const char *text)
{
    winnow_error_t err = {0};
    if (wx_read(s_extractor, text, strlen(text), NULL, &err) < 0)
        fail_msg("%s", err.message);
    return &s_extractor->doc;
}

uint32_t reading_token(const wx_doc_t *doc, const char *form)
{
    for (uint32_t i = 0; i < doc->tokens.count; i++) {
        if (wx_str_is(wx_token_form(doc, i), form))
            return i;
    }
    fail_msg("no word `%s`", form);
    return WX_NONE;
}
