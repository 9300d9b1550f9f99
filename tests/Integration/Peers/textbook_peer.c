// textbook_peer: an independent client, server and wrongdoer for the three textbook dialects and the echo service.
// It shares no code with the project, so that a misreading of the wire format cannot cancel itself out in a test.
//
//   train    i32 little-endian length, then that many bytes (0 to 1000; a length of 0 ends the file)
//   trains   name train, data trains, zero train
//   sized    name train, size train (i64 little-endian), data trains, zero train
//   whole    name train, size train, that many raw bytes, zero train
//
// Exit codes: 0 as asked; 1 a system call failed; 2 wrong usage; 3 the peer broke the protocol; 4 the peer closed without a byte.
#define _GNU_SOURCE // TEMP_FAILURE_RETRY, accept4
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_SYSTEM = 1, EXIT_USAGE = 2, EXIT_VIOLATION = 3, EXIT_BUSY = 4 };
enum { MAX_TRAIN = 1000, HEADER = 4, SIZE_TRAIN = 8, BUFFER = 65536, CLIENT_PATIENCE_MS = 90000, MISBEHAVE_PATIENCE_MS = 60000, SLOW_PAUSE_MS = 10 };
enum dialect { TRAINS, SIZED, WHOLE, ECHO };

static struct {
    uint64_t seed, max_recv, delay_us, rcvbuf, stop_after, slice;
    const char *name;
    bool once, vary_trains, list, slow;
} opt = {.seed = 1, .max_recv = 4096, .stop_after = UINT64_MAX, .slice = 4096};

// ---- Failing ----

static _Noreturn void fail(const char *call) {
    fprintf(stderr, "textbook_peer: %s: %s\n", call, strerror(errno));
    exit(EXIT_SYSTEM);
}

static int check(int result, const char *call) {
    if (result < 0) fail(call);
    return result;
}

__attribute__((format(printf, 1, 2))) static _Noreturn void violation(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(EXIT_VIOLATION);
}

static _Noreturn void usage(void) {
    fputs("usage: textbook_peer fetch IP PORT trains|sized|whole OUTFILE [--seed N] [--max-recv N] [--delay-us N] [--rcvbuf N]\n"
          "                           [--stop-after BYTES] [--slow]    slow: a little at a time until standard input ends\n"
          "       textbook_peer echo IP PORT BYTES [--seed N]\n"
          "       textbook_peer serve trains|sized|whole FILE [--name NAME] [--seed N] [--slice N] [--vary-trains] [--once]\n"
          "       textbook_peer serve echo [--seed N] [--slice N] [--once]\n"
          "       textbook_peer misbehave CASE [--seed N] | misbehave --list\n", stderr);
    exit(EXIT_USAGE);
}

// ---- Randomness that a seed repeats ----

// The finaliser of splitmix64 (Steele, Lea, Flood 2014): turns a counter into noise.
static uint64_t noise(uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t one_to(uint64_t limit) {
    static uint64_t drawn;
    return 1 + noise(noise(opt.seed) + drawn++) % limit;
}

// The pseudo-random byte at a position, so that sender and checker need to share nothing but the seed.
static uint8_t byte_at(uint64_t position) {
    return (uint8_t)(noise(noise(opt.seed ^ UINT64_C(0xbadcafe)) + position / 8) >> position % 8 * 8);
}

static void sometimes_sleep(uint64_t most_us, uint64_t one_in) {
    if (most_us > 0 && one_to(one_in) == 1) usleep((useconds_t)one_to(most_us));
}

// ---- Numbers and sockets ----

static uint64_t from_little_endian(const uint8_t *bytes, int count) {
    uint64_t value = 0;
    for (int i = count; i-- > 0;) value = value << 8 | bytes[i];
    return value;
}

static void to_little_endian(uint8_t *bytes, int count, uint64_t value) {
    for (int i = 0; i < count; i++, value >>= 8) bytes[i] = (uint8_t)value;
}

static uint64_t number(const char *text, uint64_t least, uint64_t most) {
    char *end;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value < least || value > most) usage();
    return value;
}

