// Canonical form of every block type: w[i] = scale[i / 16] * code[i] + offset[i / 16].
// This is the one place that knows the bit layouts; layouts are those of ggml-common.h.
#ifndef MARTLET_UNPACK_H
#define MARTLET_UNPACK_H

#include <string.h>

#include "../include/kernels.h"

#define MK_INLINE static inline __attribute__((always_inline))

MK_INLINE float mk_bits_to_float(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

MK_INLINE uint32_t mk_float_to_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

MK_INLINE float mk_half_to_float(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    uint32_t rest = half & 0x7fff;
    if (rest >= 0x7c00) return mk_bits_to_float(sign | 0x7f800000 | (rest & 0x3ff) << 13);
    // Multiplying by 2^112 rebuilds the exponent and normalises subnormals exactly.
    float magnitude = mk_bits_to_float(rest << 13) * mk_bits_to_float(0x77800000);
    return mk_bits_to_float(sign | mk_float_to_bits(magnitude));
}

MK_INLINE uint16_t mk_float_to_half(float value) {
    uint32_t bits = mk_float_to_bits(value);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    bits &= 0x7fffffff;
    if (bits >= 0x7f800000) return sign | 0x7c00 | (bits > 0x7f800000 ? 0x200 : 0);
    if (bits >= 0x477ff000) return sign | 0x7c00;
    if (bits < 0x38800000) {
        // Subnormal: adding 0.5 shifts the mantissa into place with round-to-nearest-even.
        uint32_t rounded = mk_float_to_bits(mk_bits_to_float(bits) + 0.5f);
        return sign | (uint16_t)(rounded - 0x3f000000);
    }
    uint32_t odd = bits >> 13 & 1;
    return sign | (uint16_t)((bits - 0x38000000 + 0xfff + odd) >> 13);
}

MK_INLINE float mk_load_half(const uint8_t *p) {
    uint16_t half;
    memcpy(&half, p, 2);
    return mk_half_to_float(half);
}

MK_INLINE float mk_load_bf16(const uint8_t *p) {
    uint16_t half;
    memcpy(&half, p, 2);
    return mk_bits_to_float((uint32_t)half << 16);
}

// E8M0: a power of two, halved because the FP4 table is doubled.
MK_INLINE float mk_e8m0_half(uint8_t e) {
    return mk_bits_to_float(e < 2 ? 0x00200000u << e : (uint32_t)(e - 1) << 23);
}

// UE4M3, halved for the same reason; 0x7f is not a number and counts as zero.
MK_INLINE float mk_ue4m3_half(uint8_t x) {
    if (x == 0 || x == 0x7f) return 0;
    int exponent = x >> 3 & 15, mantissa = x & 7;
    float value = exponent == 0 ? (float)mantissa * 0x1p-9f
                                : mk_bits_to_float((uint32_t)(exponent + 120) << 23 | (uint32_t)mantissa << 20);
    return value * 0.5f;
}

static const int8_t mk_iq4_values[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
static const int8_t mk_fp4_values[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

// Scale and minimum j of the 12 bytes that Q4_K and Q5_K pack their eight 6-bit pairs into.
MK_INLINE void mk_scale_min(const uint8_t *s, int j, int *scale, int *minimum) {
    if (j < 4) {
        *scale = s[j] & 63;
        *minimum = s[j + 4] & 63;
    } else {
        *scale = (s[j + 4] & 15) | (s[j - 4] >> 6) << 4;
        *minimum = s[j + 4] >> 4 | (s[j] >> 6) << 4;
    }
}

MK_INLINE void mk_fill(float *scale, float *offset, int sub32, float d, float m) {
    scale[2 * sub32] = scale[2 * sub32 + 1] = d;
    offset[2 * sub32] = offset[2 * sub32 + 1] = m;
}

#define MK_FOR_EACH_TYPE(DO)                                                                                      \
    DO(Q4_0) DO(Q4_1) DO(Q5_0) DO(Q5_1) DO(Q8_0) DO(Q2_K) DO(Q3_K) DO(Q4_K) DO(Q5_K) DO(Q6_K) DO(Q8_K) DO(IQ4_NL) \
    DO(IQ4_XS) DO(MXFP4) DO(NVFP4)

// Bytes and elements of a block.
MK_INLINE int mk_block_bytes(int type) {
    switch (type) {
    case MK_Q4_0: case MK_IQ4_NL: return 18;
    case MK_Q4_1: return 20;
    case MK_Q5_0: return 22;
    case MK_Q5_1: return 24;
    case MK_Q8_0: return 34;
    case MK_MXFP4: return 17;
    case MK_NVFP4: return 36;
    case MK_Q2_K: return 84;
    case MK_Q3_K: return 110;
    case MK_Q4_K: return 144;
    case MK_Q5_K: return 176;
    case MK_Q6_K: return 210;
    case MK_Q8_K: return 292;
    case MK_IQ4_XS: return 136;
    default: return 0;
    }
}

MK_INLINE int mk_block_elements(int type) {
    switch (type) {
    case MK_Q4_0: case MK_Q4_1: case MK_Q5_0: case MK_Q5_1: case MK_Q8_0: case MK_IQ4_NL: case MK_MXFP4: return 32;
    case MK_NVFP4: return 64;
    default: return 256;
    }
}

MK_INLINE bool mk_has_offsets(int type) {
    return type == MK_Q4_1 || type == MK_Q5_1 || type == MK_Q2_K || type == MK_Q4_K || type == MK_Q5_K;
}

// Bytes of a whole group of 256 elements.
MK_INLINE int mk_group_bytes(int type) { return mk_block_bytes(type) * (MK_GROUP / mk_block_elements(type)); }

// One block of 32 elements: codes[32], one scale, one offset.
MK_INLINE void mk_unpack32(int type, const uint8_t *p, int8_t *codes, float *scale, float *offset) {
    *scale = *offset = 0;
    switch (type) {
    case MK_Q4_0:
        *scale = mk_load_half(p);
        for (int j = 0; j < 16; j++) {
            codes[j] = (int8_t)((p[2 + j] & 15) - 8);
            codes[j + 16] = (int8_t)((p[2 + j] >> 4) - 8);
        }
        break;
    case MK_Q4_1:
        *scale = mk_load_half(p);
        *offset = mk_load_half(p + 2);
        for (int j = 0; j < 16; j++) {
            codes[j] = (int8_t)(p[4 + j] & 15);
            codes[j + 16] = (int8_t)(p[4 + j] >> 4);
        }
        break;
    case MK_Q5_0:
    case MK_Q5_1: {
        const uint8_t *rest = p + (type == MK_Q5_0 ? 2 : 4);
        uint32_t high;
        memcpy(&high, rest, 4);
        int bias = type == MK_Q5_0 ? 16 : 0;
        *scale = mk_load_half(p);
        if (type == MK_Q5_1) *offset = mk_load_half(p + 2);
        for (int j = 0; j < 16; j++) {
            codes[j] = (int8_t)((int)((rest[4 + j] & 15) | (high >> j & 1) << 4) - bias);
            codes[j + 16] = (int8_t)((int)((rest[4 + j] >> 4) | (high >> (j + 16) & 1) << 4) - bias);
        }
        break;
    }
    case MK_Q8_0:
        *scale = mk_load_half(p);
        memcpy(codes, p + 2, 32);
        break;
    case MK_IQ4_NL:
    case MK_MXFP4: {
        const int8_t *table = type == MK_MXFP4 ? mk_fp4_values : mk_iq4_values;
        const uint8_t *nibbles = p + (type == MK_MXFP4 ? 1 : 2);
        *scale = type == MK_MXFP4 ? mk_e8m0_half(p[0]) : mk_load_half(p);
        for (int j = 0; j < 16; j++) {
            codes[j] = table[nibbles[j] & 15];
            codes[j + 16] = table[nibbles[j] >> 4];
        }
        break;
    }
    default: break;
    }
}

// One super-block of 256 elements.
MK_INLINE void mk_unpack256(int type, const uint8_t *p, int8_t *codes, float *scale, float *offset) {
    switch (type) {
    case MK_Q2_K: {
        float d = mk_load_half(p + 80), dmin = mk_load_half(p + 82);
        for (int s = 0; s < 16; s++) {
            scale[s] = d * (float)(p[s] & 15);
            offset[s] = -(dmin * (float)(p[s] >> 4));
        }
        for (int half = 0; half < 2; half++)
            for (int j = 0; j < 4; j++)
                for (int l = 0; l < 32; l++)
                    codes[128 * half + 32 * j + l] = (int8_t)(p[16 + 32 * half + l] >> 2 * j & 3);
        break;
    }
    case MK_Q3_K: {
        float d = mk_load_half(p + 108);
        const uint8_t *s = p + 96;
        for (int i = 0; i < 16; i++) {
            int low = i < 8 ? s[i] & 15 : s[i - 8] >> 4;
            int high = s[8 + i % 4] >> 2 * (i / 4) & 3;
            scale[i] = d * (float)((low | high << 4) - 32);
            offset[i] = 0;
        }
        for (int half = 0; half < 2; half++)
            for (int j = 0; j < 4; j++)
                for (int l = 0; l < 32; l++)
                    codes[128 * half + 32 * j + l] =
                        (int8_t)((p[32 + 32 * half + l] >> 2 * j & 3) - (p[l] >> (4 * half + j) & 1 ? 0 : 4));
        break;
    }
    case MK_Q4_K:
    case MK_Q5_K: {
        float d = mk_load_half(p), dmin = mk_load_half(p + 2);
        const uint8_t *nibbles = p + (type == MK_Q4_K ? 16 : 48);
        for (int s = 0; s < 8; s++) {
            int sc, mn;
            mk_scale_min(p + 4, s, &sc, &mn);
            mk_fill(scale, offset, s, d * (float)sc, -(dmin * (float)mn));
        }
        for (int c = 0; c < 4; c++)
            for (int l = 0; l < 32; l++) {
                int low = nibbles[32 * c + l] & 15, high = nibbles[32 * c + l] >> 4;
                if (type == MK_Q5_K) {
                    low |= (p[16 + l] >> 2 * c & 1) << 4;
                    high |= (p[16 + l] >> (2 * c + 1) & 1) << 4;
                }
                codes[64 * c + l] = (int8_t)low;
                codes[64 * c + 32 + l] = (int8_t)high;
            }
        break;
    }
    case MK_Q6_K: {
        float d = mk_load_half(p + 208);
        for (int s = 0; s < 16; s++) {
            scale[s] = d * (float)(int8_t)p[192 + s];
            offset[s] = 0;
        }
        for (int half = 0; half < 2; half++) {
            const uint8_t *low = p + 64 * half, *high = p + 128 + 32 * half;
            int8_t *c = codes + 128 * half;
            for (int l = 0; l < 32; l++) {
                c[l] = (int8_t)(((low[l] & 15) | (high[l] & 3) << 4) - 32);
                c[l + 32] = (int8_t)(((low[l + 32] & 15) | (high[l] >> 2 & 3) << 4) - 32);
                c[l + 64] = (int8_t)((low[l] >> 4 | (high[l] >> 4 & 3) << 4) - 32);
                c[l + 96] = (int8_t)((low[l + 32] >> 4 | (high[l] >> 6) << 4) - 32);
            }
        }
        break;
    }
    case MK_Q8_K: {
        float d;
        memcpy(&d, p, 4);
        for (int s = 0; s < 16; s++) {
            scale[s] = d;
            offset[s] = 0;
        }
        memcpy(codes, p + 4, 256);
        break;
    }
    case MK_IQ4_XS: {
        float d = mk_load_half(p);
        uint16_t high;
        memcpy(&high, p + 2, 2);
        for (int s = 0; s < 8; s++) {
            int sc = (p[4 + s / 2] >> 4 * (s % 2) & 15) | (high >> 2 * s & 3) << 4;
            mk_fill(scale, offset, s, d * (float)(sc - 32), 0);
            for (int j = 0; j < 16; j++) {
                codes[32 * s + j] = mk_iq4_values[p[8 + 16 * s + j] & 15];
                codes[32 * s + 16 + j] = mk_iq4_values[p[8 + 16 * s + j] >> 4];
            }
        }
        break;
    }
    default: break;
    }
}

// A group of n <= 256 elements (a multiple of the block size) at p.
// codes[256], scale[16], offset[16]; elements past n become zeros.
MK_INLINE void mk_unpack_group(int type, const uint8_t *p, int n, int8_t *codes, float *scale, float *offset) {
    int elements = mk_block_elements(type);
    if (elements == 256) {
        mk_unpack256(type, p, codes, scale, offset);
        return;
    }
    if (n < MK_GROUP) {
        memset(codes, 0, MK_GROUP);
        memset(scale, 0, 16 * sizeof(float));
        memset(offset, 0, 16 * sizeof(float));
    }
    if (type == MK_NVFP4) {
        for (int s = 0; s < n / 16; s++) {
            const uint8_t *block = p + 36 * (s / 4), *nibbles = block + 4 + 8 * (s % 4);
            scale[s] = mk_ue4m3_half(block[s % 4]);
            offset[s] = 0;
            for (int j = 0; j < 8; j++) {
                codes[16 * s + j] = mk_fp4_values[nibbles[j] & 15];
                codes[16 * s + 8 + j] = mk_fp4_values[nibbles[j] >> 4];
            }
        }
        return;
    }
    for (int b = 0; b < n / 32; b++) {
        float d, m;
        mk_unpack32(type, p + b * mk_block_bytes(type), codes + 32 * b, &d, &m);
        mk_fill(scale, offset, b, d, m);
    }
}

#endif
