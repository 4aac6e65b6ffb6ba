#pragma once

/// Compiles a function once for each generation of processors; the loader picks the best one for the machine.
#if defined(__x86_64__)
#define CO_EVERY_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CO_EVERY_PROCESSOR
#endif

/// What such a function calls must become part of each of its versions.
#define CO_INLINE static inline __attribute__((always_inline))

// The same numbers on every processor: no fused multiply-add where the machine has one.
#pragma clang fp contract(off)
