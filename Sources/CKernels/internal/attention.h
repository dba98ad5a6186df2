// Attention of a tile of queries against a range of keys, with a running softmax.
// - SeeAlso: Dao et al. 2022, arXiv:2205.14135; split along the keys as in Flash-Decoding (Dao et al. 2023).
#include "transpose.h"

enum { MK_KEY_TILE = 128, MK_VECTORS = MK_KEY_BLOCK / VW };
// Rows whose accumulators (rows x 32 floats) fit the level's registers.
#if MK_LEVEL == 2
enum { MK_QUERY_ROWS = 8 };
#elif MK_LEVEL == 0
enum { MK_QUERY_ROWS = 1 };
#else
enum { MK_QUERY_ROWS = 3 };
#endif

static void mk_store_key(int cache, const float *key, int dim, int position, void *k, uint16_t *scales) {
    size_t block = (size_t)(position / MK_KEY_BLOCK), lane = (size_t)(position % MK_KEY_BLOCK);
    size_t start = block * dim * MK_KEY_BLOCK + lane;
    if (cache == MK_CACHE_F32) {
        float *to = (float *)k + start;
        for (int i = 0; i < dim; i++) to[i * MK_KEY_BLOCK] = key[i];
        return;
    }
    if (cache == MK_CACHE_F16) {
        uint16_t *to = (uint16_t *)k + start, half[VW];
        for (int i = 0; i < dim; i += VW) {
            vf_store_half(half, vf_load(key + i));
            for (int j = 0; j < VW; j++) to[(i + j) * MK_KEY_BLOCK] = half[j];
        }
        return;
    }
    int8_t *to = (int8_t *)k + start;
    for (int s = 0; s < dim / 32; s++) {
        float largest = 0;
        for (int i = 32 * s; i < 32 * s + 32; i++) {
            float a = key[i] < 0 ? -key[i] : key[i];
            largest = a > largest ? a : largest;
        }
        float inverse = largest > 0 ? 127.0f / largest : 0;
        scales[(block * (dim / 32) + s) * MK_KEY_BLOCK + lane] = mk_float_to_half(largest / 127.0f);
        for (int i = 32 * s; i < 32 * s + 32; i++)
            to[i * MK_KEY_BLOCK] = (int8_t)(mk_float_to_bits(key[i] * inverse + 12582912.0f) & 0xff);
    }
}

static void mk_store_value(int cache, const float *value, int dim, int position, void *v, uint16_t *scales) {
    size_t start = (size_t)position * dim;
    if (cache == MK_CACHE_F32) {
        memcpy((float *)v + start, value, (size_t)dim * sizeof(float));
        return;
    }
    if (cache == MK_CACHE_F16) {
        for (int i = 0; i < dim; i += VW) vf_store_half((uint16_t *)v + start + i, vf_load(value + i));
        return;
    }
    int8_t *row = (int8_t *)v + start;
    for (int s = 0; s < dim / 32; s++) {
        float largest = 0;
        for (int i = 32 * s; i < 32 * s + 32; i++) {
            float a = value[i] < 0 ? -value[i] : value[i];
            largest = a > largest ? a : largest;
        }
        float inverse = largest > 0 ? 127.0f / largest : 0;
        scales[start / 32 + s] = mk_float_to_half(largest / 127.0f);
        for (int i = 32 * s; i < 32 * s + 32; i++)
            row[i] = (int8_t)(mk_float_to_bits(value[i] * inverse + 12582912.0f) & 0xff);
    }
}

// A vector of codes or floats of a cache.
MK_INLINE vf mk_load_cached(int cache, const void *base, size_t at) {
    if (cache == MK_CACHE_Q8_0) return vf_load_i8((const int8_t *)base + at);
    if (cache == MK_CACHE_F16) return vf_load_half((const uint16_t *)base + at);
    return vf_load((const float *)base + at);
}

// `count` floats of a cache without scales; asks for as much memory from `ahead` on, which is wanted next.
MK_INLINE void mk_widen(const mk_attention *t, const void *base, size_t at, int count, const char *ahead, float *out) {
    if (t->cache == MK_CACHE_F32) {
        memcpy(out, (const float *)base + at, (size_t)count * sizeof(float));
        return;
    }
    for (int i = 0; i < count; i += VW) {
        vf_store(out + i, mk_load_cached(MK_CACHE_F16, base, at + i));
        if (i * 2 % 64 == 0) __builtin_prefetch(ahead + i * 2);
    }
}

