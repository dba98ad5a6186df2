// Code between this header and target_end.h may use AVX-512 with VNNI; dispatch.c checks the machine.
#include <immintrin.h>
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)
