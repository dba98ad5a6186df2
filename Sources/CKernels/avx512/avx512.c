// The AVX-512 (VNNI) level.
#define MK_LEVEL 2
#if defined(__x86_64__)
#include "../internal/target_avx512.h"
#include "../internal/elementwise.h"
#include "../internal/floats.h"
#include "../internal/attention.h"
#include "../internal/delta.h"
#include "avx512.h"

static void mk_quantize_avx512(const float *x, int n, mk_group *out) {
    const __m512i ones = _mm512_set1_epi8(1);
    for (int start = 0; start < n; start += MK_GROUP, out++, x += MK_GROUP) {
        __m512 v[16];
        __m512 largest = _mm512_setzero_ps();
        int vectors = n - start < MK_GROUP ? (n - start) / 16 : 16;
        for (int i = 0; i < 16; i++) {
            v[i] = i < vectors ? _mm512_loadu_ps(x + 16 * i) : _mm512_setzero_ps();
            largest = _mm512_max_ps(largest, _mm512_abs_ps(v[i]));
        }
        float most = _mm512_reduce_max_ps(largest);
        __m512 inverse = _mm512_set1_ps(most > 0 ? 127.0f / most : 0);
        out->scale = most / 127.0f;
        for (int i = 0; i < 16; i++)
            _mm_storeu_si128((__m128i *)(out->q + 16 * i),
                             _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(_mm512_mul_ps(v[i], inverse))));
        __m512i total = _mm512_setzero_si512();
        for (int j = 0; j < 4; j++) {
            __m512i q = _mm512_loadu_si512(out->q + 64 * j);
            __m512i quads = _mm512_dpbusd_epi32(_mm512_setzero_si512(), ones, q);
            __m512i pairs = _mm512_add_epi32(quads, _mm512_shuffle_epi32(quads, 0xb1));
            __m512i all = _mm512_add_epi32(pairs, _mm512_shuffle_epi32(pairs, 0x4e));
            // One sum per 128-bit lane: gather lane heads.
            __m128i four = _mm512_castsi512_si128(
                _mm512_permutexvar_epi32(_mm512_set_epi32(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 8, 4, 0), all));
            _mm_storel_epi64((__m128i *)(out->sum16 + 4 * j), _mm_packs_epi32(four, four));
            __m128i two = _mm_hadd_epi32(four, four);
            __m128i narrow = _mm_packs_epi32(two, two);
            memcpy(out->sum32 + 2 * j, &narrow, 4);
            total = _mm512_add_epi32(total, quads);
        }
        out->sum = _mm512_reduce_add_epi32(total);
    }
}

static uint64_t mk_read_avx512(const uint8_t *bytes, size_t count) {
    __m512i sum = _mm512_setzero_si512();
    for (size_t i = 0; i + 64 <= count; i += 64) sum = _mm512_add_epi32(sum, _mm512_loadu_si512(bytes + i));
    return (uint64_t)(uint32_t)_mm512_reduce_add_epi32(sum);
}

#define mk_gemm mk_avx512_gemm
#define MK_QUANTIZE mk_quantize_avx512
#define MK_BLOCKS(T) .gemv[MK_##T] = mk_avx512_gemv_##T, .pack[MK_##T] = mk_avx512_pack_##T,
#define MK_FEW                                                                                                    \
    .gemv_few[MK_Q4_K] = mk_avx512_gemv_few_Q4_K, .gemv_few[MK_Q5_K] = mk_avx512_gemv_few_Q5_K,                   \
    .gemv_few[MK_Q6_K] = mk_avx512_gemv_few_Q6_K,
#define MK_READ mk_read_avx512
#define MK_TABLE mk_avx512_kernels
#define MK_TITLE "avx512"
#include "../internal/table.h"
#include "../internal/target_end.h"
#endif
