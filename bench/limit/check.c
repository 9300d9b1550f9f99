// check FILE: compares its standard input with the file, byte by byte, and prints `bytes=<n> longest-pause-ms=<ms>`: the longest time for which nothing
// came. Ends with 1 at the first difference, which it names.
#define _GNU_SOURCE // TEMP_FAILURE_RETRY
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 256 * 1024 };

static uint8_t seen[PIECE], meant[PIECE];

static ssize_t check(ssize_t result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(2);
    }
    return result;
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: check FILE\n");
        return 2;
    }
    int file = (int)check(open(argv[1], O_RDONLY | O_CLOEXEC), argv[1]);
    int64_t last = now_ms(), longest = 0;
    off_t at = 0;
    for (ssize_t count; (count = check(TEMP_FAILURE_RETRY(read(STDIN_FILENO, seen, PIECE)), "read")) > 0; at += count) {
        int64_t now = now_ms();
        if (now - last > longest) longest = now - last;
        last = now;
        if (check(pread(file, meant, (size_t)count, at), "pread") != count || memcmp(seen, meant, (size_t)count) != 0) {
            printf("differs from %s within %zd bytes of %jd\n", argv[1], count, (intmax_t)at);
            return 1;
        }
    }
    if (at != lseek(file, 0, SEEK_END)) {
        printf("ends after %jd bytes of %s\n", (intmax_t)at, argv[1]);
        return 1;
    }
    printf("bytes=%jd longest-pause-ms=%jd\n", (intmax_t)at, (intmax_t)longest);
    return 0;
}
