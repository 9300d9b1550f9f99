// framed [--train BYTES] [--header more|plain|cork] [--no-nodelay] [--sndbuf BYTES] [--rcvbuf BYTES] [--splice PIPE] FILE: what sizes and socket options do to a transfer.
//
// Sends the file to itself over loopback (cubic) in trains of a 4-byte header and a body by sendfile, or by splice through a pipe of that size. The receiver parses
// every header and discards the bodies. Prints seconds=<s>. By default: trains of 1 MiB, headers with MSG_MORE, TCP_NODELAY, buffers as the kernel tunes them.
#define _GNU_SOURCE // TEMP_FAILURE_RETRY, splice, pipe2
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 4, PIECE = 256 * 1024 };

static int train = 1 << 20, send_buffer, receive_buffer, pipe_size;
static bool more = true, cork, no_delay = true;

static ssize_t check(ssize_t result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
    return result;
}

static void set(int fd, int level, int name, int value) {
    check(setsockopt(fd, level, name, &value, sizeof value), "setsockopt");
}

static void send_body(int fd, int file, off_t *at, off_t end, const int ends[2]) {
    while (*at < end) {
        if (pipe_size == 0) {
            check(TEMP_FAILURE_RETRY(sendfile(fd, file, at, (size_t)(end - *at))), "sendfile");
            continue;
        }
        ssize_t held = check(TEMP_FAILURE_RETRY(splice(file, at, ends[1], NULL, (size_t)(end - *at), SPLICE_F_MOVE)), "splice");
        while (held > 0) held -= check(TEMP_FAILURE_RETRY(splice(ends[0], NULL, fd, NULL, (size_t)held, SPLICE_F_MOVE)), "splice");
    }
}

static void send_all(int fd, int file, off_t size) {
    int ends[2] = {-1, -1};
    if (pipe_size > 0) {
        check(pipe2(ends, O_CLOEXEC), "pipe2");
        check(fcntl(ends[1], F_SETPIPE_SZ, pipe_size), "F_SETPIPE_SZ");
    }
    for (off_t at = 0; at < size;) {
        uint32_t length = size - at < train ? (uint32_t)(size - at) : (uint32_t)train;
        if (cork) set(fd, IPPROTO_TCP, TCP_CORK, 1);
        if (check(TEMP_FAILURE_RETRY(send(fd, &length, HEADER, more ? MSG_MORE : 0)), "send") != HEADER) exit(1);
        send_body(fd, file, &at, at + length, ends);
        if (cork) set(fd, IPPROTO_TCP, TCP_CORK, 0);
    }
}

static off_t receive_all(int fd) {
    static uint8_t bytes[PIECE];
    off_t total = 0;
    uint32_t left = 0, header = 0, headed = 0;
    for (ssize_t count; (count = check(TEMP_FAILURE_RETRY(recv(fd, bytes, PIECE, 0)), "recv")) > 0;) {
        for (ssize_t at = 0; at < count;) {
            if (left > 0) {
                uint32_t here = (size_t)(count - at) < left ? (uint32_t)(count - at) : left;
                at += here, left -= here, total += here;
                continue;
            }
            ((uint8_t *)&header)[headed++] = bytes[at++];
            if (headed == HEADER) left = header, headed = 0;
        }
    }
    return total;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int parse(int argc, char **argv) {
    static const struct option options[] = {{"train", required_argument, NULL, 't'}, {"header", required_argument, NULL, 'h'}, {"no-nodelay", no_argument, NULL, 'n'},
        {"sndbuf", required_argument, NULL, 's'}, {"rcvbuf", required_argument, NULL, 'r'}, {"splice", required_argument, NULL, 'p'}, {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 't') train = atoi(optarg);
        else if (option == 'h') more = strcmp(optarg, "more") == 0, cork = strcmp(optarg, "cork") == 0;
        else if (option == 'n') no_delay = false;
        else if (option == 's') send_buffer = atoi(optarg);
        else if (option == 'r') receive_buffer = atoi(optarg);
        else if (option == 'p') pipe_size = atoi(optarg);
        else return 0;
    }
    return optind + 1 == argc && train > 0;
}

int main(int argc, char **argv) {
    if (!parse(argc, argv)) {
        fputs("usage: framed [--train BYTES] [--header more|plain|cork] [--no-nodelay] [--sndbuf BYTES] [--rcvbuf BYTES] [--splice PIPE] FILE\n", stderr);
        return 2;
    }
    int file = (int)check(open(argv[optind], O_RDONLY | O_CLOEXEC), argv[optind]);
    off_t size = lseek(file, 0, SEEK_END);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = (int)check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    check(setsockopt(listener, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5), "TCP_CONGESTION cubic");
    if (send_buffer > 0) set(listener, SOL_SOCKET, SO_SNDBUF, send_buffer);
    check(bind(listener, (struct sockaddr *)&address, sizeof address), "bind");
    check(listen(listener, 1), "listen");
    check(getsockname(listener, (struct sockaddr *)&address, &(socklen_t){sizeof address}), "getsockname");
    pid_t sender = (pid_t)check(fork(), "fork");
    if (sender == 0) {
        int fd = (int)check(TEMP_FAILURE_RETRY(accept(listener, NULL, NULL)), "accept");
        set(fd, IPPROTO_TCP, TCP_NODELAY, no_delay);
        send_all(fd, file, size);
        return 0;
    }
    int fd = (int)check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    if (receive_buffer > 0) set(fd, SOL_SOCKET, SO_RCVBUF, receive_buffer);
    double began = now();
    check(connect(fd, (struct sockaddr *)&address, sizeof address), "connect");
    off_t total = receive_all(fd);
    printf("seconds=%.6f\n", now() - began);
    check(TEMP_FAILURE_RETRY(waitpid(sender, NULL, 0)), "waitpid");
    return total == size ? 0 : 1;
}
