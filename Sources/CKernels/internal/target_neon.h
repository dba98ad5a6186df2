// Code between this header and target_end.h may use NEON with the dot product instructions of ARMv8.2 (and 16-bit
// floats as storage); dispatch.c checks the machine.
#include <arm_neon.h>
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#define MK_UNROLL _Pragma("clang loop unroll(full)")
#else
#pragma GCC optimize("fp-contract=off")
#define MK_UNROLL _Pragma("GCC unroll 8")
#endif
