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
  alignas(32) int32_t offset[8];   // bytes from the region's first pixel
  alignas(32) uint32_t across[8];  // two 16-bit weights: left, right
  alignas(32) uint32_t down[8];    // four 8-bit weights: above, below, above, below
};

__attribute__((target("avx2"), always_inline)) inline void find_taps(
    Taps &taps, const CORegion &region, const int32_t *xs, const int32_t *ys) {
  const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(xs));
  const __m256i y = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(ys));
  const __m256i ones = _mm256_set1_epi32(one), masks = _mm256_set1_epi32(mask);
  const __m256i column = _mm256_sub_epi32(_mm256_srai_epi32(x, co::fraction_bits), _mm256_set1_epi32(region.x0));
  const __m256i row = _mm256_sub_epi32(_mm256_srai_epi32(y, co::fraction_bits), _mm256_set1_epi32(region.y0));
  const __m256i offset = _mm256_add_epi32(
      _mm256_mullo_epi32(row, _mm256_set1_epi32(static_cast<int>(region.row_bytes))),
      _mm256_add_epi32(column, _mm256_add_epi32(column, column)));
  const __m256i right = _mm256_and_si256(x, masks), below = _mm256_and_si256(y, masks);
  const __m256i across = _mm256_or_si256(_mm256_sub_epi32(ones, right), _mm256_slli_epi32(right, 16));
  const __m256i pair = _mm256_or_si256(_mm256_sub_epi32(ones, below), _mm256_slli_epi32(below, 8));
  const __m256i down = _mm256_or_si256(pair, _mm256_slli_epi32(pair, 16));
  _mm256_store_si256(reinterpret_cast<__m256i *>(taps.offset), offset);
  _mm256_store_si256(reinterpret_cast<__m256i *>(taps.across), across);
  _mm256_store_si256(reinterpret_cast<__m256i *>(taps.down), down);
}

/// One pixel as three 32-bit components (and a fourth that means nothing).
__attribute__((target("avx2"), always_inline)) inline __m128i pixel_at(
    const CORegion &region, const Taps &taps, int i) {
  const uint8_t *above = region.data + static_cast<uint32_t>(taps.offset[i]);
  const __m128i top = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(above));
  const __m128i bottom = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(above + region.row_bytes));
  // Down first, which leaves R G B of the left pixel and R G B of the right one in 16 bits each.
  const __m128i columns = _mm_maddubs_epi16(_mm_unpacklo_epi8(top, bottom), _mm_set1_epi32(static_cast<int>(taps.down[i])));
  const __m128i pairs = _mm_shuffle_epi8(columns, _mm_setr_epi8(0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11, -1, -1, -1, -1));
  const __m128i sum = _mm_madd_epi16(pairs, _mm_set1_epi32(static_cast<int>(taps.across[i])));
  return _mm_srli_epi32(_mm_add_epi32(sum, _mm_set1_epi32(1 << (total_bits - 1))), total_bits);
}

__attribute__((target("avx2")))
void write_run_avx2(uint8_t *out, const CORegion &region, const int32_t *x, const int32_t *y, int count) {
  const __m128i without_gaps = _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
  Taps taps;
  int i = 0;
  for (; i + 8 <= count; i += 8) {
    find_taps(taps, region, x + i, y + i);
    for (int k = 0; k < 8; k += 4, out += 12) {
      const __m128i left = _mm_packus_epi32(pixel_at(region, taps, k), pixel_at(region, taps, k + 1));
      const __m128i right = _mm_packus_epi32(pixel_at(region, taps, k + 2), pixel_at(region, taps, k + 3));
      const __m128i bytes = _mm_shuffle_epi8(_mm_packus_epi16(left, right), without_gaps);
      _mm_storel_epi64(reinterpret_cast<__m128i *>(out), bytes);
      const int last = _mm_extract_epi32(bytes, 2);
      std::memcpy(out + 8, &last, 4);
    }
  }
  write_run_plainly(out, region, x + i, y + i, count - i);
}

#endif

}  // namespace

void co::write_run(uint8_t *out, const CORegion &region, const int32_t *x, const int32_t *y, int count) {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  const bool has_small_offsets = region.row_bytes * (static_cast<int64_t>(region.y1) - region.y0) <= UINT32_MAX;
  if (has_avx2 && has_small_offsets) return write_run_avx2(out, region, x, y, count);
#endif
  write_run_plainly(out, region, x, y, count);
}
