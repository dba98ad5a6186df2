// Any block type as unsigned codes, 64 at a time, with their scales: w = scale * code + offset.
// Loads stay within a whole group of 256 elements; callers copy partial groups before they decode them.
#ifndef MARTLET_AVX512_BLOCKS_H
#define MARTLET_AVX512_BLOCKS_H
#include "../internal/unpack.h"

// What the unsigned codes exceed the signed ones of unpack.h by.
MK_INLINE int code_bias(int type) {
    switch (type) {
    case MK_Q4_0: return 8;
    case MK_Q5_0: return 16;
    case MK_Q3_K: return 4;
    case MK_MXFP4: case MK_NVFP4: return 12;
    case MK_Q8_0: case MK_Q8_K: case MK_IQ4_NL: case MK_IQ4_XS: return 128;
    default: return 0;
    }
}

// Elements that share a scale.
MK_INLINE int scale_span(int type) {
    return type == MK_Q2_K || type == MK_Q3_K || type == MK_NVFP4 ? 16 : 32;
}

MK_INLINE __m512i load_twice(const uint8_t *p) {
    return _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)p));
}

// 16 bytes at a and 16 at b: low nibbles of a, high nibbles of a, low nibbles of b, high nibbles of b.
MK_INLINE __m512i nibbles64(const uint8_t *a, const uint8_t *b) {
    __m512i v = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)a));
    v = _mm512_mask_broadcast_i32x4(v, 0xff00, _mm_loadu_si128((const __m128i *)b));
    v = _mm512_srlv_epi64(v, _mm512_set_epi64(4, 4, 0, 0, 4, 4, 0, 0));
    return _mm512_and_si512(v, _mm512_set1_epi8(15));
}

MK_INLINE __m512i look_up(__m512i nibbles, const int8_t *values, int bias) {
    __m128i table = _mm_add_epi8(_mm_loadu_si128((const __m128i *)values), _mm_set1_epi8((char)bias));
    return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(table), nibbles);
}

// Codes 64 j ... 64 j + 63 of the group at p.
MK_INLINE __m512i codes64(int type, const uint8_t *p, int j) {
    const int bytes = mk_block_bytes(type);
    const uint8_t *a = p + 2 * j * bytes, *b = a + bytes;
    switch (type) {
    case MK_Q4_0: return nibbles64(a + 2, b + 2);
    case MK_Q4_1: return nibbles64(a + 4, b + 4);
    case MK_Q5_0:
    case MK_Q5_1: {
        const int skip = type == MK_Q5_0 ? 2 : 4;
        uint32_t low, high;
        memcpy(&low, a + skip, 4);
        memcpy(&high, b + skip, 4);
        __m512i v = nibbles64(a + skip + 4, b + skip + 4);
        return _mm512_mask_add_epi8(v, (uint64_t)high << 32 | low, v, _mm512_set1_epi8(16));
    }
    case MK_Q8_0: {
        __m256i low = _mm256_loadu_si256((const __m256i *)(a + 2)), high = _mm256_loadu_si256((const __m256i *)(b + 2));
        return _mm512_xor_si512(_mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1),
                                _mm512_set1_epi8((char)0x80));
    }
    case MK_IQ4_NL: return look_up(nibbles64(a + 2, b + 2), mk_iq4_values, 128);
    case MK_MXFP4: return look_up(nibbles64(a + 1, b + 1), mk_fp4_values, 12);
    case MK_IQ4_XS: return look_up(nibbles64(p + 8 + 32 * j, p + 24 + 32 * j), mk_iq4_values, 128);
    case MK_NVFP4: {
        __m512i v = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(p + j * bytes + 4)));
        v = _mm512_permutexvar_epi64(_mm512_set_epi64(3, 3, 2, 2, 1, 1, 0, 0), v);
        v = _mm512_srlv_epi64(v, _mm512_set_epi64(4, 0, 4, 0, 4, 0, 4, 0));
        return look_up(_mm512_and_si512(v, _mm512_set1_epi8(15)), mk_fp4_values, 12);
    }
    case MK_Q2_K:
    case MK_Q3_K: {
        const uint8_t *low = p + (type == MK_Q2_K ? 16 : 32) + 32 * (j / 2);
        const __m512i shift = _mm512_add_epi64(_mm512_set1_epi64(j % 2 * 4), _mm512_set_epi64(2, 2, 2, 2, 0, 0, 0, 0));
        __m512i v = _mm512_and_si512(_mm512_srlv_epi64(load_twice(low), shift), _mm512_set1_epi8(3));
        if (type == MK_Q2_K) return v;
        __m512i bit = _mm512_inserti64x4(_mm512_set1_epi8((char)(1 << 2 * j)), _mm256_set1_epi8((char)(2 << 2 * j)), 1);
        return _mm512_mask_add_epi8(v, _mm512_test_epi8_mask(load_twice(p), bit), v, _mm512_set1_epi8(4));
    }
    case MK_Q8_K: return _mm512_xor_si512(_mm512_loadu_si512(p + 4 + 64 * j), _mm512_set1_epi8((char)0x80));
    default: return _mm512_setzero_si512();
    }
}

