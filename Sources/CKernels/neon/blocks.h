// Any block type as signed codes, 32 at a time, with their scales: w = scale * code + offset.
// Loads stay within a whole group of 256 elements; callers copy partial groups before they decode them.
#ifndef MARTLET_NEON_BLOCKS_H
#define MARTLET_NEON_BLOCKS_H
#include "../internal/unpack.h"

// Elements that share a scale.
MK_INLINE int scale_span(int type) {
    return type == MK_Q2_K || type == MK_Q3_K || type == MK_Q6_K || type == MK_NVFP4 ? 16 : 32;
}

MK_INLINE uint32_t load32(const uint8_t *p) {
    uint32_t word;
    memcpy(&word, p, 4);
    return word;
}

MK_INLINE int8x16_t with_bias(uint8x16_t codes, int bias) {
    return vsubq_s8(vreinterpretq_s8_u8(codes), vdupq_n_s8((int8_t)bias));
}

MK_INLINE int8x16x2_t pair(int8x16_t low, int8x16_t high) { return (int8x16x2_t){{low, high}}; }

// 16 bytes: their low nibbles, then their high ones.
MK_INLINE uint8x16x2_t nibbles32(const uint8_t *p) {
    uint8x16_t v = vld1q_u8(p);
    return (uint8x16x2_t){{vandq_u8(v, vdupq_n_u8(15)), vshrq_n_u8(v, 4)}};
}

MK_INLINE int8x16x2_t look_up(uint8x16x2_t nibbles, const int8_t *values) {
    int8x16_t table = vld1q_s8(values);
    return pair(vqtbl1q_s8(table, nibbles.val[0]), vqtbl1q_s8(table, nibbles.val[1]));
}

// `value` in each byte of v that has a bit of `bits`.
MK_INLINE uint8x16_t where_bit(uint8x16_t v, uint8x16_t bits, int value) {
    return vandq_u8(vtstq_u8(v, bits), vdupq_n_u8((uint8_t)value));
}

// Nibbles with a fifth bit each, taken from 32 bits in order.
MK_INLINE int8x16x2_t five_bits(const uint8_t *nibbles, const uint8_t *high, int bias) {
    static const uint8_t which[32] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1,
                                      2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3};
    const uint8x16_t bits = vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201));
    uint8x16_t v = vreinterpretq_u8_u32(vdupq_n_u32(load32(high)));
    uint8x16x2_t n = nibbles32(nibbles);
    uint8x16_t low = vorrq_u8(n.val[0], where_bit(vqtbl1q_u8(v, vld1q_u8(which)), bits, 16));
    uint8x16_t top = vorrq_u8(n.val[1], where_bit(vqtbl1q_u8(v, vld1q_u8(which + 16)), bits, 16));
    return pair(with_bias(low, bias), with_bias(top, bias));
}

MK_INLINE uint8x16_t low_bits(const uint8_t *p, int shift, int mask) {
    return vandq_u8(vshlq_u8(vld1q_u8(p), vdupq_n_s8((int8_t)-shift)), vdupq_n_u8((uint8_t)mask));
}

// 16 of the codes of a K-quant, from element 32 i + 16 h on.
MK_INLINE int8x16_t codes_of_super_block(int type, const uint8_t *p, int i, int h) {
    const uint8x16_t bit = vdupq_n_u8((uint8_t)(1 << i));
    p += 16 * h;
    switch (type) {
    case MK_Q2_K: return vreinterpretq_s8_u8(low_bits(p + 16 + 32 * (i / 4), 2 * (i % 4), 3));
    case MK_Q3_K:
        return with_bias(vorrq_u8(low_bits(p + 32 + 32 * (i / 4), 2 * (i % 4), 3), where_bit(vld1q_u8(p), bit, 4)), 4);
    case MK_Q4_K: return vreinterpretq_s8_u8(low_bits(p + 16 + 32 * (i / 2), 4 * (i % 2), 15));
    case MK_Q5_K:
        return vreinterpretq_s8_u8(vorrq_u8(low_bits(p + 48 + 32 * (i / 2), 4 * (i % 2), 15),
                                            where_bit(vld1q_u8(p + 16), bit, 16)));
    case MK_Q6_K: {
        uint8x16_t low = low_bits(p + 64 * (i / 4) + 32 * (i % 2), 4 * (i % 4 / 2), 15);
        uint8x16_t high = low_bits(p + 128 + 32 * (i / 4), 2 * (i % 4), 3);
        return with_bias(vorrq_u8(low, vshlq_n_u8(high, 4)), 32);
    }
    default: return vreinterpretq_s8_u8(vld1q_u8(p + 4 + 32 * i)); // Q8_K
    }
}

// Codes 32 i ... 32 i + 31 of the group at p.
MK_INLINE int8x16x2_t codes32(int type, const uint8_t *p, int i) {
    const uint8_t *block = p + i * mk_block_bytes(type);
    switch (type) {
    case MK_Q4_0:
    case MK_Q4_1: {
        uint8x16x2_t n = nibbles32(block + (type == MK_Q4_0 ? 2 : 4));
        const int bias = type == MK_Q4_0 ? 8 : 0;
        return pair(with_bias(n.val[0], bias), with_bias(n.val[1], bias));
    }
    case MK_Q5_0: return five_bits(block + 6, block + 2, 16);
    case MK_Q5_1: return five_bits(block + 8, block + 4, 0);
    case MK_Q8_0:
        return pair(vreinterpretq_s8_u8(vld1q_u8(block + 2)), vreinterpretq_s8_u8(vld1q_u8(block + 18)));
    case MK_IQ4_NL: return look_up(nibbles32(block + 2), mk_iq4_values);
    case MK_IQ4_XS: return look_up(nibbles32(p + 8 + 16 * i), mk_iq4_values);
    case MK_MXFP4: return look_up(nibbles32(block + 1), mk_fp4_values);
    case MK_NVFP4: {
        // Eight bytes hold 16 elements: low nibbles first.
        uint8x16x2_t n = nibbles32(p + i / 2 * 36 + 4 + 16 * (i % 2));
        uint8x16_t first = vcombine_u8(vget_low_u8(n.val[0]), vget_low_u8(n.val[1]));
        uint8x16_t second = vcombine_u8(vget_high_u8(n.val[0]), vget_high_u8(n.val[1]));
        return look_up((uint8x16x2_t){{first, second}}, mk_fp4_values);
    }
    default: return pair(codes_of_super_block(type, p, i, 0), codes_of_super_block(type, p, i, 1));
    }
}

