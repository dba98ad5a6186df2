// Requantises K-quant tiles to bytes for gemm.c: each group of 256 codes gets one scale per row.
#if defined(__x86_64__)
#include "../internal/target_avx512.h"
#include "../internal/unpack.h"
#include "avx512.h"
#include "scale_pairs.h"
#include "transpose.h"

// Bytes of (first .. first + 15) * scale - minimum in each 128-bit lane, in fixed point with 7 fractional bits;
// `minimum` includes what makes the bytes unsigned and what rounds.
MK_INLINE __m512i value_tables(__m512i scale, __m512i minimum, int first) {
    const __m512i ramp = _mm512_broadcast_i32x4(_mm_set_epi16(7, 6, 5, 4, 3, 2, 1, 0));
    __m512i low = _mm512_mullo_epi16(_mm512_add_epi16(ramp, _mm512_set1_epi16((short)first)), scale);
    __m512i high = _mm512_mullo_epi16(_mm512_add_epi16(ramp, _mm512_set1_epi16((short)(first + 8))), scale);
    return _mm512_packus_epi16(_mm512_srli_epi16(_mm512_sub_epi16(low, minimum), 7),
                               _mm512_srli_epi16(_mm512_sub_epi16(high, minimum), 7));
}

// One block -> 256 bytes; returns the scale of those bytes.
MK_INLINE float row_q45(bool five, const uint8_t *p, uint8_t *bytes) {
    scale_pairs pairs = unpack_scales(p + 4);
    __m256 scale = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)pairs.scales)));
    __m256 minimum = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)pairs.minimums)));
    int32_t both;
    memcpy(&both, p, 4);
    __m128 d = _mm_cvtph_ps(_mm_cvtsi32_si128(both));
    scale = _mm256_mul_ps(scale, _mm256_broadcastss_ps(d));
    minimum = _mm256_mul_ps(minimum, _mm256_broadcastss_ps(_mm_permute_ps(d, 0x55)));
    // The largest value that the block could hold bounds the largest that it does.
    const __m256 absolute = _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff));
    __m256 top = _mm256_and_ps(_mm256_fmsub_ps(scale, _mm256_set1_ps(five ? 31 : 15), minimum), absolute);
    __m256 most = _mm256_max_ps(top, _mm256_and_ps(minimum, absolute));
    __m128 m = _mm_max_ps(_mm256_castps256_ps128(most), _mm256_extractf128_ps(most, 1));
    m = _mm_max_ps(m, _mm_movehl_ps(m, m));
    float largest = _mm_cvtss_f32(_mm_max_ss(m, _mm_movehdup_ps(m)));
    __m256 inverse = _mm256_set1_ps(largest > 0 ? 127.0f * 128 / largest : 0);
    __m256i s = _mm256_cvtps_epi32(_mm256_mul_ps(scale, inverse));
    __m256i o = _mm256_sub_epi32(_mm256_cvtps_epi32(_mm256_mul_ps(minimum, inverse)), _mm256_set1_epi32(128 * 128 + 64));
    __m128i scales = _mm_packs_epi32(_mm256_castsi256_si128(s), _mm256_extracti128_si256(s, 1));
    __m128i offsets = _mm256_cvtepi32_epi16(o);
    __m512i all_scales = _mm512_broadcast_i32x4(scales), all_offsets = _mm512_broadcast_i32x4(offsets);
    const __m512i shift = _mm512_set_epi64(4, 4, 4, 4, 0, 0, 0, 0), mask = _mm512_set1_epi8(15);
    // Word 2j in the lower two lanes, 2j + 1 in the upper two.
    const __m512i pair = _mm512_inserti64x4(_mm512_set1_epi16(0x0100), _mm256_set1_epi16(0x0302), 1);
    const uint8_t *nibbles = p + (five ? 48 : 16);
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
        __m512i halves = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(nibbles + 32 * j)));
        __m512i codes = _mm512_and_si512(_mm512_srlv_epi64(halves, shift), mask);
        __m512i which = _mm512_add_epi8(pair, _mm512_set1_epi8((char)(4 * j)));
        __m512i sj = _mm512_shuffle_epi8(all_scales, which), oj = _mm512_shuffle_epi8(all_offsets, which);
        __m512i values = _mm512_shuffle_epi8(value_tables(sj, oj, 0), codes);
        if (five) {
            __m512i high = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(p + 16)));
            __m512i bit = _mm512_inserti64x4(_mm512_set1_epi8((char)(1 << 2 * j)), _mm256_set1_epi8((char)(2 << 2 * j)), 1);
            values = _mm512_mask_shuffle_epi8(values, _mm512_test_epi8_mask(high, bit), value_tables(sj, oj, 16), codes);
        }
        _mm512_store_si512(bytes + 64 * j, values);
    }
    return largest / 127.0f;
}

