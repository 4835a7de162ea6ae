/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing objects by table. Each form is checked by one function; limits by the table.
 */
#include "field.h"

#include "utf8.h"

#include <string.h>

static bool s_digits(const char *text, size_t from, size_t count, int *ret_value)
{
    int value = 0;
    for (size_t i = from; i < from + count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (text[i] - '0');
    }
    *ret_value = value;
    return true;
}

bool wp_is_day(const char *text, size_t size)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year;
    int month;
    int day;

    if (size != 10 || text[4] != '-' || text[7] != '-' || !s_digits(text, 0, 4, &year) ||
        !s_digits(text, 5, 2, &month) || !s_digits(text, 8, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month != 2 || day != 29 || leap;
}

/* 2022, 2022-06 or 2022-06-23 */
static bool s_is_span(const char *text, size_t size)
{
    char day[] = "0000-01-01";

    if (size != 4 && size != 7 && size != 10)
        return false;
    memcpy(day, text, size);
    return wp_is_day(day, 10);
}

/* hh:mm at `text` */
static bool s_is_clock(const char *text, int hours, int minutes)
{
    int hour;
    int minute;
    return s_digits(text, 0, 2, &hour) && text[2] == ':' && s_digits(text, 3, 2, &minute) &&
           hour <= hours && minute <= minutes;
}

bool wp_is_date(const char *text, size_t size)
{
    int second;
    size_t at = 19;

    if (size == 10)
        return wp_is_day(text, size);
    /* 2022-06-23T08:00:00Z is the shortest */
    if (size < 20 || !wp_is_day(text, 10) || (text[10] != 'T' && text[10] != 't') ||
        !s_is_clock(text + 11, 23, 59) || text[16] != ':' || !s_digits(text, 17, 2, &second) ||
        second > 60)
        return false;
    if (text[at] == '.') {
        size_t from = ++at;
        while (at < size && text[at] >= '0' && text[at] <= '9')
            at++;
        if (at == from)
            return false;
    }
    if (size - at == 1)
        return text[at] == 'Z' || text[at] == 'z';
    return size - at == 6 && (text[at] == '+' || text[at] == '-') &&
           s_is_clock(text + at + 1, 23, 59);
}

static bool s_is_word(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!(text[i] >= 'a' && text[i] <= 'z') && !(text[i] >= '0' && text[i] <= '9') &&
            text[i] != '_')
            return false;
    }
    return true;
}

static bool s_is_decimal(const char *text, size_t size)
{
    bool point = false;

    if (size == 0 || text[0] == '.' || text[size - 1] == '.')
        return false;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '.' && !point)
            point = true;
        else if (text[i] < '0' || text[i] > '9')
            return false;
    }
    return true;
}

static bool s_is_unit(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] < 'A' || text[i] > 'Z')
            return false;
    }
    return size == 3;
}

static bool s_is_choice(const char *text, size_t size, const char *choice)
{
    while (*choice) {
        size_t length = strcspn(choice, " ");
        if (length == size && memcmp(choice, text, size) == 0)
            return true;
        choice += length;
        choice += strspn(choice, " ");
    }
    return false;
}

/* What is wrong with a string, or NULL. */
static const char *s_string_fault(const wp_field_t *field, const char *text, size_t size,
                                  bool strict)
{
    if (size < field->min)
        return "is empty";
    if (size > field->max)
        return "is too long";
    if (!strict)
        return NULL;
    if (wp_utf8_has_control(text, size))
        return "holds a control character";
    switch (field->form) {
    case WP_F_WORD:
        return s_is_word(text, size) ? NULL : "is no word of a-z, 0-9 and _";
    case WP_F_DATE:
        return wp_is_date(text, size) ? NULL : "is no date as in 2022-06-23 or RFC 3339";
    case WP_F_DAY:
        return s_is_span(text, size) ? NULL : "is no date as in 2022, 2022-06 or 2022-06-23";
    case WP_F_DECIMAL:
        return s_is_decimal(text, size) ? NULL : "is no decimal number";
    case WP_F_UNIT:
        return s_is_unit(text, size) ? NULL : "is no currency as in USD";
    case WP_F_CHOICE:
        return s_is_choice(text, size, field->choice) ? NULL : "is none of the words allowed";
    default:
        return NULL;
    }
}

static const char *s_read_list(const wp_field_t *field, const wp_node_t *node, wp_list_t *list)
{
    if (node->type != WP_JSON_ARRAY)
        return "is no list";
    if (node->count > WP_PREFIXES_MAX)
        return "has too many members";
    for (const wp_node_t *item = node->child; item; item = item->next) {
        if (item->type != WP_JSON_STRING)
            return "has a member that is no string";
        if (item->size > field->max)
            return "has a member that is too long";
        list->item[list->count++] = (wp_str_t){item->string, item->size};
    }
    return NULL;
}

