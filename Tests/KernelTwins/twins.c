// Compares every entry of a level's table with its scalar twin, at awkward sizes. Exit status 1 on a difference.
//   twins LEVEL   (the numbers of kernels.h; MK_NEON is 3)
#include "twins.h"

static const mk_kernels *scalar, *level;

// Both levels sum the same terms in another order: a few hundred roundings of 2^-24 each, of the largest partial sum.
static const double summation = 1e-5;

static void check_quantize(int n) {
    int groups = (n + 255) / 256;
    mk_group *a = guarded(sizeof(mk_group) * (size_t)groups), *b = guarded(sizeof(mk_group) * (size_t)groups);
    float *x = random_floats(n, -3, 3);
    memset(a, 0x55, sizeof(mk_group) * (size_t)groups);
    memset(b, 0x55, sizeof(mk_group) * (size_t)groups);
    scalar->quantize(x, n, a);
    level->quantize(x, n, b);
    for (int g = 0; g < groups; g++) {
        expect_near("quantize scale", 0, n, g, b[g].scale, a[g].scale, 0);
        expect_near("quantize sum", 0, n, g, b[g].sum, a[g].sum, 0);
        for (int i = 0; i < 256; i++) expect_near("quantize q", 0, n, i, b[g].q[i], a[g].q[i], 0);
        for (int i = 0; i < 16; i++) expect_near("quantize sum16", 0, n, i, b[g].sum16[i], a[g].sum16[i], 0);
        for (int i = 0; i < 8; i++) expect_near("quantize sum32", 0, n, i, b[g].sum32[i], a[g].sum32[i], 0);
    }
    release(a), release(b), release(x);
}

static void check_dequantize(int type, int n) {
    uint8_t *w = guarded(row_bytes_of(type, n));
    float *found = random_floats(n, 0, 0), *wanted = random_floats(n, 0, 0);
    random_rows(type, 1, n, w);
    level->dequantize(type, w, n, found);
    scalar->dequantize(type, w, n, wanted);
    for (int i = 0; i < n; i++) expect_near("dequantize", type, i, n, found[i], wanted[i], 0);
    release(w), release(found), release(wanted);
}

static void check_gemv(int type, int rows, int n) {
    size_t bytes = row_bytes_of(type, n);
    uint8_t *w = guarded(bytes * (size_t)rows);
    random_rows(type, rows, n, w);
    float *x = random_floats(n, -1, 1), *values = random_floats(n, 0, 0);
    mk_group *a = guarded(sizeof(mk_group) * (size_t)((n + 255) / 256));
    scalar->quantize(x, n, a);
    float found[64], wanted[64];
    level->gemv[type](w, bytes, rows, n, a, found);
    scalar->gemv[type](w, bytes, rows, n, a, wanted);
    for (int r = 0; r < rows; r++) {
        double exact = 0, size = 0;
        scalar->dequantize(type, w + (size_t)r * bytes, n, values);
        for (int i = 0; i < n; i++) {
            double product = (double)values[i] * a[i / 256].q[i % 256] * a[i / 256].scale;
            exact += product;
            size += fabs(product);
        }
        expect_near("gemv", type, r, n, found[r], exact, summation * size);
        expect_near("scalar gemv", type, r, n, wanted[r], exact, summation * size);
    }
    release(w), release(x), release(values), release(a);
}