static bool poll_for(int fd, short events, int timeout_ms) {
    struct pollfd entry = {.fd = fd, .events = events};
    return check(TEMP_FAILURE_RETRY(poll(&entry, 1, timeout_ms)), "poll") > 0;
}

static int dial(const char *ip, const char *port) {
    struct addrinfo *address, hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    if (getaddrinfo(ip, port, &hints, &address) != 0) usage();
    int fd = check(socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    int rcvbuf = (int)opt.rcvbuf, error = 0;
    if (rcvbuf > 0) check(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof rcvbuf), "setsockopt SO_RCVBUF");
    if (connect(fd, address->ai_addr, address->ai_addrlen) < 0) {
        if (errno != EINTR) fail("connect");
        poll_for(fd, POLLOUT, CLIENT_PATIENCE_MS); // an interrupted connect goes on by itself: connect(2)
        check(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof error}), "getsockopt SO_ERROR");
        if (error != 0) errno = error, fail("connect");
    }
    freeaddrinfo(address);
    return fd;
}

static int listen_and_print_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    check(bind(fd, (struct sockaddr *)&address, sizeof address), "bind");
    check(listen(fd, SOMAXCONN), "listen");
    check(getsockname(fd, (struct sockaddr *)&address, &(socklen_t){sizeof address}), "getsockname");
    if (printf("%d\n", ntohs(address.sin_port)) < 0 || fflush(stdout) != 0) fail("stdout");
    return fd;
}

static int accept_one(int listener) {
    int fd = check(TEMP_FAILURE_RETRY(accept4(listener, NULL, NULL, SOCK_CLOEXEC)), "accept");
    check(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)), "setsockopt TCP_NODELAY");
    return fd;
}

static void reset_connection(int fd) { // SO_LINGER with zero seconds makes close send RST: socket(7), tcp(7)
    check(setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1}, sizeof(struct linger)), "setsockopt SO_LINGER");
    check(close(fd), "close");
}

static void write_all(int fd, const uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = TEMP_FAILURE_RETRY(write(fd, bytes, count));
        if (written < 0) fail("write");
        bytes += written, count -= (size_t)written;
    }
}

// ---- fetch: a strict client that receives in small pieces ----

static struct {
    int fd;
    size_t at, end;
    uint64_t total;
    uint8_t buffer[BUFFER];
} in;

// Slow as long as standard input is open, so that a test decides when a transfer ends, and not the speed of the machine.
static void dawdle(void) {
    if (!opt.slow || !poll_for(STDIN_FILENO, POLLIN, SLOW_PAUSE_MS)) return;
    opt.slow = false, opt.max_recv = BUFFER;
    check(setsockopt(in.fd, SOL_SOCKET, SO_RCVBUF, &(int){1 << 20}, sizeof(int)), "setsockopt SO_RCVBUF");
}

// Receives one piece into the empty buffer. False at the end of the stream.
static bool receive_piece(const char *where) {
    if (in.total >= opt.stop_after) {
        reset_connection(in.fd);
        printf("stopped=%" PRIu64 "\n", in.total);
        exit(fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_SYSTEM);
    }
    sometimes_sleep(opt.delay_us, 4);
    dawdle();
    if (!poll_for(in.fd, POLLIN, CLIENT_PATIENCE_MS)) violation("Nothing came for 90 s after %" PRIu64 " bytes, in %s.", in.total, where);
    uint64_t want = one_to(opt.max_recv), allowed = opt.stop_after - in.total;
    ssize_t got = TEMP_FAILURE_RETRY(recv(in.fd, in.buffer, want < allowed ? want : allowed, 0));
    if (got < 0 && errno == ECONNRESET) violation("The connection was reset after %" PRIu64 " bytes, in %s.", in.total, where);
    if (got < 0) fail("recv");
    in.at = 0, in.end = (size_t)got, in.total += (uint64_t)got;
    return got > 0;
}

