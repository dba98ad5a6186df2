// Products and packing of any block type, through the canonical form of unpack.h: for levels without faster ones.
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