static void check_pack(const mk_kernels *kernels, int type, int rows, int n) {
    size_t bytes = row_bytes_of(type, n);
    int groups = (n + 255) / 256;
    uint8_t *w = guarded(bytes * (size_t)rows), *packed = guarded((size_t)groups * 256 * 32);
    float *scales = guarded((size_t)groups * 32 * 4), *values = random_floats(n, 0, 0);
    random_rows(type, rows, n, w);
    // In two calls, so that first_group is not always zero.
    int some = groups / 2;
    kernels->pack[type](w, bytes, rows, n, 0, some, packed, scales);
    kernels->pack[type](w, bytes, rows, n, some, groups - some, packed + (size_t)some * 256 * 32, scales + some * 32);
    for (int r = 0; r < 32; r++) {
        if (r < rows) scalar->dequantize(type, w + (size_t)r * bytes, n, values);
        for (int i = 0; i < groups * 256; i++) {
            int g = i / 256, k = i % 256;
            double scale = scales[g * 32 + r];
            int byte = packed[((size_t)g * 64 + (size_t)k / 4) * 128 + (size_t)r * 4 + (size_t)k % 4] - 128;
            double wanted = r < rows && i < n ? values[i] : 0;
            // Half a step of rounding; a whole one where a code mirrors the lowest one, which +127 cannot reach.
            expect_near("pack", type, r, i, scale * byte, wanted, 1.02 * fabs(scale));
            if (r >= rows && (scale != 0 || byte != 0)) expect_near("pack of no row", type, r, i, byte, 0, 0);
        }
    }
    release(w), release(packed), release(scales), release(values);
}

static void check_gemm(int groups, int tokens) {
    int lda = groups + 1;
    uint8_t *w = guarded((size_t)groups * 256 * 32);
    float *scales = random_floats(groups * 32, -1, 1), *found = random_floats(tokens * 32, -1, 1);
    float *wanted = guarded((size_t)tokens * 32 * 4);
    mk_group *a = guarded(sizeof(mk_group) * (size_t)(lda * tokens));
    memcpy(wanted, found, (size_t)tokens * 32 * 4);
    for (int i = 0; i < groups * 256 * 32; i++) w[i] = (uint8_t)random_bits();
    for (int t = 0; t < tokens; t++) {
        float *x = random_floats(groups * 256, -1, 1);
        scalar->quantize(x, groups * 256, a + t * lda);
        release(x);
    }
    level->gemm(w, scales, groups, a, (size_t)lda, tokens, found);
    scalar->gemm(w, scales, groups, a, (size_t)lda, tokens, wanted);
    for (int i = 0; i < tokens * 32; i++)
        expect_near("gemm", 0, i, tokens, found[i], wanted[i], summation * groups * 256 * 128);
    release(w), release(scales), release(found), release(wanted), release(a);
}

static void check_gemm_float(int type, int rows, int n, int tokens) {
    size_t bytes = (size_t)n * (type == MK_F32 ? 4 : 2);
    uint8_t *w = guarded(bytes * (size_t)rows);
    for (int i = 0; i < rows * n; i++) {
        float value = random_float(-1, 1);
        uint16_t half = type == MK_F16 ? mk_float_to_half(value) : (uint16_t)(mk_float_to_bits(value) >> 16);
        if (type == MK_F32) memcpy(w + 4 * i, &value, 4);
        else memcpy(w + 2 * i, &half, 2);
    }
    float *x = random_floats(n * tokens, -1, 1), *found = random_floats(rows * tokens, 0, 0);
    float *wanted = random_floats(rows * tokens, 0, 0);
    level->gemm_float(type, w, bytes, rows, n, x, (size_t)n, tokens, found, (size_t)rows);
    scalar->gemm_float(type, w, bytes, rows, n, x, (size_t)n, tokens, wanted, (size_t)rows);
    for (int i = 0; i < rows * tokens; i++)
        expect_near("gemm_float", type, i, n, found[i], wanted[i], summation * n);
    release(w), release(x), release(found), release(wanted);
}