// Stored rows that are keys and values at once -> float32 [dim][32].
MK_INLINE void mk_transpose_keys(const mk_attention *t, int block, float *out) {
    size_t base = (size_t)block * MK_KEY_BLOCK * t->value_stride;
    for (int j = 0; j < MK_KEY_BLOCK; j += VW, base += (size_t)VW * t->value_stride)
        for (int i = 0; i < t->key_dim; i += VW) {
            vf part[VW];
            for (int r = 0; r < VW; r++) {
                size_t at = base + (size_t)r * t->value_stride + i;
                part[r] = mk_load_cached(t->cache, t->v, at);
                if (t->cache == MK_CACHE_Q8_0) part[r] = vf_mul(part[r], vf_set(mk_half_to_float(t->v_scale[at / 32])));
            }
            vf_transpose(part);
            for (int c = 0; c < VW; c++) vf_store(out + (size_t)(i + c) * MK_KEY_BLOCK + j, part[c]);
        }
}

// Key block -> float32 [dim][32].
MK_INLINE void mk_expand_keys(const mk_attention *t, int block, const char *ahead, float *out) {
    if (t->k == NULL) {
        mk_transpose_keys(t, block, out);
        return;
    }
    size_t base = (size_t)block * t->key_dim * MK_KEY_BLOCK;
    if (t->cache != MK_CACHE_Q8_0) {
        mk_widen(t, t->k, base, t->key_dim * MK_KEY_BLOCK, ahead, out);
        return;
    }
    const int8_t *k = (const int8_t *)t->k + base;
    const uint16_t *scales = t->k_scale + base / 32;
    for (int s = 0; s < t->key_dim / 32; s++)
        for (int x = 0; x < MK_VECTORS; x++) {
            vf scale = vf_load_half(scales + s * MK_KEY_BLOCK + x * VW);
            for (int i = 32 * s; i < 32 * s + 32; i++) {
                int at = i * MK_KEY_BLOCK + x * VW;
                vf_store(out + at, vf_mul(vf_load_i8(k + at), scale));
            }
        }
}

// Up to 32 value rows -> float32 [count][dim].
MK_INLINE void mk_expand_values(const mk_attention *t, int block, int count, const char *ahead, float *out) {
    size_t base = (size_t)block * MK_KEY_BLOCK * t->value_stride;
    for (int j = 0; j < count; j++, base += t->value_stride, out += t->value_dim) {
        if (t->cache != MK_CACHE_Q8_0) {
            mk_widen(t, t->v, base, t->value_dim, ahead + (size_t)j * t->value_stride * 2, out);
            continue;
        }
        const int8_t *v = (const int8_t *)t->v + base;
        const uint16_t *scales = t->v_scale + base / 32;
        for (int s = 0; s < t->value_dim / 32; s++) {
            vf scale = vf_set(mk_half_to_float(scales[s]));
            for (int i = 32 * s; i < 32 * s + 32; i += VW) vf_store(out + i, vf_mul(vf_load_i8(v + i), scale));
        }
    }
}

// scores[R][128] for one block of 32 keys; keys are [dim][32].
MK_INLINE void mk_scores(int R, int dim, const float *q, const float *keys, float *scores) {
    vf acc[8][MK_VECTORS];
    for (int r = 0; r < R; r++)
        for (int x = 0; x < MK_VECTORS; x++) acc[r][x] = vf_set(0);
    for (int i = 0; i < dim; i++) {
        vf k[MK_VECTORS];
        for (int x = 0; x < MK_VECTORS; x++) k[x] = vf_load(keys + i * MK_KEY_BLOCK + x * VW);
        for (int r = 0; r < R; r++) {
            vf a = vf_set(q[r * dim + i]);
            for (int x = 0; x < MK_VECTORS; x++) acc[r][x] = vf_fma(a, k[x], acc[r][x]);
        }
    }
    for (int r = 0; r < R; r++)
        for (int x = 0; x < MK_VECTORS; x++) vf_store(scores + r * MK_KEY_TILE + x * VW, acc[r][x]);
}

