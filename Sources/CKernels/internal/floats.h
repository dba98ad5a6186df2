// Products of float matrices, and rows of any type as floats, for any level.
#include "vector.h"

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
        for (int i = 0; i < count; i++) {
            float value = scale[i / 16] * (float)codes[i];
            // Adding zero would lose the sign of a negative zero.
            out[g * MK_GROUP + i] = mk_has_offsets(type) ? value + offset[i / 16] : value;
        }
    }
}

// Dot products of float rows: 4 rows share the loads of as many tokens as the registers hold sums for.
#if MK_LEVEL == 1
enum { MK_FLOAT_TOKENS = 3 }; // 12 sums, 3 inputs and a weight in 16 registers
#else
enum { MK_FLOAT_TOKENS = 4 };
#endif

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
    vf acc[4][MK_FLOAT_TOKENS];
    for (int r = 0; r < R; r++)
        for (int t = 0; t < T; t++) acc[r][t] = vf_set(0);
    int i = 0;
    for (; i + VW <= n; i += VW) {
        vf xv[MK_FLOAT_TOKENS];
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
#define TILE(R, T) mk_gemm_float_tile(type, R, T, row, row_bytes, n, x + t * ldx, ldx, out + t * ldo + r, ldo)
        for (; t + MK_FLOAT_TOKENS <= tokens; t += MK_FLOAT_TOKENS) {
            if (step == 4) TILE(4, MK_FLOAT_TOKENS);
            else TILE(1, MK_FLOAT_TOKENS);
        }
        for (; t < tokens; t++) {
            if (step == 4) TILE(4, 1);
            else TILE(1, 1);
        }
#undef TILE
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
