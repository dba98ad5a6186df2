// Rows of bytes to the order that gemm.c reads.
#ifndef MARTLET_AVX512_TRANSPOSE_H
#define MARTLET_AVX512_TRANSPOSE_H
#include "../internal/unpack.h"

// bytes [16 rows][256] -> packed[k][row][4] for 16 of the tile's 32 rows.
MK_INLINE void transpose16(const uint8_t *bytes, uint8_t *packed) {
    for (int block = 0; block < 4; block++) {
        __m512i r[16], t[16];
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++) r[i] = _mm512_load_si512(bytes + i * MK_GROUP + block * 64);
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i += 2) {
            t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
            t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i += 4) {
            r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
            r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
            r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
            r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
        }
        // r[4b + c] holds, in 128-bit lane l, column 4l + c of rows 4b .. 4b + 3.
#pragma clang loop unroll(full)
        for (int c = 0; c < 4; c++) {
            __m512i a = _mm512_shuffle_i32x4(r[c], r[4 + c], 0x88), b = _mm512_shuffle_i32x4(r[c], r[4 + c], 0xdd);
            __m512i d = _mm512_shuffle_i32x4(r[8 + c], r[12 + c], 0x88);
            __m512i e = _mm512_shuffle_i32x4(r[8 + c], r[12 + c], 0xdd);
            uint8_t *out = packed + (block * 16 + c) * MK_TILE_ROWS * 4;
            _mm512_storeu_si512(out, _mm512_shuffle_i32x4(a, d, 0x88));
            _mm512_storeu_si512(out + 4 * MK_TILE_ROWS * 4, _mm512_shuffle_i32x4(b, e, 0x88));
            _mm512_storeu_si512(out + 8 * MK_TILE_ROWS * 4, _mm512_shuffle_i32x4(a, d, 0xdd));
            _mm512_storeu_si512(out + 12 * MK_TILE_ROWS * 4, _mm512_shuffle_i32x4(b, e, 0xdd));
        }
    }
}
#endif
