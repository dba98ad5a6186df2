// The gated delta rule: a head's state S, [key_dim][value_dim], is decayed, corrected where the key finds something
// other than the value, and read by the query:
//   S = decay S;  S = S + k (beta (v - k S));  out = q S
// - SeeAlso: Yang et al. 2024, arXiv:2412.06464 (the rule), arXiv:2406.06484 (many tokens at once).
#include "vector.h"

enum { MK_PANEL = 32, MK_PANEL_VECTORS = MK_PANEL / VW };
// Rows whose sums (rows x 32 floats) fit the level's registers, and state rows that a sweep sums side by side.
#if MK_LEVEL == 2
enum { MK_PANEL_ROWS = 8, MK_SWEEP_ROWS = 4 };
#elif MK_LEVEL == 0
enum { MK_PANEL_ROWS = 1, MK_SWEEP_ROWS = 1 };
#else
enum { MK_PANEL_ROWS = 3, MK_SWEEP_ROWS = 1 };
#endif

static void mk_l2_norm(const float *x, float factor, float epsilon, int n, float *out) {
    vf squares = vf_set(0);
    int i = 0;
    for (; i + VW <= n; i += VW) squares = vf_fma(vf_load(x + i), vf_load(x + i), squares);
    float sum = vf_sum(squares);
    for (; i < n; i++) sum += x[i] * x[i];
    float scale = factor / __builtin_sqrtf(sum + epsilon);
    for (i = 0; i < n; i++) out[i] = x[i] * scale;
}

static void mk_convolve(const float *const *rows, const float *weight, size_t stride, int taps, int n,
                        float *restrict out) {
    for (int i = 0; i < n; i++) out[i] = weight[i] * rows[0][i];
    for (int t = 1; t < taps; t++) {
        const float *row = rows[t], *w = weight + (size_t)t * stride;
        for (int i = 0; i < n; i++) out[i] += w[i] * row[i];
    }
    for (int i = 0; i < n; i++) out[i] = out[i] / (1.0f + mk_exp(-out[i]));
}

// One token on one panel of the state: reads it once for the key and the query, writes it once.
MK_INLINE void mk_delta_step(float *state, int dim, const float *q, const float *k, const float *v, float decay,
                             float beta, float *out) {
    vf found[MK_SWEEP_ROWS][MK_PANEL_VECTORS], read[MK_SWEEP_ROWS][MK_PANEL_VECTORS], dots = vf_set(0);
    for (int r = 0; r < MK_SWEEP_ROWS; r++)
        for (int x = 0; x < MK_PANEL_VECTORS; x++) found[r][x] = read[r][x] = vf_set(0);
    for (int i = 0; i < dim; i += VW) dots = vf_fma(vf_load(q + i), vf_load(k + i), dots);
    for (int i = 0; i < dim; i += MK_SWEEP_ROWS)
        for (int r = 0; r < MK_SWEEP_ROWS; r++) {
            vf key = vf_set(k[i + r]), query = vf_set(q[i + r]);
            for (int x = 0; x < MK_PANEL_VECTORS; x++) {
                vf s = vf_load(state + (i + r) * MK_PANEL + x * VW);
                found[r][x] = vf_fma(key, s, found[r][x]);
                read[r][x] = vf_fma(query, s, read[r][x]);
            }
        }
    // The query reads the corrected state: what it finds in the old one, and its share of the correction.
    vf left = vf_set(decay), rate = vf_set(beta), minus = vf_set(-decay), dot = vf_set(vf_sum(dots));
    vf fresh[MK_PANEL_VECTORS];
    for (int x = 0; x < MK_PANEL_VECTORS; x++) {
        for (int r = 1; r < MK_SWEEP_ROWS; r++) {
            found[0][x] = vf_add(found[0][x], found[r][x]);
            read[0][x] = vf_add(read[0][x], read[r][x]);
        }
        fresh[x] = vf_mul(rate, vf_fma(minus, found[0][x], vf_load(v + x * VW)));
        vf_store(out + x * VW, vf_fma(dot, fresh[x], vf_mul(left, read[0][x])));
    }
    for (int i = 0; i < dim; i++) {
        vf key = vf_set(k[i]);
        for (int x = 0; x < MK_PANEL_VECTORS; x++) {
            float *s = state + i * MK_PANEL + x * VW;
            vf_store(s, vf_fma(key, fresh[x], vf_mul(left, vf_load(s))));
        }
    }
}

