// The AVX2 level.
#define MK_LEVEL 1
#if defined(__x86_64__)
#include "../internal/target_avx2.h"
#include "../internal/elementwise.h"
#include "../internal/floats.h"
#include "../internal/attention.h"
#include "../internal/delta.h"
#include "avx2.h"

#define mk_gemm mk_avx2_gemm
#define MK_QUANTIZE mk_avx2_quantize
#define MK_BLOCKS(T) .gemv[MK_##T] = mk_avx2_gemv_##T, .pack[MK_##T] = mk_avx2_pack_##T,
#define MK_TABLE mk_avx2_kernels
#define MK_TITLE "avx2"
#include "../internal/table.h"
#include "../internal/target_end.h"
#endif
