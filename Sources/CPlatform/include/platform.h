// System calls that Swift cannot make: variadic or missing from the platform's module.
#ifndef MARTLET_PLATFORM_H
#define MARTLET_PLATFORM_H

#include <stdint.h>

// Sleeps while *word == expected; may return early.
void mp_wait(const uint32_t *word, uint32_t expected);
// Wakes every thread that sleeps on word.
void mp_wake_all(const uint32_t *word);

// Cores that the scheduler lets this process run on; 0 where the system does not tell.
int mp_usable_cores(void);

// Asks for bytes [offset, offset + count) of a file to be written to disk soon, without waiting. Only a hint.
void mp_begin_write_back(int descriptor, int64_t offset, int64_t count);

#if defined(__x86_64__) || defined(__i386__)
static inline void mp_pause(void) { __builtin_ia32_pause(); }
#elif defined(__aarch64__)
static inline void mp_pause(void) { __asm__ volatile("isb"); }
#else
static inline void mp_pause(void) {}
#endif

#endif