static void take(uint8_t *bytes, size_t count, const char *where) {
    while (count > 0) {
        if (in.at == in.end && !receive_piece(where)) {
            if (in.total > 0) violation("The stream ended after %" PRIu64 " bytes, in %s.", in.total, where);
            fputs("The connection was closed without a single byte.\n", stderr);
            exit(EXIT_BUSY);
        }
        size_t piece = in.end - in.at < count ? in.end - in.at : count;
        memcpy(bytes, in.buffer + in.at, piece);
        bytes += piece, count -= piece, in.at += piece;
    }
}

static uint32_t take_header(const char *where) {
    uint8_t header[HEADER];
    take(header, sizeof header, where);
    int32_t length = (int32_t)from_little_endian(header, HEADER);
    if (length < 0 || length > MAX_TRAIN) violation("The length %" PRId32 " in %s is not in 0 to %d.", length, where, MAX_TRAIN);
    return (uint32_t)length;
}

static uint32_t take_name(uint8_t name[MAX_TRAIN]) {
    uint32_t length = take_header("the header of the name train");
    if (length == 0 || length > NAME_MAX) violation("The name has %" PRIu32 " bytes, not 1 to %d.", length, NAME_MAX);
    take(name, length, "the name");
    for (uint32_t i = 0; i < length; i++)
        if (name[i] == '/' || name[i] < 0x20 || name[i] == 0x7f) violation("The name has the forbidden byte 0x%02x.", name[i]);
    if (name[0] == '.' && (length == 1 || (length == 2 && name[1] == '.'))) violation("The name is a directory.");
    return length;
}

static int64_t take_size(void) {
    uint8_t size[SIZE_TRAIN];
    uint32_t length = take_header("the header of the size train");
    if (length != SIZE_TRAIN) violation("The size train has %" PRIu32 " bytes, not %d.", length, SIZE_TRAIN);
    take(size, sizeof size, "the size train");
    int64_t value = (int64_t)from_little_endian(size, SIZE_TRAIN);
    if (value < 0) violation("The size %" PRId64 " is negative.", value);
    return value;
}

static uint64_t take_trains(int file, int64_t size) {
    uint8_t body[MAX_TRAIN];
    uint64_t bytes = 0;
    for (uint32_t length; (length = take_header("the header of a data train")) > 0; bytes += length) {
        take(body, length, "the body of a data train");
        if (size >= 0 && bytes + length > (uint64_t)size) violation("More than the %" PRId64 " announced bytes came.", size);
        write_all(file, body, length);
    }
    if (size >= 0 && bytes != (uint64_t)size) violation("%" PRIu64 " bytes came, %" PRId64 " were announced.", bytes, size);
    return bytes;
}

static uint64_t take_raw(int file, uint64_t size) {
    uint8_t body[BUFFER];
    for (uint64_t left = size; left > 0;) {
        size_t piece = left < sizeof body ? (size_t)left : sizeof body;
        take(body, piece, "the raw bytes");
        write_all(file, body, piece);
        left -= piece;
    }
    uint32_t end = take_header("the zero train");
    if (end != 0) violation("A train of %" PRIu32 " bytes stands where the zero train should.", end);
    return size;
}

static void fetch(const char *ip, const char *port, enum dialect dialect, const char *path) {
    uint8_t name[MAX_TRAIN];
    in.fd = dial(ip, port);
    int file = check(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), path);
    uint32_t name_length = take_name(name);
    int64_t size = dialect == TRAINS ? -1 : take_size();
    uint64_t bytes = dialect == WHOLE ? take_raw(file, (uint64_t)size) : take_trains(file, size);
    if (in.at < in.end || receive_piece("what follows the zero train")) violation("Bytes follow the zero train.");
    check(close(in.fd), "close");
    check(close(file), path);
    printf("name=");
    for (uint32_t i = 0; i < name_length; i++) printf("%02x", name[i]);
    if (size < 0) printf(" size=- bytes=%" PRIu64 "\n", bytes);
    else printf(" size=%" PRId64 " bytes=%" PRIu64 "\n", size, bytes);
}

// ---- echo: sends and receives at once, as the service may stop reading while nobody takes its answer ----

