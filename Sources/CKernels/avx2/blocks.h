// Any block type as codes, 32 at a time, with their scales: w = scale * code + offset.
// Loads stay within a whole group of 256 elements; callers copy partial groups before they decode them.
#ifndef MARTLET_AVX2_BLOCKS_H
#define MARTLET_AVX2_BLOCKS_H
#include "../internal/unpack.h"

// Whether codes need a sign: these types use all 8 bits. Codes of the others are unsigned.
MK_INLINE bool has_wide_codes(int type) {
    return type == MK_Q8_0 || type == MK_Q8_K || type == MK_IQ4_NL || type == MK_IQ4_XS;
}

// What the unsigned codes exceed the signed ones of unpack.h by.
MK_INLINE int code_bias(int type) {
    switch (type) {
    case MK_Q4_0: return 8;
    case MK_Q5_0: return 16;
    case MK_Q3_K: return 4;
    case MK_Q6_K: return 32;
    case MK_MXFP4: case MK_NVFP4: return 12;
    default: return 0;
    }
}

// Elements that share a scale.
MK_INLINE int scale_span(int type) {
    return type == MK_Q2_K || type == MK_Q3_K || type == MK_Q6_K || type == MK_NVFP4 ? 16 : 32;
}

MK_INLINE __m256i load256(const void *p) { return _mm256_loadu_si256((const __m256i *)p); }
MK_INLINE __m128i load128(const void *p) { return _mm_loadu_si128((const __m128i *)p); }
MK_INLINE uint32_t load32(const uint8_t *p) {
    uint32_t word;
    memcpy(&word, p, 4);
    return word;
}

MK_INLINE __m256i low_bits(__m256i v, int shift, int mask) {
    return _mm256_and_si256(_mm256_srli_epi16(v, shift), _mm256_set1_epi8((char)mask));
}

// 16 bytes: their low nibbles, then their high ones.
MK_INLINE __m256i nibbles32(const uint8_t *p) {
    __m128i v = load128(p);
    __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(v), _mm_srli_epi16(v, 4), 1);
    return _mm256_and_si256(both, _mm256_set1_epi8(15));
}

MK_INLINE __m256i look_up(__m256i nibbles, const int8_t *values, int bias) {
    __m128i table = _mm_add_epi8(load128(values), _mm_set1_epi8((char)bias));
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(table), nibbles);
}

// 16 in each byte whose bit is set in `bits`.
MK_INLINE __m256i fifth_bits(uint32_t bits) {
    const __m256i byte = _mm256_set_epi64x(0x0303030303030303, 0x0202020202020202, 0x0101010101010101, 0);
    const __m256i bit = _mm256_set1_epi64x((long long)0x8040201008040201);
    __m256i v = _mm256_shuffle_epi8(_mm256_set1_epi32((int)bits), byte);
    v = _mm256_cmpeq_epi8(_mm256_and_si256(v, bit), bit);
    return _mm256_and_si256(v, _mm256_set1_epi8(16));
}

// `value` in each byte of v that has `bit`.
MK_INLINE __m256i where_bit(__m256i v, int bit, int value) {
    __m256i b = _mm256_set1_epi8((char)bit);
    return _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_and_si256(v, b), b), _mm256_set1_epi8((char)value));
}

// Codes 32 i ... 32 i + 31 of the group at p.
MK_INLINE __m256i codes32(int type, const uint8_t *p, int i) {
    const uint8_t *block = p + i * mk_block_bytes(type);
    switch (type) {
    case MK_Q4_0: return nibbles32(block + 2);
    case MK_Q4_1: return nibbles32(block + 4);
    case MK_Q5_0: return _mm256_or_si256(nibbles32(block + 6), fifth_bits(load32(block + 2)));
    case MK_Q5_1: return _mm256_or_si256(nibbles32(block + 8), fifth_bits(load32(block + 4)));
    case MK_Q8_0: return load256(block + 2);
    case MK_IQ4_NL: return look_up(nibbles32(block + 2), mk_iq4_values, 0);
    case MK_MXFP4: return look_up(nibbles32(block + 1), mk_fp4_values, 12);
    case MK_IQ4_XS: return look_up(nibbles32(p + 8 + 16 * i), mk_iq4_values, 0);
    case MK_NVFP4: {
        __m128i v = load128(p + i / 2 * 36 + 4 + 16 * (i % 2)), high = _mm_srli_epi16(v, 4);
        __m256i both = _mm256_set_m128i(_mm_unpackhi_epi64(v, high), _mm_unpacklo_epi64(v, high));
        return look_up(_mm256_and_si256(both, _mm256_set1_epi8(15)), mk_fp4_values, 12);
    }
    case MK_Q2_K: return low_bits(load256(p + 16 + 32 * (i / 4)), 2 * (i % 4), 3);
    case MK_Q3_K:
        return _mm256_or_si256(low_bits(load256(p + 32 + 32 * (i / 4)), 2 * (i % 4), 3),
                               where_bit(load256(p), 1 << i, 4));
    case MK_Q4_K: return low_bits(load256(p + 16 + 32 * (i / 2)), 4 * (i % 2), 15);
    case MK_Q5_K:
        return _mm256_or_si256(low_bits(load256(p + 48 + 32 * (i / 2)), 4 * (i % 2), 15),
                               where_bit(load256(p + 16), 1 << i, 16));
    case MK_Q6_K: {
        __m256i low = low_bits(load256(p + 64 * (i / 4) + 32 * (i % 2)), 4 * (i % 4 / 2), 15);
        __m256i high = load256(p + 128 + 32 * (i / 4));
        high = i % 4 == 3 ? _mm256_srli_epi16(high, 2) : _mm256_slli_epi16(high, 4 - 2 * (i % 4));
        return _mm256_or_si256(low, _mm256_and_si256(high, _mm256_set1_epi8(0x30)));
    }
    case MK_Q8_K: return load256(p + 4 + 32 * i);
    default: return _mm256_setzero_si256();
    }
}

