// Matrix-vector products of the K-quants: read each block once, in the order of the file.
#if defined(__x86_64__)
#include "../internal/target_avx512.h"
#include "../internal/unpack.h"
#include "avx512.h"
#include "scale_pairs.h"

// Rows follow each other in the file, so asking for what lies this far ahead, in order, hides the latency of memory:
// 12 KiB are 300 ns at 40 GB/s, and more than two rows that are read together. Past the end of a mapping it does nothing.
enum { PREFETCH_BYTES = 12288 };

MK_INLINE void prefetch(const uint8_t *p, int bytes) {
#pragma clang loop unroll(full)
    for (int i = 0; i < bytes; i += 64) _mm_prefetch((const char *)p + PREFETCH_BYTES + i, _MM_HINT_T0);
}

// Sums of a vector of 64 codes at a time: four vectors, 16-bit safe (4 codes of at most 31 times 127).
typedef struct {
    __m512i codes[4];
} codes256;

MK_INLINE codes256 nibbles256(const uint8_t *p) {
    const __m512i shift = _mm512_set_epi64(4, 4, 4, 4, 0, 0, 0, 0), mask = _mm512_set1_epi8(15);
    codes256 c;
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
        __m512i both = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(p + 32 * j)));
        c.codes[j] = _mm512_and_si512(_mm512_srlv_epi64(both, shift), mask);
    }
    return c;
}

typedef struct {
    __m512 sum;
    __m128 minimums;
} row_sums;

// A Q4_K or Q5_K block, ready for products with any number of groups.
typedef struct {
    codes256 codes;
    __m512i even, odd;  // scales as products lie: sub-blocks 0, 2 | 1, 3 and 4, 6 | 5, 7
    __m128i minimums;   // 16 bits each
    __m128 d;           // factor of the scales, factor of the minimums
} q45_block;

MK_INLINE q45_block unpack_q45(bool five, const uint8_t *p) {
    // Bytes of the scales, widened to 16 bits in the order that packing two vectors of 32-bit sums leaves behind:
    // sub-blocks 4j, 4j + 2 (twice), then 4j + 1, 4j + 3 (twice).
    const __m512i even = _mm512_set_epi16(
        -253, -253, -253, -253, -255, -255, -255, -255, -253, -253, -253, -253, -255, -255, -255, -255,
        -254, -254, -254, -254, -256, -256, -256, -256, -254, -254, -254, -254, -256, -256, -256, -256);
    const __m512i odd = _mm512_add_epi16(even, _mm512_set1_epi16(4));
    q45_block b;
    b.codes = nibbles256(p + (five ? 48 : 16));
    if (five) {
        __m512i high = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(p + 16)));
#pragma clang loop unroll(full)
        for (int j = 0; j < 4; j++) {
            __m512i bit = _mm512_inserti64x4(_mm512_set1_epi8((char)(1 << 2 * j)),
                                             _mm256_set1_epi8((char)(2 << 2 * j)), 1);
            b.codes.codes[j] = _mm512_mask_add_epi8(b.codes.codes[j], _mm512_test_epi8_mask(high, bit),
                                                    b.codes.codes[j], _mm512_set1_epi8(16));
        }
    }
    scale_pairs pairs = unpack_scales(p + 4);
    __m512i scales = _mm512_set1_epi64((int64_t)pairs.scales);
    b.even = _mm512_shuffle_epi8(scales, even);
    b.odd = _mm512_shuffle_epi8(scales, odd);
    b.minimums = _mm_cvtepu8_epi16(_mm_cvtsi64_si128((int64_t)pairs.minimums));
    int32_t both;
    memcpy(&both, p, 4);
    b.d = _mm_cvtph_ps(_mm_cvtsi32_si128(both));
    return b;
}

// Adds the product of a block with one group of activations.
MK_INLINE void add_q45(const q45_block *b, const mk_group *x, row_sums *row) {
    __m512i dot[4];
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++)
        dot[j] = _mm512_dpbusd_epi32(_mm512_setzero_si512(), b->codes.codes[j], _mm512_loadu_si512(x->q + 64 * j));
    __m512i total = _mm512_madd_epi16(_mm512_packs_epi32(dot[0], dot[1]), b->even);
    total = _mm512_dpwssd_epi32(total, _mm512_packs_epi32(dot[2], dot[3]), b->odd);
    __m128i low = _mm_madd_epi16(b->minimums, _mm_loadu_si128((const __m128i *)x->sum32));
    __m128 d = _mm_mul_ps(b->d, _mm_set1_ps(x->scale));
    row->sum = _mm512_fmadd_ps(_mm512_broadcastss_ps(d), _mm512_cvtepi32_ps(total), row->sum);
    row->minimums = _mm_fmadd_ps(_mm_permute_ps(d, 0x55), _mm_cvtepi32_ps(low), row->minimums);
}

