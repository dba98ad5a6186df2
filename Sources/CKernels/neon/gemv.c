// Matrix-vector products of every block type.
#if defined(__aarch64__)
#include "../internal/target_neon.h"
#include "blocks.h"
#include "neon.h"

enum { PREFETCH_BYTES = 4096 };

MK_INLINE float32x4_t offset_products(const float *offset, const int16_t *sums, int count) {
    float32x4_t part = vdupq_n_f32(0);
    for (int i = 0; i < count; i += 4)
        part = vfmaq_f32(part, vld1q_f32(offset + i), vcvtq_f32_s32(vmovl_s16(vld1_s16(sums + i))));
    return part;
}

// sum + the products of the first n elements of a group, in 4 parts: scales multiply in floating point. Whole groups
// give n as a constant.
MK_INLINE float32x4_t add_group(int type, const uint8_t *p, int n, const mk_group *x, float32x4_t sum) {
    const int span = scale_span(type);
    scales16 s;
    scales_of(type, p, &s);
    // What follows belongs to the next row and may be anything.
    for (int i = n / 32; i < 8; i++) s.offset[i] = 0;
    float32x4_t part = mk_has_offsets(type) ? offset_products(s.offset, x->sum32, 8) : vdupq_n_f32(0);
    MK_UNROLL
    for (int i = 0; i < 8; i++) {
        if (32 * i >= n) break;
        int8x16x2_t c = codes32(type, p, i);
        int8x16_t low = vld1q_s8(x->q + 32 * i), high = vld1q_s8(x->q + 32 * i + 16);
        int32x4_t dot = vdotq_s32(vdupq_n_s32(0), c.val[0], low);
        if (span == 32) {
            dot = vdotq_s32(dot, c.val[1], high);
            part = vfmaq_n_f32(part, vcvtq_f32_s32(dot), s.scale[i]);
        } else {
            part = vfmaq_n_f32(part, vcvtq_f32_s32(dot), s.scale[2 * i]);
            dot = vdotq_s32(vdupq_n_s32(0), c.val[1], high);
            part = vfmaq_n_f32(part, vcvtq_f32_s32(dot), s.scale[2 * i + 1]);
        }
    }
    return vfmaq_n_f32(sum, part, x->scale);
}

// The same for the K-quants, whose scales are integers times one float a block.
MK_INLINE float32x4_t add_super_block(int type, const uint8_t *p, const mk_group *x, float32x4_t sum) {
    const int span = scale_span(type);
    integer_scales s;
    integer_scales_of(type, p, &s);
    int32x4_t total = vdupq_n_s32(0);
    MK_UNROLL
    for (int i = 0; i < 8; i++) {
        int8x16x2_t c = codes32(type, p, i);
        int8x16_t low = vld1q_s8(x->q + 32 * i), high = vld1q_s8(x->q + 32 * i + 16);
        int32x4_t dot = vdotq_s32(vdupq_n_s32(0), c.val[0], low);
        if (span == 32) {
            total = vmlaq_n_s32(total, vdotq_s32(dot, c.val[1], high), s.scale[i]);
        } else {
            total = vmlaq_n_s32(total, dot, s.scale[2 * i]);
            total = vmlaq_n_s32(total, vdotq_s32(vdupq_n_s32(0), c.val[1], high), s.scale[2 * i + 1]);
        }
    }
    if (mk_has_offsets(type)) {
        const int16_t *sums = span == 16 ? x->sum16 : x->sum32;
        int32x4_t low = vdupq_n_s32(0);
        for (int i = 0; i < MK_GROUP / span; i += 8) {
            int16x8_t minimum = vmovl_s8(vld1_s8(s.minimum + i)), part = vld1q_s16(sums + i);
            low = vmlal_s16(low, vget_low_s16(minimum), vget_low_s16(part));
            low = vmlal_s16(low, vget_high_s16(minimum), vget_high_s16(part));
        }
        sum = vfmsq_n_f32(sum, vcvtq_f32_s32(low), s.minimum_d * x->scale);
    }
    return vfmaq_n_f32(sum, vcvtq_f32_s32(total), s.d * x->scale);
}

MK_INLINE void gemv(int type, const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out) {
    uint8_t partial[PARTIAL_BYTES] __attribute__((aligned(64)));
    const int bytes = mk_group_bytes(type), whole = n / MK_GROUP, rest = n % MK_GROUP;
    const int used = n / mk_block_elements(type) * mk_block_bytes(type);
    for (int r = 0; r < rows; r++, w += row_bytes) {
        float32x4_t sum = vdupq_n_f32(0);
        const uint8_t *p = w;
        for (int g = 0; g < whole; g++, p += bytes) {
            for (int i = 0; i < bytes; i += 64) __builtin_prefetch(p + PREFETCH_BYTES + i);
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
        out[r] = vaddvq_f32(sum);
    }
}

#define GEMV(T)                                                                                                   \
    void mk_neon_gemv_##T(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out) {   \
        gemv(MK_##T, w, row_bytes, rows, n, a, out);                                                              \
    }
MK_FOR_EACH_TYPE(GEMV)
#include "../internal/target_end.h"
#endif
