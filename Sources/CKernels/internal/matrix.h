// Matrix products that work for every type: one token by `mk_dot256` over canonical groups, many tokens by
// requantised tiles. A level may replace single entries by faster ones of its own.
#include "vector.h"

// The level defines: float mk_dot256(const int8_t *codes, const float *scale, const float *offset, const mk_group *a)
// = sum over the group of (scale * code + offset) * q, without a->scale.

MK_INLINE void mk_gemv_any(int type, const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a,
                           float *out) {
    int8_t codes[MK_GROUP] __attribute__((aligned(64)));
    float scale[16] __attribute__((aligned(64))), offset[16] __attribute__((aligned(64)));
    for (int r = 0; r < rows; r++, w += row_bytes) {
        float sum = 0;
        for (int g = 0; g * MK_GROUP < n; g++) {
            int count = n - g * MK_GROUP < MK_GROUP ? n - g * MK_GROUP : MK_GROUP;
            mk_unpack_group(type, w + (size_t)g * mk_group_bytes(type), count, codes, scale, offset);
            sum += a[g].scale * mk_dot256(codes, scale, offset, a + g);
        }
        out[r] = sum;
    }
}

MK_INLINE void mk_pack_any(int type, const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups,
                           uint8_t *packed, float *scales) {
    int8_t codes[MK_GROUP] __attribute__((aligned(64)));
    float scale[16], offset[16], value[MK_GROUP];
    for (int g = 0; g < groups; g++, packed += MK_GROUP * MK_TILE_ROWS, scales += MK_TILE_ROWS) {
        int count = n - (first + g) * MK_GROUP < MK_GROUP ? n - (first + g) * MK_GROUP : MK_GROUP;
        for (int r = 0; r < MK_TILE_ROWS; r++) {
            uint32_t quads[MK_GROUP / 4];
            scales[r] = 0;
            memset(quads, 0x80, sizeof quads);
            if (r < rows) {
                const uint8_t *p = w + r * row_bytes + (size_t)(first + g) * mk_group_bytes(type);
                mk_unpack_group(type, p, count, codes, scale, offset);
                float largest = 0;
                for (int i = 0; i < MK_GROUP; i++) {
                    value[i] = scale[i / 16] * (float)codes[i] + offset[i / 16];
                    float a = value[i] < 0 ? -value[i] : value[i];
                    largest = a > largest ? a : largest;
                }
                float inverse = largest > 0 ? 127.0f / largest : 0;
                scales[r] = largest / 127.0f;
                uint8_t *bytes = (uint8_t *)quads;
                for (int i = 0; i < MK_GROUP; i++) {
                    float shifted = value[i] * inverse + 12582912.0f;
                    bytes[i] = (uint8_t)((mk_float_to_bits(shifted) & 0xff) ^ 0x80);
                }
            }
            for (int k = 0; k < MK_GROUP / 4; k++) memcpy(packed + (k * MK_TILE_ROWS + r) * 4, &quads[k], 4);
        }
    }
}

#define MK_FOR_EACH_TYPE(DO)                                                                                      \
    DO(Q4_0) DO(Q4_1) DO(Q5_0) DO(Q5_1) DO(Q8_0) DO(Q2_K) DO(Q3_K) DO(Q4_K) DO(Q5_K) DO(Q6_K) DO(Q8_K) DO(IQ4_NL) \
    DO(IQ4_XS) DO(MXFP4) DO(NVFP4)

