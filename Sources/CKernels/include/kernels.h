// SIMD loops over raw pointers and sizes. Nothing here allocates, locks or reports: Swift (target
// Tensors) checks sizes before it calls. Every level offers the same table of functions.
#ifndef MARTLET_KERNELS_H
#define MARTLET_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Activations are quantised in groups of 256 along the row; the last group is padded with zeros.
enum { MK_GROUP = 256, MK_TILE_ROWS = 32, MK_FEW_TOKENS = 8, MK_KEY_BLOCK = 32, MK_TYPE_COUNT = 41 };

// Element types, numbered as in GGUF.
enum {
    MK_F32 = 0, MK_F16 = 1, MK_Q4_0 = 2, MK_Q4_1 = 3, MK_Q5_0 = 6, MK_Q5_1 = 7, MK_Q8_0 = 8,
    MK_Q2_K = 10, MK_Q3_K = 11, MK_Q4_K = 12, MK_Q5_K = 13, MK_Q6_K = 14, MK_Q8_K = 15,
    MK_IQ4_NL = 20, MK_IQ4_XS = 23, MK_BF16 = 30, MK_MXFP4 = 39, MK_NVFP4 = 40,
};

// One group of quantised activations: x[i] ~ scale * q[i].
typedef struct {
    int8_t q[MK_GROUP];
    int16_t sum16[16]; // sums of q over 16 elements each
    int16_t sum32[8];  // sums of q over 32 elements each
    float scale;
    int32_t sum;       // sum of q over the group
    int32_t padding[2];
} mk_group;

// How a cache stores keys and values.
enum { MK_CACHE_F16 = 0, MK_CACHE_Q8_0 = 1, MK_CACHE_F32 = 2 };

// Running state of one attention task: `rows` queries against a range of keys of one KV head.
typedef struct {
    int rows;               // queries
    int key_dim, value_dim; // elements of a key and of a value, multiples of 16
    const float *q;         // [rows][key_dim], scaled
    const int32_t *first;   // [rows], the first key that the row may see; NULL: all before the limit
    const int32_t *limit;   // [rows], number of leading keys that the row may see
    int first_key, last_key; // keys [first_key, last_key); first_key is a multiple of MK_KEY_BLOCK
    int cache;              // MK_CACHE_...: how keys and values are stored
    const void *k;          // [keys / 32][key_dim][32]; NULL: the rows at `v` begin with the values and are the keys
    const uint16_t *k_scale; // q8_0: [keys / 32][key_dim / 32][32], f16
    const void *v;          // [keys][value_stride]
    const uint16_t *v_scale; // q8_0: [keys][value_stride / 32], f16
    int value_stride;       // elements of a stored row
    float *maximum;         // [rows], in and out: running maximum of the scores
    float *sum;             // [rows], in and out: running sum of exponentials
    float *out;             // [rows][value_dim], in and out: weighted values, not yet divided by sum
    float *scratch;         // [32 * larger dim + rows * 128] floats
} mk_attention;

// Some tokens of one head of the gated delta rule. The state lies in panels of 32 values,
// [value_dim / 32][key_dim][32]: panels do not depend on each other, and one fits the first-level cache.
typedef struct {
    int tokens;
    int key_dim, value_dim; // multiples of 32
    const float *q, *k;     // [tokens][key_dim]
    const float *v;         // [tokens][value_dim]
    const float *decay;     // [tokens], what a token leaves of the state, 0 to 1
    const float *beta;      // [tokens], how much of the correction is written
    float *state;           // in and out
    float *out;             // [tokens][value_dim]
} mk_delta;

// What stands between the two halves of a feed-forward block; g is the gate, u what is gated (1 where absent).
enum {
    MK_SILU = 0,      // silu(g) u; with a limit, g is cut above it and u to both sides of 0
    MK_GELU = 1,      // gelu(g) u, the tanh form
    MK_SWIGLU_OAI = 2, // g sigmoid(1.702 g) (u + 1), cut like the first
    MK_GELU_ERF = 3,  // gelu(g) u, as first defined
};

// out[rows] = W a for one token.
typedef void (*mk_gemv_function)(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, float *out);
// out[t * ldo + row] = W a[t * lda] for 2 to 8 tokens, with the bits of the product above: blocks are unpacked once.
typedef void (*mk_gemv_few_function)(const uint8_t *w, size_t row_bytes, int rows, int n, const mk_group *a, size_t lda,
                                     int tokens, float *out, size_t ldo);
// Requantises up to 32 rows to unsigned bytes, one scale per row and group: packed [groups][64][32][4],
// scales [groups][32]. Absent rows become zeros. Groups are counted from first_group.
typedef void (*mk_pack_function)(const uint8_t *w, size_t row_bytes, int rows, int n, int first_group, int groups,
                                 uint8_t *packed, float *scales);

