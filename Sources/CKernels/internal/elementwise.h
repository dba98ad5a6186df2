// Norms, activations, rotary embeddings and the quantisation of activations, for any level.
#include "vector.h"

__attribute__((unused)) static void mk_quantize(const float *x, int n, mk_group *out) {
    for (int start = 0; start < n; start += MK_GROUP, out++, x += MK_GROUP) {
        int count = n - start < MK_GROUP ? n - start : MK_GROUP;
        float largest = 0;
        for (int i = 0; i < count; i++) {
            float a = x[i] < 0 ? -x[i] : x[i];
            largest = a > largest ? a : largest;
        }
        float inverse = largest > 0 ? 127.0f / largest : 0;
        out->scale = largest / 127.0f;
        for (int i = 0; i < count; i++) {
            float shifted = x[i] * inverse + 12582912.0f;
            out->q[i] = (int8_t)(mk_float_to_bits(shifted) & 0xff);
        }
        for (int i = count; i < MK_GROUP; i++) out->q[i] = 0;
        int total = 0;
        for (int s = 0; s < 16; s++) {
            int sum = 0;
            for (int i = 0; i < 16; i++) sum += out->q[16 * s + i];
            out->sum16[s] = (int16_t)sum;
            total += sum;
        }
        for (int s = 0; s < 8; s++) out->sum32[s] = (int16_t)(out->sum16[2 * s] + out->sum16[2 * s + 1]);
        out->sum = total;
    }
}

static void mk_rms_norm(const float *x, const float *weight, float epsilon, int n, float *out) {
    vf squares = vf_set(0);
    int i = 0;
    for (; i + VW <= n; i += VW) squares = vf_fma(vf_load(x + i), vf_load(x + i), squares);
    float sum = vf_sum(squares);
    for (; i < n; i++) sum += x[i] * x[i];
    float scale = 1.0f / __builtin_sqrtf(sum / (float)n + epsilon);
    if (weight == NULL) for (i = 0; i < n; i++) out[i] = x[i] * scale;
    else for (i = 0; i < n; i++) out[i] = x[i] * scale * weight[i];
}

static void mk_add(const float *x, const float *y, int n, float *out) {
    for (int i = 0; i < n; i++) out[i] = x[i] + y[i];
}

static void mk_add_scaled(const float *x, float factor, int n, float *out) {
    for (int i = 0; i < n; i++) out[i] += factor * x[i];
}

static void mk_layer_norm(const float *x, const float *weight, const float *bias, float epsilon, int n, float *out) {
    vf sums = vf_set(0), squares = vf_set(0);
    int i = 0;
    for (; i + VW <= n; i += VW) sums = vf_add(sums, vf_load(x + i));
    float sum = vf_sum(sums);
    for (; i < n; i++) sum += x[i];
    float mean = sum / (float)n, rest = 0;
    for (i = 0; i + VW <= n; i += VW) {
        vf d = vf_add(vf_load(x + i), vf_set(-mean));
        squares = vf_fma(d, d, squares);
    }
    for (; i < n; i++) rest += (x[i] - mean) * (x[i] - mean);
    float scale = 1.0f / __builtin_sqrtf((vf_sum(squares) + rest) / (float)n + epsilon);
    for (i = 0; i < n; i++) out[i] = (x[i] - mean) * scale * weight[i] + bias[i];
}

MK_INLINE float mk_sigmoid(float x) { return 1.0f / (1.0f + mk_exp(-x)); }

// 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) = x sigmoid(2 sqrt(2 / pi) (x + 0.044715 x^3))
MK_INLINE float mk_gelu(float x) { return x * mk_sigmoid(1.5957691216f * (x + 0.044715f * x * x * x)); }

// 0.5 x (1 + erf(x / sqrt(2))); erf with an absolute error below 2e-7. Abramowitz and Stegun, 7.1.26.
MK_INLINE float mk_gelu_erf(float x) {
    float z = (x < 0 ? -x : x) * 0.70710678f;
    float t = 1.0f / (1.0f + 0.3275911f * z);
    float p = 1.061405429f;
    p = p * t - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    float tail = 0.5f * p * t * mk_exp(-z * z);
    return x * (x < 0 ? tail : 1.0f - tail);
}

MK_INLINE float mk_cut(float x, float low, float high) { return x < low ? low : x > high ? high : x; }