MK_INLINE float finish(const row_sums *row) {
    __m256 half = _mm256_add_ps(_mm512_castps512_ps256(row->sum), _mm512_extractf32x8_ps(row->sum, 1));
    __m128 sum = _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
    sum = _mm_sub_ps(sum, row->minimums);
    sum = _mm_add_ps(sum, _mm_movehl_ps(sum, sum));
    return _mm_cvtss_f32(_mm_add_ss(sum, _mm_movehdup_ps(sum)));
}

// Rows go in pairs: two independent chains, and activations are loaded once for both.
MK_INLINE void gemv_q45(bool five, const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out) {
    const int bytes = five ? 176 : 144;
    const row_sums zero = {_mm512_setzero_ps(), _mm_setzero_ps()};
    int r = 0;
    for (; r + 2 <= rows; r += 2, w += 2 * row_bytes) {
        row_sums first = zero, second = zero;
        const uint8_t *p = w;
        for (int g = 0; g < n / MK_GROUP; g++, p += bytes) {
            prefetch(w + 2 * g * bytes, 2 * bytes);
            q45_block upper = unpack_q45(five, p), lower = unpack_q45(five, p + row_bytes);
            add_q45(&upper, a + g, &first);
            add_q45(&lower, a + g, &second);
        }
        out[r] = finish(&first);
        out[r + 1] = finish(&second);
    }
    if (r < rows) {
        row_sums last = zero;
        for (int g = 0; g < n / MK_GROUP; g++) {
            q45_block b = unpack_q45(five, w + g * bytes);
            add_q45(&b, a + g, &last);
        }
        out[r] = finish(&last);
    }
}

void mk_avx512_gemv_Q4_K(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out) {
    gemv_q45(false, w, row_bytes, rows, n, a, out);
}

void mk_avx512_gemv_Q5_K(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out) {
    gemv_q45(true, w, row_bytes, rows, n, a, out);
}

// A Q6_K block, likewise.
typedef struct {
    __m512i codes[4];
    __m512i scales[2]; // as products lie
    __m256i small;     // the scales in order, 16 bits each
    float d;
} q6_block;

MK_INLINE q6_block unpack_q6(const uint8_t *p) {
    const __m512i nibble = _mm512_set1_epi8(15), two = _mm512_set1_epi8(0x30);
    // Bits 0-1 | 2-3 go to positions 4-5 by shifting left, bits 4-5 | 6-7 by shifting right.
    const __m512i left = _mm512_set_epi64(2, 2, 2, 2, 4, 4, 4, 4), right = _mm512_set_epi64(2, 2, 2, 2, 0, 0, 0, 0);
    // After packing, 128-bit lane i holds sub-blocks (8h + i) and (8h + 4 + i).
    const __m512i first = _mm512_set_epi16(7, 7, 7, 7, 3, 3, 3, 3, 6, 6, 6, 6, 2, 2, 2, 2, 5, 5, 5, 5, 1, 1, 1, 1, 4, 4,
                                           4, 4, 0, 0, 0, 0);
    const __m512i second = _mm512_add_epi16(first, _mm512_set1_epi16(8));
    q6_block b;
    b.small = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(p + 192)));
    __m512i scales = _mm512_broadcast_i64x4(b.small);
    b.scales[0] = _mm512_permutexvar_epi16(first, scales);
    b.scales[1] = _mm512_permutexvar_epi16(second, scales);
#pragma clang loop unroll(full)
    for (int h = 0; h < 2; h++) {
        __m512i low = _mm512_loadu_si512(p + 64 * h);
        __m512i high = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(p + 128 + 32 * h)));
        // 0xea: (a & b) | c
        b.codes[2 * h] = _mm512_ternarylogic_epi64(_mm512_sllv_epi64(high, left), two,
                                                   _mm512_and_si512(low, nibble), 0xea);
        b.codes[2 * h + 1] = _mm512_ternarylogic_epi64(_mm512_srlv_epi64(high, right), two,
                                                       _mm512_and_si512(_mm512_srli_epi16(low, 4), nibble), 0xea);
    }
    b.d = mk_load_half(p + 208);
    return b;
}

