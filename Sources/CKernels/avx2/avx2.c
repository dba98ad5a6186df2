// The AVX2 level.
#define MK_LEVEL 1
#if defined(__x86_64__)
#include "../internal/target_avx2.h"
#include "../internal/elementwise.h"
#include "../internal/attention.h"

// Products of signed bytes: moves the sign of w onto x, so that vpmaddubsw cannot saturate (127 * 127 * 2 < 2^15).
MK_INLINE __m256i dot_quads(__m256i w, __m256i x) {
    __m256i pairs = _mm256_maddubs_epi16(_mm256_sign_epi8(w, w), _mm256_sign_epi8(x, w));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

static float mk_dot256(const int8_t *codes, const float *scale, const float *offset, const mk_group *a) {
    __m256 sum = _mm256_setzero_ps();
    for (int j = 0; j < 8; j++) {
        __m256i w = _mm256_loadu_si256((const __m256i *)(codes + 32 * j));
        __m256i x = _mm256_loadu_si256((const __m256i *)(a->q + 32 * j));
        __m256 scales = _mm256_set_m128(_mm_set1_ps(scale[2 * j + 1]), _mm_set1_ps(scale[2 * j]));
        sum = _mm256_fmadd_ps(scales, _mm256_cvtepi32_ps(dot_quads(w, x)), sum);
    }
    for (int h = 0; h < 2; h++) {
        __m256i sums = _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(a->sum16 + 8 * h)));
        sum = _mm256_fmadd_ps(_mm256_loadu_ps(offset + 8 * h), _mm256_cvtepi32_ps(sums), sum);
    }
    return vf_sum(sum);
}

#include "../internal/matrix.h"

// 8 rows x T tokens at a time: 16 registers hold T sums, a weight vector and its absolute value.
MK_INLINE void tile_tokens(int T, const uint8_t *w, const float *scales, int groups, const mk_group *a, size_t lda,
                           float *tile) {
    for (int g = 0; g < groups; g++, w += MK_GROUP * MK_TILE_ROWS, scales += MK_TILE_ROWS) {
        __m256i sum[8];
        for (int t = 0; t < T; t++) sum[t] = _mm256_setzero_si256();
        for (int k = 0; k < MK_GROUP / 4; k++) {
            __m256i wv = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(w + k * 128)),
                                          _mm256_set1_epi8((char)0x80));
            __m256i absolute = _mm256_sign_epi8(wv, wv);
            for (int t = 0; t < T; t++) {
                int32_t quad;
                memcpy(&quad, a[t * lda + g].q + 4 * k, 4);
                __m256i pairs = _mm256_maddubs_epi16(absolute, _mm256_sign_epi8(_mm256_set1_epi32(quad), wv));
                sum[t] = _mm256_add_epi32(sum[t], _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
            }
        }
        for (int t = 0; t < T; t++) {
            __m256 d = _mm256_mul_ps(_mm256_loadu_ps(scales), _mm256_set1_ps(a[t * lda + g].scale));
            float *out = tile + t * MK_TILE_ROWS;
            _mm256_storeu_ps(out, _mm256_fmadd_ps(d, _mm256_cvtepi32_ps(sum[t]), _mm256_loadu_ps(out)));
        }
    }
}

static void mk_gemm(const uint8_t *packed, const float *scales, int groups, const mk_group *a, size_t lda, int tokens,
                    float *tile) {
    for (; tokens >= 8; tokens -= 8, a += 8 * lda, tile += 8 * MK_TILE_ROWS)
        for (int r = 0; r < MK_TILE_ROWS; r += 8)
            tile_tokens(8, packed + 4 * r, scales + r, groups, a, lda, tile + r);
    for (; tokens > 0; tokens--, a += lda, tile += MK_TILE_ROWS)
        for (int r = 0; r < MK_TILE_ROWS; r += 8)
            tile_tokens(1, packed + 4 * r, scales + r, groups, a, lda, tile + r);
}

#define MK_TABLE mk_avx2_kernels
#define MK_TITLE "avx2"
#include "../internal/table.h"
#include "../internal/target_end.h"
#endif
