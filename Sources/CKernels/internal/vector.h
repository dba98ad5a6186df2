// Float vectors of the level that includes this file: `MK_LEVEL` is 0 scalar, 1 AVX2, 2 AVX-512, 3 NEON.
#ifndef MARTLET_VECTOR_H
#define MARTLET_VECTOR_H

#include "unpack.h"

#if MK_LEVEL == 2
#define VW 16
typedef __m512 vf;
MK_INLINE vf vf_load(const float *p) { return _mm512_loadu_ps(p); }
MK_INLINE void vf_store(float *p, vf a) { _mm512_storeu_ps(p, a); }
MK_INLINE vf vf_set(float a) { return _mm512_set1_ps(a); }
MK_INLINE vf vf_fma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
MK_INLINE vf vf_add(vf a, vf b) { return _mm512_add_ps(a, b); }
MK_INLINE vf vf_mul(vf a, vf b) { return _mm512_mul_ps(a, b); }
MK_INLINE vf vf_max(vf a, vf b) { return _mm512_max_ps(a, b); }
MK_INLINE float vf_sum(vf a) { return _mm512_reduce_add_ps(a); }
MK_INLINE float vf_maximum(vf a) { return _mm512_reduce_max_ps(a); }
MK_INLINE vf vf_load_half(const uint16_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p)); }
MK_INLINE void vf_store_half(uint16_t *p, vf a) { _mm256_storeu_si256((__m256i *)p, _mm512_cvtps_ph(a, 0)); }
MK_INLINE vf vf_load_bf16v(const uint16_t *p) {
    return _mm512_castsi512_ps(
        _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)p)), 16));
}
MK_INLINE vf vf_load_i8(const int8_t *p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)p)));
}
#elif MK_LEVEL == 1
#define VW 8
typedef __m256 vf;
MK_INLINE vf vf_load(const float *p) { return _mm256_loadu_ps(p); }
MK_INLINE void vf_store(float *p, vf a) { _mm256_storeu_ps(p, a); }
MK_INLINE vf vf_set(float a) { return _mm256_set1_ps(a); }
MK_INLINE vf vf_fma(vf a, vf b, vf c) { return _mm256_fmadd_ps(a, b, c); }
MK_INLINE vf vf_add(vf a, vf b) { return _mm256_add_ps(a, b); }
MK_INLINE vf vf_mul(vf a, vf b) { return _mm256_mul_ps(a, b); }
MK_INLINE vf vf_max(vf a, vf b) { return _mm256_max_ps(a, b); }
MK_INLINE float vf_sum(vf a) {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}
MK_INLINE float vf_maximum(vf a) {
    __m128 s = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    s = _mm_max_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_max_ss(s, _mm_movehdup_ps(s)));
}
MK_INLINE vf vf_load_half(const uint16_t *p) { return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p)); }
MK_INLINE void vf_store_half(uint16_t *p, vf a) { _mm_storeu_si128((__m128i *)p, _mm256_cvtps_ph(a, 0)); }
MK_INLINE vf vf_load_bf16v(const uint16_t *p) {
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p)), 16));
}
MK_INLINE vf vf_load_i8(const int8_t *p) {
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)p)));
}
#elif MK_LEVEL == 3
#define VW 4
typedef float32x4_t vf;
MK_INLINE vf vf_load(const float *p) { return vld1q_f32(p); }
MK_INLINE void vf_store(float *p, vf a) { vst1q_f32(p, a); }
MK_INLINE vf vf_set(float a) { return vdupq_n_f32(a); }
MK_INLINE vf vf_fma(vf a, vf b, vf c) { return vfmaq_f32(c, a, b); }
MK_INLINE vf vf_add(vf a, vf b) { return vaddq_f32(a, b); }
MK_INLINE vf vf_mul(vf a, vf b) { return vmulq_f32(a, b); }
MK_INLINE vf vf_max(vf a, vf b) { return vmaxq_f32(a, b); }
MK_INLINE float vf_sum(vf a) { return vaddvq_f32(a); }
MK_INLINE float vf_maximum(vf a) { return vmaxvq_f32(a); }
MK_INLINE vf vf_load_half(const uint16_t *p) { return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p))); }
MK_INLINE void vf_store_half(uint16_t *p, vf a) { vst1_u16(p, vreinterpret_u16_f16(vcvt_f16_f32(a))); }
MK_INLINE vf vf_load_bf16v(const uint16_t *p) { return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p), 16)); }
MK_INLINE vf vf_load_i8(const int8_t *p) {
    int32_t bytes;
    memcpy(&bytes, p, 4);
    int16x8_t wide = vmovl_s8(vreinterpret_s8_s32(vdup_n_s32(bytes)));
    return vcvtq_f32_s32(vmovl_s16(vget_low_s16(wide)));
}
#else
#define VW 1
typedef float vf;
MK_INLINE vf vf_load(const float *p) { return *p; }
MK_INLINE void vf_store(float *p, vf a) { *p = a; }
MK_INLINE vf vf_set(float a) { return a; }
MK_INLINE vf vf_fma(vf a, vf b, vf c) { return a * b + c; }
MK_INLINE vf vf_add(vf a, vf b) { return a + b; }
MK_INLINE vf vf_mul(vf a, vf b) { return a * b; }
MK_INLINE vf vf_max(vf a, vf b) { return a > b ? a : b; }
MK_INLINE float vf_sum(vf a) { return a; }
MK_INLINE float vf_maximum(vf a) { return a; }
MK_INLINE vf vf_load_half(const uint16_t *p) { return mk_half_to_float(*p); }
MK_INLINE void vf_store_half(uint16_t *p, vf a) { *p = mk_float_to_half(a); }
MK_INLINE vf vf_load_bf16v(const uint16_t *p) { return mk_bits_to_float((uint32_t)*p << 16); }
MK_INLINE vf vf_load_i8(const int8_t *p) { return (float)*p; }
#endif

// e^x in the shape that compilers vectorise; relative error below 2e-7 on [-87, 88], flushed outside.
MK_INLINE float mk_exp(float x) {
    x = x > 88.0f ? 88.0f : x;
    float clamped = x < -87.0f ? -87.0f : x;
    // 2^(n + f): adding 1.5 * 2^23 rounds to the nearest integer, which then sits in the low bits.
    float shifted = clamped * 1.44269504f + 12582912.0f;
    float n = shifted - 12582912.0f;
    float f = (clamped - n * 0.693145751953125f) - n * 1.42860677e-6f;
    float p = 1.0f / 5040;
    p = p * f + 1.0f / 720;
    p = p * f + 1.0f / 120;
    p = p * f + 1.0f / 24;
    p = p * f + 1.0f / 6;
    p = p * f + 0.5f;
    p = p * f + 1.0f;
    p = p * f + 1.0f;
    uint32_t exponent = (mk_float_to_bits(shifted) - 0x4b400000u) << 23;
    float result = mk_bits_to_float(mk_float_to_bits(p) + exponent);
    return x < -87.0f ? 0.0f : result;
}

#endif
