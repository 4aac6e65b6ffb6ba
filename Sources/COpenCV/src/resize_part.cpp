// Bilinear resizing of a part of a picture. The fixed-point arithmetic is OpenCV's, to the bit; OpenCV itself can only resize
// whole pictures, since the phase of a part is lost on it.

#include "co_geometry.h"
#include "guard.h"
#include "simd.h"

#include <algorithm>
#include <cmath>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

constexpr int weight_bits = 11, one = 1 << weight_bits;
constexpr int dropped = 4;  // bits of a row's sums: the rest fits into 16

/// Where one pixel of the copy comes from: source pixels `first` and `first + 1`, and how much each counts.
struct Tap {
  int32_t first;
  int16_t weight[2];
};

Tap tap(COSpan span, int32_t destination) {
  const double scale = 1 / (static_cast<double>(span.destination_size) / span.source_size);
  const float position = static_cast<float>((destination + 0.5) * scale - 0.5);
  const int32_t first = static_cast<int32_t>(std::floor(position));
  const float fraction = position - first;
  const auto weight = [](float share) { return static_cast<int16_t>(std::nearbyint(share * one)); };
  return {first, {weight(1 - fraction), weight(fraction)}};
}

int32_t inside(COSpan span, int32_t source) { return std::max(0, std::min(source, span.source_size - 1)); }

/// Pixels beyond the sides are those at the sides: along a row that is said by weights.
std::vector<Tap> row_taps(COSpan span, int32_t count) {
  std::vector<Tap> taps(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; i++) {
    Tap &t = taps[static_cast<size_t>(i)];
    t = tap(span, span.destination_start + i);
    if (t.first < 0 || t.first >= span.source_size - 1) t = {inside(span, t.first), {one, 0}};
    t.first -= span.source_start;
  }
  return taps;
}

void interpolate_row_plainly(int16_t *out, const uint8_t *row, const Tap *taps, size_t count) {
  for (size_t i = 0; i < count; i++, out += 3) {
    const uint8_t *left = row + 3 * taps[i].first;
    // The right one has no weight where it does not exist.
    const uint8_t *right = taps[i].weight[1] ? left + 3 : left;
    for (int c = 0; c < 3; c++)
      out[c] = static_cast<int16_t>((left[c] * taps[i].weight[0] + right[c] * taps[i].weight[1]) >> dropped);
  }
}

#if defined(__x86_64__)

/// The same two pixels at a time; reads 8 bytes from each first pixel on and writes 16 from each pair on.
__attribute__((target("avx2")))
void interpolate_row_avx2(int16_t *out, const uint8_t *row, const Tap *taps, size_t count) {
  // R G B R G B of two neighbours become (R, R) (G, G) (B, B) in 16 bits.
  const __m128i pairs = _mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
  const __m128i without_gaps = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, -1, -1, -1, -1);
  for (size_t i = 0; i < count; i += 2, out += 6) {
    __m128i sums[2];
    for (size_t k = 0; k < 2; k++) {
      const Tap &t = taps[i + k];
      int32_t weights;
      __builtin_memcpy(&weights, t.weight, sizeof weights);
      const __m128i pixels = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(row + 3 * t.first));
      sums[k] = _mm_srli_epi32(_mm_madd_epi16(_mm_shuffle_epi8(pixels, pairs), _mm_set1_epi32(weights)), dropped);
    }
    const __m128i packed = _mm_shuffle_epi8(_mm_packs_epi32(sums[0], sums[1]), without_gaps);
    _mm_storeu_si128(reinterpret_cast<__m128i *>(out), packed);
  }
}

#endif

/// `row` holds `width` pixels; `out` has room for a few numbers more than it takes.
void interpolate_row(int16_t *out, const uint8_t *row, int32_t width, const std::vector<Tap> &taps) {
  size_t done = 0;
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  // Taps only grow, so those that may read beyond the row stand at the end.
  constexpr int32_t pixels_read = 3;
  if (has_avx2) {
    const auto safe = std::partition_point(
        taps.begin(), taps.end(), [&](const Tap &t) { return t.first + pixels_read <= width; });
    done = static_cast<size_t>(safe - taps.begin()) & ~size_t{1};
    interpolate_row_avx2(out, row, taps.data(), done);
  }
#endif
  interpolate_row_plainly(out + 3 * done, row, taps.data() + done, taps.size() - done);
}

CO_EVERY_PROCESSOR
void blend(uint8_t *out, const int16_t *above, const int16_t *below, const int16_t *weight, size_t count) {
  const int upper = weight[0], lower = weight[1];
  for (size_t i = 0; i < count; i++)
    out[i] = static_cast<uint8_t>((((upper * above[i]) >> 16) + ((lower * below[i]) >> 16) + 2) >> 2);
}

}  // namespace

void co_linear_reach(COSpan span, int32_t count, int32_t *first, int32_t *last) {
  *first = inside(span, tap(span, span.destination_start).first);
  *last = inside(span, tap(span, span.destination_start + count - 1).first + 1);
}

COStatus co_resize_part(COView destination, COView source, COSpan across, COSpan down) {
  return co::guarded([&] {
    const std::vector<Tap> taps = row_taps(across, destination.width);
    constexpr size_t spare = 8;
    std::vector<int16_t> rows[2];
    int32_t held[2] = {-1, -1};  // the source rows that they are made of
    for (auto &row : rows) row.resize(3 * taps.size() + spare);
    // A row of the source is made once, though two or more rows of the copy may need it.
    const auto row = [&](int32_t y, int32_t other) {
      const size_t slot = held[0] == y ? 0 : held[1] == y ? 1 : held[0] == other ? 1 : 0;
      if (held[slot] != y) {
        interpolate_row(rows[slot].data(), source.data + (y - down.source_start) * source.row_bytes, source.width, taps);
        held[slot] = y;
      }
      return rows[slot].data();
    };
    for (int32_t y = 0; y < destination.height; y++) {
      const Tap t = tap(down, down.destination_start + y);
      const int32_t upper = inside(down, t.first), lower = inside(down, t.first + 1);
      const int16_t *above = row(upper, lower), *below = row(lower, upper);
      blend(destination.data + y * destination.row_bytes, above, below, t.weight, 3 * taps.size());
    }
  });
}
