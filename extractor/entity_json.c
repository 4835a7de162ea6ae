/* SPDX-License-Identifier: Apache-2.0 */
/* Names as JSON; see entity_json.h. */
#include "entity_json.h"

#include "json.h"

#include <winnow/extract.h>

winnow_str_t wx_entities_json(wx_doc_t *doc)
{
    struct {
        winnow_str_t *at;
        uint32_t count, capacity;
    } lines = {0};
    size_t size = 0;
    for (uint32_t i = 0; i < doc->names.count; i++) {
        const wx_name_t *name = &doc->names.at[i];
        /* rules may take what nobody knows for an organisation; here nothing is claimed */
        winnow_type_t type = name->score == WX_NAME_GUESSED ? WINNOW_TYPE_THING : name->type;
        wx_json_t *json = wx_json_new(doc->arena);
        wx_json_open_map(json, NULL);
        wx_json_string(json, "type", wx_str_from(winnow_type_name(type)));
        wx_json_string(json, "text", wx_doc_words(doc, name->first, name->end));
        wx_json_integer(json, "start", doc->tokens.at[name->first].start);
        wx_json_integer(json, "end", doc->tokens.at[name->end - 1].end);
        wx_json_close_map(json);
        winnow_str_t line = wx_json_text(json);
        size += line.size + 1;
        *wx_push(doc->arena, &lines) = line;
    }
    char *text = wx_new(doc->arena, char, size + 1), *to = text;
    for (uint32_t i = 0; i < lines.count; i++) {
        memcpy(to, lines.at[i].data, lines.at[i].size);
        to += lines.at[i].size;
        *to++ = '\n';
    }
    return (winnow_str_t){text, size};
}
