/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any frames into the decoders. The first byte of the input says where the message is read; then
 * each frame is a length of two bytes and its bytes. What decodes must encode, and decode again.
 */
#include "proto/event.h"
#include "proto/message.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void s_message(wp_at_t at, const wp_frame_t *frames, size_t count)
{
    wp_message_t message;
    wp_message_t again;
    wp_error_t err;
    wp_packet_t packet = WP_PACKET_INIT;

    if (wp_message_decode(at, frames, count, &message, &err) != 0) {
        wp_refused_from(&err, message.request, &again);
        if (wp_message_encode(&again, &packet) != 0)
            abort();
    } else {
        if (wp_message_encode(&message, &packet) != 0)
            abort();
        if (message.rest_count == 0 &&
            wp_message_decode(at, packet.frames, packet.count, &again, &err) != 0)
            abort();
        if (message.rest_count == 0)
            wp_message_clear(&again);
    }
    wp_message_clear(&message);
    wp_packet_free(&packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wp_frame_t frames[8];
    size_t count = 0;

    if (size < 1)
        return 0;
    int at = 1 << (data[0] % 4);
    for (size_t i = 1; i + 2 <= size && count < 8; count++) {
        size_t length = (size_t)data[i] << 8 | data[i + 1];
        i += 2;
        if (length > size - i)
            length = size - i;
        frames[count] = (wp_frame_t){data + i, length};
        i += length;
    }
    s_message((wp_at_t)at, frames, count);
    if (count >= 3) {
        wp_event_t event;
        wp_heartbeat_t beat;
        if (wp_event_decode(frames, &event, NULL) == 0)
            wp_event_clear(&event);
        if (wp_heartbeat_decode(frames, &beat, NULL) == 0)
            wp_heartbeat_clear(&beat);
    }
    return 0;
}
