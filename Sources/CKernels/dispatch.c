// Picks the kernels of this machine. One binary holds every level of its architecture.
#include "include/kernels.h"

extern const mk_kernels mk_scalar_kernels;

#if defined(__x86_64__)
extern const mk_kernels mk_avx2_kernels, mk_avxvnni_kernels, mk_avx512_kernels;

static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
}

static bool has_avxvnni(void) { return has_avx2() && __builtin_cpu_supports("avxvnni"); }

static bool has_avx512(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vnni");
}

const mk_kernels *mk_kernels_at(int level) {
    __builtin_cpu_init();
    if (level == MK_SCALAR) return &mk_scalar_kernels;
    if (level == MK_AVX2 && has_avx2()) return &mk_avx2_kernels;
    if (level == MK_AVXVNNI && has_avxvnni()) return &mk_avxvnni_kernels;
    if (level == MK_AVX512 && has_avx512()) return &mk_avx512_kernels;
    return NULL;
}

int mk_best_level(void) {
    __builtin_cpu_init();
    return has_avx512() ? MK_AVX512 : has_avxvnni() ? MK_AVXVNNI : has_avx2() ? MK_AVX2 : MK_SCALAR;
}
#elif defined(__aarch64__)
extern const mk_kernels mk_neon_kernels;
#if defined(__linux__)
#include <sys/auxv.h>
static bool has_dot_product(void) { return getauxval(AT_HWCAP) >> 20 & 1; }
#else
static bool has_dot_product(void) { return true; } // every Apple core since A13
#endif

const mk_kernels *mk_kernels_at(int level) {
    if (level == MK_SCALAR) return &mk_scalar_kernels;
    return level == MK_NEON && has_dot_product() ? &mk_neon_kernels : NULL;
}

int mk_best_level(void) { return has_dot_product() ? MK_NEON : MK_SCALAR; }
#else
const mk_kernels *mk_kernels_at(int level) { return level == MK_SCALAR ? &mk_scalar_kernels : NULL; }
int mk_best_level(void) { return MK_SCALAR; }
#endif
