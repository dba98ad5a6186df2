// Plain C: runs everywhere, and is the twin that the other levels are tested against.
#define MK_LEVEL 0
#pragma STDC FP_CONTRACT OFF
#include "../internal/elementwise.h"
#include "../internal/floats.h"
#include "../internal/attention.h"
#include "../internal/delta.h"

static float mk_dot256(const int8_t *codes, const float *scale, const float *offset, const mk_group *a) {
    float sum = 0;
    for (int s = 0; s < 16; s++) {
        int dot = 0;
        for (int i = 0; i < 16; i++) dot += codes[16 * s + i] * a->q[16 * s + i];
        sum += scale[s] * (float)dot + offset[s] * (float)a->sum16[s];
    }
    return sum;
}

#include "../internal/matrix.h"

static void mk_gemm(const uint8_t *packed, const float *scales, int groups, const mk_group *a, size_t lda, int tokens,
                    float *tile) {
    for (int t = 0; t < tokens; t++)
        for (int g = 0; g < groups; g++) {
            const mk_group *x = a + t * lda + g;
            const uint8_t *w = packed + (size_t)g * MK_GROUP * MK_TILE_ROWS;
            for (int r = 0; r < MK_TILE_ROWS; r++) {
                int dot = 0;
                for (int i = 0; i < MK_GROUP; i++)
                    dot += ((int)w[(i / 4 * MK_TILE_ROWS + r) * 4 + i % 4] - 128) * x->q[i];
                tile[t * MK_TILE_ROWS + r] += scales[g * MK_TILE_ROWS + r] * x->scale * (float)dot;
            }
        }
}

#define MK_TABLE mk_scalar_kernels
#define MK_TITLE "scalar"
#include "../internal/table.h"
