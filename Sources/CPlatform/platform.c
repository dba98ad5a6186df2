#define _GNU_SOURCE
#include "platform.h"

#if defined(__linux__)
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

void mp_wait(const uint32_t *word, uint32_t expected) {
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

void mp_wake_all(const uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0); }

int mp_usable_cores(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

void mp_begin_write_back(int descriptor, int64_t offset, int64_t count) {
    sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
}
#elif defined(__APPLE__)
#include <os/os_sync_wait_on_address.h>

void mp_wait(const uint32_t *word, uint32_t expected) {
    os_sync_wait_on_address((void *)word, expected, sizeof *word, OS_SYNC_WAIT_ON_ADDRESS_NONE);
}

void mp_wake_all(const uint32_t *word) {
    os_sync_wake_by_address_all((void *)word, sizeof *word, OS_SYNC_WAKE_BY_ADDRESS_NONE);
}

int mp_usable_cores(void) { return 0; }

void mp_begin_write_back(int descriptor, int64_t offset, int64_t count) {
    (void)descriptor, (void)offset, (void)count;
}
#else
#error "martlet runs on Linux and macOS; add the platform's wait-on-address call here"
#endif