static void check_elementwise(int n) {
    float *x = random_floats(n, -30, 30), *y = random_floats(n, -2, 2);
    float *found = guarded((size_t)n * 4), *wanted = guarded((size_t)n * 4);
#define COMPARE(WHAT, TOLERANCE, CALL)                                                                        \
    do {                                                                                                      \
        const mk_kernels *k = level;                                                                          \
        float *out = found;                                                                                   \
        CALL;                                                                                                 \
        k = scalar, out = wanted;                                                                             \
        CALL;                                                                                                 \
        for (int i = 0; i < n; i++) expect_near(WHAT, 0, i, n, found[i], wanted[i], TOLERANCE);               \
    } while (0)
    COMPARE("rms_norm", 1e-5, k->rms_norm(x, y, 1e-5f, n, out));
    COMPARE("add_scaled", 1e-5, (memcpy(out, y, (size_t)n * 4), k->add_scaled(x, 0.3f, n, out)));
    COMPARE("add", 0, k->add(x, y, n, out));
    COMPARE("layer_norm", 1e-4, k->layer_norm(x, y, y, 1e-5f, n, out));
    COMPARE("gate", 1e-5, (memcpy(out, y, (size_t)n * 4), k->gate(x, n, out)));
    for (int limit = 0; limit <= 7; limit += 7) {
        // Products of numbers up to 30 and 2.
        COMPARE("silu", 1e-5 * 60, k->activate(MK_SILU, x, y, (float)limit, n, out));
        COMPARE("gelu", 1e-5 * 60, k->activate(MK_GELU, x, y, (float)limit, n, out));
        COMPARE("swiglu_oai", 1e-5 * 90, k->activate(MK_SWIGLU_OAI, x, y, (float)limit, n, out));
    }
    COMPARE("silu without a partner", 1e-5 * 30, k->activate(MK_SILU, x, NULL, 0, n, out));
    COMPARE("gelu without a partner", 1e-5 * 30, k->activate(MK_GELU, x, NULL, 0, n, out));
    COMPARE("gelu by erf", 1e-5 * 60, k->activate(MK_GELU_ERF, x, y, 0, n, out));
    COMPARE("gelu by erf without a partner", 1e-5 * 30, k->activate(MK_GELU_ERF, x, NULL, 0, n, out));
    if (n % 2 == 0) {
        COMPARE("rope_halves", 1e-5, (memcpy(out, y, (size_t)n * 4), k->rope_halves(out, x, x + n / 2, n / 2)));
        COMPARE("rope_pairs", 1e-5, (memcpy(out, y, (size_t)n * 4), k->rope_pairs(out, x, x + n / 2, n / 2)));
    }
    release(x), release(y), release(found), release(wanted);
}

// One KV head: what its keys and values are like. Shared rows begin with the values.
typedef struct {
    int cache, key_dim, value_dim;
    bool shared, windows;
} head;

// Fills the caches of both levels and compares their bytes.
static void store_all(head h, int keys, const mk_kernels *const both[2], void *k[2], uint16_t *ks[2], void *v[2],
                      uint16_t *vs[2]) {
    static const int widths[] = {2, 1, 4};
    int capacity = (keys + 31) / 32 * 32, stride = h.shared ? h.key_dim : h.value_dim;
    size_t width = (size_t)widths[h.cache], k_count = h.shared ? 0 : (size_t)(capacity * h.key_dim);
    size_t v_count = (size_t)(capacity * stride);
    float *key = random_floats(h.key_dim * keys, -1, 1), *value = random_floats(h.value_dim * keys, -1, 1);
    for (int b = 0; b < 2; b++) {
        k[b] = memset(guarded(k_count * width), 0, k_count * width);
        v[b] = memset(guarded(v_count * width), 0, v_count * width);
        ks[b] = memset(guarded(k_count / 16), 0, k_count / 16);
        vs[b] = memset(guarded(v_count / 16), 0, v_count / 16);
        for (int i = 0; i < keys; i++) {
            if (h.shared) both[b]->store_value(h.cache, key + i * h.key_dim, h.key_dim, i, v[b], vs[b]);
            else {
                both[b]->store_key(h.cache, key + i * h.key_dim, h.key_dim, i, k[b], ks[b]);
                both[b]->store_value(h.cache, value + i * h.value_dim, h.value_dim, i, v[b], vs[b]);
            }
        }
    }
    if (memcmp(k[0], k[1], k_count * width) || memcmp(ks[0], ks[1], k_count / 16))
        expect_near("store_key", h.cache, h.key_dim, keys, 1, 0, 0);
    if (memcmp(v[0], v[1], v_count * width) || memcmp(vs[0], vs[1], v_count / 16))
        expect_near("store_value", h.cache, stride, keys, 1, 0, 0);
    release(key), release(value);
}

