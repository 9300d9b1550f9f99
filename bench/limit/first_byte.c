// first_byte PATH COMMAND...: starts a native server that prints where it listens (`127.0.0.1:PORT`), asks it for a file at once, and prints
// `milliseconds=<n> pid=<n>`, the time from the start of the command until the first byte of the answer. Then it waits for the end of its
// standard input and ends the server.
#define _GNU_SOURCE // pipe2
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "native.h"

static ssize_t check(ssize_t result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
    return result;
}

static double now(void) {
    struct timespec time;
    check(clock_gettime(CLOCK_MONOTONIC, &time), "clock_gettime");
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static pid_t start(char **command, int *output) {
    int ends[2];
    check(pipe2(ends, O_CLOEXEC), "pipe2");
    pid_t child = (pid_t)check(fork(), "fork");
    if (child == 0) {
        check(dup2(ends[1], STDOUT_FILENO), "dup2");
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    check(close(ends[1]), "close");
    *output = ends[0];
    return child;
}

static int port_from(int output) {
    static char text[4096];
    for (size_t held = 0; held < sizeof text - 1;) {
        ssize_t got = check(read(output, text + held, sizeof text - 1 - held), "read");
        if (got == 0) break;
        held += (size_t)got;
        char *address = strstr(text, "127.0.0.1:");
        if (address != NULL && strchr(address, '\n') != NULL) return atoi(address + strlen("127.0.0.1:"));
    }
    fputs("first_byte: the server does not say where it listens\n", stderr);
    exit(3);
}

int main(int argc, char **argv) {
    uint8_t buffer[1024];
    if (argc < 3) {
        fputs("usage: first_byte PATH COMMAND...\n", stderr);
        return 2;
    }
    size_t length = put_hello(buffer);
    length += put_get(buffer + length, argv[1]);
    double started = now();
    int output;
    pid_t server = start(argv + 2, &output);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port_from(output)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = (int)check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    check(connect(fd, (struct sockaddr *)&to, sizeof to), "connect");
    check(send(fd, buffer, length, MSG_NOSIGNAL), "send");
    struct trains trains = {0};
    for (unsigned kind = HELLO; kind != META && !(trains.have == HEADER && trains.header >> 24 == META);) {
        ssize_t got = check(recv(fd, buffer, sizeof buffer, 0), "recv");
        const uint8_t *bytes = buffer;
        size_t count = (size_t)got;
        if (got == 0 || (next_train(&trains, &bytes, &count, &kind) && kind == ERROR)) {
            fputs("first_byte: the server refused\n", stderr);
            return 3;
        }
        while (count > 0 && kind != META && next_train(&trains, &bytes, &count, &kind)) {
        }
    }
    printf("milliseconds=%.3f pid=%d\n", now() - started, (int)server);
    fflush(stdout);
    while (read(STDIN_FILENO, buffer, sizeof buffer) > 0) {
    }
    check(kill(server, SIGTERM), "kill");
    check(waitpid(server, NULL, 0), "waitpid");
    return 0;
}