// out[R][dim] += weights[R][128] x values[count][dim], 32 (or 16) columns at a time.
MK_INLINE void mk_weighted_columns(int R, int vectors, int dim, int count, const float *weights, const float *values,
                                   float *out) {
    vf acc[8][MK_VECTORS];
    for (int r = 0; r < R; r++)
        for (int x = 0; x < vectors; x++) acc[r][x] = vf_load(out + r * dim + x * VW);
    for (int j = 0; j < count; j++) {
        vf v[MK_VECTORS];
        for (int x = 0; x < vectors; x++) v[x] = vf_load(values + j * dim + x * VW);
        for (int r = 0; r < R; r++) {
            vf a = vf_set(weights[r * MK_KEY_TILE + j]);
            for (int x = 0; x < vectors; x++) acc[r][x] = vf_fma(a, v[x], acc[r][x]);
        }
    }
    for (int r = 0; r < R; r++)
        for (int x = 0; x < vectors; x++) vf_store(out + r * dim + x * VW, acc[r][x]);
}

MK_INLINE void mk_weighted(int R, int dim, int count, const float *weights, const float *values, float *out) {
    int c = 0;
    for (; c + 32 <= dim; c += 32) mk_weighted_columns(R, MK_VECTORS, dim, count, weights, values + c, out + c);
    if (c < dim) mk_weighted_columns(R, MK_VECTORS / 2, dim, count, weights, values + c, out + c);
}

// The same as mk_expand_keys and mk_scores for q8_0, without going through memory: for tasks of one group of rows,
// scales apply once in 32 products.
MK_INLINE void mk_scores_direct(int R, const mk_attention *t, int block, const char *ahead, float *scores) {
    size_t base = (size_t)block * t->key_dim * MK_KEY_BLOCK;
    const int step = 32;
    vf total[8][MK_VECTORS];
    for (int s = 0; s < t->key_dim; s += step) {
        vf acc[8][MK_VECTORS];
        for (int r = 0; r < R; r++)
            for (int x = 0; x < MK_VECTORS; x++) acc[r][x] = vf_set(0);
        for (int i = s; i < s + step; i++) {
            if (i * MK_KEY_BLOCK % 64 == 0) __builtin_prefetch(ahead + i * MK_KEY_BLOCK);
            vf k[MK_VECTORS];
            for (int x = 0; x < MK_VECTORS; x++)
                k[x] = mk_load_cached(MK_CACHE_Q8_0, t->k, base + (size_t)i * MK_KEY_BLOCK + x * VW);
            for (int r = 0; r < R; r++) {
                vf a = vf_set(t->q[r * t->key_dim + i]);
                for (int x = 0; x < MK_VECTORS; x++) acc[r][x] = vf_fma(a, k[x], acc[r][x]);
            }
        }
        for (int x = 0; x < MK_VECTORS; x++) {
            vf scale = vf_load_half(t->k_scale + (base + (size_t)s * MK_KEY_BLOCK) / 32 + x * VW);
            for (int r = 0; r < R; r++) {
                if (s == 0) total[r][x] = vf_mul(acc[r][x], scale);
                else total[r][x] = vf_fma(acc[r][x], scale, total[r][x]);
            }
        }
    }
    for (int r = 0; r < R; r++)
        for (int x = 0; x < MK_VECTORS; x++) vf_store(scores + r * MK_KEY_TILE + x * VW, total[r][x]);
}

// The same as mk_expand_values and mk_weighted for q8_0, without going through memory.
MK_INLINE void mk_weighted_direct(int R, const mk_attention *t, int block, int count, const char *ahead,
                                  const float *weights) {
    size_t base = (size_t)block * MK_KEY_BLOCK * t->value_stride;
    for (int c = 0; c < t->value_dim; c += 32) {
        vf acc[8][MK_VECTORS];
        for (int r = 0; r < R; r++)
            for (int x = 0; x < MK_VECTORS; x++) acc[r][x] = vf_load(t->out + r * t->value_dim + c + x * VW);
        for (int j = 0; j < count; j++) {
            size_t at = base + (size_t)j * t->value_stride + c;
            if (c % 64 == 0) __builtin_prefetch(ahead + (size_t)j * t->value_stride + c);
            vf v[MK_VECTORS];
            for (int x = 0; x < MK_VECTORS; x++) v[x] = mk_load_cached(MK_CACHE_Q8_0, t->v, at + x * VW);
            vf scale = vf_set(mk_half_to_float(t->v_scale[at / 32]));
            for (int x = 0; x < MK_VECTORS; x++) v[x] = vf_mul(v[x], scale);
            for (int r = 0; r < R; r++) {
                vf a = vf_set(weights[r * MK_KEY_TILE + j]);
                for (int x = 0; x < MK_VECTORS; x++) acc[r][x] = vf_fma(a, v[x], acc[r][x]);
            }
        }
        for (int r = 0; r < R; r++)
            for (int x = 0; x < MK_VECTORS; x++) vf_store(t->out + r * t->value_dim + c + x * VW, acc[r][x]);
    }
}

