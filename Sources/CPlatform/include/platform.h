// System calls that Swift cannot make: variadic or missing from the platform's module.
#ifndef MARTLET_PLATFORM_H
#define MARTLET_PLATFORM_H

#include <spawn.h>
#include <stddef.h>
#include <stdint.h>

// Sleeps while *word == expected; may return early.
void mp_wait(const uint32_t *word, uint32_t expected);
// Wakes every thread that sleeps on word.
void mp_wake_all(const uint32_t *word);

// Cores that the scheduler lets this process run on; 0 where the system does not tell.
int mp_usable_cores(void);

// Asks for bytes [offset, offset + count) of a file to be written to disk soon, without waiting. Only a hint.
void mp_begin_write_back(int descriptor, int64_t offset, int64_t count);

// Calls each with every entry of an open folder that was not read yet, `.` and `..` included; type is a DT_ constant, and a
// zero byte follows the name. 0, or -1 with errno set.
int mp_list_folder(
    int descriptor, void *context, void (*each)(void *context, const char *name, size_t length, unsigned char type));

// Has the child begin in a folder; 0 or an error's number.
int mp_spawn_in_folder(posix_spawn_file_actions_t *actions, const char *folder);
// Has the child close this descriptor and all of higher numbers; 0 or an error's number, which on macOS is ENOSYS.
int mp_spawn_closing_from(posix_spawn_file_actions_t *actions, int descriptor);

#if defined(__x86_64__) || defined(__i386__)
static inline void mp_pause(void) { __builtin_ia32_pause(); }
#elif defined(__aarch64__)
static inline void mp_pause(void) { __asm__ volatile("isb"); }
#else
static inline void mp_pause(void) {}
#endif

#endif
