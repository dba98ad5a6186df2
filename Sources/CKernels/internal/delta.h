// The gated delta rule: a head's state S, [key_dim][value_dim], is decayed, corrected where the key finds something
// other than the value, and read by the query:
//   S = decay S;  S = S + k (beta (v - k S));  out = q S
// Many tokens go through it one by one, too: a panel of the state stays in the first-level cache, and the arithmetic runs
// at the rate of the multipliers. See Docs/Decisions/0011-recurrent-state.md.
// - SeeAlso: Yang et al. 2024, arXiv:2412.06464.
#include "vector.h"

enum { MK_PANEL = 32, MK_PANEL_VECTORS = MK_PANEL / VW };
// State rows that are summed side by side: sums enough to hide the latency of one.
enum { MK_SWEEP_ROWS = MK_LEVEL == 2 ? 4 : 1 };

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

static void mk_delta_rule(const mk_delta *d) {
    for (int c = 0; c < d->value_dim; c += MK_PANEL) {
        float *state = d->state + (size_t)c * d->key_dim;
        for (int t = 0; t < d->tokens; t++) {
            size_t key = (size_t)t * d->key_dim, value = (size_t)t * d->value_dim + c;
            mk_delta_step(state, d->key_dim, d->q + key, d->k + key, d->v + value, d->decay[t], d->beta[t],
                          d->out + value);
        }
    }
}