static void mk_delta_sweep(const mk_delta *d) {
    for (int c = 0; c < d->value_dim; c += MK_PANEL) {
        float *state = d->state + (size_t)c * d->key_dim;
        for (int t = 0; t < d->tokens; t++) {
            size_t key = (size_t)t * d->key_dim, value = (size_t)t * d->value_dim + c;
            mk_delta_step(state, d->key_dim, d->q + key, d->k + key, d->v + value, d->decay[t], d->beta[t],
                          d->out + value);
        }
    }
}

// c[R][32] = keep * c + a[R][depth] b[depth][32]; where keep is 0, c is only written.
MK_INLINE void mk_panel_rows(int R, int depth, const float *a, size_t lda, const float *b, float keep, float *c,
                             size_t ldc) {
    vf sum[MK_PANEL_ROWS][MK_PANEL_VECTORS];
    for (int r = 0; r < R; r++)
        for (int x = 0; x < MK_PANEL_VECTORS; x++)
            sum[r][x] = keep == 0 ? vf_set(0) : vf_mul(vf_set(keep), vf_load(c + r * ldc + x * VW));
    for (int i = 0; i < depth; i++) {
        vf row[MK_PANEL_VECTORS];
        for (int x = 0; x < MK_PANEL_VECTORS; x++) row[x] = vf_load(b + i * MK_PANEL + x * VW);
        for (int r = 0; r < R; r++) {
            vf factor = vf_set(a[r * lda + i]);
            for (int x = 0; x < MK_PANEL_VECTORS; x++) sum[r][x] = vf_fma(factor, row[x], sum[r][x]);
        }
    }
    for (int r = 0; r < R; r++)
        for (int x = 0; x < MK_PANEL_VECTORS; x++) vf_store(c + r * ldc + x * VW, sum[r][x]);
}

static void mk_panel_product(int rows, int depth, const float *a, size_t lda, const float *b, float keep, float *c,
                             size_t ldc) {
    int r = 0;
    for (; r + MK_PANEL_ROWS <= rows; r += MK_PANEL_ROWS)
        mk_panel_rows(MK_PANEL_ROWS, depth, a + r * lda, lda, b, keep, c + r * ldc, ldc);
    for (; r < rows; r++) mk_panel_rows(1, depth, a + r * lda, lda, b, keep, c + r * ldc, ldc);
}

// Adds to c what rows of a lower triangular a make of b: row r sees r + 1 rows. Above the diagonal a holds zeros.
static void mk_panel_triangle(int rows, const float *a, size_t lda, const float *b, float *c, size_t ldc) {
    int r = 0;
    for (; r + MK_PANEL_ROWS <= rows; r += MK_PANEL_ROWS)
        mk_panel_rows(MK_PANEL_ROWS, r + MK_PANEL_ROWS, a + r * lda, lda, b, 1, c + r * ldc, ldc);
    for (; r < rows; r++) mk_panel_rows(1, r + 1, a + r * lda, lda, b, 1, c + r * ldc, ldc);
}

// Rows first to first + R of the solution of x = x + a x for a strictly lower triangular a, given those before.
MK_INLINE void mk_solve_rows(int R, int first, const float *a, size_t lda, float *x) {
    vf sum[MK_PANEL_ROWS][MK_PANEL_VECTORS];
    a += first * lda;
    for (int r = 0; r < R; r++)
        for (int v = 0; v < MK_PANEL_VECTORS; v++) sum[r][v] = vf_load(x + (first + r) * MK_PANEL + v * VW);
    for (int i = 0; i < first; i++) {
        vf row[MK_PANEL_VECTORS];
        for (int v = 0; v < MK_PANEL_VECTORS; v++) row[v] = vf_load(x + i * MK_PANEL + v * VW);
        for (int r = 0; r < R; r++) {
            vf factor = vf_set(a[r * lda + i]);
            for (int v = 0; v < MK_PANEL_VECTORS; v++) sum[r][v] = vf_fma(factor, row[v], sum[r][v]);
        }
    }
    for (int r = 1; r < R; r++)
        for (int i = 0; i < r; i++) {
            vf factor = vf_set(a[r * lda + first + i]);
            for (int v = 0; v < MK_PANEL_VECTORS; v++) sum[r][v] = vf_fma(factor, sum[i][v], sum[r][v]);
        }
    for (int r = 0; r < R; r++)
        for (int v = 0; v < MK_PANEL_VECTORS; v++) vf_store(x + (first + r) * MK_PANEL + v * VW, sum[r][v]);
}