// Scales and minimums of the sub-blocks in order; eight of 32 elements leave the second vectors unused.
typedef struct {
    __m256 scale[2], offset[2];
} scales256;

MK_INLINE __m256 head_halves(const uint8_t *p, int bytes) {
    short h[8];
    for (int i = 0; i < 8; i++) memcpy(h + i, p + i * bytes, 2);
    return _mm256_cvtph_ps(_mm_set_epi16(h[7], h[6], h[5], h[4], h[3], h[2], h[1], h[0]));
}

MK_INLINE __m256 scales_mxfp4(const uint8_t *p) {
    __m256i e = _mm256_set_epi32(p[7 * 17], p[6 * 17], p[5 * 17], p[4 * 17], p[3 * 17], p[2 * 17], p[17], p[0]);
    __m256i normal = _mm256_slli_epi32(_mm256_sub_epi32(e, _mm256_set1_epi32(1)), 23);
    __m256i subnormal = _mm256_sllv_epi32(_mm256_set1_epi32(0x00200000), e);
    return _mm256_castsi256_ps(
        _mm256_blendv_epi8(normal, subnormal, _mm256_cmpgt_epi32(_mm256_set1_epi32(2), e)));
}

MK_INLINE __m256 scales_ue4m3(__m128i bytes) {
    __m256i x = _mm256_cvtepu8_epi32(bytes);
    __m256i bits = _mm256_slli_epi32(_mm256_and_si256(x, _mm256_set1_epi32(0x7f)), 20);
    bits = _mm256_andnot_si256(_mm256_cmpeq_epi32(x, _mm256_set1_epi32(0x7f)), bits);
    // Multiplying rebuilds the exponent and normalises subnormals exactly; one half of 2^120 (see mk_ue4m3_half).
    return _mm256_mul_ps(_mm256_castsi256_ps(bits), _mm256_set1_ps(0x1p119f));
}

MK_INLINE __m256 scales_iq4_xs(const uint8_t *p) {
    const __m256i shift = _mm256_set_epi32(28, 24, 20, 16, 12, 8, 4, 0);
    uint32_t head = load32(p);
    __m256i four = _mm256_and_si256(_mm256_srlv_epi32(_mm256_set1_epi32((int)load32(p + 4)), shift),
                                    _mm256_set1_epi32(15));
    // Bits 2 s and up of the upper half of `head`, moved to bits 4 and 5.
    __m256i two = _mm256_srlv_epi32(_mm256_set1_epi32((int)(head >> 12)), _mm256_srli_epi32(shift, 1));
    __m256i both = _mm256_or_si256(four, _mm256_and_si256(two, _mm256_set1_epi32(0x30)));
    __m256 scale = _mm256_cvtepi32_ps(_mm256_sub_epi32(both, _mm256_set1_epi32(32)));
    return _mm256_mul_ps(scale, _mm256_set1_ps(mk_half_to_float((uint16_t)head)));
}

// Sixteen signed 6-bit scales of Q3_K.
MK_INLINE __m128i scales_q3_K(const uint8_t *p) {
    const uint32_t a = load32(p + 96), b = load32(p + 100), c = load32(p + 104), nibble = 0x0f0f0f0f, two = 0x30303030;
    __m128i six = _mm_set_epi32((int)((b >> 4 & nibble) | (c >> 2 & two)), (int)((a >> 4 & nibble) | (c & two)),
                                (int)((b & nibble) | (c << 2 & two)), (int)((a & nibble) | (c << 4 & two)));
    return _mm_sub_epi8(six, _mm_set1_epi8(32));
}