static uint64_t echo_send(int fd, uint64_t from, uint64_t total) {
    uint8_t slice[4096];
    uint64_t count = one_to(sizeof slice);
    if (count > total - from) count = total - from;
    for (uint64_t i = 0; i < count; i++) slice[i] = byte_at(from + i);
    ssize_t sent = TEMP_FAILURE_RETRY(send(fd, slice, count, MSG_DONTWAIT | MSG_NOSIGNAL));
    if (sent < 0 && errno != EAGAIN) violation("Sending stopped at byte %" PRIu64 ": %s.", from, strerror(errno));
    return sent < 0 ? 0 : (uint64_t)sent;
}

static void echo(const char *ip, const char *port, uint64_t total) {
    uint64_t sent = 0, received = 0;
    int fd = dial(ip, port);
    if (total == 0) check(shutdown(fd, SHUT_WR), "shutdown");
    for (;;) {
        struct pollfd entry = {.fd = fd, .events = (short)(sent < total ? POLLIN | POLLOUT : POLLIN)};
        if (check(TEMP_FAILURE_RETRY(poll(&entry, 1, CLIENT_PATIENCE_MS)), "poll") == 0) violation("Nothing moved for 90 s.");
        if (entry.revents & POLLOUT && sent < total) {
            sent += echo_send(fd, sent, total);
            if (sent == total) check(shutdown(fd, SHUT_WR), "shutdown");
        }
        if (!(entry.revents & (POLLIN | POLLHUP | POLLERR))) continue;
        uint8_t piece[4096];
        ssize_t got = TEMP_FAILURE_RETRY(recv(fd, piece, one_to(sizeof piece), MSG_DONTWAIT));
        if (got < 0 && errno == EAGAIN) continue;
        if (got < 0) violation("Receiving stopped at byte %" PRIu64 ": %s.", received, strerror(errno));
        if (got == 0) break;
        if ((uint64_t)got > sent - received) violation("More came back than was sent: byte %" PRIu64 ".", sent);
        for (ssize_t i = 0; i < got; i++, received++)
            if (piece[i] != byte_at(received)) violation("Byte %" PRIu64 " came back changed.", received);
    }
    if (received != total) violation("%" PRIu64 " of %" PRIu64 " bytes came back.", received, total);
    check(close(fd), "close");
}

// ---- serve: a correct server that cuts the stream anywhere ----

static struct {
    int fd;
    bool broken; // the client went away: the rest of its stream is dropped
    size_t held, slice;
    uint8_t buffer[BUFFER];
} out;

static void flush_slice(void) {
    for (size_t sent = 0; sent < out.held && !out.broken;) {
        ssize_t count = TEMP_FAILURE_RETRY(send(out.fd, out.buffer + sent, out.held - sent, MSG_NOSIGNAL));
        if (count < 0 && errno != EPIPE && errno != ECONNRESET) fail("send");
        if (count < 0) out.broken = true;
        else sent += (size_t)count;
    }
    out.held = 0, out.slice = one_to(opt.slice);
    sometimes_sleep(200, 64);
}

static void put(const uint8_t *bytes, size_t count) {
    while (count > 0 && !out.broken) {
        size_t piece = out.slice - out.held < count ? out.slice - out.held : count;
        memcpy(out.buffer + out.held, bytes, piece);
        bytes += piece, count -= piece, out.held += piece;
        if (out.held == out.slice) flush_slice();
    }
}

static void put_train(const uint8_t *body, size_t count) {
    uint8_t header[HEADER];
    to_little_endian(header, HEADER, count);
    put(header, HEADER);
    put(body, count);
}

static void put_file(enum dialect dialect, const char *path, const char *name) {
    uint8_t body[MAX_TRAIN], size[SIZE_TRAIN];
    struct stat status;
    int file = check(open(path, O_RDONLY | O_CLOEXEC), path);
    check(fstat(file, &status), path);
    put_train((const uint8_t *)name, strlen(name));
    to_little_endian(size, SIZE_TRAIN, (uint64_t)status.st_size);
    if (dialect != TRAINS) put_train(size, SIZE_TRAIN);
    ssize_t count;
    while ((count = TEMP_FAILURE_RETRY(read(file, body, opt.vary_trains ? one_to(MAX_TRAIN) : MAX_TRAIN))) > 0) {
        if (dialect == WHOLE) put(body, (size_t)count);
        else put_train(body, (size_t)count);
    }
    check((int)count, path);
    put_train(NULL, 0);
    check(close(file), path);
}

