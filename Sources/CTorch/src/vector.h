#pragma once

// Sixteen float32 values as one Clang vector: the compiler maps it to one AVX-512, two AVX2 or four SSE/NEON registers.

#include <c10/util/BFloat16.h>

#include <cstdint>
#include <cstring>

// Vectors pass through functions only where these are inlined, so the calling convention for wide vectors plays no part.
#pragma clang diagnostic ignored "-Wpsabi"

#define CT_INLINE static inline __attribute__((always_inline))

/// Compiles a kernel once for each level of the x86-64 instruction set; the best is chosen when the program starts.
#if defined(__x86_64__)
#define CT_CLONED \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CT_CLONED
#endif

namespace ct {

constexpr int64_t lanes = 16;
typedef float Vector __attribute__((vector_size(4 * lanes)));
typedef uint32_t Words __attribute__((vector_size(4 * lanes)));
typedef int32_t Integers __attribute__((vector_size(4 * lanes)));
typedef uint16_t Halves __attribute__((vector_size(2 * lanes)));

CT_INLINE Vector load(const float *from) {
  Vector v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

CT_INLINE void store(float *to, Vector v) { std::memcpy(to, &v, sizeof v); }

CT_INLINE Vector load(const c10::BFloat16 *from) {
  Halves halves;
  std::memcpy(&halves, from, sizeof halves);
  return (Vector)(__builtin_convertvector(halves, Words) << 16);
}

/// Rounds to the nearest bfloat16, ties to even; NaN stays NaN.
CT_INLINE void store(c10::BFloat16 *to, Vector v) {
  Words bits = (Words)v;
  Words rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
  Words is_nan = (Words)(v != v);
  Halves halves = __builtin_convertvector((rounded & ~is_nan) | (0x7FC0 & is_nan), Halves);
  std::memcpy(to, &halves, sizeof halves);
}

/// e^x for |x| below 87, otherwise for the nearest such x; relative error 2e-7.
CT_INLINE Vector exponential(Vector x) {
  x = __builtin_elementwise_min(__builtin_elementwise_max(x, (Vector){} - 87.f), (Vector){} + 87.f);
  // x = n log 2 + r with |r| <= log(2) / 2. Adding 1.5 * 2^23 leaves n, rounded, in the low bits.
  const Vector magic = (Vector){} + 12582912.f;
  Vector shifted = x * 1.44269504088896341f + magic;
  Vector n = shifted - magic;
  Vector r = x - n * 0.693359375f + n * 2.12194440e-4f;  // log 2 in two parts
  // Minimax polynomial of e^r (Cephes, expf).
  Vector p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1;
  return (Vector)((Integers)p + ((Integers)shifted << 23));
}

/// 1 / x for x from 1e-37 to 8e37; relative error 2e-7. A division takes as long as a dozen multiplications.
CT_INLINE Vector reciprocal(Vector x) {
  // Taking the bits from a constant negates the exponent; what that gets wrong of the fraction, 12 % at most, Newton's method
  // squares three times.
  Vector r = (Vector)(0x7EF311C7 - (Integers)x);
  r = r * (2 - x * r);
  r = r * (2 - x * r);
  return r * (2 - x * r);
}

CT_INLINE Vector sigmoid(Vector x) { return reciprocal(1 + exponential(-x)); }

}  // namespace ct
