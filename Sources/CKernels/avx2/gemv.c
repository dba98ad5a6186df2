// Matrix-vector products of every block type.
#if defined(__x86_64__)
#include "../internal/target_avx2.h"
#include "avx2.h"
#include "blocks.h"

enum { PREFETCH_BYTES = 12288 };

// Sums of two products each.
MK_INLINE __m256i dot32(int type, __m256i codes, __m256i x) {
    // vpmaddubsw wants one side unsigned and saturates beyond 2^15. Wide codes give their sign to x (two products of
    // at most 128 * 127 fit); the others are unsigned and below 64.
    if (has_wide_codes(type)) return _mm256_maddubs_epi16(_mm256_abs_epi8(codes), _mm256_sign_epi8(x, codes));
    return _mm256_maddubs_epi16(codes, x);
}

MK_INLINE __m256 sums_times(__m256 offset, const int16_t *sums) {
    return _mm256_mul_ps(offset, _mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(load128(sums))));
}

MK_INLINE __m256 first_lanes(__m256 v, int count) {
    const __m256i lane = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0);
    return _mm256_and_ps(v, _mm256_castsi256_ps(_mm256_cmpgt_epi32(_mm256_set1_epi32(count), lane)));
}

// sum + the products of the first n elements of a group, in 8 parts: scales multiply in floating point. Whole groups
// give n as a constant.
MK_INLINE __m256 add_group(int type, const uint8_t *p, int n, const mk_group *x, __m256 sum) {
    const int span = scale_span(type);
    scales256 s = scales_of(type, p);
    if (n < MK_GROUP)
        // What follows belongs to the next row: its scales may be anything, which zeros cannot undo.
        for (int k = 0; k < 2; k++) {
            s.scale[k] = first_lanes(s.scale[k], n / span - 8 * k);
            s.offset[k] = first_lanes(s.offset[k], n / span - 8 * k);
        }
    lanes256 scale = to_lanes(span, s.scale);
    __m256 part = _mm256_setzero_ps();
    if (mk_has_offsets(type) || code_bias(type)) {
        // Codes are unsigned here; what that adds leaves through the sums of the activations.
        const __m256 bias = _mm256_set1_ps((float)code_bias(type));
        __m256 offset = _mm256_fnmadd_ps(bias, s.scale[0], s.offset[0]);
        part = sums_times(offset, span == 16 ? x->sum16 : x->sum32);
        if (span == 16) {
            offset = _mm256_fnmadd_ps(bias, s.scale[1], s.offset[1]);
            part = _mm256_add_ps(part, sums_times(offset, x->sum16 + 8));
        }
    }
    const __m256i ones = _mm256_set1_epi16(1);
#define STEP(I)                                                                                         \
    part = _mm256_fmadd_ps(                                                                             \
        _mm256_permute_ps(scale.v[I / 4], 0x55 * (I % 4)),                                              \
        _mm256_cvtepi32_ps(_mm256_madd_epi16(dot32(type, codes32(type, p, I), load256(x->q + 32 * I)), ones)), part);
    STEP(0)
    if (n > 32) STEP(1)
    if (n > 64) STEP(2)
    if (n > 96) STEP(3)
    if (n > 128) STEP(4)
    if (n > 160) STEP(5)
    if (n > 192) STEP(6)
    if (n > 224) STEP(7)
#undef STEP
    return _mm256_fmadd_ps(_mm256_set1_ps(x->scale), part, sum);
}

// The same for the K-quants, whose scales are integers times one float a block.
MK_INLINE __m256 add_super_block(int type, const uint8_t *p, const mk_group *x, __m256 sum) {
    const __m128i even_odd = _mm_set_epi8(15, 13, 11, 9, 7, 5, 3, 1, 14, 12, 10, 8, 6, 4, 2, 0);
    const int span = scale_span(type);
    integer_scales s = integer_scales_of(type, p);
    // Word i of each 128-bit lane: the scale of that half of elements 32 i ... 32 i + 31.
    __m256i words = span == 16 ? _mm256_cvtepi8_epi16(_mm_shuffle_epi8(s.scale, even_odd))
                               : _mm256_broadcastsi128_si256(_mm_cvtepu8_epi16(s.scale));
    __m256i total = _mm256_setzero_si256();
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
        __m256i pairs = dot32(type, codes32(type, p, i), load256(x->q + 32 * i));
        total = _mm256_add_epi32(total, _mm256_madd_epi16(pairs, word_of_lane(words, i)));
    }
    if (code_bias(type)) {
        __m256i excess = _mm256_madd_epi16(_mm256_cvtepi8_epi16(s.scale), load256(x->sum16));
        total = _mm256_sub_epi32(total, _mm256_slli_epi32(excess, __builtin_ctz((unsigned)code_bias(type))));
    }
    if (mk_has_offsets(type)) {
        __m256i low;
        if (span == 16) low = _mm256_madd_epi16(_mm256_cvtepi8_epi16(s.minimum), load256(x->sum16));
        else low = _mm256_zextsi128_si256(_mm_madd_epi16(_mm_cvtepu8_epi16(s.minimum), load128(x->sum32)));
        sum = _mm256_fnmadd_ps(_mm256_set1_ps(s.minimum_d * x->scale), _mm256_cvtepi32_ps(low), sum);
    }
    return _mm256_fmadd_ps(_mm256_set1_ps(s.d * x->scale), _mm256_cvtepi32_ps(total), sum);
}

MK_INLINE float sum_of(__m256 v) {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}

MK_INLINE void gemv(int type, const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out) {
    uint8_t partial[PARTIAL_BYTES] __attribute__((aligned(64)));
    const int bytes = mk_group_bytes(type), whole = n / MK_GROUP, rest = n % MK_GROUP;
    const int used = n / mk_block_elements(type) * mk_block_bytes(type);
    for (int r = 0; r < rows; r++, w += row_bytes) {
        __m256 sum = _mm256_setzero_ps();
        const uint8_t *p = w;
        for (int g = 0; g < whole; g++, p += bytes) {
            for (int i = 0; i < bytes; i += 64) _mm_prefetch((const char *)p + PREFETCH_BYTES + i, _MM_HINT_T0);
            sum = has_integer_scales(type) ? add_super_block(type, p, a + g, sum)
                                           : add_group(type, p, MK_GROUP, a + g, sum);
        }
        if (rest) {
            // Scales are read in whole groups: the rows behind this one have to be long enough for that.
            size_t readable = (size_t)(rows - 1 - r) * row_bytes + (size_t)(used - whole * bytes);
            if (readable < (size_t)bytes) {
                copy_partial(type, p, rest, partial);
                p = partial;
            }
            sum = add_group(type, p, rest, a + whole, sum);
        }
        out[r] = sum_of(sum);
    }
}

#define GEMV(T)                                                                                                   \
    void mk_avx2_gemv_##T(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out) {   \
        gemv(MK_##T, w, row_bytes, rows, n, a, out);                                                              \
    }
MK_FOR_EACH_TYPE(GEMV)
#include "../internal/target_end.h"
#endif
