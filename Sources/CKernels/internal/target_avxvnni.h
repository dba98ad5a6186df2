// Code between this header and target_end.h may use AVX2 with 256-bit VNNI; dispatch.c checks the machine.
#include <immintrin.h>
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,avxvnni"))), apply_to = function)
