// Rows of bytes to the order that gemm.c reads.
#ifndef MARTLET_AVX512_TRANSPOSE_H
#define MARTLET_AVX512_TRANSPOSE_H
#define MK_LEVEL 2
#include "../internal/transpose.h"

// bytes [16 rows][256] -> packed[k][row][4] for 16 of the tile's 32 rows. Four bytes move as one float.
MK_INLINE void transpose16(const uint8_t *bytes, uint8_t *packed) {
    for (int block = 0; block < 4; block++) {
        vf r[16];
        MK_UNROLL
        for (int i = 0; i < 16; i++) r[i] = _mm512_load_ps(bytes + i * MK_GROUP + block * 64);
        vf_transpose(r);
        MK_UNROLL
        for (int i = 0; i < 16; i++) _mm512_storeu_ps(packed + (block * 16 + i) * MK_TILE_ROWS * 4, r[i]);
    }
}
#endif
