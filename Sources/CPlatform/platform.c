#define _GNU_SOURCE
#include "platform.h"

#include <errno.h>

#if defined(__linux__)
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <string.h>
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

// What the kernel writes; the C library's streams take four more calls a folder.
struct folder_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    unsigned char type;
    char name[];
};

int mp_list_folder(
    int descriptor, void *context, void (*each)(void *context, const char *name, size_t length, unsigned char type)) {
    _Alignas(struct folder_entry) char buffer[32768];
    for (;;) {
        long count = syscall(SYS_getdents64, descriptor, buffer, sizeof buffer);
        if (count <= 0) return (int)count;
        for (long place = 0; place < count;) {
            const struct folder_entry *entry = (const struct folder_entry *)(buffer + place);
            each(context, entry->name, strlen(entry->name), entry->type);
            place += entry->length;
        }
    }
}
#elif defined(__APPLE__)
#include <dirent.h>
#include <fcntl.h>
#include <os/os_sync_wait_on_address.h>
#include <unistd.h>

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

int mp_list_folder(
    int descriptor, void *context, void (*each)(void *context, const char *name, size_t length, unsigned char type)) {
    // The stream closes the descriptor that it is made of.
    int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (own < 0) return -1;
    DIR *stream = fdopendir(own);
    if (!stream) {
        close(own);
        return -1;
    }
    for (struct dirent *entry; (entry = readdir(stream));)
        each(context, entry->d_name, entry->d_namlen, entry->d_type);
    closedir(stream);
    return 0;
}
#else
#error "martlet runs on Linux and macOS; add the platform's wait-on-address call here"
#endif

int mp_spawn_in_folder(posix_spawn_file_actions_t *actions, const char *folder) {
    return posix_spawn_file_actions_addchdir_np(actions, folder);
}

int mp_spawn_closing_from(posix_spawn_file_actions_t *actions, int descriptor) {
#if defined(__linux__)
    return posix_spawn_file_actions_addclosefrom_np(actions, descriptor);
#else
    (void)actions, (void)descriptor;
    return ENOSYS;
#endif
}
