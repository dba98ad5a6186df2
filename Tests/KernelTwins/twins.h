// Random inputs, guarded memory and comparisons for twins.c.
#define _GNU_SOURCE
#ifndef MARTLET_TWINS_H
#define MARTLET_TWINS_H
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../Sources/CKernels/include/kernels.h"
#include "../../Sources/CKernels/internal/unpack.h"

static const int quantized_types[] = {MK_Q4_0, MK_Q4_1, MK_Q5_0, MK_Q5_1, MK_Q8_0,   MK_Q2_K,   MK_Q3_K, MK_Q4_K,
                                      MK_Q5_K, MK_Q6_K, MK_Q8_K, MK_IQ4_NL, MK_IQ4_XS, MK_MXFP4, MK_NVFP4};
enum { QUANTIZED_TYPES = sizeof quantized_types / sizeof *quantized_types };

static uint64_t random_state = 1;
static uint64_t random_bits(void) { // SplitMix64
    uint64_t z = random_state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static float random_float(float low, float high) {
    return low + (high - low) * (float)(random_bits() >> 40) * 0x1p-24f;
}

static int failures = 0;

static void expect_near(const char *what, int type, int a, int b, double found, double wanted, double tolerance) {
    if (fabs(found - wanted) <= tolerance) return;
    if (failures++ < 20)
        printf("%s type %d (%d, %d): found %g, expected %g within %g\n", what, type, a, b, found, wanted, tolerance);
}

static void put_half(uint8_t *p, float value) {
    uint16_t half = mk_float_to_half(value);
    memcpy(p, &half, 2);
}

// Random codes under scales of either sign and like size.
static void random_block(int type, uint8_t *p) {
    for (int i = 0; i < mk_block_bytes(type); i++) p[i] = (uint8_t)random_bits();
    float d = random_float(0.25f, 1) * (random_bits() & 1 ? 1 : -1), m = random_float(-1, 1);
    switch (type) {
    case MK_Q4_1: case MK_Q5_1: put_half(p + 2, m); put_half(p, d); break;
    case MK_Q2_K: put_half(p + 80, d); put_half(p + 82, m); break;
    case MK_Q3_K: put_half(p + 108, d); break;
    case MK_Q4_K: case MK_Q5_K: put_half(p, d); put_half(p + 2, m); break;
    case MK_Q6_K: put_half(p + 208, d); break;
    case MK_Q8_K: memcpy(p, &d, 4); break;
    case MK_MXFP4: p[0] = (uint8_t)(120 + random_bits() % 12); break;
    case MK_NVFP4: break;
    default: put_half(p, d); break;
    }
}

// Bytes of a row of n elements.
static size_t row_bytes_of(int type, int n) {
    return (size_t)(n / mk_block_elements(type)) * (size_t)mk_block_bytes(type);
}

static void random_rows(int type, int rows, int n, uint8_t *w) {
    size_t bytes = row_bytes_of(type, n);
    for (int r = 0; r < rows; r++)
        for (size_t i = 0; i < bytes; i += (size_t)mk_block_bytes(type)) random_block(type, w + (size_t)r * bytes + i);
}

// Memory whose last byte is followed by an inaccessible page, and its end.
static void *guarded(size_t bytes) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (bytes + page - 1) / page * page;
    // One page in front remembers the size for `release`.
    uint8_t *start = mmap(NULL, room + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED || mprotect(start + page + room, page, PROT_NONE)) abort();
    memcpy(start, &room, sizeof room);
    return start + page + room - bytes;
}

static void release(void *p) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room;
    uint8_t *start = (uint8_t *)((uintptr_t)p / page * page) - page;
    memcpy(&room, start, sizeof room);
    munmap(start, room + 2 * page);
}

static float *random_floats(int count, float low, float high) {
    float *x = guarded((size_t)count * 4);
    for (int i = 0; i < count; i++) x[i] = random_float(low, high);
    return x;
}
#endif
