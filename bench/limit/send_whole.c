// send_whole [--trains|--sized] [--cubic] [--once] FILE: the sender at the limit of what the kernel allows.
//
// By default the `whole` dialect with as few system calls as possible: name and size trains in one send that waits for data
// (MSG_MORE), the data by sendfile in calls of up to 1 GiB, the zero train. With --trains or --sized the simplest C program instead:
// read 1000 bytes, send 1004, for every train. Binds 127.0.0.1:0, prints the port, serves one connection at a time.
//
// --cubic sets TCP_CONGESTION on the listener (an unprivileged user may only choose from tcp_allowed_congestion_control), since
// congestion control changes loopback throughput severalfold. The one in force is named on standard error.
#define _GNU_SOURCE // TEMP_FAILURE_RETRY, accept4
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER = 4, SIZE_TRAIN = 8, MAX_TRAIN = 1000, SENDFILE_MOST = 1 << 30 };
enum dialect { WHOLE, TRAINS, SIZED };

static int check(int result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
    return result;
}

// False once the receiver has gone away.
static bool send_all(int fd, const uint8_t *bytes, size_t count, int flags) {
    while (count > 0) {
        ssize_t sent = TEMP_FAILURE_RETRY(send(fd, bytes, count, flags));
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
        check((int)sent, "send");
        bytes += sent, count -= (size_t)sent;
    }
    return true;
}

static bool send_file(int fd, int file, off_t size) {
    for (off_t offset = 0; offset < size;) {
        off_t left = size - offset;
        ssize_t sent = TEMP_FAILURE_RETRY(sendfile(fd, file, &offset, left < SENDFILE_MOST ? (size_t)left : SENDFILE_MOST));
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
        if (sent == 0) errno = ENODATA; // the file shrank
        check(sent > 0 ? 0 : -1, "sendfile");
    }
    return true;
}

static size_t put_header(uint8_t *bytes, size_t length) {
    for (int i = 0; i < HEADER; i++) bytes[i] = (uint8_t)(length >> 8 * i);
    return HEADER;
}

// Sends the name train and, where the dialect has one, the size train.
static bool send_prologue(int fd, enum dialect dialect, const char *name, off_t size) {
    uint8_t bytes[HEADER + MAX_TRAIN + HEADER + SIZE_TRAIN];
    size_t length = strlen(name), count = put_header(bytes, length);
    memcpy(bytes + count, name, length);
    count += length;
    if (dialect != TRAINS) {
        count += put_header(bytes + count, SIZE_TRAIN);
        for (int i = 0; i < SIZE_TRAIN; i++) bytes[count++] = (uint8_t)(size >> 8 * i);
    }
    return send_all(fd, bytes, count, dialect == WHOLE ? MSG_MORE : 0);
}

static bool send_trains(int fd, int file) {
    uint8_t train[HEADER + MAX_TRAIN];
    ssize_t length;
    while ((length = TEMP_FAILURE_RETRY(read(file, train + HEADER, MAX_TRAIN))) > 0)
        if (!send_all(fd, train, put_header(train, (size_t)length) + (size_t)length, 0)) return false;
    check((int)length, "read");
    return true;
}

static void serve(int fd, enum dialect dialect, const char *path, const char *name) {
    struct stat status;
    uint8_t end[HEADER] = {0};
    int file = check(open(path, O_RDONLY | O_CLOEXEC), path);
    check(fstat(file, &status), path);
    bool sent = send_prologue(fd, dialect, name, status.st_size)
        && (dialect == WHOLE ? send_file(fd, file, status.st_size) : send_trains(fd, file))
        && send_all(fd, end, sizeof end, 0);
    if (!sent) fputs("send_whole: the receiver went away\n", stderr);
    check(close(file), path);
    check(close(fd), "close");
}

static int listen_and_print_port(bool cubic) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char congestion[17] = "";
    int fd = check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    if (cubic) check(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5), "TCP_CONGESTION cubic");
    check(getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, congestion, &(socklen_t){sizeof congestion - 1}), "TCP_CONGESTION");
    check(bind(fd, (struct sockaddr *)&address, sizeof address), "bind");
    check(listen(fd, SOMAXCONN), "listen");
    check(getsockname(fd, (struct sockaddr *)&address, &(socklen_t){sizeof address}), "getsockname");
    fprintf(stderr, "send_whole: congestion control %s\n", congestion);
    if (printf("%d\n", ntohs(address.sin_port)) < 0 || fflush(stdout) != 0) check(-1, "stdout");
    return fd;
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"trains", no_argument, NULL, 't'}, {"sized", no_argument, NULL, 's'},
        {"cubic", no_argument, NULL, 'c'}, {"once", no_argument, NULL, 'o'}, {NULL, 0, NULL, 0}};
    enum dialect dialect = WHOLE;
    bool cubic = false, once = false, wrong = false;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 't') dialect = TRAINS;
        else if (option == 's') dialect = SIZED;
        else if (option == 'c') cubic = true;
        else if (option == 'o') once = true;
        else wrong = true;
    }
    const char *path = optind < argc ? argv[optind] : "", *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    if (wrong || optind + 1 != argc || strlen(name) > MAX_TRAIN) {
        fputs("usage: send_whole [--trains|--sized] [--cubic] [--once] FILE\n", stderr);
        return 2;
    }
    check(access(path, R_OK), path);
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) check(-1, "signal"); // sendfile has no MSG_NOSIGNAL
    int listener = listen_and_print_port(cubic);
    do serve(check(TEMP_FAILURE_RETRY(accept4(listener, NULL, NULL, SOCK_CLOEXEC)), "accept"), dialect, path, name);
    while (!once);
    return 0;
}