// Receives until the peer closes, sending it all back if so asked. Returns how many bytes came.
static uint64_t receive_all(bool back) {
    uint8_t piece[BUFFER];
    uint64_t total = 0;
    while (!out.broken) {
        ssize_t got = TEMP_FAILURE_RETRY(recv(out.fd, piece, back ? one_to(opt.slice) : sizeof piece, 0));
        if (got < 0 && errno != ECONNRESET) fail("recv");
        if (got < 0) out.broken = true;
        if (got <= 0) break;
        total += (uint64_t)got;
        if (back) put(piece, (size_t)got), flush_slice();
    }
    return total;
}

static void serve(enum dialect dialect, const char *path) {
    const char *slash = strrchr(path, '/'), *name = opt.name != NULL ? opt.name : slash != NULL ? slash + 1 : path;
    if (strlen(name) > MAX_TRAIN) usage();
    if (dialect != ECHO) check(access(path, R_OK), path); // a missing file is an error before the port is printed
    int status = EXIT_SUCCESS, listener = listen_and_print_port();
    do {
        uint64_t spoken = 0;
        out.fd = accept_one(listener), out.broken = false, out.held = 0, out.slice = one_to(opt.slice);
        if (dialect == ECHO) receive_all(true);
        else put_file(dialect, path, name);
        flush_slice();
        if (shutdown(out.fd, SHUT_WR) < 0 && errno != ENOTCONN) fail("shutdown"); // ENOTCONN: the client has reset it
        if (dialect != ECHO) spoken = receive_all(false);
        if (out.broken) fputs("The client went away before the end.\n", stderr);
        else if (spoken > 0) fprintf(stderr, "The client sent %" PRIu64 " bytes, where it has nothing to say.\n", spoken);
        status = out.broken || spoken > 0 ? EXIT_VIOLATION : EXIT_SUCCESS;
        check(close(out.fd), "close");
    } while (!opt.once);
    exit(status);
}

// ---- misbehave: one broken stream, then the end ----

enum ending { CLOSE, WAIT, RESET };

#define BYTES(text) text, sizeof(text) - 1
#define TEN_TIMES(text) text text text text text text text text text text
#define NAME "\x05\0\0\0" "f.bin"
#define SIZE(bytes) "\x08\0\0\0" bytes
#define SIZE_10 SIZE("\x0a\0\0\0\0\0\0\0")
#define RAW_10 "0123456789"
#define DATA_10 "\x0a\0\0\0" RAW_10
#define END "\0\0\0\0"

