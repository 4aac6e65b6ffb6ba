#include "look_up.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

void look_up_plainly(uint8_t *values, const uint8_t *table) {
#pragma clang loop unroll_count(8)
  for (int i = 0; i < co::look_up_count; i++) values[i] = table[values[i]];
}

#if defined(__x86_64__)

/// The whole table lies in registers: two shuffles find the entry in either half of it.
__attribute__((target("avx512f,avx512bw,avx512vbmi")))
void look_up_vbmi(uint8_t *values, const uint8_t *table) {
  const __m512i a = _mm512_loadu_si512(table), b = _mm512_loadu_si512(table + 64);
  const __m512i c = _mm512_loadu_si512(table + 128), d = _mm512_loadu_si512(table + 192);
  for (int i = 0; i < co::look_up_count; i += 64) {
    const __m512i index = _mm512_loadu_si512(values + i);
    const __m512i low = _mm512_permutex2var_epi8(a, index, b), high = _mm512_permutex2var_epi8(c, index, d);
    _mm512_storeu_si512(values + i, _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), low, high));
  }
}

/// A shuffle finds the entry in sixteen. The results of all sixteenths meet in pairs, as in a knock-out tournament; the
/// bits of the index from the fifth up decide who goes on.
__attribute__((target("avx2")))
void look_up_avx2(uint8_t *values, const uint8_t *table) {
  for (int i = 0; i < co::look_up_count; i += 32) {
    const __m256i index = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(values + i));
    const __m256i in_sixteen = _mm256_and_si256(index, _mm256_set1_epi8(15));
    __m256i found[16];
#pragma clang loop unroll(full)
    for (int k = 0; k < 16; k++) {
      const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i *>(table + 16 * k));
      found[k] = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(part), in_sixteen);
    }
    // The deciding bit at the top of each byte; what the shift brings in from a neighbour stays below it.
    const __m256i bits[4] = {_mm256_slli_epi16(index, 3), _mm256_slli_epi16(index, 2), _mm256_slli_epi16(index, 1), index};
#pragma clang loop unroll(full)
    for (int round = 0; round < 4; round++) {
#pragma clang loop unroll(full)
      for (int k = 0; k < 8 >> round; k++)
        found[k] = _mm256_blendv_epi8(found[2 * k], found[2 * k + 1], bits[round]);
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i *>(values + i), found[0]);
  }
}

#endif

using LookUp = void (*)(uint8_t *, const uint8_t *);

LookUp fastest() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vbmi")) return look_up_vbmi;
  if (__builtin_cpu_supports("avx2")) return look_up_avx2;
#endif
  return look_up_plainly;
}

}  // namespace

void co::look_up(uint8_t *values, const uint8_t *table) {
  static const LookUp implementation = fastest();
  implementation(values, table);
}
