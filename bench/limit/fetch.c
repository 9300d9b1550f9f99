// fetch PORT PATH: gets one file from a native server on 127.0.0.1 and discards it by splice, without a digest: what the server alone can
// do. Prints `bytes=<n> seconds=<s>`, the time from connecting to the last byte of FIN.
#define _GNU_SOURCE // splice, F_SETPIPE_SZ
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "native.h"

enum { PIPE = 1024 * 1024, LONGEST_CONTROL = 64 * 1024 };

static ssize_t check(ssize_t result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
    return result;
}

static _Noreturn void malformed(const char *what) {
    fprintf(stderr, "fetch: %s\n", what);
    exit(3);
}

static void receive_all(int fd, uint8_t *bytes, size_t count) {
    if (check(recv(fd, bytes, count, MSG_WAITALL), "recv") != (ssize_t)count) malformed("the stream ended early");
}

static void discard(int fd, const int ends[2], int null, size_t left) {
    while (left > 0) {
        ssize_t held = check(splice(fd, NULL, ends[1], NULL, left, SPLICE_F_MOVE | SPLICE_F_MORE), "splice");
        if (held == 0) malformed("the stream ended early");
        left -= (size_t)held;
        while (held > 0) held -= check(splice(ends[0], NULL, null, NULL, (size_t)held, SPLICE_F_MOVE), "splice");
    }
}

static double now(void) {
    struct timespec time;
    check(clock_gettime(CLOCK_MONOTONIC, &time), "clock_gettime");
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    static uint8_t buffer[LONGEST_CONTROL];
    if (argc != 3) {
        fputs("usage: fetch PORT PATH\n", stderr);
        return 2;
    }
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int ends[2], null = (int)check(open("/dev/null", O_WRONLY | O_CLOEXEC), "/dev/null");
    check(pipe2(ends, O_CLOEXEC), "pipe2");
    check(fcntl(ends[1], F_SETPIPE_SZ, PIPE), "F_SETPIPE_SZ");
    size_t length = put_hello(buffer);
    length += put_get(buffer + length, argv[2]);
    double start = now();
    int fd = (int)check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    check(connect(fd, (struct sockaddr *)&to, sizeof to), "connect");
    if (check(send(fd, buffer, length, MSG_NOSIGNAL), "send") != (ssize_t)length) malformed("a short send");
    unsigned long long total = 0;
    for (unsigned kind = HELLO; kind != FIN;) {
        receive_all(fd, buffer, HEADER);
        uint32_t body = buffer[0] | buffer[1] << 8 | (uint32_t)buffer[2] << 16;
        kind = buffer[3];
        if (kind == DATA) discard(fd, ends, null, body), total += body;
        else if (kind == ERROR || body > sizeof buffer) malformed("the server refused");
        else receive_all(fd, buffer, body);
    }
    printf("bytes=%llu seconds=%.6f\n", total, now() - start);
    return 0;
}
