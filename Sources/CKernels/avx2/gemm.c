// int8 matrix product of a packed tile of 32 rows with quantised activations.
#if defined(__x86_64__)
#include "../internal/target_avx2.h"
#include "../internal/unpack.h"
#include "avx2.h"

// 8 V rows x T tokens over all groups: V T sums, V weight vectors and their absolute values, and one product in flight
// must fit 16 registers.
MK_INLINE void tile_tokens(int V, int T, const uint8_t *w, const float *scales, int groups, const mk_group *a,
                           size_t lda, float *tile) {
    const __m256i ones = _mm256_set1_epi16(1), bias = _mm256_set1_epi8((char)0x80);
    for (int g = 0; g < groups; g++, w += MK_GROUP * MK_TILE_ROWS, scales += MK_TILE_ROWS) {
        __m256i sum[2][8];
        for (int v = 0; v < V; v++)
            for (int t = 0; t < T; t++) sum[v][t] = _mm256_setzero_si256();
#pragma clang loop unroll(disable)
        for (int k = 0; k < MK_GROUP / 4; k++) {
            __m256i signs[2], sizes[2];
            for (int v = 0; v < V; v++) {
                signs[v] = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(w + k * 128 + 32 * v)), bias);
                sizes[v] = _mm256_abs_epi8(signs[v]);
            }
#pragma clang loop unroll(full)
            for (int t = 0; t < T; t++) {
                int32_t quad;
                memcpy(&quad, a[t * lda + g].q + 4 * k, 4);
                __m256i x = _mm256_set1_epi32(quad);
                // The sign of the weight moves onto the activation, so that vpmaddubsw cannot saturate.
                for (int v = 0; v < V; v++) {
                    __m256i pairs = _mm256_maddubs_epi16(sizes[v], _mm256_sign_epi8(x, signs[v]));
                    sum[v][t] = _mm256_add_epi32(sum[v][t], _mm256_madd_epi16(pairs, ones));
                }
            }
        }
        for (int v = 0; v < V; v++) {
            __m256 scale = _mm256_loadu_ps(scales + 8 * v);
#pragma clang loop unroll(full)
            for (int t = 0; t < T; t++) {
                __m256 d = _mm256_mul_ps(scale, _mm256_set1_ps(a[t * lda + g].scale));
                float *out = tile + t * MK_TILE_ROWS + 8 * v;
                _mm256_storeu_ps(out, _mm256_fmadd_ps(d, _mm256_cvtepi32_ps(sum[v][t]), _mm256_loadu_ps(out)));
            }
        }
    }
}

MK_INLINE void all_rows(int V, int T, const uint8_t *packed, const float *scales, int groups, const mk_group *a,
                        size_t lda, float *tile) {
    for (int r = 0; r < MK_TILE_ROWS; r += 8 * V)
        tile_tokens(V, T, packed + 4 * r, scales + r, groups, a, lda, tile + r);
}

void mk_avx2_gemm(const uint8_t *packed, const float *scales, int groups, const mk_group *a, size_t lda, int tokens,
                  float *tile) {
    for (; tokens >= 8; tokens -= 8, a += 8 * lda, tile += 8 * MK_TILE_ROWS)
        all_rows(1, 8, packed, scales, groups, a, lda, tile);
    switch (tokens) {
#define CASE(V, T) case T: all_rows(V, T, packed, scales, groups, a, lda, tile); break;
        CASE(2, 1) CASE(2, 2) CASE(2, 3) CASE(2, 4) CASE(1, 5) CASE(1, 6) CASE(1, 7)
    }
}
#include "../internal/target_end.h"
#endif
