// The level's function table; a level defines MK_TABLE (its name), MK_TITLE, mk_gemm and, optionally, MK_OVERRIDES.
#ifndef MK_OVERRIDES
#define MK_OVERRIDES
#endif
#ifndef MK_QUANTIZE
#define MK_QUANTIZE mk_quantize
#endif

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Winitializer-overrides"
const mk_kernels MK_TABLE = {
    .name = MK_TITLE,
    .quantize = MK_QUANTIZE,
#define MK_GEMV(T) .gemv[MK_##T] = mk_gemv_any_##T, .pack[MK_##T] = mk_pack_any_##T,
    MK_FOR_EACH_TYPE(MK_GEMV)
#undef MK_GEMV
    .gemm = mk_gemm,
    .gemm_float = mk_gemm_float,
    .dequantize = mk_dequantize,
    .rms_norm = mk_rms_norm,
    .add = mk_add,
    .add_scaled = mk_add_scaled,
    .silu_multiply = mk_silu_multiply,
    .rope_halves = mk_rope_halves,
    .rope_pairs = mk_rope_pairs,
    .store_kv = mk_store_kv,
    .attend = mk_attend,
    .read = mk_read,
    MK_OVERRIDES
};
#pragma clang diagnostic pop