// One scale and one offset for each 32 (in the low half) or 16 elements.
typedef struct {
    __m512 scale, offset;
} scales512;

MK_INLINE __m512 low_half(__m256 v) { return _mm512_zextps256_ps512(v); }

// The 16-bit words that head eight blocks of 9, 11 or 17 words.
MK_INLINE __m256 head_halves(int type, const uint8_t *p) {
    __m512i a = _mm512_loadu_si512(p), b = _mm512_loadu_si512(p + 64);
#define WORDS(W) \
    _mm512_zextsi128_si512(_mm_set_epi16(7 * W % 64, 6 * W % 64, 5 * W % 64, 4 * W % 64, 3 * W, 2 * W, W, 0))
    if (type == MK_Q8_0) {
        __m512i c = _mm512_loadu_si512(p + 128), d = _mm512_loadu_si512(p + 192);
        a = _mm512_permutex2var_epi16(a, WORDS(17), b);
        a = _mm512_mask_mov_epi16(a, 0xf0, _mm512_permutex2var_epi16(c, WORDS(17), d));
    } else if (type == MK_Q5_0) {
        // The last two heads lie beyond 128 bytes: words 66 and 77, seen from byte 112.
        __m512i c = _mm512_loadu_si512(p + 112);
        a = _mm512_permutex2var_epi16(a, WORDS(11), b);
        const __m512i rest = _mm512_zextsi128_si512(_mm_set_epi16(21, 10, 0, 0, 0, 0, 0, 0));
        a = _mm512_mask_permutexvar_epi16(a, 0xc0, rest, c);
    } else {
        a = _mm512_permutex2var_epi16(a, WORDS(9), b);
    }
    return _mm256_cvtph_ps(_mm512_castsi512_si128(a));
#undef WORDS
}

// Scale and minimum, two 16-bit floats at the head of each of eight blocks.
MK_INLINE scales512 head_pairs(int type, const uint8_t *p) {
    __m512i a = _mm512_loadu_si512(p);
    if (type == MK_Q4_1) {
        const __m512i heads = _mm512_zextsi256_si512(_mm256_set_epi32(31, 26, 21, 16, 15, 10, 5, 0));
        a = _mm512_permutex2var_epi32(a, heads, _mm512_loadu_si512(p + 80));
    } else {
        const __m512i heads = _mm512_zextsi256_si512(_mm256_set_epi32(0, 0, 30, 24, 18, 12, 6, 0));
        const __m512i rest = _mm512_zextsi256_si512(_mm256_set_epi32(10, 4, 0, 0, 0, 0, 0, 0));
        a = _mm512_permutex2var_epi32(a, heads, _mm512_loadu_si512(p + 64));
        a = _mm512_mask_permutexvar_epi32(a, 0xc0, rest, _mm512_loadu_si512(p + 128));
    }
    __m256i pairs = _mm512_castsi512_si256(a);
    return (scales512){low_half(_mm256_cvtph_ps(_mm256_cvtepi32_epi16(pairs))),
                       low_half(_mm256_cvtph_ps(_mm256_cvtepi32_epi16(_mm256_srli_epi32(pairs, 16))))};
}

MK_INLINE __m256 scales_mxfp4(const uint8_t *p) {
    // Byte 17 k is in word 17 k / 2: the low half for even k, the high half for odd k.
    const __m512i words = _mm512_zextsi128_si512(_mm_set_epi16(59, 51, 42, 34, 25, 17, 8, 0));
    __m512i heads = _mm512_permutex2var_epi16(_mm512_loadu_si512(p), words, _mm512_loadu_si512(p + 64));
    __m256i e = _mm256_cvtepu16_epi32(_mm512_castsi512_si128(heads));
    e = _mm256_and_si256(_mm256_srlv_epi32(e, _mm256_set_epi32(8, 0, 8, 0, 8, 0, 8, 0)), _mm256_set1_epi32(0xff));
    __m256i normal = _mm256_slli_epi32(_mm256_sub_epi32(e, _mm256_set1_epi32(1)), 23);
    __m256i subnormal = _mm256_sllv_epi32(_mm256_set1_epi32(0x00200000), e);
    return _mm256_castsi256_ps(
        _mm256_mask_mov_epi32(normal, _mm256_cmplt_epu32_mask(e, _mm256_set1_epi32(2)), subnormal));
}