#define MK_ROWS_CASE(R) case R: CALL(R); break;
#if MK_LEVEL == 2
#define MK_ROWS_CASES MK_ROWS_CASE(1) MK_ROWS_CASE(2) MK_ROWS_CASE(3) MK_ROWS_CASE(4) MK_ROWS_CASE(5) \
    MK_ROWS_CASE(6) MK_ROWS_CASE(7) MK_ROWS_CASE(8)
#elif MK_LEVEL == 0
#define MK_ROWS_CASES MK_ROWS_CASE(1)
#else
#define MK_ROWS_CASES MK_ROWS_CASE(1) MK_ROWS_CASE(2) MK_ROWS_CASE(3)
#endif

static void mk_scores_rows(int rows, int dim, const float *q, const float *keys, float *scores) {
#define CALL(R) mk_scores(R, dim, q, keys, scores)
    switch (rows) { MK_ROWS_CASES }
#undef CALL
}

static void mk_weighted_rows(int rows, int dim, int count, const float *weights, const float *values, float *out) {
#define CALL(R) mk_weighted(R, dim, count, weights, values, out)
    switch (rows) { MK_ROWS_CASES }
#undef CALL
}

static void mk_scores_direct_rows(const mk_attention *t, int block, const char *ahead, float *scores) {
#define CALL(R) mk_scores_direct(R, t, block, ahead, scores)
    switch (t->rows) { MK_ROWS_CASES }
#undef CALL
}

static void mk_weighted_direct_rows(const mk_attention *t, int block, int count, const char *ahead,
                                    const float *weights) {
#define CALL(R) mk_weighted_direct(R, t, block, count, ahead, weights)
    switch (t->rows) { MK_ROWS_CASES }
#undef CALL
}

// Turns scores of the keys in [hidden, visible) into exponentials against the new maximum, those of others into zeros,
// and rescales what the row has gathered.
MK_INLINE void mk_soften(const mk_attention *t, int row, int hidden, int visible, float *scores, int width) {
    if (hidden < 0) hidden = 0;
    if (visible <= hidden) {
        for (int j = 0; j < width; j++) scores[j] = 0;
        return;
    }
    for (int j = 0; j < hidden; j++) scores[j] = -__builtin_inff();
    for (int j = visible; j < width; j++) scores[j] = -__builtin_inff();
    vf m = vf_load(scores);
    for (int j = VW; j < width; j += VW) m = vf_max(m, vf_load(scores + j));
    float here = vf_maximum(m), largest = t->maximum[row];
    largest = here > largest ? here : largest;
    for (int j = 0; j < width; j++) scores[j] = mk_exp(scores[j] - largest);
    vf s = vf_set(0);
    for (int j = 0; j < width; j += VW) s = vf_add(s, vf_load(scores + j));
    float sum = vf_sum(s);
    float rescale = t->maximum[row] == -__builtin_inff() ? 0 : mk_exp(t->maximum[row] - largest);
    if (rescale != 1) {
        float *out = t->out + (size_t)row * t->value_dim;
        for (int i = 0; i < t->value_dim; i++) out[i] *= rescale;
    }
    t->sum[row] = t->sum[row] * rescale + sum;
    t->maximum[row] = largest;
}

// Where a block of 32 rows begins in memory.
MK_INLINE const char *mk_block(const mk_attention *t, const void *base, int width, int block) {
    int size = t->cache == MK_CACHE_Q8_0 ? 1 : t->cache == MK_CACHE_F16 ? 2 : 4;
    return (const char *)base + (size_t)block * MK_KEY_BLOCK * width * size;
}

MK_INLINE const char *mk_key_block(const mk_attention *t, int block) {
    return t->k ? mk_block(t, t->k, t->key_dim, block) : mk_block(t, t->v, t->value_stride, block);
}

MK_INLINE const char *mk_value_block(const mk_attention *t, int block) { return mk_block(t, t->v, t->value_stride, block); }

