// Quantises activations.
#if defined(__x86_64__)
#include "../internal/target_avx2.h"
#include "../internal/unpack.h"
#include "avx2.h"

// 32 floats -> 32 signed bytes in order.
MK_INLINE __m256i to_bytes(const float *x, __m256 factor) {
    __m256i v[4];
    for (int i = 0; i < 4; i++) v[i] = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x + 8 * i), factor));
    __m256i bytes = _mm256_packs_epi16(_mm256_packs_epi32(v[0], v[1]), _mm256_packs_epi32(v[2], v[3]));
    return _mm256_permutevar8x32_epi32(bytes, _mm256_set_epi32(7, 3, 6, 2, 5, 1, 4, 0));
}

MK_INLINE float largest_size(const float *x, int count) {
    const __m256 sign = _mm256_set1_ps(-0.0f);
    __m256 m[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()};
    for (int i = 0; i < count; i += 16)
        for (int j = 0; j < 2; j++) {
            int k = (i / 16 % 2) * 2 + j;
            m[k] = _mm256_max_ps(_mm256_andnot_ps(sign, _mm256_loadu_ps(x + i + 8 * j)), m[k]);
        }
    __m256 all = _mm256_max_ps(_mm256_max_ps(m[0], m[1]), _mm256_max_ps(m[2], m[3]));
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(all), _mm256_extractf128_ps(all, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
}

// Sums of 16, of 32 and of all bytes.
MK_INLINE void store_sums(mk_group *out) {
    const __m256i ones8 = _mm256_set1_epi8(1), ones16 = _mm256_set1_epi16(1);
    __m128i total = _mm_setzero_si128();
    for (int h = 0; h < 2; h++) {
        __m256i quads[4];
        for (int i = 0; i < 4; i++) {
            __m256i q = _mm256_loadu_si256((const __m256i *)(out->q + 128 * h + 32 * i));
            quads[i] = _mm256_madd_epi16(_mm256_maddubs_epi16(ones8, q), ones16);
        }
        // The low lane gets sums 0, 2, 4, 6 of 16 elements, the high lane 1, 3, 5, 7.
        __m256i sums = _mm256_hadd_epi32(_mm256_hadd_epi32(quads[0], quads[1]), _mm256_hadd_epi32(quads[2], quads[3]));
        __m128i even = _mm256_castsi256_si128(sums), odd = _mm256_extracti128_si256(sums, 1);
        __m128i both = _mm_add_epi32(even, odd);
        _mm_storeu_si128((__m128i *)(out->sum16 + 8 * h),
                         _mm_packs_epi32(_mm_unpacklo_epi32(even, odd), _mm_unpackhi_epi32(even, odd)));
        _mm_storel_epi64((__m128i *)(out->sum32 + 4 * h), _mm_packs_epi32(both, both));
        total = _mm_add_epi32(total, both);
    }
    total = _mm_hadd_epi32(total, total);
    out->sum = _mm_cvtsi128_si32(_mm_hadd_epi32(total, total));
}

void mk_avx2_quantize(const float *x, int n, mk_group *out) {
    for (int start = 0; start < n; start += MK_GROUP, out++, x += MK_GROUP) {
        int count = n - start < MK_GROUP ? n - start : MK_GROUP, i = 0;
        float largest = largest_size(x, count);
        __m256 factor = _mm256_set1_ps(largest > 0 ? 127.0f / largest : 0);
        out->scale = largest / 127.0f;
        for (; i + 32 <= count; i += 32) _mm256_storeu_si256((__m256i *)(out->q + i), to_bytes(x + i, factor));
        if (count < MK_GROUP) {
            float rest[32] = {0};
            memcpy(rest, x + i, (size_t)(count - i) * sizeof(float));
            memset(out->q + i, 0, (size_t)(MK_GROUP - i));
            if (i < count) _mm256_storeu_si256((__m256i *)(out->q + i), to_bytes(rest, factor));
        }
        store_sums(out);
    }
}
#include "../internal/target_end.h"
#endif
