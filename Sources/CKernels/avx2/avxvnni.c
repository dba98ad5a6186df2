// The AVX2 level of machines with VNNI but without AVX-512 (Alder Lake and later): a product of its own for tiles,
// everything else as in AVX2.
#define MK_LEVEL 1
#if defined(__x86_64__)
#include "../internal/target_avxvnni.h"
#include "../internal/elementwise.h"
#include "../internal/floats.h"
#include "../internal/attention.h"
#include "../internal/delta.h"
#include "avx2.h"

// 16 rows x T tokens over all groups: 12 sums, 2 weight vectors and a broadcast in 16 registers.
MK_INLINE void tile_tokens(int T, const uint8_t *w, const float *scales, int groups, const mk_group *a, size_t lda,
                           float *tile) {
    for (int g = 0; g < groups; g++, w += MK_GROUP * MK_TILE_ROWS, scales += MK_TILE_ROWS) {
        __m256i sum[2][6];
        // Weights carry +128, so each sum starts at -128 times the sum of its activations.
        for (int t = 0; t < T; t++) sum[0][t] = sum[1][t] = _mm256_set1_epi32(-128 * a[t * lda + g].sum);
#pragma clang loop unroll(disable)
        for (int k = 0; k < MK_GROUP / 4; k++) {
            __m256i low = _mm256_loadu_si256((const __m256i *)(w + k * 128));
            __m256i high = _mm256_loadu_si256((const __m256i *)(w + k * 128 + 32));
#pragma clang loop unroll(full)
            for (int t = 0; t < T; t++) {
                int32_t quad;
                memcpy(&quad, a[t * lda + g].q + 4 * k, 4);
                __m256i x = _mm256_set1_epi32(quad);
                sum[0][t] = _mm256_dpbusd_avx_epi32(sum[0][t], low, x);
                sum[1][t] = _mm256_dpbusd_avx_epi32(sum[1][t], high, x);
            }
        }
        __m256 low = _mm256_loadu_ps(scales), high = _mm256_loadu_ps(scales + 8);
        for (int t = 0; t < T; t++) {
            __m256 d = _mm256_set1_ps(a[t * lda + g].scale);
            float *out = tile + t * MK_TILE_ROWS;
            _mm256_storeu_ps(out, _mm256_fmadd_ps(_mm256_mul_ps(low, d), _mm256_cvtepi32_ps(sum[0][t]),
                                                  _mm256_loadu_ps(out)));
            _mm256_storeu_ps(out + 8, _mm256_fmadd_ps(_mm256_mul_ps(high, d), _mm256_cvtepi32_ps(sum[1][t]),
                                                      _mm256_loadu_ps(out + 8)));
        }
    }
}

MK_INLINE void both_halves(int T, const uint8_t *packed, const float *scales, int groups, const mk_group *a,
                           size_t lda, float *tile) {
    tile_tokens(T, packed, scales, groups, a, lda, tile);
    tile_tokens(T, packed + 64, scales + 16, groups, a, lda, tile + 16);
}

static void mk_gemm(const uint8_t *packed, const float *scales, int groups, const mk_group *a, size_t lda, int tokens,
                    float *tile) {
    for (; tokens >= 6; tokens -= 6, a += 6 * lda, tile += 6 * MK_TILE_ROWS)
        both_halves(6, packed, scales, groups, a, lda, tile);
    switch (tokens) {
#define CASE(T) case T: both_halves(T, packed, scales, groups, a, lda, tile); break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5)
    }
}

#define MK_QUANTIZE mk_avx2_quantize
#define MK_BLOCKS(T) .gemv[MK_##T] = mk_avx2_gemv_##T, .pack[MK_##T] = mk_avx2_pack_##T,
#define MK_TABLE mk_avxvnni_kernels
#define MK_TITLE "avxvnni"
#include "../internal/table.h"
#include "../internal/target_end.h"
#endif
