#ifndef MARTLET_SCALE_PAIRS_H
#define MARTLET_SCALE_PAIRS_H

#include "../internal/unpack.h"

// Eight 6-bit scales and eight minimums of a Q4_K or Q5_K block, a byte each. In general registers, because the
// vector pipes that shuffle are what bounds these kernels.
typedef struct {
    uint64_t scales, minimums;
} scale_pairs;

MK_INLINE scale_pairs unpack_scales(const uint8_t *p) {
    uint64_t ab;
    uint32_t c;
    memcpy(&ab, p, 8);
    memcpy(&c, p + 8, 4);
    uint64_t top = ab >> 2 & 0x3030303030303030, low = ab & 0x3f3f3f3f3f3f3f3f;
    uint64_t s1 = (c & 0x0f0f0f0f) | (top & 0xffffffff), m1 = (c >> 4 & 0x0f0f0f0f) | top >> 32;
    return (scale_pairs){(low & 0xffffffff) | s1 << 32, low >> 32 | m1 << 32};
}

#endif