typedef struct {
    const char *name;
    // x[n] -> groups. n is a multiple of 16; groups = ceil(n / 256).
    void (*quantize)(const float *x, int n, mk_group *out);
    // NULL where the type is a plain float.
    mk_gemv_function gemv[MK_TYPE_COUNT];
    mk_pack_function pack[MK_TYPE_COUNT];
    // NULL where the level has none for the type.
    mk_gemv_few_function gemv_few[MK_TYPE_COUNT];
    // tile[tokens][32] += packed rows x activations; `a` points at the first group, lda in groups.
    void (*gemm)(const uint8_t *packed, const float *scales, int groups, const mk_group *a, size_t lda, int tokens,
                 float *tile);
    // out[token * ldo + row] = W x in floating point; type is F32, F16 or BF16.
    void (*gemm_float)(int type, const uint8_t *w, size_t row_bytes, int rows, int n, const float *x, size_t ldx,
                       int tokens, float *out, size_t ldo);
    // Row of any type to float32; n is a whole number of blocks.
    void (*dequantize)(int type, const uint8_t *w, int n, float *out);
    // weight may be NULL.
    void (*rms_norm)(const float *x, const float *weight, float epsilon, int n, float *out);
    void (*add)(const float *x, const float *y, int n, float *out);
    // out += factor * x
    void (*add_scaled)(const float *x, float factor, int n, float *out);
    // (x - mean) / deviation * weight + bias
    void (*layer_norm)(const float *x, const float *weight, const float *bias, float epsilon, int n, float *out);
    // out = f(gate, up), MK_SILU ...; up may be NULL; limit is 0 where there is none.
    void (*activate)(int function, const float *gate, const float *up, float limit, int n, float *out);
    // out *= sigmoid(gate)
    void (*gate)(const float *gate, int n, float *out);
    // streams[k] = post[k] x + sum over j of mix[j][k] streams[j], rows of `width`; at most 8 streams.
    void (*mix_streams)(float *streams, int count, int width, const float *x, const float *post, const float *mix);
    // Sum over the rows of values weighed by a softmax of gates, every column by itself. 16 divides n.
    void (*pool)(const float *values, const float *gates, int rows, int n, float *out);
    // Rotates pairs (i, i + half), in place; cosines and sines are [half].
    void (*rope_halves)(float *x, const float *cosines, const float *sines, int half);
    // Rotates pairs (2i, 2i + 1), in place.
    void (*rope_pairs)(float *x, const float *cosines, const float *sines, int half);
    // Stores the key or value of one KV head at `position`; scales are for q8_0.
    void (*store_key)(int cache, const float *key, int dim, int position, void *k, uint16_t *scales);
    void (*store_value)(int cache, const float *value, int dim, int position, void *v, uint16_t *scales);
    void (*attend)(const mk_attention *task);
    // out[key - first_key] = sum over the task's rows of weights[row] * max(0, q[row] . key); only keys are read.
    void (*index_scores)(const mk_attention *task, const float *weights, float *out);
    // out[column * out_stride + row] = in[row * in_stride + column]
    void (*transpose)(const float *in, size_t in_stride, int rows, int columns, float *out, size_t out_stride);
    // [rows][columns] -> every column as a row of Q8_0 blocks. 32 divides rows, 16 divides columns.
    void (*transpose_q8)(const float *in, int rows, int columns, uint8_t *out);
    // x * factor / sqrt(sum of squares + epsilon)
    void (*l2_norm)(const float *x, float factor, float epsilon, int n, float *out);
    // silu of a depthwise convolution at one token: rows[taps] are the inputs from the oldest to the token's own,
    // weight is [taps][stride], of which n are used.
    void (*convolve)(const float *const *rows, const float *weight, size_t stride, int taps, int n, float *out);
    // Takes one head over some tokens by the gated delta rule.
    void (*delta_rule)(const mk_delta *task);
    // Sum of 32-bit words, for measuring bandwidth.
    uint64_t (*read)(const uint8_t *bytes, size_t count);
} mk_kernels;

// Levels. mk_kernels_at returns NULL where this machine lacks the level.
enum { MK_SCALAR = 0, MK_AVX2 = 1, MK_AVX512 = 2, MK_NEON = 3, MK_AVXVNNI = 4 };
const mk_kernels *mk_kernels_at(int level);
int mk_best_level(void);

static inline mk_gemv_function mk_gemv_of(const mk_kernels *kernels, uint32_t type) { return kernels->gemv[type]; }
static inline mk_gemv_few_function mk_gemv_few_of(const mk_kernels *kernels, uint32_t type) {
    return kernels->gemv_few[type];
}
static inline mk_pack_function mk_pack_of(const mk_kernels *kernels, uint32_t type) { return kernels->pack[type]; }

#endif
