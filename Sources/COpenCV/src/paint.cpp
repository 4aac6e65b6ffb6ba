// One pass over a picture: a block of a row is warped, mixed and coloured while it lies in the first-level cache.

#include "co_paint.h"
#include "hsv.h"
#include "simd.h"
#include "warp.h"

#include <algorithm>
#include <optional>

namespace {

/// In double precision and rounded down, which gives the reference's numbers to the bit.
CO_EVERY_PROCESSOR
void mix(uint8_t *__restrict pixels, const uint8_t *__restrict other, int count, double share) {
  const double rest = 1 - share;
  for (int i = 0; i < count; i++)
    pixels[i] = static_cast<uint8_t>(static_cast<int>(pixels[i] * share + other[i] * rest));
}

}  // namespace

void co_paint(COView destination, const COScene *scene, const COMixture *mixture, const COTones *tones) {
  const int width = destination.width, height = destination.height;
  co::Warp first(*scene, width, height);
  std::optional<co::Warp> second;
  if (mixture) second.emplace(*mixture->scene, width, height);
  uint8_t other[3 * co::block];
  for (int start = 0; start < width; start += co::block) {
    const int count = std::min(co::block, width - start);
    first.begin(start, count);
    if (second) second->begin(start, count);
    for (int row = 0; row < height; row++) {
      uint8_t *out = destination.data + row * destination.row_bytes + 3 * start;
      first.write(out, row);
      if (second) {
        second->write(other, row);
        mix(out, other, 3 * count, mixture->share);
      }
      if (tones) co::remap_hsv(out, count, *tones);
    }
  }
}
