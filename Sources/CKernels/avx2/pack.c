// Requantises tiles of every block type to bytes for gemm.c: one scale a row and group of 256 elements.
#if defined(__x86_64__)
#include "../internal/target_avx2.h"
#include "avx2.h"
#include "blocks.h"

// bytes [8 rows][256] -> packed[k][row][4] for 8 of the tile's 32 rows.
MK_INLINE void transpose8(const uint8_t *bytes, uint8_t *packed) {
    for (int block = 0; block < 8; block++, packed += 8 * MK_TILE_ROWS * 4) {
        __m256i r[8], t[8];
        for (int i = 0; i < 8; i++) r[i] = load256(bytes + i * MK_GROUP + block * 32);
        for (int i = 0; i < 8; i += 2) {
            t[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
            t[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
        }
        for (int i = 0; i < 8; i += 4) {
            r[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
            r[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
            r[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
            r[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
        }
        // r[4b + c] holds, in 128-bit lane l, column 4l + c of rows 4b .. 4b + 3.
        for (int c = 0; c < 4; c++) {
            __m256i low = _mm256_permute2x128_si256(r[c], r[4 + c], 0x20);
            __m256i high = _mm256_permute2x128_si256(r[c], r[4 + c], 0x31);
            _mm256_storeu_si256((__m256i *)(packed + c * MK_TILE_ROWS * 4), low);
            _mm256_storeu_si256((__m256i *)(packed + (4 + c) * MK_TILE_ROWS * 4), high);
        }
    }
}

// The byte that code 1 becomes in the block with the largest scale: the lowest code then lands at or near -128, and
// groups with a single scale are exact.
MK_INLINE int code_unit(int type) {
    switch (type) {
    case MK_Q4_0: return 16;
    case MK_Q5_0: return 8;
    case MK_Q3_K: return 32;
    case MK_Q6_K: return 4;
    case MK_MXFP4: return 8; // scales are powers of two: blocks down to an eighth of the largest scale stay exact
    case MK_NVFP4: return 10;
    default: return 1;
    }
}

MK_INLINE int largest_code(int type) {
    return type == MK_Q2_K ? 3 : type == MK_Q4_1 || type == MK_Q4_K ? 15 : 31;
}

MK_INLINE float largest_of(__m256 v) {
    __m128 m = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    m = _mm_max_ps(m, _mm_movehl_ps(m, m));
    return _mm_cvtss_f32(_mm_max_ss(m, _mm_movehdup_ps(m)));
}

MK_INLINE float smallest_of(__m256 v) { return -largest_of(_mm256_xor_ps(v, _mm256_set1_ps(-0.0f))); }

// 16-bit factors: word i of each 128-bit lane is that lane's factor of elements 32 i ... 32 i + 31.
MK_INLINE __m256i to_words(lanes256 s, float factor, float addend) {
    const __m256 f = _mm256_set1_ps(factor), a = _mm256_set1_ps(addend);
    return _mm256_packs_epi32(_mm256_cvtps_epi32(_mm256_fmadd_ps(s.v[0], f, a)),
                              _mm256_cvtps_epi32(_mm256_fmadd_ps(s.v[1], f, a)));
}

MK_INLINE void store_bytes(uint8_t *bytes, __m256i low, __m256i high) {
    __m256i packed = _mm256_xor_si256(_mm256_packs_epi16(low, high), _mm256_set1_epi8((char)0x80));
    _mm256_storeu_si256((__m256i *)bytes, packed);
}

// Types with scales only: byte = code * unit * (scale / largest scale), rounded. Returns the scale of the bytes,
// which takes the sign of the largest scale.
MK_INLINE float row_scaled(int type, const uint8_t *p, uint8_t *bytes) {
    const int unit = code_unit(type), shift = type == MK_NVFP4 ? 4 : __builtin_ctz((unsigned)unit);
    const int span = scale_span(type);
    scales256 s = scales_of(type, p);
    __m256 high_scales = span == 16 ? s.scale[1] : s.scale[0];
    float most = largest_of(_mm256_max_ps(s.scale[0], high_scales));
    float least = smallest_of(_mm256_min_ps(s.scale[0], high_scales));
    float largest = most >= -least ? most : least;
    // Ratios first: the inverse of a subnormal scale would be infinite.
    const __m256 divisor = _mm256_set1_ps(largest != 0 ? largest : 1);
    for (int k = 0; k < 2; k++) s.scale[k] = _mm256_div_ps(s.scale[k], divisor);
    // Q15; the codes are shifted up as far as fits, so that the product keeps its fraction until it is rounded.
    __m256i factors = to_words(to_lanes(span, s.scale), 32768.0f * (float)unit / (float)(1 << shift), 0);
    const int bias = has_wide_codes(type) ? 128 : code_bias(type);
    const __m256i shifted_bias = _mm256_set1_epi16((short)(bias << shift)), zero = _mm256_setzero_si256();
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
        __m256i codes = codes32(type, p, i), f = word_of_lane(factors, i);
        if (has_wide_codes(type)) codes = _mm256_xor_si256(codes, _mm256_set1_epi8((char)0x80));
        __m256i low = _mm256_slli_epi16(_mm256_unpacklo_epi8(codes, zero), shift);
        __m256i high = _mm256_slli_epi16(_mm256_unpackhi_epi8(codes, zero), shift);
        store_bytes(bytes + 32 * i, _mm256_mulhrs_epi16(_mm256_sub_epi16(low, shifted_bias), f),
                    _mm256_mulhrs_epi16(_mm256_sub_epi16(high, shifted_bias), f));
    }
    return largest / (float)unit;
}

// Types with scales and minimums: byte = code * factor + offset with 8 bits of fraction. The products may wrap, their
// sums do not.
MK_INLINE float row_offset(int type, const uint8_t *p, uint8_t *bytes) {
    const int span = scale_span(type);
    scales256 s = scales_of(type, p);
    const __m256 codes_end = _mm256_set1_ps((float)largest_code(type)), sign = _mm256_set1_ps(-0.0f);
    __m256 most = _mm256_setzero_ps();
    for (int k = 0; k < (span == 16 ? 2 : 1); k++) {
        __m256 top = _mm256_fmadd_ps(s.scale[k], codes_end, s.offset[k]);
        most = _mm256_max_ps(most, _mm256_max_ps(_mm256_andnot_ps(sign, top), _mm256_andnot_ps(sign, s.offset[k])));
    }
    float largest = largest_of(most), inverse = largest > 0 ? 127.0f * 256 / largest : 0;
    // Factors fit: the largest code times one of them spans no more than twice 127 * 256.
    __m256i factors = to_words(to_lanes(span, s.scale), inverse, 0);
    __m256i offsets = to_words(to_lanes(span, s.offset), inverse, 128);
    const __m256i zero = _mm256_setzero_si256();
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
        __m256i codes = codes32(type, p, i), f = word_of_lane(factors, i), o = word_of_lane(offsets, i);
        __m256i low = _mm256_add_epi16(_mm256_mullo_epi16(_mm256_unpacklo_epi8(codes, zero), f), o);
        __m256i high = _mm256_add_epi16(_mm256_mullo_epi16(_mm256_unpackhi_epi8(codes, zero), f), o);
        store_bytes(bytes + 32 * i, _mm256_srai_epi16(low, 8), _mm256_srai_epi16(high, 8));
    }
    return largest / 127.0f;
}

MK_INLINE float pack_row(int type, const uint8_t *p, uint8_t *bytes) {
    if (type != MK_Q8_K) return mk_has_offsets(type) ? row_offset(type, p, bytes) : row_scaled(type, p, bytes);
    float scale;
    memcpy(&scale, p, 4);
    const __m256i bias = _mm256_set1_epi8((char)0x80);
    for (int i = 0; i < 8; i++)
        _mm256_storeu_si256((__m256i *)(bytes + 32 * i), _mm256_xor_si256(codes32(type, p, i), bias));
    return scale;
}

MK_INLINE void pack(int type, const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups,
                    uint8_t *packed, float *scales) {
    uint8_t bytes[8 * MK_GROUP] __attribute__((aligned(64)));
    uint8_t partial[PARTIAL_BYTES] __attribute__((aligned(64)));
    const int step = mk_group_bytes(type);
    for (int g = 0; g < groups; g++, packed += MK_GROUP * MK_TILE_ROWS, scales += MK_TILE_ROWS) {
        int count = n - (first + g) * MK_GROUP;
        for (int r = 0; r < MK_TILE_ROWS; r++) {
            uint8_t *out = bytes + r % 8 * MK_GROUP;
            if (r < rows) {
                const uint8_t *p = w + r * row_bytes + (size_t)(first + g) * step;
                for (int i = 0; i < step; i += 64) _mm_prefetch((const char *)p + 2 * step + i, _MM_HINT_T0);
                if (count < MK_GROUP) {
                    copy_partial(type, p, count, partial);
                    p = partial;
                }
                scales[r] = pack_row(type, p, out);
            } else {
                memset(out, 0x80, MK_GROUP);
                scales[r] = 0;
            }
            if (r % 8 == 7) transpose8(bytes, packed + (r - 7) * 4);
        }
    }
}

#define PACK(T)                                                                                                  \
    void mk_avx2_pack_##T(const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups,            \
                          uint8_t *packed, float *scales) {                                                      \
        pack(MK_##T, w, row_bytes, rows, n, first, groups, packed, scales);                                      \
    }
MK_FOR_EACH_TYPE(PACK)
#include "../internal/target_end.h"
#endif
