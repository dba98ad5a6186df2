// Entries of the AVX-512 table that have files of their own.
#ifndef MARTLET_AVX512_H
#define MARTLET_AVX512_H
#include "../internal/unpack.h"

void mk_avx512_gemm(const uint8_t *packed, const float *scales, int groups, const mk_group *a, size_t lda, int tokens,
                    float *tile);

// K-quants have routines tuned by hand (gemv.c, pack.c); those of the others are instances of one template each
// (gemv_blocks.c, pack_blocks.c).
#define MK_AVX512_BLOCK_TYPES(DO)                                                                                 \
    DO(Q4_0) DO(Q4_1) DO(Q5_0) DO(Q5_1) DO(Q8_0) DO(Q2_K) DO(Q3_K) DO(Q8_K) DO(IQ4_NL) DO(IQ4_XS) DO(MXFP4) DO(NVFP4)
#define MK_DECLARE(T)                                                                                             \
    void mk_avx512_gemv_##T(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out);  \
    void mk_avx512_pack_##T(const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups,           \
                            uint8_t *packed, float *scales);
MK_FOR_EACH_TYPE(MK_DECLARE)
#undef MK_DECLARE
#define MK_DECLARE(T)                                                                                             \
    void mk_avx512_gemv_few_##T(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a,           \
                                size_t lda, int tokens, float *out, size_t ldo);
MK_DECLARE(Q4_K) MK_DECLARE(Q5_K) MK_DECLARE(Q6_K)
#undef MK_DECLARE
#endif