static const struct broken_stream {
    const char *name, *dialect, *bytes;
    size_t count;
    enum ending ending;
} broken_streams[] = {
    {"truncated-header", "trains", BYTES(NAME DATA_10 "\x0a\0"), CLOSE},                     // ends inside a data train's header
    {"truncated-name", "trains", BYTES("\x05\0\0\0" "f.b"), CLOSE},                          // ends inside the name
    {"truncated-body", "trains", BYTES(NAME DATA_10 "\x0a\0\0\0" "0123"), CLOSE},            // ends inside a data train's body
    {"truncated-before-end", "trains", BYTES(NAME DATA_10), CLOSE},                          // ends between trains, without the zero train
    {"truncated-sized-end", "sized", BYTES(NAME SIZE_10 DATA_10), CLOSE},                    // all announced bytes, but no zero train
    {"truncated-whole", "whole", BYTES(NAME SIZE_10 "0123"), CLOSE},                         // ends inside the raw bytes
    {"truncated-whole-end", "whole", BYTES(NAME SIZE_10 RAW_10 "\0\0"), CLOSE},              // ends inside the zero train
    {"negative-length", "trains", BYTES(NAME "\xff\xff\xff\xff" RAW_10 END), CLOSE},         // a data train of -1 bytes
    {"huge-length", "trains", BYTES(NAME "\xff\xff\xff\x7f" RAW_10 END), CLOSE},             // a data train of 2^31-1 bytes
    {"huge-length-24-bit", "trains", BYTES(NAME "\xff\xff\xff\0" RAW_10 END), CLOSE},        // of 2^24-1: legal in the native framing only
    {"length-1001", "trains", BYTES(NAME "\xe9\x03\0\0" TEN_TIMES(TEN_TIMES(RAW_10)) "x" END), CLOSE}, // one byte too many, all sent
    {"name-parent", "trains", BYTES("\x04\0\0\0" "../x" DATA_10 END), CLOSE},                // a name that leaves the directory
    {"name-absolute", "trains", BYTES("\x06\0\0\0" "/etc/x" DATA_10 END), CLOSE},            // a name from the root
    {"name-slash", "trains", BYTES("\x03\0\0\0" "a/b" DATA_10 END), CLOSE},                  // a name in a subdirectory
    {"name-nul", "trains", BYTES("\x03\0\0\0" "a\0b" DATA_10 END), CLOSE},                   // a name that C would cut
    {"name-empty", "trains", BYTES(END DATA_10 END), CLOSE},                                 // a name of no bytes: a zero train
    {"name-dot", "trains", BYTES("\x01\0\0\0" "." DATA_10 END), CLOSE},                      // the directory itself
    {"name-dotdot", "trains", BYTES("\x02\0\0\0" ".." DATA_10 END), CLOSE},                  // its parent
    {"name-control", "trains", BYTES("\x03\0\0\0" "a\nb" DATA_10 END), CLOSE},               // a name that forges a log line
    {"name-too-long", "trains", BYTES("\x2c\x01\0\0" TEN_TIMES(TEN_TIMES("abc")) DATA_10 END), CLOSE}, // 300 bytes: over NAME_MAX
    {"size-train-4", "sized", BYTES(NAME "\x04\0\0\0" "\x0a\0\0\0" DATA_10 END), CLOSE},     // the off_t of a 32-bit host
    {"size-train-negative", "sized", BYTES(NAME SIZE("\xff\xff\xff\xff\xff\xff\xff\xff") DATA_10 END), CLOSE}, // announces -1 bytes
    {"size-huge", "whole", BYTES(NAME SIZE("\xff\xff\xff\xff\xff\xff\xff\x7f") RAW_10), CLOSE}, // 2^63-1 bytes announced, 10 sent
    {"size-more", "sized", BYTES(NAME SIZE_10 "\x0b\0\0\0" RAW_10 "x" END), CLOSE},          // 10 bytes announced, 11 sent
    {"size-less", "sized", BYTES(NAME SIZE_10 "\x09\0\0\0" "012345678" END), CLOSE},         // 10 bytes announced, 9 sent
    {"whole-no-end", "whole", BYTES(NAME SIZE_10 RAW_10 "\x04\0\0\0" "more"), CLOSE},        // another train in the zero train's place
    {"garbage", "trains", NULL, 4096, CLOSE},                                                // noise from the seed
    {"nothing", "trains", BYTES(""), CLOSE},                                                 // closed at once, as a busy server does
    {"silent", "trains", BYTES(""), WAIT},                                                   // open, and not a byte
    {"stall", "trains", BYTES(NAME DATA_10 "\x0a\0\0\0" "0123"), WAIT},                      // open, and no byte more
    {"reset", "trains", BYTES(NAME DATA_10 "\x0a\0\0\0" "0123"), RESET},                     // RST in the middle of a train
};
enum { BROKEN_STREAMS = sizeof broken_streams / sizeof *broken_streams };

static void list_broken_streams(void) {
    for (int i = 0; i < BROKEN_STREAMS; i++) printf("%s %s\n", broken_streams[i].name, broken_streams[i].dialect);
}