// Eight 6-bit scales (low 8 bytes) and eight minimums (high 8 bytes) of a Q4_K or Q5_K block.
MK_INLINE __m128i scale_pairs(const uint8_t *p) {
    const uint32_t a = load32(p), b = load32(p + 4), c = load32(p + 8);
    return _mm_set_epi32((int)((c >> 4 & 0x0f0f0f0f) | (b >> 2 & 0x30303030)), (int)(b & 0x3f3f3f3f),
                         (int)((c & 0x0f0f0f0f) | (a >> 2 & 0x30303030)), (int)(a & 0x3f3f3f3f));
}

// Integer scales of the K-quants: w = d * scale * code - minimum_d * minimum, a byte each.
typedef struct {
    __m128i scale, minimum;
    float d, minimum_d;
} integer_scales;

MK_INLINE bool has_integer_scales(int type) { return type >= MK_Q2_K && type <= MK_Q6_K; }

MK_INLINE integer_scales integer_scales_of(int type, const uint8_t *p) {
    switch (type) {
    case MK_Q2_K: {
        __m128i both = load128(p), nibble = _mm_set1_epi8(15);
        return (integer_scales){_mm_and_si128(both, nibble), _mm_and_si128(_mm_srli_epi16(both, 4), nibble),
                                mk_load_half(p + 80), mk_load_half(p + 82)};
    }
    case MK_Q3_K: return (integer_scales){scales_q3_K(p), _mm_setzero_si128(), mk_load_half(p + 108), 0};
    case MK_Q6_K: return (integer_scales){load128(p + 192), _mm_setzero_si128(), mk_load_half(p + 208), 0};
    default: {
        __m128i both = scale_pairs(p + 4);
        return (integer_scales){both, _mm_unpackhi_epi64(both, both), mk_load_half(p), mk_load_half(p + 2)};
    }
    }
}

// The word of each 128-bit lane that belongs to elements 32 i ... 32 i + 31, in all words of the lane.
MK_INLINE __m256i word_of_lane(__m256i words, int i) {
    return _mm256_shuffle_epi8(words, _mm256_set1_epi16((short)(0x0100 + 0x0202 * i)));
}

MK_INLINE __m256 bytes_times(__m128i bytes, float factor) {
    return _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes)), _mm256_set1_ps(factor));
}

// Scales and minimums as the type has them: the offset that unsigned codes need is not in yet.
MK_INLINE scales256 scales_of(int type, const uint8_t *p) {
    const __m256 none = _mm256_setzero_ps();
    const int bytes = mk_block_bytes(type);
    if (has_integer_scales(type)) {
        integer_scales k = integer_scales_of(type, p);
        __m128i s = k.scale, m = k.minimum;
        return (scales256){{bytes_times(s, k.d), bytes_times(_mm_unpackhi_epi64(s, s), k.d)},
                           {bytes_times(m, -k.minimum_d), bytes_times(_mm_unpackhi_epi64(m, m), -k.minimum_d)}};
    }
    switch (type) {
    case MK_Q4_1: case MK_Q5_1: return (scales256){{head_halves(p, bytes), none}, {head_halves(p + 2, bytes), none}};
    case MK_MXFP4: return (scales256){{scales_mxfp4(p), none}, {none, none}};
    case MK_IQ4_XS: return (scales256){{scales_iq4_xs(p), none}, {none, none}};
    case MK_NVFP4: {
        __m128i x = _mm_set_epi32((int)load32(p + 108), (int)load32(p + 72), (int)load32(p + 36), (int)load32(p));
        return (scales256){{scales_ue4m3(x), scales_ue4m3(_mm_unpackhi_epi64(x, x))}, {none, none}};
    }
    case MK_Q8_K: {
        float d;
        memcpy(&d, p, 4);
        return (scales256){{_mm256_set1_ps(d), none}, {none, none}};
    }
    default: return (scales256){{head_halves(p, bytes), none}, {none, none}};
    }
}

// Vector k holds, in its low and high 128 bits, the scales of the first and the last 16 of elements
// 32 (4 k) ... 32 (4 k + 4) - 1, four of each.
typedef struct {
    __m256 v[2];
} lanes256;

MK_INLINE lanes256 to_lanes(int span, const __m256 s[2]) {
    if (span == 32)
        return (lanes256){{_mm256_permute2f128_ps(s[0], s[0], 0), _mm256_permute2f128_ps(s[0], s[0], 0x11)}};
    const __m256i order = _mm256_set_epi32(7, 5, 3, 1, 6, 4, 2, 0);
    return (lanes256){{_mm256_permutevar8x32_ps(s[0], order), _mm256_permutevar8x32_ps(s[1], order)}};
}

// A partial group of n elements with zeros behind it.
MK_INLINE void copy_partial(int type, const uint8_t *p, int n, uint8_t *copy) {
    int bytes = n / mk_block_elements(type) * mk_block_bytes(type);
    memset(copy, 0, (size_t)mk_group_bytes(type));
    memcpy(copy, p, (size_t)bytes);
}

enum { PARTIAL_BYTES = 320 };
#endif
