// The level's function table; a level defines MK_TABLE (its name), MK_TITLE and mk_gemm. It may name block routines,
// quantisation and reading of its own.
#ifndef MK_BLOCKS
#define MK_BLOCKS(T) .gemv[MK_##T] = mk_gemv_any_##T, .pack[MK_##T] = mk_pack_any_##T,
#endif
#ifndef MK_FEW
#define MK_FEW
#endif
#ifndef MK_QUANTIZE
#define MK_QUANTIZE mk_quantize
#endif
#ifndef MK_READ
#define MK_READ mk_read
#endif

const mk_kernels MK_TABLE = {
    .name = MK_TITLE,
    .quantize = MK_QUANTIZE,
    MK_FOR_EACH_TYPE(MK_BLOCKS)
    MK_FEW
    .gemm = mk_gemm,
    .gemm_float = mk_gemm_float,
    .dequantize = mk_dequantize,
    .rms_norm = mk_rms_norm,
    .add = mk_add,
    .add_scaled = mk_add_scaled,
    .layer_norm = mk_layer_norm,
    .activate = mk_activate,
    .gate = mk_gate,
    .mix_streams = mk_mix_streams,
    .pool = mk_pool,
    .rope_halves = mk_rope_halves,
    .rope_pairs = mk_rope_pairs,
    .store_key = mk_store_key,
    .store_value = mk_store_value,
    .attend = mk_attend,
    .index_scores = mk_index_scores,
    .transpose = mk_transpose,
    .transpose_q8 = mk_transpose_q8,
    .l2_norm = mk_l2_norm,
    .convolve = mk_convolve,
    .delta_rule = mk_delta_rule,
    .read = MK_READ,
};
