// Entries of the AVX-512 table that have files of their own.
#ifndef MARTLET_AVX512_H
#define MARTLET_AVX512_H
#include "../include/kernels.h"

void mk_avx512_gemv_q4_K(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out);
void mk_avx512_gemv_q5_K(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out);
void mk_avx512_gemv_q6_K(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out);
void mk_avx512_pack_q4_K(const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups, uint8_t *packed,
                         float *scales);
void mk_avx512_pack_q5_K(const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups, uint8_t *packed,
                         float *scales);
void mk_avx512_pack_q6_K(const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups, uint8_t *packed,
                         float *scales);
void mk_avx512_gemm(const uint8_t *packed, const float *scales, int groups, const mk_group *a, size_t lda, int tokens,
                    float *tile);
#endif