#define MK_DEFINE(T)                                                                                               \
    static void mk_gemv_any_##T(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a,            \
                                float *out) {                                                                      \
        mk_gemv_any(MK_##T, w, row_bytes, rows, n, a, out);                                                        \
    }                                                                                                              \
    static void mk_pack_any_##T(const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups,        \
                                uint8_t *packed, float *scales) {                                                  \
        mk_pack_any(MK_##T, w, row_bytes, rows, n, first, groups, packed, scales);                                 \
    }
MK_FOR_EACH_TYPE(MK_DEFINE)

// Unfused arithmetic: the values are those of the reference to the last bit.
static void mk_dequantize(int type, const uint8_t *w, int n, float *out) {
    switch (type) {
    case MK_F32: memcpy(out, w, (size_t)n * 4); return;
    case MK_F16:
        for (int i = 0; i < n; i++) out[i] = mk_load_half(w + 2 * i);
        return;
    case MK_BF16:
        for (int i = 0; i < n; i++) out[i] = mk_load_bf16(w + 2 * i);
        return;
    default: break;
    }
    int8_t codes[MK_GROUP];
    float scale[16], offset[16];
    for (int g = 0; g * MK_GROUP < n; g++) {
        int count = n - g * MK_GROUP < MK_GROUP ? n - g * MK_GROUP : MK_GROUP;
        mk_unpack_group(type, w + (size_t)g * mk_group_bytes(type), count, codes, scale, offset);
        for (int i = 0; i < count; i++) out[g * MK_GROUP + i] = scale[i / 16] * (float)codes[i] + offset[i / 16];
    }
}

// Dot products of float rows: 4 rows x 4 tokens share their loads.
MK_INLINE vf mk_load_float(int type, const uint8_t *row, int i) {
    if (type == MK_F16) return vf_load_half((const uint16_t *)row + i);
    if (type == MK_BF16) return vf_load_bf16v((const uint16_t *)row + i);
    return vf_load((const float *)row + i);
}

MK_INLINE float mk_load_one(int type, const uint8_t *row, int i) {
    if (type == MK_F16) return mk_load_half(row + 2 * i);
    if (type == MK_BF16) return mk_load_bf16(row + 2 * i);
    return ((const float *)row)[i];
}

MK_INLINE void mk_gemm_float_tile(int type, int R, int T, const uint8_t *w, size_t row_bytes, int n, const float *x,
                                  size_t ldx, float *out, size_t ldo) {
    vf acc[4][4];
    for (int r = 0; r < R; r++)
        for (int t = 0; t < T; t++) acc[r][t] = vf_set(0);
    int i = 0;
    for (; i + VW <= n; i += VW) {
        vf xv[4];
        for (int t = 0; t < T; t++) xv[t] = vf_load(x + t * ldx + i);
        for (int r = 0; r < R; r++) {
            vf wv = mk_load_float(type, w + r * row_bytes, i);
            for (int t = 0; t < T; t++) acc[r][t] = vf_fma(wv, xv[t], acc[r][t]);
        }
    }
    for (int r = 0; r < R; r++)
        for (int t = 0; t < T; t++) {
            float sum = vf_sum(acc[r][t]);
            for (int j = i; j < n; j++) sum += mk_load_one(type, w + r * row_bytes, j) * x[t * ldx + j];
            out[t * ldo + r] = sum;
        }
}

MK_INLINE void mk_gemm_float_any(int type, const uint8_t *w, size_t row_bytes, int rows, int n, const float *x,
                                 size_t ldx, int tokens, float *out, size_t ldo) {
    for (int r = 0; r < rows;) {
        int step = rows - r >= 4 ? 4 : 1;
        const uint8_t *row = w + r * row_bytes;
        int t = 0;
        for (; t + 4 <= tokens; t += 4) {
            if (step == 4) mk_gemm_float_tile(type, 4, 4, row, row_bytes, n, x + t * ldx, ldx, out + t * ldo + r, ldo);
            else mk_gemm_float_tile(type, 1, 4, row, row_bytes, n, x + t * ldx, ldx, out + t * ldo + r, ldo);
        }
        for (; t < tokens; t++) {
            if (step == 4) mk_gemm_float_tile(type, 4, 1, row, row_bytes, n, x + t * ldx, ldx, out + t * ldo + r, ldo);
            else mk_gemm_float_tile(type, 1, 1, row, row_bytes, n, x + t * ldx, ldx, out + t * ldo + r, ldo);
        }
        r += step;
    }
}

static void mk_gemm_float(int type, const uint8_t *w, size_t row_bytes, int rows, int n, const float *x, size_t ldx,
                          int tokens, float *out, size_t ldo) {
    switch (type) {
    case MK_F32: mk_gemm_float_any(MK_F32, w, row_bytes, rows, n, x, ldx, tokens, out, ldo); break;
    case MK_F16: mk_gemm_float_any(MK_F16, w, row_bytes, rows, n, x, ldx, tokens, out, ldo); break;
    case MK_BF16: mk_gemm_float_any(MK_BF16, w, row_bytes, rows, n, x, ldx, tokens, out, ldo); break;
    default: break;
    }
}