static void mk_panel_solve(int rows, const float *a, size_t lda, float *x) {
    int r = 0;
    for (; r + MK_PANEL_ROWS <= rows; r += MK_PANEL_ROWS) mk_solve_rows(MK_PANEL_ROWS, r, a, lda, x);
    for (; r < rows; r++) mk_solve_rows(1, r, a, lda, x);
}

// What stands between two tokens of a chunk, i >= j: reads[i][j] = q_i k_j and writes[i][j] = -beta_i k_i k_j, both
// times the decay from j to i. `past` receives the decay from the chunk's start to each token, `rest` from each token
// to the last. `keys` are transposed, [2][key_dim][32].
MK_INLINE void mk_delta_pairs(const mk_delta *d, const float *keys, float *reads, float *writes, float *past,
                              float *rest) {
    int n = d->tokens, dim = d->key_dim;
    for (int first = 0; first < n; first += MK_PANEL) {
        size_t place = (size_t)first * MK_DELTA_CHUNK + first;
        const float *panel = keys + (size_t)first * dim;
        mk_panel_product(n - first, dim, d->q + (size_t)first * dim, dim, panel, 0, reads + place, MK_DELTA_CHUNK);
        mk_panel_product(n - first, dim, d->k + (size_t)first * dim, dim, panel, 0, writes + place, MK_DELTA_CHUNK);
    }
    for (int i = 0; i < n; i++) {
        float *read = reads + i * MK_DELTA_CHUNK, *write = writes + i * MK_DELTA_CHUNK;
        float decay = d->decay[i], beta = -d->beta[i];
        // Products of factors instead of differences of logarithms: exact where a token forgets everything. Numbers
        // too small to matter are cut before they become subnormal and slow.
        past[i] = i > 0 ? past[i - 1] * decay : decay;
        past[i] = past[i] < 1e-30f ? 0.0f : past[i];
        for (int j = 0; j < i; j++) {
            float left = rest[j] * decay;
            rest[j] = left < 1e-30f ? 0.0f : left;
        }
        rest[i] = 1;
        for (int j = 0; j <= i; j++) {
            read[j] *= rest[j];
            write[j] *= rest[j] * beta;
        }
        for (int j = i + 1; j < MK_DELTA_CHUNK; j++) read[j] = 0;
    }
}

static void mk_delta_chunk(const mk_delta *d) {
    int n = d->tokens, dim = d->key_dim;
    size_t width = (size_t)d->value_dim;
    float *reads = d->scratch, *writes = reads + MK_DELTA_CHUNK * MK_DELTA_CHUNK;
    float *fresh = writes + MK_DELTA_CHUNK * MK_DELTA_CHUNK; // [tokens][32], what is written for each token
    float *past = fresh + MK_DELTA_CHUNK * MK_PANEL, *rest = past + MK_DELTA_CHUNK;
    float *keys = rest + MK_DELTA_CHUNK;
    for (int first = 0; first < n; first += MK_PANEL)
        for (int i = 0; i < dim; i++) {
            float *row = keys + (size_t)first * dim + i * MK_PANEL;
            for (int j = 0; j < MK_PANEL; j++) row[j] = first + j < n ? d->k[(size_t)(first + j) * dim + i] : 0.0f;
        }
    mk_delta_pairs(d, keys, reads, writes, past, rest);
    for (int c = 0; c < d->value_dim; c += MK_PANEL) {
        float *state = d->state + (size_t)c * dim, *out = d->out + c;
        mk_panel_product(n, dim, d->k, dim, state, 0, fresh, MK_PANEL);
        mk_panel_product(n, dim, d->q, dim, state, 0, out, width);
        for (int i = 0; i < n; i++)
            for (int x = 0; x < MK_PANEL; x++) {
                float *f = fresh + i * MK_PANEL + x;
                *f = d->beta[i] * (d->v[i * width + c + x] - past[i] * *f);
                out[i * width + x] *= past[i];
            }
        // The writes of a chunk see each other: a triangular system.
        mk_panel_solve(n, writes, MK_DELTA_CHUNK, fresh);
        mk_panel_triangle(n, reads, MK_DELTA_CHUNK, fresh, out, width);
        for (int i = 0; i < n; i++)
            for (int x = 0; x < MK_PANEL; x++) fresh[i * MK_PANEL + x] *= rest[i];
        for (int first = 0; first < n; first += MK_PANEL)
            mk_panel_product(dim, n - first < MK_PANEL ? n - first : MK_PANEL, keys + (size_t)first * dim, MK_PANEL,
                             fresh + first * MK_PANEL, first == 0 ? past[n - 1] : 1, state, MK_PANEL);
    }
}
