#include "warp_run.h"

#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

constexpr int one = 1 << co::fraction_bits, mask = one - 1;
constexpr int total_bits = 2 * co::fraction_bits;

/// The pixel left of and above a position.
inline const uint8_t *corner(const CORegion &region, int32_t x, int32_t y) {
  return region.data + ((y >> co::fraction_bits) - region.y0) * region.row_bytes +
         3 * static_cast<int64_t>((x >> co::fraction_bits) - region.x0);
}

void write_run_plainly(uint8_t *out, const CORegion &region, const int32_t *x, const int32_t *y, int count) {
  for (int i = 0; i < count; i++, out += 3) {
    const uint8_t *above = corner(region, x[i], y[i]);
    const uint8_t *below = above + region.row_bytes;
    const int right = x[i] & mask, down = y[i] & mask;
    for (int c = 0; c < 3; c++) {
      const int top = above[c] * (one - right) + above[c + 3] * right;
      const int bottom = below[c] * (one - right) + below[c + 3] * right;
      out[c] = static_cast<uint8_t>((top * (one - down) + bottom * down + (1 << (total_bits - 1))) >> total_bits);
    }
  }
}

#if defined(__x86_64__)

/// Where eight pixels are, and how much their neighbours count.
struct Taps {
  alignas(32) uint32_t offset[8];  // bytes from the region's first pixel
  __m256i across;                  // of each pixel two 16-bit weights: left, right
  __m256i down;                    // of each pixel four 8-bit weights: above, below, above, below
};

__attribute__((target("avx2"), always_inline)) inline void find_taps(
    Taps &taps, const __m256i x0, const __m256i y0, const __m256i row_bytes, const int32_t *xs, const int32_t *ys) {
  const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(xs));
  const __m256i y = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(ys));
  const __m256i ones = _mm256_set1_epi32(one), masks = _mm256_set1_epi32(mask);
  const __m256i column = _mm256_sub_epi32(_mm256_srai_epi32(x, co::fraction_bits), x0);
  const __m256i row = _mm256_sub_epi32(_mm256_srai_epi32(y, co::fraction_bits), y0);
  const __m256i offset = _mm256_add_epi32(
      _mm256_mullo_epi32(row, row_bytes), _mm256_add_epi32(column, _mm256_add_epi32(column, column)));
  _mm256_store_si256(reinterpret_cast<__m256i *>(taps.offset), offset);
  const __m256i right = _mm256_and_si256(x, masks), below = _mm256_and_si256(y, masks);
  taps.across = _mm256_or_si256(_mm256_sub_epi32(ones, right), _mm256_slli_epi32(right, 16));
  const __m256i pair = _mm256_or_si256(_mm256_sub_epi32(ones, below), _mm256_slli_epi32(below, 8));
  taps.down = _mm256_or_si256(pair, _mm256_slli_epi32(pair, 16));
}

/// The four neighbours of a pixel, and what follows them: 8 bytes of the row above, 8 of the row below.
__attribute__((target("avx2"), always_inline)) inline __m128i neighbours(const uint8_t *above, int64_t row_bytes) {
  const __m128i top = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(above));
  return _mm_castps_si128(
      _mm_loadh_pi(_mm_castsi128_ps(top), reinterpret_cast<const __m64 *>(above + row_bytes)));
}

/// The pixels number `k` and `k + 4` of eight, one a lane, as three 32-bit components and a fourth that means nothing.
template <int k>
__attribute__((target("avx2"), always_inline)) inline __m256i two_pixels(
    const uint8_t *data, int64_t row_bytes, const Taps &taps) {
  const __m256i bytes = _mm256_inserti128_si256(
      _mm256_castsi128_si256(neighbours(data + taps.offset[k], row_bytes)),
      neighbours(data + taps.offset[k + 4], row_bytes), 1);
  // Of each component: above and below on the left, above and below on the right.
  const __m256i by_component = _mm256_setr_epi8(
      0, 8, 3, 11, 1, 9, 4, 12, 2, 10, 5, 13, -1, -1, -1, -1, 0, 8, 3, 11, 1, 9, 4, 12, 2, 10, 5, 13, -1, -1, -1, -1);
  constexpr int this_one = k * 0x55;
  const __m256i columns = _mm256_maddubs_epi16(
      _mm256_shuffle_epi8(bytes, by_component), _mm256_shuffle_epi32(taps.down, this_one));
  const __m256i sum = _mm256_madd_epi16(columns, _mm256_shuffle_epi32(taps.across, this_one));
  return _mm256_srli_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << (total_bits - 1))), total_bits);
}

__attribute__((target("avx2")))
void write_run_avx2(
    uint8_t *out, const CORegion &region, const int32_t *x, const int32_t *y, int count, int64_t ahead) {
  const __m256i without_gaps = _mm256_setr_epi8(
      0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
  const uint8_t *const data = region.data;
  const int64_t row_bytes = region.row_bytes;
  const __m256i x0 = _mm256_set1_epi32(region.x0), y0 = _mm256_set1_epi32(region.y0);
  const __m256i bytes = _mm256_set1_epi32(static_cast<int>(row_bytes));
  Taps taps;
  int i = 0;
  for (; i + 8 <= count; i += 8, out += 24) {
    find_taps(taps, x0, y0, bytes, x + i, y + i);
    // An address, not a pointer: it may lie outside of the picture, where nothing is fetched.
    const uintptr_t next = reinterpret_cast<uintptr_t>(data) + taps.offset[0] + static_cast<uintptr_t>(ahead);
    _mm_prefetch(reinterpret_cast<const char *>(next), _MM_HINT_T0);
    _mm_prefetch(reinterpret_cast<const char *>(next + static_cast<uintptr_t>(row_bytes)), _MM_HINT_T0);
    const __m256i left = _mm256_packus_epi32(two_pixels<0>(data, row_bytes, taps), two_pixels<1>(data, row_bytes, taps));
    const __m256i right = _mm256_packus_epi32(two_pixels<2>(data, row_bytes, taps), two_pixels<3>(data, row_bytes, taps));
    const __m256i pixels = _mm256_shuffle_epi8(_mm256_packus_epi16(left, right), without_gaps);
    // The second store covers the four bytes too many of the first.
    _mm_storeu_si128(reinterpret_cast<__m128i *>(out), _mm256_castsi256_si128(pixels));
    const __m128i last = _mm256_extracti128_si256(pixels, 1);
    _mm_storel_epi64(reinterpret_cast<__m128i *>(out + 12), last);
    const int end = _mm_extract_epi32(last, 2);
    std::memcpy(out + 20, &end, 4);
  }
  write_run_plainly(out, region, x + i, y + i, count - i);
}

#endif

}  // namespace

void co::write_run(uint8_t *out, const CORegion &region, const int32_t *x, const int32_t *y, int count,
                   [[maybe_unused]] int64_t ahead) {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  const bool has_small_offsets = region.row_bytes * (static_cast<int64_t>(region.y1) - region.y0) <= UINT32_MAX;
  if (has_avx2 && has_small_offsets) return write_run_avx2(out, region, x, y, count, ahead);
#endif
  write_run_plainly(out, region, x, y, count);
}
