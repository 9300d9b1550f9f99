// load [--connections N] [--threads N] [--seconds S] [--close | --close-late] native|http PORT PATH: asks a server on 127.0.0.1 for one small
// file, over and over, as fast as it answers.
//
// Each connection has one request on its way; with --close it serves one request and a new one takes its place. The server is told so with the request:
// in HTTP by a header, natively by the end of the client's side of the stream behind it. With --close-late it is not told, and the client closes when it
// has its answer. At the beginning a thread has at most 64 connections without their first answer. Both protocols are met by the same loop: epoll,
// one send a request, and of an answer only its end is looked for. So it costs no more than wrk, and the same for both.
// Prints `requests=<n> seconds=<s> rate=<n/s> failed=<n>`. Connections come from 127.1.0.1 to 127.1.0.16, as 28,000 ports are used up soon.
#define _GNU_SOURCE // IP_BIND_ADDRESS_NO_PORT, memmem
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "native.h"

enum { PIECE = 64 * 1024, EVENTS = 64, ADDRESSES = 16, AT_ONCE = 64 };

struct connection {
    int fd;
    bool greeted;
    bool waits; // for its connection to be made
    bool answered;
    struct trains trains;
    size_t got; // bytes of an HTTP answer
};

struct worker {
    pthread_t thread;
    int connections;
    int dialled; // of them
    struct connection *all;
    uint64_t requests;
    uint64_t failed;
};

static struct {
    bool http, close, tell; // whether the server is told that it will be closed
    uint16_t port;
    uint8_t first[1024], next[1024]; // what a connection begins with, and what it goes on with
    size_t first_length, next_length;
    double seconds;
} setting;

static atomic_size_t http_answer; // bytes of each HTTP answer, learnt from the first
static atomic_uint dialled;

static int check(int result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
    return result;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void watch(int epoll, struct connection *connection, int how, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    check(epoll_ctl(epoll, how, connection->fd, &event), "epoll_ctl");
}

// False while the connection is still being made.
static bool ask(struct connection *connection) {
    const uint8_t *bytes = connection->greeted ? setting.next : setting.first;
    size_t length = connection->greeted ? setting.next_length : setting.first_length;
    bool last = setting.tell && !setting.http; // its end leaves with it, in one segment
    ssize_t sent = send(connection->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT | (last ? MSG_MORE : 0));
    if (sent == (ssize_t)length && last) shutdown(connection->fd, SHUT_WR);
    if (sent == (ssize_t)length) connection->greeted = true;
    else if (sent >= 0 || (errno != EAGAIN && errno != ENOTCONN)) return connection->greeted = true; // the answer says what is wrong
    return sent == (ssize_t)length;
}

static void dial(int epoll, struct connection *connection) {
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f010001 + atomic_fetch_add(&dialled, 1) % ADDRESSES)};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(setting.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *connection = (struct connection){.fd = check(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket")};
    check(setsockopt(connection->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){1}, sizeof(int)), "IP_BIND_ADDRESS_NO_PORT");
    check(setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)), "TCP_NODELAY");
    check(bind(connection->fd, (struct sockaddr *)&from, sizeof from), "bind");
    if (connect(connection->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) check(-1, "connect");
    // On loopback it is there at once.
    connection->waits = !ask(connection);
    watch(epoll, connection, EPOLL_CTL_ADD, connection->waits ? EPOLLOUT : EPOLLIN);
}

// How many answers ended within the bytes; -1 if one is no answer. HELLO is none, and comes with the first.
static int native_answers(struct connection *connection, const uint8_t *bytes, size_t count) {
    int answers = 0;
    for (unsigned kind; next_train(&connection->trains, &bytes, &count, &kind);) {
        if (kind == FIN) answers++;
        else if (kind != DATA && kind != META && kind != HELLO) return -1;
    }
    return answers;
}

static int http_answers(struct connection *connection, const uint8_t *bytes, size_t count) {
    if (connection->got == 0 && (count < 12 || memcmp(bytes, "HTTP/1.1 200", 12) != 0)) return -1;
    size_t answer = atomic_load_explicit(&http_answer, memory_order_relaxed);
    if (answer == 0) {
        const uint8_t *end = memmem(bytes, count, "\r\n\r\n", 4), *length = memmem(bytes, count, "Content-Length: ", 16);
        if (end == NULL || length == NULL) return -1;
        answer = (size_t)(end + 4 - bytes) + strtoul((const char *)length + 16, NULL, 10);
        atomic_store(&http_answer, answer);
    }
    connection->got += count;
    if (connection->got < answer) return 0;
    if (connection->got > answer) return -1;
    connection->got = 0;
    return 1;
}

