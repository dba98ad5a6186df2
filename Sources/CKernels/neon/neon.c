// The NEON level, for ARMv8.2 with dot products.
#define MK_LEVEL 3
#if defined(__aarch64__)
#include "../internal/target_neon.h"
#include "../internal/elementwise.h"
#include "../internal/floats.h"
#include "../internal/attention.h"
#include "../internal/delta.h"
#include "neon.h"

// 16 rows x T tokens over all groups: 20 sums, 5 vectors of activations and a weight vector in 32 registers.
MK_INLINE void tile_tokens(int T, const uint8_t *w, const float *scales, int groups, const mk_group *a, size_t lda,
                           float *tile) {
    const uint8x16_t bias = vdupq_n_u8(0x80);
    for (int g = 0; g < groups; g++, w += MK_GROUP * MK_TILE_ROWS, scales += MK_TILE_ROWS) {
        int32x4_t sum[4][5];
        MK_UNROLL
        for (int v = 0; v < 4; v++)
            MK_UNROLL
            for (int t = 0; t < T; t++) sum[v][t] = vdupq_n_s32(0);
        for (int k = 0; k < MK_GROUP / 4; k += 4) {
            int8x16_t x[5];
            for (int t = 0; t < T; t++) x[t] = vld1q_s8(a[(size_t)t * lda + (size_t)g].q + 4 * k);
            const uint8_t *quads = w + k * MK_TILE_ROWS * 4;
// Four bytes of 16 rows times lane LANE of each token's activations.
#define STEP(LANE)                                                                                              \
    MK_UNROLL                                                                                                   \
    for (int v = 0; v < 4; v++) {                                                                               \
        uint8x16_t bytes = veorq_u8(vld1q_u8(quads + LANE * MK_TILE_ROWS * 4 + 16 * v), bias);                  \
        MK_UNROLL                                                                                               \
        for (int t = 0; t < T; t++) sum[v][t] = vdotq_laneq_s32(sum[v][t], vreinterpretq_s8_u8(bytes), x[t], LANE); \
    }
            STEP(0) STEP(1) STEP(2) STEP(3)
#undef STEP
        }
        MK_UNROLL
        for (int t = 0; t < T; t++)
            MK_UNROLL
            for (int v = 0; v < 4; v++) {
                float *out = tile + t * MK_TILE_ROWS + 4 * v;
                float32x4_t d = vmulq_n_f32(vld1q_f32(scales + 4 * v), a[(size_t)t * lda + (size_t)g].scale);
                vst1q_f32(out, vfmaq_f32(vld1q_f32(out), d, vcvtq_f32_s32(sum[v][t])));
            }
    }
}

MK_INLINE void both_halves(int T, const uint8_t *packed, const float *scales, int groups, const mk_group *a,
                           size_t lda, float *tile) {
    tile_tokens(T, packed, scales, groups, a, lda, tile);
    tile_tokens(T, packed + 64, scales + 16, groups, a, lda, tile + 16);
}

static void mk_gemm(const uint8_t *packed, const float *scales, int groups, const mk_group *a, size_t lda, int tokens,
                    float *tile) {
    for (; tokens >= 5; tokens -= 5, a += 5 * lda, tile += 5 * MK_TILE_ROWS)
        both_halves(5, packed, scales, groups, a, lda, tile);
    switch (tokens) {
#define CASE(T) case T: both_halves(T, packed, scales, groups, a, lda, tile); break;
        CASE(1) CASE(2) CASE(3) CASE(4)
    }
}

static void mk_quantize_neon(const float *x, int n, mk_group *out) {
    for (int start = 0; start < n; start += MK_GROUP, out++, x += MK_GROUP) {
        int count = n - start < MK_GROUP ? n - start : MK_GROUP;
        float32x4_t most = vdupq_n_f32(0);
        for (int i = 0; i < count; i += 4) most = vmaxq_f32(most, vabsq_f32(vld1q_f32(x + i)));
        float largest = vmaxvq_f32(most), inverse = largest > 0 ? 127.0f / largest : 0;
        out->scale = largest / 127.0f;
        for (int s = 0; s < 16; s++) {
            int8x16_t q = vdupq_n_s8(0);
            if (16 * s < count) {
                int16x4_t v[4];
                for (int i = 0; i < 4; i++)
                    v[i] = vqmovn_s32(vcvtnq_s32_f32(vmulq_n_f32(vld1q_f32(x + 16 * s + 4 * i), inverse)));
                q = vcombine_s8(vqmovn_s16(vcombine_s16(v[0], v[1])), vqmovn_s16(vcombine_s16(v[2], v[3])));
            }
            vst1q_s8(out->q + 16 * s, q);
            out->sum16[s] = vaddlvq_s8(q);
        }
        int total = 0;
        for (int s = 0; s < 8; s++) {
            out->sum32[s] = (int16_t)(out->sum16[2 * s] + out->sum16[2 * s + 1]);
            total += out->sum32[s];
        }
        out->sum = total;
    }
}

#define MK_QUANTIZE mk_quantize_neon
#define MK_BLOCKS(T) .gemv[MK_##T] = mk_neon_gemv_##T, .pack[MK_##T] = mk_neon_pack_##T,
#define MK_TABLE mk_neon_kernels
#define MK_TITLE "neon"
#include "../internal/table.h"
#include "../internal/target_end.h"
#endif
