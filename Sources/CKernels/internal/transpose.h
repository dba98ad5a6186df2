// Turning matrices on their side.
#ifndef MARTLET_TRANSPOSE_H
#define MARTLET_TRANSPOSE_H
#include "vector.h"

#ifndef MK_UNROLL
#define MK_UNROLL _Pragma("clang loop unroll(full)")
#endif

// Rows become columns: VW vectors of VW floats, in place.
MK_INLINE void vf_transpose(vf *r) {
#if MK_LEVEL == 2
    vf t[16];
    MK_UNROLL
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
    }
#define PAIR(PART, a, b) _mm512_castpd_ps(_mm512_unpack##PART##_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)))
    MK_UNROLL
    for (int i = 0; i < 16; i += 4) {
        r[i] = PAIR(lo, t[i], t[i + 2]);
        r[i + 1] = PAIR(hi, t[i], t[i + 2]);
        r[i + 2] = PAIR(lo, t[i + 1], t[i + 3]);
        r[i + 3] = PAIR(hi, t[i + 1], t[i + 3]);
    }
#undef PAIR
    // r[4b + c] holds, in 128-bit lane l, column 4l + c of rows 4b .. 4b + 3.
    MK_UNROLL
    for (int c = 0; c < 4; c++) {
        vf a = _mm512_shuffle_f32x4(r[c], r[4 + c], 0x88), b = _mm512_shuffle_f32x4(r[c], r[4 + c], 0xdd);
        vf d = _mm512_shuffle_f32x4(r[8 + c], r[12 + c], 0x88), e = _mm512_shuffle_f32x4(r[8 + c], r[12 + c], 0xdd);
        t[c] = _mm512_shuffle_f32x4(a, d, 0x88);
        t[4 + c] = _mm512_shuffle_f32x4(b, e, 0x88);
        t[8 + c] = _mm512_shuffle_f32x4(a, d, 0xdd);
        t[12 + c] = _mm512_shuffle_f32x4(b, e, 0xdd);
    }
    MK_UNROLL
    for (int i = 0; i < 16; i++) r[i] = t[i];
#elif MK_LEVEL == 1
    vf t[8];
    MK_UNROLL
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
    MK_UNROLL
    for (int i = 0; i < 8; i += 4) {
        r[i] = _mm256_shuffle_ps(t[i], t[i + 2], 0x44);
        r[i + 1] = _mm256_shuffle_ps(t[i], t[i + 2], 0xee);
        r[i + 2] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0x44);
        r[i + 3] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0xee);
    }
    MK_UNROLL
    for (int c = 0; c < 4; c++) {
        t[c] = _mm256_permute2f128_ps(r[c], r[4 + c], 0x20);
        t[4 + c] = _mm256_permute2f128_ps(r[c], r[4 + c], 0x31);
    }
    MK_UNROLL
    for (int i = 0; i < 8; i++) r[i] = t[i];
#elif MK_LEVEL == 3
    float32x4x2_t a = vtrnq_f32(r[0], r[1]), b = vtrnq_f32(r[2], r[3]);
    r[0] = vcombine_f32(vget_low_f32(a.val[0]), vget_low_f32(b.val[0]));
    r[1] = vcombine_f32(vget_low_f32(a.val[1]), vget_low_f32(b.val[1]));
    r[2] = vcombine_f32(vget_high_f32(a.val[0]), vget_high_f32(b.val[0]));
    r[3] = vcombine_f32(vget_high_f32(a.val[1]), vget_high_f32(b.val[1]));
#else
    (void)r;
#endif
}

// out[column * out_stride + row] = in[row * in_stride + column]
static inline void mk_transpose(const float *in, size_t in_stride, int rows, int columns, float *out, size_t out_stride) {
    int whole = rows / VW * VW, wide = columns / VW * VW;
    for (int r = 0; r < whole; r += VW)
        for (int c = 0; c < wide; c += VW) {
            vf block[VW];
            for (int i = 0; i < VW; i++) block[i] = vf_load(in + (size_t)(r + i) * in_stride + c);
            vf_transpose(block);
            for (int i = 0; i < VW; i++) vf_store(out + (size_t)(c + i) * out_stride + r, block[i]);
        }
    for (int r = 0; r < rows; r++)
        for (int c = r < whole ? wide : 0; c < columns; c++)
            out[(size_t)c * out_stride + r] = in[(size_t)r * in_stride + c];
}

// 32 x 16 floats -> one Q8_0 block for each of the 16 columns, `stride` bytes apart.
MK_INLINE void mk_quantize_columns(const float *in, size_t in_stride, uint8_t *out, size_t stride) {
    float largest[16] = {0}, inverse[16];
    int8_t codes[32][16];
    for (int r = 0; r < 32; r++)
        for (int c = 0; c < 16; c++) {
            float a = __builtin_fabsf(in[(size_t)r * in_stride + c]);
            largest[c] = a > largest[c] ? a : largest[c];
        }
    for (int c = 0; c < 16; c++) inverse[c] = largest[c] > 0 ? 127.0f / largest[c] : 0;
    for (int r = 0; r < 32; r++)
        for (int c = 0; c < 16; c++)
            codes[r][c] =
                (int8_t)(mk_float_to_bits(in[(size_t)r * in_stride + c] * inverse[c] + 12582912.0f) & 0xff);
    for (int c = 0; c < 16; c++) {
        uint16_t scale = mk_float_to_half(largest[c] / 127.0f);
        memcpy(out + c * stride, &scale, 2);
        for (int r = 0; r < 32; r++) out[c * stride + 2 + r] = (uint8_t)codes[r][c];
    }
}

// [rows][columns] floats -> each column as a row of Q8_0 blocks. 32 divides rows, 16 divides columns.
static inline void mk_transpose_q8(const float *in, int rows, int columns, uint8_t *out) {
    size_t stride = (size_t)rows / 32 * 34;
    for (int c = 0; c < columns; c += 16)
        for (int r = 0; r < rows; r += 32)
            mk_quantize_columns(in + (size_t)r * columns + c, (size_t)columns, out + c * stride + (size_t)r / 32 * 34,
                                stride);
}

#endif