// Integer scales of the K-quants: w = d * scale * code - minimum_d * minimum.
typedef struct {
    int8_t scale[16], minimum[16];
    float d, minimum_d;
} integer_scales;

MK_INLINE bool has_integer_scales(int type) { return type >= MK_Q2_K && type <= MK_Q6_K; }

MK_INLINE void integer_scales_of(int type, const uint8_t *p, integer_scales *out) {
    const uint32_t nibble = 0x0f0f0f0f, two = 0x30303030;
    out->minimum_d = 0;
    switch (type) {
    case MK_Q2_K: {
        uint8x16_t both = vld1q_u8(p);
        vst1q_s8(out->scale, vreinterpretq_s8_u8(vandq_u8(both, vdupq_n_u8(15))));
        vst1q_s8(out->minimum, vreinterpretq_s8_u8(vshrq_n_u8(both, 4)));
        out->d = mk_load_half(p + 80);
        out->minimum_d = mk_load_half(p + 82);
        break;
    }
    case MK_Q3_K: {
        const uint32_t a = load32(p + 96), b = load32(p + 100), c = load32(p + 104);
        const uint32_t six[4] = {(a & nibble) | (c << 4 & two), (b & nibble) | (c << 2 & two),
                                 (a >> 4 & nibble) | (c & two), (b >> 4 & nibble) | (c >> 2 & two)};
        vst1q_s8(out->scale, with_bias(vreinterpretq_u8_u32(vld1q_u32(six)), 32));
        out->d = mk_load_half(p + 108);
        break;
    }
    case MK_Q6_K:
        memcpy(out->scale, p + 192, 16);
        out->d = mk_load_half(p + 208);
        break;
    default: {
        // Eight 6-bit scales and eight minimums of Q4_K and Q5_K.
        const uint32_t a = load32(p + 4), b = load32(p + 8), c = load32(p + 12), six = 0x3f3f3f3f;
        const uint32_t scales[2] = {a & six, (c & nibble) | (a >> 2 & two)};
        const uint32_t minimums[2] = {b & six, (c >> 4 & nibble) | (b >> 2 & two)};
        memcpy(out->scale, scales, 8);
        memcpy(out->minimum, minimums, 8);
        out->d = mk_load_half(p);
        out->minimum_d = mk_load_half(p + 2);
    }
    }
}

// Scales and minimums of the 8 or 16 sub-blocks in order.
typedef struct {
    float scale[16], offset[16];
} scales16;

MK_INLINE void head_halves(const uint8_t *p, int bytes, float *out) {
    uint16_t h[8];
    for (int i = 0; i < 8; i++) memcpy(h + i, p + i * bytes, 2);
    vst1q_f32(out, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(h))));
    vst1q_f32(out + 4, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(h + 4))));
}

MK_INLINE void scales_of(int type, const uint8_t *p, scales16 *out) {
    const int bytes = mk_block_bytes(type), count = MK_GROUP / scale_span(type);
    if (has_integer_scales(type)) {
        integer_scales s;
        integer_scales_of(type, p, &s);
        for (int i = 0; i < count; i++) out->scale[i] = s.d * (float)s.scale[i];
        if (mk_has_offsets(type))
            for (int i = 0; i < count; i++) out->offset[i] = -(s.minimum_d * (float)s.minimum[i]);
        return;
    }
    switch (type) {
    case MK_MXFP4:
        for (int i = 0; i < 8; i++) out->scale[i] = mk_e8m0_half(p[i * bytes]);
        break;
    case MK_NVFP4:
        for (int i = 0; i < 16; i++) out->scale[i] = mk_ue4m3_half(p[i / 4 * bytes + i % 4]);
        break;
    case MK_IQ4_XS: {
        const uint32_t head = load32(p), low = load32(p + 4);
        const float d = mk_half_to_float((uint16_t)head);
        for (int i = 0; i < 8; i++)
            out->scale[i] = d * (float)((int)((low >> 4 * i & 15) | (head >> (16 + 2 * i) & 3) << 4) - 32);
        break;
    }
    case MK_Q8_K: {
        float d;
        memcpy(&d, p, 4);
        for (int i = 0; i < 8; i++) out->scale[i] = d;
        break;
    }
    default:
        head_halves(p, bytes, out->scale);
        if (mk_has_offsets(type)) head_halves(p + 2, bytes, out->offset);
    }
}

// A partial group of n elements with zeros behind it.
MK_INLINE void copy_partial(int type, const uint8_t *p, int n, uint8_t *copy) {
    memset(copy, 0, (size_t)mk_group_bytes(type));
    memcpy(copy, p, (size_t)(n / mk_block_elements(type)) * (size_t)mk_block_bytes(type));
}

enum { PARTIAL_BYTES = 320 };
#endif
