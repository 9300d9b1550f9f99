// receive [--simple|--splice] [--preallocate] IP PORT trains|sized|whole OUTFILE|- : the receiver at the limit of what the kernel allows.
//
// Receives up to 256 KiB at a time, and writes each piece with one write (`-`: discards it). Prints `bytes=<n> seconds=<s>`, the time
// from connecting to the zero train and the end of the stream. The stream is trusted: this is a yardstick, not a client.
//   --simple       trains and sized: recv the header, recv the body, write it, for every train, as the simplest C program does
//   --splice       whole: socket to pipe (1 MiB) to file by splice; `-` is then /dev/null
//   --preallocate  sized and whole: reserve the announced size by fallocate first
#define _GNU_SOURCE // TEMP_FAILURE_RETRY, splice, F_SETPIPE_SZ, fallocate
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 4, SIZE_TRAIN = 8, MAX_TRAIN = 1000, PIECE = 256 * 1024, PIPE = 1024 * 1024 };

static uint8_t buffer[PIECE];

static ssize_t check(ssize_t result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
    return result;
}

static _Noreturn void malformed(const char *what) {
    fprintf(stderr, "receive: %s\n", what);
    exit(3);
}

static size_t receive_some(int fd, uint8_t *bytes, size_t most) {
    return (size_t)check(TEMP_FAILURE_RETRY(recv(fd, bytes, most, 0)), "recv");
}

static void receive_all(int fd, uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t got = check(TEMP_FAILURE_RETRY(recv(fd, bytes, count, MSG_WAITALL)), "recv");
        if (got == 0) malformed("the stream ended early");
        bytes += got, count -= (size_t)got;
    }
}

static void write_all(int file, const uint8_t *bytes, size_t count) {
    while (file >= 0 && count > 0) {
        ssize_t written = check(TEMP_FAILURE_RETRY(write(file, bytes, count)), "write");
        bytes += written, count -= (size_t)written;
    }
}

static uint32_t length_of(const uint8_t *header) {
    uint32_t length = header[0] | header[1] << 8 | header[2] << 16 | (uint32_t)header[3] << 24;
    if (length > MAX_TRAIN) malformed("a train is too long");
    return length;
}

static uint32_t receive_train(int fd, uint8_t body[MAX_TRAIN]) {
    uint8_t header[HEADER];
    receive_all(fd, header, HEADER);
    uint32_t length = length_of(header);
    receive_all(fd, body, length);
    return length;
}

static uint64_t receive_size(int fd) {
    uint8_t body[MAX_TRAIN];
    uint64_t size = 0;
    if (receive_train(fd, body) != SIZE_TRAIN) malformed("the size train is not 8 bytes");
    for (int i = SIZE_TRAIN; i-- > 0;) size = size << 8 | body[i];
    return size;
}

// One recv and one write for as many trains as lie in the buffer: their bodies are moved together first.
static uint64_t take_trains(int fd, int file) {
    uint64_t total = 0;
    for (size_t held = 0;;) {
        size_t got = receive_some(fd, buffer + held, sizeof buffer - held), at = 0, kept = 0;
        bool ended = false;
        if (got == 0) malformed("the stream ended early");
        for (held += got; !ended && held - at >= HEADER;) {
            uint32_t length = length_of(buffer + at);
            if (held - at < HEADER + length) break;
            memmove(buffer + kept, buffer + at + HEADER, length);
            kept += length, at += HEADER + length, ended = length == 0;
        }
        write_all(file, buffer, kept);
        total += kept;
        if (ended && at < held) malformed("bytes follow the zero train");
        if (ended) return total;
        memmove(buffer, buffer + at, held - at);
        held -= at;
    }
}

static uint64_t take_trains_simply(int fd, int file) {
    uint64_t total = 0;
    for (uint32_t length; (length = receive_train(fd, buffer)) > 0; total += length) write_all(file, buffer, length);
    return total;
}

static void take_raw(int fd, int file, uint64_t left) {
    while (left > 0) {
        size_t got = receive_some(fd, buffer, left < sizeof buffer ? (size_t)left : sizeof buffer);
        if (got == 0) malformed("the stream ended early");
        write_all(file, buffer, got);
        left -= got;
    }
}

static ssize_t move(int from, int to, size_t most, unsigned flags) {
    return check(TEMP_FAILURE_RETRY(splice(from, NULL, to, NULL, most, flags)), "splice");
}

static void splice_raw(int fd, int file, uint64_t left) {
    int ends[2];
    check(pipe2(ends, O_CLOEXEC), "pipe2");
    check(fcntl(ends[1], F_SETPIPE_SZ, PIPE), "F_SETPIPE_SZ");
    while (left > 0) {
        ssize_t held = move(fd, ends[1], left < PIPE ? (size_t)left : PIPE, SPLICE_F_MOVE | SPLICE_F_MORE);
        if (held == 0) malformed("the stream ended early");
        left -= (uint64_t)held;
        while (held > 0) held -= move(ends[0], file, (size_t)held, SPLICE_F_MOVE);
    }
    check(close(ends[0]), "close");
    check(close(ends[1]), "close");
}

static double now(void) {
    struct timespec time;
    check(clock_gettime(CLOCK_MONOTONIC, &time), "clock_gettime");
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int dial(const char *ip, const char *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    if (inet_pton(AF_INET, ip, &address.sin_addr) != 1) malformed("not an IPv4 address");
    int fd = (int)check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    check(connect(fd, (struct sockaddr *)&address, sizeof address), "connect");
    return fd;
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"simple", no_argument, NULL, 'm'}, {"splice", no_argument, NULL, 'p'},
        {"preallocate", no_argument, NULL, 'a'}, {NULL, 0, NULL, 0}};
    bool simple = false, spliced = false, preallocate = false, wrong = false;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'm') simple = true;
        else if (option == 'p') spliced = true;
        else if (option == 'a') preallocate = true;
        else wrong = true;
    }
    char **words = argv + optind;
    const char *dialect = argc - optind == 4 ? words[2] : "";
    bool whole = strcmp(dialect, "whole") == 0, sized = strcmp(dialect, "sized") == 0, trains = strcmp(dialect, "trains") == 0;
    if (wrong || !(whole || sized || trains) || (whole ? simple : spliced) || (trains && preallocate)) {
        fputs("usage: receive [--simple|--splice] [--preallocate] IP PORT trains|sized|whole OUTFILE|-\n", stderr);
        return 2;
    }
    bool discard = strcmp(words[3], "-") == 0;
    const char *path = discard ? "/dev/null" : words[3];
    int file = discard && !spliced ? -1 : (int)check(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), path);
    double start = now();
    int fd = dial(words[0], words[1]);
    receive_train(fd, buffer); // the name
    uint64_t size = whole || sized ? receive_size(fd) : 0, total = size;
    if (preallocate && !discard && size > 0) check(TEMP_FAILURE_RETRY(fallocate(file, 0, 0, (off_t)size)), "fallocate");
    if (whole) (spliced ? splice_raw : take_raw)(fd, file, size);
    else total = simple ? take_trains_simply(fd, file) : take_trains(fd, file);
    if (whole && receive_train(fd, buffer) != 0) malformed("no zero train");
    if (receive_some(fd, buffer, 1) != 0) malformed("bytes follow the zero train");
    if (sized && total != size) malformed("the size is not the one announced");
    if (file >= 0) check(close(file), path);
    printf("bytes=%" PRIu64 " seconds=%.6f\n", total, now() - start);
    check(close(fd), "close");
    check(fflush(stdout) == 0 ? 0 : -1, "stdout");
    return 0;
}
