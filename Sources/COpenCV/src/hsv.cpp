// HSV adjustment in one pass. The arithmetic is that of OpenCV's 8-bit conversions (RGB -> HSV with 12-bit reciprocals,
// hue halved to 0...179; HSV -> RGB in floating point), so the numbers are those of cvtColor, LUT, cvtColor; but nothing
// leaves the first-level cache in between. Like there, the way back rounds down.

#include "hsv.h"
#include "look_up.h"
#include "simd.h"

#include <algorithm>
#include <cmath>

namespace {

constexpr int block = co::look_up_count;

struct Planes {
  uint8_t hue[block], saturation[block], value[block];
};

CO_INLINE void to_hsv(const uint8_t *__restrict pixels, Planes &__restrict out, int count) {
  for (int i = 0; i < count; i++) {
    const int r = pixels[3 * i], g = pixels[3 * i + 1], b = pixels[3 * i + 2];
    const int value = std::max(r, std::max(g, b));
    const int range = value - std::min(r, std::min(g, b));
    // max(…, 1): grey and black pixels have a zero numerator, so any divisor will do.
    const int saturation_scale = static_cast<int>(std::nearbyint((255.0f * 4096) / static_cast<float>(std::max(value, 1))));
    const int hue_scale = static_cast<int>(std::nearbyint((30.0f * 4096) / static_cast<float>(std::max(range, 1))));
    const int sector = value == r ? g - b : value == g ? b - r + 2 * range : r - g + 4 * range;
    const int hue = (sector * hue_scale + 2048) >> 12;
    out.hue[i] = static_cast<uint8_t>(hue < 0 ? hue + 180 : hue);
    out.saturation[i] = static_cast<uint8_t>((range * saturation_scale + 2048) >> 12);
    out.value[i] = static_cast<uint8_t>(value);
  }
}

/// One channel of HSV -> RGB: `offset` is 5 for red, 3 for green, 1 for blue; `sixth` is the hue in sixths of the circle.
CO_INLINE uint8_t channel(float offset, float sixth, float value, float chroma) {
  float k = offset + sixth;
  k = k >= 6 ? k - 6 : k;
  const float share = std::max(0.0f, std::min(std::min(k, 4 - k), 1.0f));
  return static_cast<uint8_t>(static_cast<int>(value - chroma * share));
}

CO_INLINE void to_rgb(const Planes &__restrict in, uint8_t *__restrict pixels, int count) {
  for (int i = 0; i < count; i++) {
    const float sixth = static_cast<float>(in.hue[i]) * (1.0f / 30);
    const float value = in.value[i];
    const float chroma = value * static_cast<float>(in.saturation[i]) * (1.0f / 255);
    pixels[3 * i] = channel(5, sixth, value, chroma);
    pixels[3 * i + 1] = channel(3, sixth, value, chroma);
    pixels[3 * i + 2] = channel(1, sixth, value, chroma);
  }
}

CO_EVERY_PROCESSOR
void remap(uint8_t *pixels, int count, const COTones &tones) {
  Planes planes{};
  for (int start = 0; start < count; start += block) {
    const int in_block = std::min(block, count - start);
    to_hsv(pixels + 3 * start, planes, in_block);
    co::look_up(planes.hue, tones.hue);
    co::look_up(planes.saturation, tones.saturation);
    co::look_up(planes.value, tones.value);
    to_rgb(planes, pixels + 3 * start, in_block);
  }
}

}  // namespace

void co::remap_hsv(uint8_t *pixels, int count, const COTones &tones) { remap(pixels, count, tones); }

void co_remap_hsv(COView view, const COTones *tones) {
  for (int32_t y = 0; y < view.height; y++) remap(view.data + y * view.row_bytes, view.width, *tones);
}
