// Matrix-vector products of the types without a tuned routine of their own in gemv.c.
#if defined(__x86_64__)
#include "../internal/target_avx512.h"
#include "avx512.h"
#include "blocks.h"

enum { PREFETCH_BYTES = 12288 };

// sum + the products of the first n elements of a group, in 16 parts. Whole groups give n as a constant.
MK_INLINE __m512 add_group(int type, const uint8_t *p, int n, const mk_group *x, __m512 sum) {
    const int span = scale_span(type);
    const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i spread = _mm512_srli_epi32(lane, span == 16 ? 2 : 3);
    __m512i sums;
    if (span == 16) sums = _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)x->sum16));
    else sums = _mm512_zextsi256_si512(_mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)x->sum32)));
    scales512 s = scales_of(type, p);
    if (n < MK_GROUP) {
        // What follows belongs to the next row: its scales may be anything, which zeros cannot undo.
        const __mmask16 own = (__mmask16)((1 << n / span) - 1);
        s.scale = _mm512_maskz_mov_ps(own, s.scale);
        s.offset = _mm512_maskz_mov_ps(own, s.offset);
    }
    // Codes are unsigned here; what that adds leaves through the sums of the activations.
    __m512 offset = _mm512_fnmadd_ps(_mm512_set1_ps((float)code_bias(type)), s.scale, s.offset);
    __m512 part = _mm512_mul_ps(offset, _mm512_cvtepi32_ps(sums));
#define STEP(J)                                                                                                        \
    part = _mm512_fmadd_ps(                                                                                            \
        _mm512_permutexvar_ps(_mm512_add_epi32(spread, _mm512_set1_epi32(64 / span * (J))), s.scale),                  \
        _mm512_cvtepi32_ps(_mm512_dpbusd_epi32(_mm512_setzero_si512(), codes64(type, p, J),                            \
                                               _mm512_loadu_si512(x->q + 64 * (J)))), part)
    STEP(0);
    if (n > 64) STEP(1);
    if (n > 128) STEP(2);
    if (n > 192) STEP(3);
#undef STEP
    return _mm512_fmadd_ps(_mm512_set1_ps(x->scale), part, sum);
}

MK_INLINE void gemv(int type, const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out) {
    uint8_t partial[PARTIAL_BYTES] __attribute__((aligned(64)));
    const int bytes = mk_group_bytes(type), whole = n / MK_GROUP, rest = n % MK_GROUP;
    const int used = n / mk_block_elements(type) * mk_block_bytes(type);
    for (int r = 0; r < rows; r++, w += row_bytes) {
        __m512 sum = _mm512_setzero_ps();
        const uint8_t *p = w;
        for (int g = 0; g < whole; g++, p += bytes) {
#pragma clang loop unroll(full)
            for (int i = 0; i < bytes; i += 64) _mm_prefetch((const char *)p + PREFETCH_BYTES + i, _MM_HINT_T0);
            sum = add_group(type, p, MK_GROUP, a + g, sum);
        }
        if (rest) {
            // Loads take whole groups: the rows behind this one have to be long enough for that.
            size_t readable = (size_t)(rows - 1 - r) * row_bytes + (size_t)(used - whole * bytes);
            if (readable < (size_t)bytes) {
                copy_partial(type, p, rest, partial);
                p = partial;
            }
            sum = add_group(type, p, rest, a + whole, sum);
        }
        out[r] = _mm512_reduce_add_ps(sum);
    }
}

#define GEMV(T)                                                                                                    \
    void mk_avx512_gemv_##T(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out) {  \
        gemv(MK_##T, w, row_bytes, rows, n, a, out);                                                               \
    }
MK_AVX512_BLOCK_TYPES(GEMV)
#include "../internal/target_end.h"
#endif
