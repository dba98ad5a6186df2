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
    for (i = 0; i < n; i++) out[i] = x[i] * scale * weight[i];
}

static void mk_add(const float *x, const float *y, int n, float *out) {
    for (int i = 0; i < n; i++) out[i] = x[i] + y[i];
}

static void mk_add_scaled(const float *x, float factor, int n, float *out) {
    for (int i = 0; i < n; i++) out[i] += factor * x[i];
}

static void mk_silu_multiply(const float *gate, const float *up, int n, float *out) {
    for (int i = 0; i < n; i++) out[i] = gate[i] / (1.0f + mk_exp(-gate[i])) * up[i];
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