static void check_attend(head h, int rows, int keys, int first_key) {
    void *k[2], *v[2];
    uint16_t *ks[2], *vs[2];
    const mk_kernels *both[2] = {level, scalar};
    store_all(h, keys, both, k, ks, v, vs);
    int widest = h.key_dim > h.value_dim ? h.key_dim : h.value_dim, n = h.value_dim;
    float *q = random_floats(rows * h.key_dim, -0.5f, 0.5f), *out[2], *sum[2], *most[2];
    int32_t limit[64], first[64];
    for (int r = 0; r < rows; r++) {
        limit[r] = r == 0 ? 1 : (int32_t)(random_bits() % (uint64_t)keys) + 1;
        first[r] = (int32_t)(random_bits() % (uint64_t)limit[r]);
    }
    for (int b = 0; b < 2; b++) {
        out[b] = guarded((size_t)(rows * n) * 4);
        sum[b] = guarded((size_t)rows * 4), most[b] = guarded((size_t)rows * 4);
        for (int r = 0; r < rows; r++) most[b][r] = -INFINITY;
        float *scratch = guarded(((size_t)(32 * widest) + (size_t)rows * 128) * 4);
        mk_attention task = {.rows = rows, .key_dim = h.key_dim, .value_dim = n, .q = q, .limit = limit,
                             .first = h.windows ? first : NULL, .first_key = first_key, .last_key = keys,
                             .cache = h.cache, .k = h.shared ? NULL : k[b], .k_scale = ks[b], .v = v[b],
                             .v_scale = vs[b], .value_stride = h.shared ? h.key_dim : n, .maximum = most[b],
                             .sum = sum[b], .out = out[b], .scratch = scratch};
        both[b]->attend(&task);
        release(scratch);
    }
    for (int r = 0; r < rows; r++) {
        if (limit[r] > first_key) expect_near("attend maximum", h.cache, r, keys, most[0][r], most[1][r], 1e-4);
        // A different maximum scales sum and output alike.
        double factor = sum[1][r] > 0 ? exp((double)most[0][r] - most[1][r]) : 1;
        expect_near("attend sum", h.cache, r, keys, sum[0][r] * factor, sum[1][r], 1e-4 * sum[1][r]);
        for (int i = 0; i < n; i++)
            expect_near("attend", h.cache, r, i, out[0][r * n + i] * factor, out[1][r * n + i], 1e-4 * sum[1][r]);
    }
    for (int b = 0; b < 2; b++) {
        release(k[b]), release(v[b]), release(ks[b]), release(vs[b]);
        release(out[b]), release(sum[b]), release(most[b]);
    }
    release(q);
}

static void check_heads(void) {
    static const int widths[][3] = {{16, 16, 0}, {32, 32, 0},   {64, 64, 0},  {80, 80, 0}, {128, 128, 0}, {256, 256, 0},
                                    {48, 16, 0}, {192, 128, 0}, {64, 128, 0}, {96, 64, 1}, {576, 512, 1}, {80, 48, 1}};
    static const int keys[] = {1, 31, 32, 33, 127, 128, 129, 300}, rows[] = {1, 2, 3, 4, 7, 8, 9, 48};
    for (int w = 0; w < 12; w++)
        for (int i = 0; i < 8; i++)
            for (int cache = 0; cache < 3; cache++) {
                head h = {cache, widths[w][0], widths[w][1], widths[w][2], false};
                if (cache == MK_CACHE_Q8_0 && (h.key_dim % 32 || h.value_dim % 32)) continue;
                if (h.key_dim > 128 && i % 3 != 0) continue; // the emulator takes its time
                for (int r = 0; r < 8; r++)
                    for (int first = 0; first < keys[i]; first += 128) {
                        h.windows = (r + i + first / 128) % 2;
                        check_attend(h, rows[r], keys[i], first);
                    }
            }
}

