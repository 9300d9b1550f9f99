// hold [--slow BYTES] native|http PORT PATH N: opens N connections to 127.0.0.1, gets the file once over each, prints `held=<n>`, and keeps them
// open until its standard input ends.
//
// With --slow each takes that many bytes a second of the file and never the whole of it: N readers that are slower than any server.
#define _GNU_SOURCE // IP_BIND_ADDRESS_NO_PORT, memmem
#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "native.h"

enum { PIECE = 64 * 1024, ADDRESSES = 16, TICK_MS = 100, WINDOW = 16 * 1024 };

static int check(int result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
    return result;
}

static _Noreturn void refused(const char *what) {
    fprintf(stderr, "hold: %s\n", what);
    exit(3);
}

static int dial(int port, unsigned number, bool slow) {
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f010001 + number % ADDRESSES)};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    check(setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){1}, sizeof(int)), "IP_BIND_ADDRESS_NO_PORT");
    if (slow) check(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &(int){WINDOW}, sizeof(int)), "SO_RCVBUF");
    check(bind(fd, (struct sockaddr *)&from, sizeof from), "bind");
    check(connect(fd, (struct sockaddr *)&to, sizeof to), "connect");
    return fd;
}

static void get_native(int fd, uint8_t *buffer) {
    struct trains trains = {0};
    for (unsigned kind = HELLO; kind != FIN;) {
        ssize_t got = recv(fd, buffer, PIECE, 0);
        if (got <= 0) refused("the server closed");
        const uint8_t *bytes = buffer;
        for (size_t count = (size_t)got; next_train(&trains, &bytes, &count, &kind);)
            if (kind == ERROR) refused("the server refused");
    }
}

static void get_http(int fd, uint8_t *buffer) {
    size_t held = 0, answer = 0;
    while (answer == 0 || held < answer) {
        ssize_t got = recv(fd, buffer + held, PIECE - held, 0);
        if (got <= 0) refused("the server closed");
        held += (size_t)got;
        uint8_t *end = memmem(buffer, held, "\r\n\r\n", 4), *length = memmem(buffer, held, "Content-Length: ", 16);
        if (end != NULL && length != NULL) answer = (size_t)(end + 4 - buffer) + strtoul((char *)length + 16, NULL, 10);
    }
    if (memcmp(buffer, "HTTP/1.1 200", 12) != 0) refused("the server refused");
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"slow", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
    static uint8_t buffer[PIECE], request[1024];
    size_t slow = 0;
    bool wrong = false;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 's') slow = strtoul(optarg, NULL, 10) * TICK_MS / 1000;
        else wrong = true;
    }
    char **words = argv + optind;
    if (wrong || argc - optind != 4 || slow > sizeof buffer) {
        fputs("usage: hold [--slow BYTES] native|http PORT PATH N\n", stderr);
        return 2;
    }
    bool http = strcmp(words[0], "http") == 0;
    size_t length = http ? 0 : put_hello(request);
    if (http) length = (size_t)snprintf((char *)request, sizeof request, "GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", words[2]);
    else length += put_get(request + length, words[2]);

    int count = atoi(words[3]);
    struct rlimit files;
    check(getrlimit(RLIMIT_NOFILE, &files), "getrlimit");
    files.rlim_cur = files.rlim_max;
    check(setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
    int *held = calloc((size_t)count, sizeof *held);
    for (int i = 0; i < count; i++) {
        held[i] = dial(atoi(words[1]), (unsigned)i, slow > 0);
        if (send(held[i], request, length, MSG_NOSIGNAL) != (ssize_t)length) check(-1, "send");
        if (slow == 0) (http ? get_http : get_native)(held[i], buffer);
    }
    printf("held=%d\n", count);
    fflush(stdout);
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    while (check(poll(&input, 1, slow > 0 ? TICK_MS : -1), "poll") == 0)
        for (int i = 0; i < count; i++)
            if (recv(held[i], buffer, slow, MSG_DONTWAIT) == 0) refused("the server closed");
    free(held);
    return 0;
}