MK_INLINE float row_q6(const uint8_t *p, uint8_t *bytes) {
    __m128i small = _mm_loadu_si128((const __m128i *)(p + 192));
    __m512i scales = _mm512_broadcast_i64x4(_mm256_cvtepi8_epi16(small));
    __m512i widest = _mm512_cvtepu8_epi32(_mm_abs_epi8(small));
    int largest = _mm512_reduce_max_epi32(widest) * 32;
    // Fixed-point factor that brings the largest product to 127; its rounding leaves through the scale.
    int factor = largest > 127 ? (127 * 32768 + largest / 2) / largest : 32767;
    const __m512i k = _mm512_set1_epi16((short)factor), bias = _mm512_set1_epi16(32);
    const __m512i nibble = _mm512_set1_epi8(15), two = _mm512_set1_epi8(0x30);
    const __m512i left = _mm512_set_epi64(2, 2, 2, 2, 4, 4, 4, 4), right = _mm512_set_epi64(2, 2, 2, 2, 0, 0, 0, 0);
    const __m512i order = _mm512_set_epi64(7, 5, 3, 1, 6, 4, 2, 0);
#pragma clang loop unroll(full)
    for (int h = 0; h < 2; h++) {
        __m512i low = _mm512_loadu_si512(p + 64 * h);
        __m512i high = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(p + 128 + 32 * h)));
        __m512i codes[2];
        codes[0] = _mm512_ternarylogic_epi64(_mm512_sllv_epi64(high, left), two, _mm512_and_si512(low, nibble), 0xea);
        codes[1] = _mm512_ternarylogic_epi64(_mm512_srlv_epi64(high, right), two,
                                             _mm512_and_si512(_mm512_srli_epi16(low, 4), nibble), 0xea);
#pragma clang loop unroll(full)
        for (int j = 0; j < 2; j++) {
            __m512i part[2];
#pragma clang loop unroll(full)
            for (int i = 0; i < 2; i++) {
                __m256i half = i ? _mm512_extracti64x4_epi64(codes[j], 1) : _mm512_castsi512_si256(codes[j]);
                __m512i code = _mm512_sub_epi16(_mm512_cvtepu8_epi16(half), bias);
                __m512i which = _mm512_inserti64x4(_mm512_set1_epi16((short)(8 * h + 4 * j + 2 * i)),
                                                   _mm256_set1_epi16((short)(8 * h + 4 * j + 2 * i + 1)), 1);
                __m512i product = _mm512_mullo_epi16(code, _mm512_permutexvar_epi16(which, scales));
                part[i] = _mm512_mulhrs_epi16(product, k);
            }
            __m512i packed = _mm512_permutexvar_epi64(order, _mm512_packs_epi16(part[0], part[1]));
            _mm512_store_si512(bytes + 128 * h + 64 * j, _mm512_xor_si512(packed, _mm512_set1_epi8((char)0x80)));
        }
    }
    return mk_load_half(p + 208) * (32768.0f / (float)factor);
}

MK_INLINE void pack_tile(int type, const uint8_t *w, size_t row_bytes, int rows, int first, int groups,
                         uint8_t *packed, float *scales) {
    uint8_t bytes[16 * MK_GROUP] __attribute__((aligned(64)));
    int block = mk_block_bytes(type);
    for (int g = 0; g < groups; g++, packed += MK_GROUP * MK_TILE_ROWS, scales += MK_TILE_ROWS)
        for (int half = 0; half < MK_TILE_ROWS; half += 16) {
            for (int r = 0; r < 16; r++) {
                uint8_t *out = bytes + r * MK_GROUP;
                if (half + r >= rows) {
                    memset(out, 0x80, MK_GROUP);
                    scales[half + r] = 0;
                    continue;
                }
                const uint8_t *p = w + (half + r) * row_bytes + (size_t)(first + g) * block;
                _mm_prefetch((const char *)p + 2 * block, _MM_HINT_T0);
                _mm_prefetch((const char *)p + 2 * block + 64, _MM_HINT_T0);
                _mm_prefetch((const char *)p + 2 * block + 128, _MM_HINT_T0);
                scales[half + r] = type == MK_Q6_K ? row_q6(p, out) : row_q45(type == MK_Q5_K, p, out);
            }
            transpose16(bytes, packed + half * 4);
        }
}

#define PACK(NAME, TYPE)                                                                                     \
    void NAME(const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups, uint8_t *packed,   \
              float *scales) {                                                                               \
        (void)n;                                                                                             \
        pack_tile(TYPE, w, row_bytes, rows, first, groups, packed, scales);                                  \
    }
PACK(mk_avx512_pack_Q4_K, MK_Q4_K)
PACK(mk_avx512_pack_Q5_K, MK_Q5_K)
PACK(mk_avx512_pack_Q6_K, MK_Q6_K)
#include "../internal/target_end.h"
#endif
