// Requantises tiles of every block type to bytes for the product of tiles: one scale a row and group of 256 elements.
#if defined(__aarch64__)
#include "../internal/target_neon.h"
#include "blocks.h"
#include "neon.h"

// bytes [4 rows][256] -> packed[k][row][4] for 4 of the tile's 32 rows.
MK_INLINE void transpose4(const uint8_t *bytes, uint8_t *packed) {
    for (int k = 0; k < MK_GROUP / 4; k += 4, packed += 4 * MK_TILE_ROWS * 4) {
        uint32x4_t r[4];
        for (int i = 0; i < 4; i++) r[i] = vreinterpretq_u32_u8(vld1q_u8(bytes + i * MK_GROUP + 4 * k));
        uint64x2_t a = vreinterpretq_u64_u32(vtrn1q_u32(r[0], r[1])), b = vreinterpretq_u64_u32(vtrn2q_u32(r[0], r[1]));
        uint64x2_t c = vreinterpretq_u64_u32(vtrn1q_u32(r[2], r[3])), d = vreinterpretq_u64_u32(vtrn2q_u32(r[2], r[3]));
        vst1q_u8(packed, vreinterpretq_u8_u64(vtrn1q_u64(a, c)));
        vst1q_u8(packed + MK_TILE_ROWS * 4, vreinterpretq_u8_u64(vtrn1q_u64(b, d)));
        vst1q_u8(packed + 2 * MK_TILE_ROWS * 4, vreinterpretq_u8_u64(vtrn2q_u64(a, c)));
        vst1q_u8(packed + 3 * MK_TILE_ROWS * 4, vreinterpretq_u8_u64(vtrn2q_u64(b, d)));
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

MK_INLINE void to_words(const float *s, int count, float factor, float addend, int16_t *words) {
    for (int i = 0; i < count; i += 4) {
        float32x4_t v = vaddq_f32(vmulq_n_f32(vld1q_f32(s + i), factor), vdupq_n_f32(addend));
        vst1_s16(words + i, vqmovn_s32(vcvtnq_s32_f32(v)));
    }
}

// Types with scales only: byte = code * unit * (scale / largest scale), rounded. Returns the scale of the bytes,
// which takes the sign of the largest scale.
MK_INLINE float row_scaled(int type, const uint8_t *p, uint8_t *bytes) {
    const int unit = code_unit(type), shift = type == MK_NVFP4 ? 4 : __builtin_ctz((unsigned)unit);
    const int span = scale_span(type), count = MK_GROUP / span;
    scales16 s;
    int16_t factor[16];
    scales_of(type, p, &s);
    float most = s.scale[0], least = s.scale[0];
    for (int i = 1; i < count; i++) {
        most = s.scale[i] > most ? s.scale[i] : most;
        least = s.scale[i] < least ? s.scale[i] : least;
    }
    float largest = most >= -least ? most : least;
    // Ratios first: the inverse of a subnormal scale would be infinite.
    const float32x4_t divisor = vdupq_n_f32(largest != 0 ? largest : 1);
    for (int i = 0; i < count; i += 4) vst1q_f32(s.scale + i, vdivq_f32(vld1q_f32(s.scale + i), divisor));
    // Q15; the codes are shifted up as far as fits, so that the product keeps its fraction until it is rounded.
    to_words(s.scale, count, 32768.0f * (float)unit / (float)(1 << shift), 0, factor);
    const int16x8_t up = vdupq_n_s16((int16_t)shift);
    MK_UNROLL
    for (int i = 0; i < 8; i++) {
        int8x16x2_t c = codes32(type, p, i);
        for (int h = 0; h < 2; h++) {
            int16_t f = factor[span == 16 ? 2 * i + h : i];
            int16x8_t low = vqrdmulhq_n_s16(vshlq_s16(vmovl_s8(vget_low_s8(c.val[h])), up), f);
            int16x8_t high = vqrdmulhq_n_s16(vshlq_s16(vmovl_s8(vget_high_s8(c.val[h])), up), f);
            uint8x16_t v = vreinterpretq_u8_s8(vcombine_s8(vqmovn_s16(low), vqmovn_s16(high)));
            vst1q_u8(bytes + 32 * i + 16 * h, veorq_u8(v, vdupq_n_u8(0x80)));
        }
    }
    return largest / (float)unit;
}

// Types with scales and minimums: byte = code * factor + offset with 8 bits of fraction. The products may wrap, their
// sums do not.
MK_INLINE float row_offset(int type, const uint8_t *p, uint8_t *bytes) {
    const int span = scale_span(type), count = MK_GROUP / span;
    scales16 s;
    int16_t factor[16], offset[16];
    scales_of(type, p, &s);
    float largest = 0;
    for (int i = 0; i < count; i++) {
        float top = __builtin_fabsf(s.scale[i] * (float)largest_code(type) + s.offset[i]);
        float bottom = __builtin_fabsf(s.offset[i]);
        largest = top > largest ? top : largest;
        largest = bottom > largest ? bottom : largest;
    }
    const float inverse = largest > 0 ? 127.0f * 256 / largest : 0;
    to_words(s.scale, count, inverse, 0, factor);
    to_words(s.offset, count, inverse, 128, offset);
    MK_UNROLL
    for (int i = 0; i < 8; i++) {
        int8x16x2_t c = codes32(type, p, i);
        for (int h = 0; h < 2; h++) {
            int k = span == 16 ? 2 * i + h : i;
            int16x8_t o = vdupq_n_s16(offset[k]);
            int16x8_t low = vmlaq_n_s16(o, vmovl_s8(vget_low_s8(c.val[h])), factor[k]);
            int16x8_t high = vmlaq_n_s16(o, vmovl_s8(vget_high_s8(c.val[h])), factor[k]);
            uint8x16_t v = vreinterpretq_u8_s8(vcombine_s8(vshrn_n_s16(low, 8), vshrn_n_s16(high, 8)));
            vst1q_u8(bytes + 32 * i + 16 * h, veorq_u8(v, vdupq_n_u8(0x80)));
        }
    }
    return largest / 127.0f;
}

MK_INLINE float pack_row(int type, const uint8_t *p, uint8_t *bytes) {
    if (type != MK_Q8_K) return mk_has_offsets(type) ? row_offset(type, p, bytes) : row_scaled(type, p, bytes);
    float scale;
    memcpy(&scale, p, 4);
    for (int i = 0; i < MK_GROUP; i += 16)
        vst1q_u8(bytes + i, veorq_u8(vld1q_u8(p + 4 + i), vdupq_n_u8(0x80)));
    return scale;
}

MK_INLINE void pack(int type, const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups,
                    uint8_t *packed, float *scales) {
    uint8_t bytes[4 * MK_GROUP] __attribute__((aligned(64)));
    uint8_t partial[PARTIAL_BYTES] __attribute__((aligned(64)));
    const int step = mk_group_bytes(type);
    for (int g = 0; g < groups; g++, packed += MK_GROUP * MK_TILE_ROWS, scales += MK_TILE_ROWS) {
        int count = n - (first + g) * MK_GROUP;
        for (int r = 0; r < MK_TILE_ROWS; r++) {
            uint8_t *out = bytes + r % 4 * MK_GROUP;
            if (r < rows) {
                const uint8_t *p = w + (size_t)r * row_bytes + (size_t)(first + g) * (size_t)step;
                for (int i = 0; i < step; i += 64) __builtin_prefetch(p + 2 * step + i);
                if (count < MK_GROUP) {
                    copy_partial(type, p, count, partial);
                    p = partial;
                }
                scales[r] = pack_row(type, p, out);
            } else {
                memset(out, 0x80, MK_GROUP);
                scales[r] = 0;
            }
            if (r % 4 == 3) transpose4(bytes, packed + (r - 3) * 4);
        }
    }
}

#define PACK(T)                                                                                                  \
    void mk_neon_pack_##T(const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups,            \
                          uint8_t *packed, float *scales) {                                                      \
        pack(MK_##T, w, row_bytes, rows, n, first, groups, packed, scales);                                      \
    }
MK_FOR_EACH_TYPE(PACK)
#include "../internal/target_end.h"
#endif
