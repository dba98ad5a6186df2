// Entries of the NEON table that have files of their own.
#ifndef MARTLET_NEON_H
#define MARTLET_NEON_H
#include "../internal/unpack.h"

#define MK_DECLARE(T)                                                                                             \
    void mk_neon_gemv_##T(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out);    \
    void mk_neon_pack_##T(const uint8_t *w, size_t row_bytes, int rows, int n, int first, int groups,             \
                          uint8_t *packed, float *scales);
MK_FOR_EACH_TYPE(MK_DECLARE)
#undef MK_DECLARE
#endif
