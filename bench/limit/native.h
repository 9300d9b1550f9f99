// native.h: as much of the native protocol (docs/protocol.md) as a yardstick needs: HELLO, GET, and where an answer ends.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 4, CHECKSUM = 4, DATA = 0, HELLO = 1, ERROR = 2, GET = 16, META = 17, FIN = 18, LONGEST_PATH = 255 };

// A stream of trains, of which only the ends are looked for: headers may come in pieces.
struct trains {
    uint32_t header;
    unsigned have; // bytes of the header that have come
    uint32_t left; // bytes of the body that have not
};

static inline uint32_t crc32c(const uint8_t *bytes, size_t count) {
    uint32_t crc = ~0u;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
    }
    return ~crc;
}

static inline size_t put_u32(uint8_t *to, uint32_t value) {
    for (int i = 0; i < 4; i++) to[i] = (uint8_t)(value >> 8 * i);
    return 4;
}

// Header and checksum around a body that lies at to + HEADER.
static inline size_t seal(uint8_t *to, unsigned kind, size_t body) {
    put_u32(to, (uint32_t)kind << 24 | (uint32_t)(body + CHECKSUM));
    return HEADER + body + put_u32(to + HEADER + body, crc32c(to, HEADER + body));
}

// Version 2, the default limits, XXH128: the example of the document without its SHA-256.
static inline size_t put_hello(uint8_t *to) {
    static const uint8_t body[] = {0xa7, 0x00, 0x69, 't', 'r', 'a', 'i', 'n', 'y', 'a', 'r', 'd', 0x01, 0x02, 0x02, 0x02, 0x03, 0x1a, 0x00, 0x10,
        0x00, 0x00, 0x04, 0x1a, 0x00, 0x01, 0x00, 0x00, 0x05, 0x19, 0x04, 0x00, 0x06, 0x81, 0x01};
    memcpy(to + HEADER, body, sizeof body);
    return seal(to, HELLO, sizeof body);
}

// GET of a whole file.
static inline size_t put_get(uint8_t *to, const char *path) {
    size_t length = strlen(path), at = HEADER;
    if (length < 1 || length > LONGEST_PATH) {
        fputs("a path is 1 to 255 bytes\n", stderr);
        exit(2);
    }
    to[at++] = 0xa1, to[at++] = 0x00;
    if (length < 24) to[at++] = (uint8_t)(0x40 | length);
    else to[at++] = 0x58, to[at++] = (uint8_t)length;
    memcpy(to + at, path, length);
    return seal(to, GET, at + length - HEADER);
}

// Steps over the rest of one train. True at its end; `kind` is then its kind, and `*bytes`, `*count` are what lies behind it.
static inline bool next_train(struct trains *trains, const uint8_t **bytes, size_t *count, unsigned *kind) {
    for (; trains->have < HEADER; trains->have++, ++*bytes, --*count) {
        if (*count == 0) return false;
        trains->header = trains->header >> 8 | (uint32_t)**bytes << 24;
        if (trains->have == HEADER - 1) trains->left = trains->header & 0xffffff;
    }
    size_t step = trains->left < *count ? trains->left : *count;
    trains->left -= (uint32_t)step, *bytes += step, *count -= step;
    if (trains->left > 0) return false;
    *kind = trains->header >> 24;
    trains->have = 0;
    return true;
}