// Waits until the client closes, dropping what it sends, so that our own close is never the RST of unread bytes.
static void wait_for_close(void) {
    uint8_t piece[4096];
    while (poll_for(out.fd, POLLIN, MISBEHAVE_PATIENCE_MS)) {
        ssize_t got = TEMP_FAILURE_RETRY(recv(out.fd, piece, sizeof piece, 0));
        if (got < 0 && errno != ECONNRESET) fail("recv");
        if (got <= 0) return;
    }
}

static void misbehave(const char *name) {
    const struct broken_stream *stream = broken_streams;
    while (stream < broken_streams + BROKEN_STREAMS && strcmp(stream->name, name) != 0) stream++;
    if (stream == broken_streams + BROKEN_STREAMS) usage();
    int listener = listen_and_print_port();
    if (!poll_for(listener, POLLIN, MISBEHAVE_PATIENCE_MS)) errno = ETIMEDOUT, fail("accept");
    out.fd = accept_one(listener), out.slice = sizeof out.buffer;
    for (size_t i = 0; i < stream->count; i++) put(&(uint8_t){stream->bytes != NULL ? (uint8_t)stream->bytes[i] : byte_at(i)}, 1);
    flush_slice();
    if (stream->ending == RESET) {
        reset_connection(out.fd);
        return;
    }
    if (stream->ending == CLOSE && shutdown(out.fd, SHUT_WR) < 0 && errno != ENOTCONN) fail("shutdown");
    wait_for_close();
    check(close(out.fd), "close");
}

// ---- Command line ----

static enum dialect dialect_named(const char *name) {
    static const char *const names[] = {"trains", "sized", "whole"};
    for (enum dialect dialect = TRAINS; dialect <= WHOLE; dialect++)
        if (strcmp(name, names[dialect]) == 0) return dialect;
    usage();
}

static void parse_options(int argc, char **argv) {
    static const struct option options[] = {
        {"seed", required_argument, NULL, 's'},     {"max-recv", required_argument, NULL, 'm'}, {"delay-us", required_argument, NULL, 'd'},
        {"rcvbuf", required_argument, NULL, 'r'},   {"stop-after", required_argument, NULL, 'a'}, {"name", required_argument, NULL, 'n'},
        {"slice", required_argument, NULL, 'c'},    {"once", no_argument, NULL, 'o'},           {"vary-trains", no_argument, NULL, 'v'},
        {"list", no_argument, NULL, 'l'},           {"slow", no_argument, NULL, 'w'},           {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 's': opt.seed = number(optarg, 0, UINT64_MAX); break;
        case 'm': opt.max_recv = number(optarg, 1, BUFFER); break;
        case 'd': opt.delay_us = number(optarg, 0, 999999); break;
        case 'r': opt.rcvbuf = number(optarg, 1, INT_MAX); break;
        case 'a': opt.stop_after = number(optarg, 0, UINT64_MAX - 1); break;
        case 'n': opt.name = optarg; break;
        case 'c': opt.slice = number(optarg, 1, BUFFER); break;
        case 'o': opt.once = true; break;
        case 'v': opt.vary_trains = true; break;
        case 'l': opt.list = true; break;
        case 'w': opt.slow = true; break;
        default: usage();
        }
    }
}

int main(int argc, char **argv) {
    parse_options(argc, argv);
    char **words = argv + optind;
    int count = argc - optind;
    if (count == 5 && strcmp(words[0], "fetch") == 0) fetch(words[1], words[2], dialect_named(words[3]), words[4]);
    else if (count == 4 && strcmp(words[0], "echo") == 0) echo(words[1], words[2], number(words[3], 0, UINT64_MAX));
    else if (count == 3 && strcmp(words[0], "serve") == 0) serve(dialect_named(words[1]), words[2]);
    else if (count == 2 && strcmp(words[0], "serve") == 0 && strcmp(words[1], "echo") == 0) serve(ECHO, "");
    else if (count == 1 && strcmp(words[0], "misbehave") == 0 && opt.list) list_broken_streams();
    else if (count == 2 && strcmp(words[0], "misbehave") == 0 && !opt.list) misbehave(words[1]);
    else usage();
    if (fflush(stdout) != 0) fail("stdout");
    return EXIT_SUCCESS;
}