static void mk_activate(int function, const float *gate, const float *up, float limit, int n, float *out) {
    float high = limit > 0 ? limit : __builtin_inff();
    if (function == MK_GELU) {
        if (up == NULL) for (int i = 0; i < n; i++) out[i] = mk_gelu(gate[i]);
        else for (int i = 0; i < n; i++) out[i] = mk_gelu(gate[i]) * up[i];
    } else if (function == MK_GELU_ERF) {
        if (up == NULL) for (int i = 0; i < n; i++) out[i] = mk_gelu_erf(gate[i]);
        else for (int i = 0; i < n; i++) out[i] = mk_gelu_erf(gate[i]) * up[i];
    } else if (function == MK_SWIGLU_OAI) {
        for (int i = 0; i < n; i++) {
            float g = gate[i] > high ? high : gate[i];
            out[i] = g * mk_sigmoid(1.702f * g) * (mk_cut(up[i], -high, high) + 1);
        }
    } else if (up == NULL) {
        for (int i = 0; i < n; i++) out[i] = gate[i] * mk_sigmoid(gate[i]);
    } else if (limit > 0) {
        for (int i = 0; i < n; i++) {
            float g = gate[i] > high ? high : gate[i];
            out[i] = g * mk_sigmoid(g) * mk_cut(up[i], -high, high);
        }
    } else {
        for (int i = 0; i < n; i++) out[i] = gate[i] / (1.0f + mk_exp(-gate[i])) * up[i];
    }
}

static void mk_gate(const float *gate, int n, float *out) {
    for (int i = 0; i < n; i++) out[i] *= mk_sigmoid(gate[i]);
}

// streams[k] = post[k] x + sum over j of mix[j][k] streams[j], rows of `width`, at most 8 streams.
static void mk_mix_streams(float *streams, int count, int width, const float *x, const float *post, const float *mix) {
    int i = 0;
    for (; i + VW <= width; i += VW) {
        vf old[8], input = vf_load(x + i);
        for (int j = 0; j < count; j++) old[j] = vf_load(streams + (size_t)j * width + i);
        for (int k = 0; k < count; k++) {
            vf sum = vf_mul(vf_set(post[k]), input);
            for (int j = 0; j < count; j++) sum = vf_fma(vf_set(mix[j * count + k]), old[j], sum);
            vf_store(streams + (size_t)k * width + i, sum);
        }
    }
    for (; i < width; i++) {
        float old[8];
        for (int j = 0; j < count; j++) old[j] = streams[(size_t)j * width + i];
        for (int k = 0; k < count; k++) {
            float sum = post[k] * x[i];
            for (int j = 0; j < count; j++) sum += mix[j * count + k] * old[j];
            streams[(size_t)k * width + i] = sum;
        }
    }
}

// out[i] = sum over the rows of softmax(gates)[row][i] values[row][i]: a softmax for every column. 16 divides n.
static void mk_pool(const float *values, const float *gates, int rows, int n, float *out) {
    for (int c = 0; c < n; c += 16) {
        float largest[16], sum[16] = {0}, total[16] = {0};
        for (int i = 0; i < 16; i++) largest[i] = gates[c + i];
        for (int r = 1; r < rows; r++)
            for (int i = 0; i < 16; i++) {
                float gate = gates[(size_t)r * n + c + i];
                largest[i] = gate > largest[i] ? gate : largest[i];
            }
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < 16; i++) {
                float weight = mk_exp(gates[(size_t)r * n + c + i] - largest[i]);
                sum[i] += weight;
                total[i] += weight * values[(size_t)r * n + c + i];
            }
        for (int i = 0; i < 16; i++) out[c + i] = total[i] / sum[i];
    }
}

static void mk_rope_halves(float *x, const float *cosines, const float *sines, int half) {
    for (int i = 0; i < half; i++) {
        float a = x[i], b = x[i + half];
        x[i] = a * cosines[i] - b * sines[i];
        x[i + half] = a * sines[i] + b * cosines[i];
    }
}

static void mk_rope_pairs(float *x, const float *cosines, const float *sines, int half) {
    for (int i = 0; i < half; i++) {
        float a = x[2 * i], b = x[2 * i + 1];
        x[2 * i] = a * cosines[i] - b * sines[i];
        x[2 * i + 1] = a * sines[i] + b * cosines[i];
    }
}

__attribute__((unused)) static uint64_t mk_read(const uint8_t *bytes, size_t count) {
    uint32_t sums[4] = {0};
    for (size_t i = 0; i + 64 <= count; i += 64)
        for (int j = 0; j < 16; j++) {
            uint32_t word;
            memcpy(&word, bytes + i + 4 * j, 4);
            sums[j % 4] += word;
        }
    return (uint64_t)sums[0] + sums[1] + sums[2] + sums[3];
}
