// The AVX2 level.
#define MK_LEVEL 1
#if defined(__x86_64__)
#include "../internal/target_avx2.h"
#include "../internal/elementwise.h"
#include "../internal/attention.h"
#include "avx2.h"

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

#define mk_gemm mk_avx2_gemm
#define MK_QUANTIZE mk_avx2_quantize
#define MK_BLOCKS(T) .gemv[MK_##T] = mk_avx2_gemv_##T, .pack[MK_##T] = mk_avx2_pack_##T,
#define MK_OVERRIDES MK_AVX2_TYPES(MK_BLOCKS)
#define MK_TABLE mk_avx2_kernels
#define MK_TITLE "avx2"
#include "../internal/table.h"
#include "../internal/target_end.h"
#endif