MK_INLINE __m512 add_q6(const q6_block *b, const mk_group *x, __m512 sum) {
    __m512i total = _mm512_setzero_si512();
#pragma clang loop unroll(full)
    for (int h = 0; h < 2; h++) {
        __m512i d0 = _mm512_dpbusd_epi32(_mm512_setzero_si512(), b->codes[2 * h], _mm512_loadu_si512(x->q + 128 * h));
        __m512i d1 = _mm512_dpbusd_epi32(_mm512_setzero_si512(), b->codes[2 * h + 1],
                                         _mm512_loadu_si512(x->q + 128 * h + 64));
        total = _mm512_dpwssd_epi32(total, _mm512_packs_epi32(d0, d1), b->scales[h]);
    }
    // Codes are unsigned here; the 32 that this adds leaves through the sums of the activations.
    __m256i bias = _mm256_madd_epi16(b->small, _mm256_loadu_si256((const __m256i *)x->sum16));
    total = _mm512_sub_epi32(total, _mm512_zextsi256_si512(_mm256_slli_epi32(bias, 5)));
    return _mm512_fmadd_ps(_mm512_set1_ps(b->d * x->scale), _mm512_cvtepi32_ps(total), sum);
}

void mk_avx512_gemv_Q6_K(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out) {
    for (int r = 0; r < rows; r++, w += row_bytes) {
        __m512 sum = _mm512_setzero_ps();
        const uint8_t *p = w;
        for (int g = 0; g < n / MK_GROUP; g++, p += 210) {
            prefetch(p, 210);
            q6_block b = unpack_q6(p);
            sum = add_q6(&b, a + g, sum);
        }
        out[r] = _mm512_reduce_add_ps(sum);
    }
}

// T tokens at once: a block is read and unpacked once for all, and their sums stay in registers.
MK_INLINE void few_q45(bool five, int T, const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a,
                       size_t lda, float *out, size_t ldo) {
    const int bytes = five ? 176 : 144;
    for (int r = 0; r < rows; r++, w += row_bytes) {
        row_sums sums[MK_FEW_TOKENS];
#pragma clang loop unroll(full)
        for (int t = 0; t < T; t++) sums[t] = (row_sums){_mm512_setzero_ps(), _mm_setzero_ps()};
        const uint8_t *p = w;
        for (int g = 0; g < n / MK_GROUP; g++, p += bytes) {
            prefetch(p, bytes);
            q45_block b = unpack_q45(five, p);
#pragma clang loop unroll(full)
            for (int t = 0; t < T; t++) add_q45(&b, a + t * lda + g, &sums[t]);
        }
#pragma clang loop unroll(full)
        for (int t = 0; t < T; t++) out[t * ldo + r] = finish(&sums[t]);
    }
}

MK_INLINE void few_q6(int T, const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, size_t lda,
                      float *out, size_t ldo) {
    for (int r = 0; r < rows; r++, w += row_bytes) {
        __m512 sums[MK_FEW_TOKENS];
#pragma clang loop unroll(full)
        for (int t = 0; t < T; t++) sums[t] = _mm512_setzero_ps();
        const uint8_t *p = w;
        for (int g = 0; g < n / MK_GROUP; g++, p += 210) {
            prefetch(p, 210);
            q6_block b = unpack_q6(p);
#pragma clang loop unroll(full)
            for (int t = 0; t < T; t++) sums[t] = add_q6(&b, a + t * lda + g, sums[t]);
        }
#pragma clang loop unroll(full)
        for (int t = 0; t < T; t++) out[t * ldo + r] = _mm512_reduce_add_ps(sums[t]);
    }
}

#define FEW(NAME, CALL)                                                                                            \
    void NAME(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, size_t lda, int tokens,      \
              float *out, size_t ldo) {                                                                            \
        switch (tokens) {                                                                                          \
            CALL(2) CALL(3) CALL(4) CALL(5) CALL(6) CALL(7) CALL(8)                                                \
        }                                                                                                          \
    }
#define Q4(T) case T: few_q45(false, T, w, row_bytes, rows, n, a, lda, out, ldo); break;
#define Q5(T) case T: few_q45(true, T, w, row_bytes, rows, n, a, lda, out, ldo); break;
#define Q6(T) case T: few_q6(T, w, row_bytes, rows, n, a, lda, out, ldo); break;
FEW(mk_avx512_gemv_few_Q4_K, Q4)
FEW(mk_avx512_gemv_few_Q5_K, Q5)
FEW(mk_avx512_gemv_few_Q6_K, Q6)
#include "../internal/target_end.h"
#endif
