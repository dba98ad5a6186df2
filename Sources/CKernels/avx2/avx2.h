// Entries of the AVX2 table that have files of their own.
#ifndef MARTLET_AVX2_H
#define MARTLET_AVX2_H
#include "../internal/unpack.h"

#define MK_DECLARE(T)                                                                                             \
    void mk_avx2_gemv_##T(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out);    \
    void mk_avx2_pack_##T(const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups,             \
                          uint8_t *packed, float *scales);
MK_FOR_EACH_TYPE(MK_DECLARE)
#undef MK_DECLARE
void mk_avx2_quantize(const float *x, int n, mk_group *out);
void mk_avx2_gemm(const uint8_t *packed, const float *scales, int groups, const mk_group *a, size_t lda, int tokens,
                  float *tile);
#endif