/* Puts a value where it belongs. Gives what is wrong with it, or NULL. */
static const char *s_read_value(const wp_field_t *field, const wp_node_t *node, bool strict,
                                void *ret_struct)
{
    void *member = (char *)ret_struct + field->offset;

    switch (field->form) {
    case WP_F_UINT: {
        uint64_t value;
        if (!wp_node_uint(node, &value))
            return "is no whole number from 0 to 2^53 - 1";
        if (value < field->min || value > field->max)
            return "is out of range";
        *(uint64_t *)member = value;
        return NULL;
    }
    case WP_F_BOOL:
        if (node->type != WP_JSON_BOOL)
            return "is neither true nor false";
        *(bool *)member = node->boolean;
        return NULL;
    case WP_F_LIST:
        return s_read_list(field, node, member);
    case WP_F_JSON:
        *(wp_str_t *)member = (wp_str_t){node->raw, node->raw_size};
        return NULL;
    default:
        if (node->type != WP_JSON_STRING)
            return "is no string";
        *(wp_str_t *)member = (wp_str_t){node->string, node->size};
        return s_string_fault(field, node->string, node->size, strict);
    }
}

void wp_fields_clear(const wp_field_t *fields, size_t count, void *ret_struct)
{
    for (size_t i = 0; i < count; i++) {
        void *member = (char *)ret_struct + fields[i].offset;
        switch (fields[i].form) {
        case WP_F_UINT:
            *(uint64_t *)member = WP_ABSENT;
            break;
        case WP_F_BOOL:
            *(bool *)member = false;
            break;
        case WP_F_LIST:
            ((wp_list_t *)member)->count = 0;
            break;
        default:
            *(wp_str_t *)member = (wp_str_t){NULL, 0};
        }
    }
}

/* The node that a field names, "id" or "limits.id". */
static const wp_node_t *s_find(const wp_node_t *object, const char *name)
{
    const char *dot = strchr(name, '.');
    char outer[24];

    if (!dot)
        return wp_node_get(object, name);
    size_t size = (size_t)(dot - name);
    memcpy(outer, name, size);
    outer[size] = '\0';
    return wp_node_get(wp_node_get(object, outer), dot + 1);
}

static bool s_is_named(const wp_field_t *fields, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, key) == 0)
            return true;
    }
    return false;
}

int wp_fields_read(const wp_field_t *fields, size_t count, const wp_node_t *object, bool strict,
                   void *ret_struct, wp_error_t *err)
{
    wp_fields_clear(fields, count, ret_struct);
    if (object->type != WP_JSON_OBJECT)
        return wp_fail(err, WP_BAD_JSON, NULL, "JSON: no object");
    if (strict) {
        for (const wp_node_t *node = object->child; node; node = node->next) {
            if (!s_is_named(fields, count, node->key))
                return wp_fail(err, WP_BAD_FIELD, node->key, "field \"%.64s\" is unknown",
                               node->key);
        }
    }
    for (size_t i = 0; i < count; i++) {
        const wp_node_t *node = s_find(object, fields[i].name);
        bool null = node && node->type == WP_JSON_NULL;
        if (null && fields[i].form == WP_F_OR_NULL)
            continue;
        if (!node || (null && !strict && fields[i].form != WP_F_JSON)) {
            if (fields[i].required)
                return wp_fail(err, WP_BAD_FIELD, fields[i].name, "field \"%s\" is missing",
                               fields[i].name);
            continue;
        }
        const char *fault = s_read_value(&fields[i], node, strict, ret_struct);
        if (fault)
            return wp_fail(err, WP_BAD_FIELD, fields[i].name, "field \"%s\" %s", fields[i].name,
                           fault);
    }
    return 0;
}

static void s_write_value(wp_writer_t *writer, const wp_field_t *field, const char *key,
                          const void *member)
{
    switch (field->form) {
    case WP_F_UINT: {
        uint64_t value = *(const uint64_t *)member;
        if (value != WP_ABSENT)
            wp_write_uint(writer, key, value);
        break;
    }
    case WP_F_BOOL:
        if (field->required || *(const bool *)member)
            wp_write_bool(writer, key, *(const bool *)member);
        break;
    case WP_F_LIST: {
        const wp_list_t *list = member;
        if (list->count == 0)
            break;
        wp_write_array(writer, key);
        for (size_t i = 0; i < list->count; i++)
            wp_write_bytes(writer, NULL, list->item[i].data, list->item[i].size);
        wp_write_array_end(writer);
        break;
    }
    default: {
        const wp_str_t *string = member;
        if (string->data && field->form == WP_F_JSON)
            wp_write_raw(writer, key, string->data, string->size);
        else if (string->data)
            wp_write_bytes(writer, key, string->data, string->size);
        else if (field->form == WP_F_OR_NULL)
            wp_write_null(writer, key);
    }
    }
}

void wp_fields_write(const wp_field_t *fields, size_t count, const void *from, wp_buf_t *buf)
{
    wp_writer_t writer = wp_writer(buf);
    char outer[24] = "";

    wp_write_object(&writer, NULL);
    for (size_t i = 0; i < count; i++) {
        const char *dot = strchr(fields[i].name, '.');
        size_t size = dot ? (size_t)(dot - fields[i].name) : 0;
        if (outer[0] && (!dot || strncmp(outer, fields[i].name, size) != 0 || outer[size])) {
            wp_write_object_end(&writer);
            outer[0] = '\0';
        }
        if (dot && !outer[0]) {
            memcpy(outer, fields[i].name, size);
            outer[size] = '\0';
            wp_write_object(&writer, outer);
        }
        s_write_value(&writer, &fields[i], dot ? dot + 1 : fields[i].name,
                      (const char *)from + fields[i].offset);
    }
    if (outer[0])
        wp_write_object_end(&writer);
    wp_write_object_end(&writer);
}