static void take(struct worker *worker, int epoll, struct connection *connection, uint8_t *buffer) {
    if (connection->waits) {
        connection->waits = !ask(connection);
        watch(epoll, connection, EPOLL_CTL_MOD, connection->waits ? EPOLLOUT : EPOLLIN);
        return;
    }
    ssize_t got = recv(connection->fd, buffer, PIECE, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    int answers = got <= 0 ? -1 : (setting.http ? http_answers : native_answers)(connection, buffer, (size_t)got);
    if (answers > 0) worker->requests += (uint64_t)answers;
    if (answers < 0) worker->failed++;
    if (answers < 0 || (answers > 0 && setting.close)) {
        check(close(connection->fd), "close");
        dial(epoll, connection);
    } else if (answers > 0) {
        ask(connection);
    }
    if (answers > 0 && !connection->answered && worker->dialled < worker->connections) dial(epoll, worker->all + worker->dialled++);
    if (answers > 0) connection->answered = true;
}

static void *work(void *argument) {
    struct worker *worker = argument;
    uint8_t *buffer = malloc(PIECE);
    struct epoll_event events[EVENTS];
    int epoll = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    worker->all = calloc((size_t)worker->connections, sizeof *worker->all);
    if (worker->all == NULL || buffer == NULL) check(-1, "malloc");
    while (worker->dialled < worker->connections && worker->dialled < AT_ONCE) dial(epoll, worker->all + worker->dialled++);
    for (double end = now() + setting.seconds; now() < end;) {
        int ready = epoll_wait(epoll, events, EVENTS, 100);
        for (int i = 0; i < ready; i++) take(worker, epoll, events[i].data.ptr, buffer);
    }
    for (int i = 0; i < worker->dialled; i++) check(close(worker->all[i].fd), "close");
    return NULL;
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"connections", required_argument, NULL, 'c'}, {"threads", required_argument, NULL, 't'},
        {"seconds", required_argument, NULL, 's'}, {"close", no_argument, NULL, 'x'},
        {"close-late", no_argument, NULL, 'l'}, {NULL, 0, NULL, 0}};
    int connections = 64, threads = 2;
    bool wrong = false;
    setting.seconds = 3;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'c') connections = atoi(optarg);
        else if (option == 't') threads = atoi(optarg);
        else if (option == 's') setting.seconds = atof(optarg);
        else if (option == 'x') setting.close = setting.tell = true;
        else if (option == 'l') setting.close = true;
        else wrong = true;
    }
    char **words = argv + optind;
    setting.http = argc - optind == 3 && strcmp(words[0], "http") == 0;
    if (wrong || argc - optind != 3 || !(setting.http || strcmp(words[0], "native") == 0) || threads < 1 || connections < threads) {
        fputs("usage: load [--connections N] [--threads N] [--seconds S] [--close | --close-late] native|http PORT PATH\n", stderr);
        return 2;
    }
    setting.port = (uint16_t)atoi(words[1]);
    if (setting.http) {
        int length = snprintf((char *)setting.next, sizeof setting.next, "GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n", words[2],
            setting.tell ? "Connection: close\r\n" : "");
        if (length < 0 || (size_t)length >= sizeof setting.next) return 2;
        memcpy(setting.first, setting.next, setting.first_length = setting.next_length = (size_t)length);
    } else {
        setting.next_length = put_get(setting.next, words[2]);
        setting.first_length = put_hello(setting.first);
        memcpy(setting.first + setting.first_length, setting.next, setting.next_length);
        setting.first_length += setting.next_length;
    }
    struct worker *workers = calloc((size_t)threads, sizeof *workers);
    uint64_t requests = 0, failed = 0;
    double start = now();
    for (int i = 0; i < threads; i++) {
        workers[i].connections = connections / threads + (i < connections % threads);
        if (pthread_create(&workers[i].thread, NULL, work, workers + i) != 0) check(-1, "pthread_create");
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
        requests += workers[i].requests, failed += workers[i].failed;
    }
    double seconds = now() - start;
    printf("requests=%llu seconds=%.3f rate=%.0f failed=%llu\n", (unsigned long long)requests, seconds, (double)requests / seconds,
        (unsigned long long)failed);
    free(workers);
    return failed > 0;
}
