// Requantises tiles of the types without a tuned routine of their own in pack.c.
#if defined(__x86_64__)
#include "../internal/target_avx512.h"
#include "avx512.h"
#include "blocks.h"
#include "transpose.h"

// The byte that code 1 becomes in the block with the largest scale: the lowest code then lands at or near -128, and
// groups with a single scale are exact.
MK_INLINE int code_unit(int type) {
    switch (type) {
    case MK_Q4_0: return 16;
    case MK_Q5_0: return 8;
    case MK_Q3_K: return 32;
    case MK_MXFP4: return 8; // scales are powers of two: blocks down to an eighth of the largest scale stay exact
    case MK_NVFP4: return 10;
    default: return 1;
    }
}

MK_INLINE int largest_code(int type) { return type == MK_Q2_K ? 3 : type == MK_Q4_1 ? 15 : 31; }

// Words 4 j + lane of `factors`, one a lane of 128 bits (or 2 j + lane / 2 where 32 elements share a scale).
MK_INLINE __m512i spread_words(int span, int j, __m256i factors) {
    __m512i lane = _mm512_set_epi64(0x0003000300030003, 0x0003000300030003, 0x0002000200020002, 0x0002000200020002,
                                    0x0001000100010001, 0x0001000100010001, 0, 0);
    __m512i which = span == 16 ? lane : _mm512_srli_epi16(lane, 1);
    which = _mm512_add_epi16(which, _mm512_set1_epi16((short)(64 / span * j)));
    return _mm512_permutexvar_epi16(which, _mm512_castsi256_si512(factors));
}

MK_INLINE __m256i to_words(__m512 v) { return _mm512_cvtsepi32_epi16(_mm512_cvtps_epi32(v)); }

MK_INLINE void store_bytes(uint8_t *bytes, __m512i low, __m512i high) {
    __m512i packed = _mm512_packs_epi16(low, high);
    _mm512_store_si512(bytes, _mm512_xor_si512(packed, _mm512_set1_epi8((char)0x80)));
}

// Types with scales only: byte = code * unit * (scale / largest scale), rounded. Returns the scale of the bytes,
// which takes the sign of the largest scale.
MK_INLINE float row_scaled(int type, const uint8_t *p, uint8_t *bytes) {
    const int unit = code_unit(type), shift = type == MK_NVFP4 ? 4 : __builtin_ctz(unit), span = scale_span(type);
    __m512 scale = scales_of(type, p).scale;
    float most = _mm512_reduce_max_ps(scale), least = _mm512_reduce_min_ps(scale);
    float largest = most >= -least ? most : least;
    // Q15; the codes are shifted up as far as fits, so that the product keeps its fraction until it is rounded.
    const __m512 one = _mm512_set1_ps(32768.0f * (float)unit / (float)(1 << shift));
    __m512 ratio = _mm512_div_ps(scale, _mm512_set1_ps(largest != 0 ? largest : 1));
    __m256i factors = to_words(_mm512_mul_ps(ratio, one));
    const __m512i bias = _mm512_set1_epi16((short)(code_bias(type) << shift)), zero = _mm512_setzero_si512();
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
        __m512i codes = codes64(type, p, j), f = spread_words(span, j, factors);
        __m512i low = _mm512_slli_epi16(_mm512_unpacklo_epi8(codes, zero), shift);
        __m512i high = _mm512_slli_epi16(_mm512_unpackhi_epi8(codes, zero), shift);
        store_bytes(bytes + 64 * j, _mm512_mulhrs_epi16(_mm512_sub_epi16(low, bias), f),
                    _mm512_mulhrs_epi16(_mm512_sub_epi16(high, bias), f));
    }
    return largest / (float)unit;
}

// Types with scales and minimums: byte = code * factor + offset with 8 bits of fraction. The products may wrap, their
// sums do not.
MK_INLINE float row_offset(int type, const uint8_t *p, uint8_t *bytes) {
    const int span = scale_span(type);
    scales512 s = scales_of(type, p);
    __m512 top = _mm512_fmadd_ps(s.scale, _mm512_set1_ps((float)largest_code(type)), s.offset);
    float largest = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_abs_ps(top), _mm512_abs_ps(s.offset)));
    __m512 inverse = _mm512_set1_ps(largest > 0 ? 127.0f * 256 / largest : 0);
    __m256i factors = _mm512_cvtepi32_epi16(_mm512_cvtps_epi32(_mm512_mul_ps(s.scale, inverse)));
    __m256i offsets = to_words(_mm512_fmadd_ps(s.offset, inverse, _mm512_set1_ps(128)));
    const __m512i zero = _mm512_setzero_si512();
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
        __m512i codes = codes64(type, p, j);
        __m512i f = spread_words(span, j, factors), o = spread_words(span, j, offsets);
        __m512i low = _mm512_add_epi16(_mm512_mullo_epi16(_mm512_unpacklo_epi8(codes, zero), f), o);
        __m512i high = _mm512_add_epi16(_mm512_mullo_epi16(_mm512_unpackhi_epi8(codes, zero), f), o);
        store_bytes(bytes + 64 * j, _mm512_srai_epi16(low, 8), _mm512_srai_epi16(high, 8));
    }
    return largest / 127.0f;
}

MK_INLINE float pack_row(int type, const uint8_t *p, uint8_t *bytes) {
    if (type != MK_Q8_K) return mk_has_offsets(type) ? row_offset(type, p, bytes) : row_scaled(type, p, bytes);
    float scale;
    memcpy(&scale, p, 4);
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) _mm512_store_si512(bytes + 64 * j, codes64(type, p, j));
    return scale;
}

MK_INLINE void pack(int type, const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups,
                    uint8_t *packed, float *scales) {
    uint8_t bytes[16 * MK_GROUP] __attribute__((aligned(64)));
    uint8_t partial[PARTIAL_BYTES] __attribute__((aligned(64)));
    const int step = mk_group_bytes(type);
    for (int g = 0; g < groups; g++, packed += MK_GROUP * MK_TILE_ROWS, scales += MK_TILE_ROWS) {
        int count = n - (first + g) * MK_GROUP;
        for (int half = 0; half < MK_TILE_ROWS; half += 16) {
            for (int r = 0; r < 16; r++) {
                uint8_t *out = bytes + r * MK_GROUP;
                if (half + r >= rows) {
                    memset(out, 0x80, MK_GROUP);
                    scales[half + r] = 0;
                    continue;
                }
                const uint8_t *p = w + (half + r) * row_bytes + (size_t)(first + g) * step;
                for (int i = 0; i < step; i += 64) _mm_prefetch((const char *)p + 2 * step + i, _MM_HINT_T0);
                if (count < MK_GROUP) {
                    copy_partial(type, p, count, partial);
                    p = partial;
                }
                scales[half + r] = pack_row(type, p, out);
            }
            transpose16(bytes, packed + half * 4);
        }
    }
}

#define PACK(T)                                                                                                   \
    void mk_avx512_pack_##T(const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups,           \
                            uint8_t *packed, float *scales) {                                                     \
        pack(MK_##T, w, row_bytes, rows, n, first, groups, packed, scales);                                       \
    }
MK_AVX512_BLOCK_TYPES(PACK)
#include "../internal/target_end.h"
#endif