static void check_delta(int tokens, int key_dim, int value_dim) {
    float *q = random_floats(tokens * key_dim, -0.1f, 0.1f), *k = random_floats(tokens * key_dim, -0.1f, 0.1f);
    float *v = random_floats(tokens * value_dim, -1, 1);
    float *decay = random_floats(tokens, 0, 1), *beta = random_floats(tokens, 0, 1);
    float *start = random_floats(key_dim * value_dim, -1, 1), *out[2], *state[2];
    const mk_kernels *both[2] = {level, scalar};
    for (int b = 0; b < 2; b++) {
        out[b] = guarded((size_t)(tokens * value_dim) * 4);
        state[b] = memcpy(guarded((size_t)(key_dim * value_dim) * 4), start, (size_t)(key_dim * value_dim) * 4);
        mk_delta task = {.tokens = tokens, .key_dim = key_dim, .value_dim = value_dim, .q = q, .k = k, .v = v,
                         .decay = decay, .beta = beta, .state = state[b], .out = out[b]};
        both[b]->delta_rule(&task);
    }
    for (int i = 0; i < tokens * value_dim; i++)
        expect_near("delta", value_dim, i, tokens, out[0][i], out[1][i], summation);
    for (int i = 0; i < key_dim * value_dim; i++)
        expect_near("delta state", value_dim, i, tokens, state[0][i], state[1][i], summation);
    for (int b = 0; b < 2; b++) release(out[b]), release(state[b]);
    release(q), release(k), release(v), release(decay), release(beta), release(start);
}

static void check_convolve(int n, int taps) {
    float *weight = random_floats(taps * (n + 3), -1, 1), *found = random_floats(n, 0, 0), *wanted = random_floats(n, 0, 0);
    const float *rows[8];
    float *own[8];
    for (int t = 0; t < taps; t++) rows[t] = own[t] = random_floats(n, -3, 3);
    level->convolve(rows, weight, (size_t)n + 3, taps, n, found);
    scalar->convolve(rows, weight, (size_t)n + 3, taps, n, wanted);
    for (int i = 0; i < n; i++) expect_near("convolve", taps, i, n, found[i], wanted[i], summation);
    level->l2_norm(own[0], 0.5f, 1e-6f, n, found);
    scalar->l2_norm(own[0], 0.5f, 1e-6f, n, wanted);
    for (int i = 0; i < n; i++) expect_near("l2_norm", taps, i, n, found[i], wanted[i], summation);
    for (int t = 0; t < taps; t++) release(own[t]);
    release(weight), release(found), release(wanted);
}

static void check_transpose(int rows, int columns) {
    int n = rows * columns;
    float *x = random_floats(n, -3, 3), *found = random_floats(n, 0, 0), *wanted = random_floats(n, 0, 0);
    level->transpose(x, (size_t)columns, rows, columns, found, (size_t)rows);
    scalar->transpose(x, (size_t)columns, rows, columns, wanted, (size_t)rows);
    for (int i = 0; i < n; i++) expect_near("transpose", rows, i, columns, found[i], wanted[i], 0);
    if (rows % 32 == 0 && columns % 16 == 0) {
        size_t bytes = (size_t)n / 32 * 34;
        uint8_t *a = guarded(bytes), *b = guarded(bytes);
        level->transpose_q8(x, rows, columns, a);
        scalar->transpose_q8(x, rows, columns, b);
        for (size_t i = 0; i < bytes; i++) expect_near("transpose_q8", rows, (int)i, columns, a[i], b[i], 0);
        release(a), release(b);
    }
    if (columns % 16 == 0) {
        float *gates = random_floats(n, -20, 20);
        level->pool(x, gates, rows, columns, found);
        scalar->pool(x, gates, rows, columns, wanted);
        for (int i = 0; i < columns; i++) expect_near("pool", rows, i, columns, found[i], wanted[i], summation);
        release(gates);
    }
    release(x), release(found), release(wanted);
}

