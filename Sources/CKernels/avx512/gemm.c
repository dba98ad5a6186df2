// int8 matrix product of a packed tile of 32 rows with quantised activations.
#if defined(__x86_64__)
#include "../internal/target_avx512.h"
#include "../internal/unpack.h"
#include "avx512.h"

// 32 rows x T tokens over all groups. 12 tokens keep 24 sums, 2 weight vectors and a broadcast in registers.
MK_INLINE void tile_tokens(int T, const uint8_t *w, const float *scales, int groups, const mk_group *a, size_t lda,
                           float *tile) {
    for (int g = 0; g < groups; g++, w += MK_GROUP * MK_TILE_ROWS, scales += MK_TILE_ROWS) {
        __m512i sum[2][12];
        // Weights carry +128, so each sum starts at -128 times the sum of its activations.
#pragma clang loop unroll(full)
        for (int t = 0; t < T; t++) sum[0][t] = sum[1][t] = _mm512_set1_epi32(-128 * a[t * lda + g].sum);
#pragma clang loop unroll(disable)
        for (int k = 0; k < MK_GROUP / 4; k++) {
            __m512i low = _mm512_loadu_si512(w + k * 128), high = _mm512_loadu_si512(w + k * 128 + 64);
#pragma clang loop unroll(full)
            for (int t = 0; t < T; t++) {
                int32_t quad;
                memcpy(&quad, a[t * lda + g].q + 4 * k, 4);
                __m512i x = _mm512_set1_epi32(quad);
                sum[0][t] = _mm512_dpbusd_epi32(sum[0][t], low, x);
                sum[1][t] = _mm512_dpbusd_epi32(sum[1][t], high, x);
            }
        }
        __m512 low = _mm512_loadu_ps(scales), high = _mm512_loadu_ps(scales + 16);
#pragma clang loop unroll(full)
        for (int t = 0; t < T; t++) {
            __m512 d = _mm512_set1_ps(a[t * lda + g].scale);
            float *out = tile + t * MK_TILE_ROWS;
            _mm512_storeu_ps(out, _mm512_fmadd_ps(_mm512_mul_ps(low, d), _mm512_cvtepi32_ps(sum[0][t]),
                                                  _mm512_loadu_ps(out)));
            _mm512_storeu_ps(out + 16, _mm512_fmadd_ps(_mm512_mul_ps(high, d), _mm512_cvtepi32_ps(sum[1][t]),
                                                       _mm512_loadu_ps(out + 16)));
        }
    }
}

void mk_avx512_gemm(const uint8_t *packed, const float *scales, int groups, const mk_group *a, size_t lda, int tokens,
                    float *tile) {
    for (; tokens >= 12; tokens -= 12, a += 12 * lda, tile += 12 * MK_TILE_ROWS)
        tile_tokens(12, packed, scales, groups, a, lda, tile);
    switch (tokens) {
#define CASE(T) case T: tile_tokens(T, packed, scales, groups, a, lda, tile); break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11)
    }
}
#include "../internal/target_end.h"
#endif