static void mk_attend(const mk_attention *t) {
    int widest = t->key_dim > t->value_dim ? t->key_dim : t->value_dim;
    float *expanded = t->scratch, *scores = t->scratch + (size_t)MK_KEY_BLOCK * widest;
    // For one group of rows, measured: q8_0 gains a tenth without the detour through memory, f16 loses as much.
    bool direct = t->cache == MK_CACHE_Q8_0 && t->rows <= MK_QUERY_ROWS && t->k != NULL;
    for (int tile = t->first_key; tile < t->last_key; tile += MK_KEY_TILE) {
        int end = t->last_key - tile < MK_KEY_TILE ? t->last_key : tile + MK_KEY_TILE;
        int width = (end - tile + MK_KEY_BLOCK - 1) / MK_KEY_BLOCK * MK_KEY_BLOCK;
        int first = tile / MK_KEY_BLOCK, blocks = width / MK_KEY_BLOCK;
        for (int b = 0; b < blocks; b++) {
            // While a block is worked on, the next one arrives: the following keys, or the first values of the tile.
            const char *ahead = b + 1 < blocks ? mk_key_block(t, first + b + 1) : mk_value_block(t, first);
            if (direct) {
                mk_scores_direct_rows(t, first + b, ahead, scores + b * MK_KEY_BLOCK);
                continue;
            }
            mk_expand_keys(t, first + b, ahead, expanded);
            for (int r = 0; r < t->rows; r += MK_QUERY_ROWS) {
                int rows = t->rows - r < MK_QUERY_ROWS ? t->rows - r : MK_QUERY_ROWS;
                mk_scores_rows(rows, t->key_dim, t->q + (size_t)r * t->key_dim, expanded,
                               scores + (size_t)r * MK_KEY_TILE + b * MK_KEY_BLOCK);
            }
        }
        for (int r = 0; r < t->rows; r++) {
            int visible = (t->limit[r] < end ? t->limit[r] : end) - tile;
            mk_soften(t, r, t->first ? t->first[r] - tile : 0, visible, scores + (size_t)r * MK_KEY_TILE, width);
        }
        for (int b = 0; b < blocks; b++) {
            const char *ahead = b + 1 < blocks ? mk_value_block(t, first + b + 1) : mk_key_block(t, first + blocks);
            int count = end - tile - b * MK_KEY_BLOCK < MK_KEY_BLOCK ? end - tile - b * MK_KEY_BLOCK : MK_KEY_BLOCK;
            if (direct) {
                mk_weighted_direct_rows(t, first + b, count, ahead, scores + b * MK_KEY_BLOCK);
                continue;
            }
            mk_expand_values(t, first + b, count, ahead, expanded);
            for (int r = 0; r < t->rows; r += MK_QUERY_ROWS) {
                int rows = t->rows - r < MK_QUERY_ROWS ? t->rows - r : MK_QUERY_ROWS;
                mk_weighted_rows(rows, t->value_dim, count, scores + (size_t)r * MK_KEY_TILE + b * MK_KEY_BLOCK,
                                 expanded, t->out + (size_t)r * t->value_dim);
            }
        }
    }
}

// out[key - first_key] = sum over the rows of weights[row] * max(0, q[row] . key): what a lightning indexer makes of keys.
static void mk_index_scores(const mk_attention *t, const float *weights, float *out) {
    float *expanded = t->scratch, *scores = t->scratch + (size_t)MK_KEY_BLOCK * t->key_dim;
    for (int key = t->first_key; key < t->last_key; key += MK_KEY_BLOCK, out += MK_KEY_BLOCK) {
        float sums[MK_KEY_BLOCK] = {0};
        mk_expand_keys(t, key / MK_KEY_BLOCK, mk_key_block(t, key / MK_KEY_BLOCK + 1), expanded);
        for (int r = 0; r < t->rows; r += MK_QUERY_ROWS) {
            int rows = t->rows - r < MK_QUERY_ROWS ? t->rows - r : MK_QUERY_ROWS;
            mk_scores_rows(rows, t->key_dim, t->q + (size_t)r * t->key_dim, expanded, scores);
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < MK_KEY_BLOCK; j++) {
                    float score = scores[i * MK_KEY_TILE + j];
                    sums[j] += weights[r + i] * (score > 0 ? score : 0);
                }
        }
        int count = t->last_key - key < MK_KEY_BLOCK ? t->last_key - key : MK_KEY_BLOCK;
        memcpy(out, sums, (size_t)count * sizeof(float));
    }
}