static void check_streams(int streams, int width) {
    float *x = random_floats(width, -1, 1), *post = random_floats(streams, -1, 1);
    float *mix = random_floats(streams * streams, -1, 1), *found = random_floats(streams * width, -1, 1);
    float *wanted = memcpy(guarded((size_t)(streams * width) * 4), found, (size_t)(streams * width) * 4);
    level->mix_streams(found, streams, width, x, post, mix);
    scalar->mix_streams(wanted, streams, width, x, post, mix);
    for (int i = 0; i < streams * width; i++)
        expect_near("mix_streams", streams, i, width, found[i], wanted[i], summation);
    release(x), release(post), release(mix), release(found), release(wanted);
}

static void check_index_scores(int heads, int dim, int keys) {
    int padded = (keys + 31) / 32 * 32;
    float *q = random_floats(heads * dim, -1, 1), *k = random_floats(padded * dim, -1, 1);
    float *weights = random_floats(heads, -1, 1), *scratch = guarded((size_t)(32 * dim + 8 * 128) * 4);
    float *found = random_floats(keys, 0, 0), *wanted = random_floats(keys, 0, 0);
    mk_attention task = {.rows = heads, .key_dim = dim, .q = q, .last_key = keys, .cache = MK_CACHE_F32, .k = k,
                         .scratch = scratch};
    level->index_scores(&task, weights, found);
    scalar->index_scores(&task, weights, wanted);
    for (int i = 0; i < keys; i++) expect_near("index_scores", heads, i, dim, found[i], wanted[i], 1e-4);
    release(q), release(k), release(weights), release(scratch), release(found), release(wanted);
}

int main(int count, char **arguments) {
    scalar = mk_kernels_at(MK_SCALAR);
    level = mk_kernels_at(count > 1 ? atoi(arguments[1]) : mk_best_level());
    if (!level) return printf("this machine lacks level %s\n", arguments[1]), 2;
    if (level == scalar) return printf("nothing to compare: this machine has the scalar level only\n"), 2;
    static const int sizes[] = {32, 64, 96, 224, 256, 288, 512, 576, 1536}, row_counts[] = {1, 3, 31, 32};
    for (int i = 0; i < 9; i++) {
        check_quantize(sizes[i]);
        check_quantize(sizes[i] - 16);
        for (int t = 0; t < QUANTIZED_TYPES; t++)
            for (int r = 0; r < 4 && sizes[i] % mk_block_elements(quantized_types[t]) == 0; r++) {
                check_dequantize(quantized_types[t], sizes[i]);
                check_gemv(quantized_types[t], row_counts[r], sizes[i]);
                check_pack(level, quantized_types[t], row_counts[r], sizes[i]);
                check_pack(scalar, quantized_types[t], row_counts[r], sizes[i]);
            }
    }
    for (int tokens = 1; tokens <= 25; tokens += tokens < 13 ? 1 : 12)
        for (int groups = 1; groups <= 4; groups += 3) check_gemm(groups, tokens);
    for (int rows = 1; rows <= 33; rows += rows < 5 ? 1 : 14)
        for (int n = 1; n < 100; n += 13) {
            check_gemm_float(MK_F32, rows, n, 1 + rows % 6);
            check_gemm_float(MK_F16, rows, n, 1 + rows % 6);
            check_gemm_float(MK_BF16, rows, n, 1 + rows % 6);
        }
    for (int n = 1; n < 200; n += n < 35 ? 1 : 17) check_elementwise(n);
    for (int n = 1; n < 140; n += n < 35 ? 1 : 31) check_convolve(n, 2 + n % 4);
    for (int tokens = 1; tokens <= 20; tokens += tokens < 4 ? 1 : 8)
        check_delta(tokens, 32, 96), check_delta(tokens, 128, 128);
    for (int rows = 1; rows <= 64; rows += rows < 9 ? 1 : 5)
        for (int columns = 1; columns <= 48; columns += columns < 9 ? 1 : 3) check_transpose(rows, columns);
    check_transpose(64, 48), check_transpose(512, 128);
    for (int streams = 1; streams <= 8; streams++) check_streams(streams, 30 + 11 * streams);
    for (int keys = 1; keys < 100; keys += 31) check_index_scores(1 + keys % 9, 64, keys);
    check_heads();
    printf("%s against scalar: %d differences\n", level->name, failures);
    return failures != 0;
}