MK_INLINE __m512 scales_nvfp4(const uint8_t *p) {
    const __m512i heads = _mm512_zextsi128_si512(_mm_set_epi32(27, 18, 9, 0));
    __m512i words = _mm512_permutex2var_epi32(_mm512_loadu_si512(p), heads, _mm512_loadu_si512(p + 64));
    __m512i x = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(words));
    __m512i bits = _mm512_slli_epi32(_mm512_and_si512(x, _mm512_set1_epi32(0x7f)), 20);
    // Multiplying rebuilds the exponent and normalises subnormals exactly; one half of 2^120 (see mk_ue4m3_half).
    return _mm512_maskz_mul_ps(_mm512_cmpneq_epi32_mask(x, _mm512_set1_epi32(0x7f)), _mm512_castsi512_ps(bits),
                               _mm512_set1_ps(0x1p119f));
}

MK_INLINE __m256 scales_iq4_xs(const uint8_t *p) {
    uint32_t head, low;
    memcpy(&head, p, 4);
    memcpy(&low, p + 4, 4);
    const __m256i shift = _mm256_set_epi32(28, 24, 20, 16, 12, 8, 4, 0);
    __m256i four = _mm256_and_si256(_mm256_srlv_epi32(_mm256_set1_epi32((int)low), shift), _mm256_set1_epi32(15));
    // Bits 2 s and up of the upper half of `head`, moved to bits 4 and 5.
    __m256i two = _mm256_srlv_epi32(_mm256_set1_epi32((int)(head >> 12)), _mm256_srli_epi32(shift, 1));
    __m256i both = _mm256_or_si256(four, _mm256_and_si256(two, _mm256_set1_epi32(0x30)));
    __m256 scale = _mm256_cvtepi32_ps(_mm256_sub_epi32(both, _mm256_set1_epi32(32)));
    return _mm256_mul_ps(scale, _mm256_set1_ps(mk_half_to_float((uint16_t)head)));
}

MK_INLINE __m512 scales_q3_K(const uint8_t *p) {
    uint32_t a, b, c;
    memcpy(&a, p + 96, 4);
    memcpy(&b, p + 100, 4);
    memcpy(&c, p + 104, 4);
    const uint32_t nibble = 0x0f0f0f0f, two = 0x30303030;
    __m128i six = _mm_set_epi32((int)((b >> 4 & nibble) | (c >> 2 & two)), (int)((a >> 4 & nibble) | (c & two)),
                                (int)((b & nibble) | (c << 2 & two)), (int)((a & nibble) | (c << 4 & two)));
    __m512i scale = _mm512_cvtepi8_epi32(_mm_sub_epi8(six, _mm_set1_epi8(32)));
    return _mm512_mul_ps(_mm512_cvtepi32_ps(scale), _mm512_set1_ps(mk_load_half(p + 108)));
}

MK_INLINE scales512 scales_q2_K(const uint8_t *p) {
    __m512i both = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p));
    __m512 scale = _mm512_cvtepi32_ps(_mm512_and_si512(both, _mm512_set1_epi32(15)));
    __m512 minimum = _mm512_cvtepi32_ps(_mm512_srli_epi32(both, 4));
    return (scales512){_mm512_mul_ps(scale, _mm512_set1_ps(mk_load_half(p + 80))),
                       _mm512_mul_ps(minimum, _mm512_set1_ps(-mk_load_half(p + 82)))};
}

// Scales and minimums as the type has them: the offset that unsigned codes need is not in yet.
MK_INLINE scales512 scales_of(int type, const uint8_t *p) {
    switch (type) {
    case MK_Q4_1: case MK_Q5_1: return head_pairs(type, p);
    case MK_Q2_K: return scales_q2_K(p);
    case MK_Q3_K: return (scales512){scales_q3_K(p), _mm512_setzero_ps()};
    case MK_NVFP4: return (scales512){scales_nvfp4(p), _mm512_setzero_ps()};
    case MK_MXFP4: return (scales512){low_half(scales_mxfp4(p)), _mm512_setzero_ps()};
    case MK_IQ4_XS: return (scales512){low_half(scales_iq4_xs(p)), _mm512_setzero_ps()};
    case MK_Q8_K: {
        float d;
        memcpy(&d, p, 4);
        return (scales512){low_half(_mm256_set1_ps(d)), _mm512_setzero_ps()};
    }
    default: return (scales512){low_half(head_halves(type, p)), _mm512_setzero_ps()};
    }
}

// A partial group of n elements with zeros behind it.
MK_INLINE void copy_partial(int type, const uint8_t *p, int n, uint8_t *copy) {
    int bytes = n / mk_block_elements(type) * mk_block_bytes(type);
    for (int i = 0; i < (mk_group_bytes(type) + 63) / 64; i++) {
        int left = bytes - 64 * i;
        __mmask64 mask = left >= 64 ? ~(__mmask64)0 : left <= 0 ? 0 : ~(__mmask64)0 >> (64 - left);
        _mm512_store_si512(copy + 64 * i, _mm512_maskz_loadu_epi8(mask, p + 64 * i));
    }
}

enum { PARTIAL_BYTES = 320 };
#endif
