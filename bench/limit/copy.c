// copy [--in-kernel] FROM TO: from the page cache to the page cache, the limit for whatever keeps a file. Room is reserved by fallocate, then
// pieces of 256 KiB are read and written; with --in-kernel, copy_file_range instead. Prints `bytes=<n> seconds=<s>`.
#define _GNU_SOURCE // copy_file_range, fallocate
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 256 * 1024 };

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
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    static char buffer[PIECE];
    bool in_kernel = argc == 4 && strcmp(argv[1], "--in-kernel") == 0;
    if (argc != 3 && !in_kernel) {
        fputs("usage: copy [--in-kernel] FROM TO\n", stderr);
        return 2;
    }
    const char *source = argv[argc - 2], *target = argv[argc - 1];
    double start = now();
    struct stat status;
    int from = (int)check(open(source, O_RDONLY | O_CLOEXEC), source);
    int to = (int)check(open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), target);
    check(fstat(from, &status), source);
    if (status.st_size > 0) check(fallocate(to, 0, 0, status.st_size), "fallocate");
    long long total = 0;
    for (ssize_t count = 1; count > 0; total += count) {
        if (in_kernel) {
            count = check(copy_file_range(from, NULL, to, NULL, 1 << 30, 0), "copy_file_range");
            continue;
        }
        count = check(read(from, buffer, sizeof buffer), "read");
        if (check(write(to, buffer, (size_t)count), "write") != count) check(-1, "a short write");
    }
    check(close(to), target);
    printf("bytes=%lld seconds=%.6f\n", total, now() - start);
    return 0;
}
