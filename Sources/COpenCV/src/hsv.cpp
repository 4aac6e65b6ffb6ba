// HSV adjustment in one pass that does not leave the first-level cache.
//
// RGB -> HSV gives the numbers of OpenCV's 8-bit conversion (12-bit reciprocals, hue halved to 0...179). HSV -> RGB rounds
// down what the formula gives exactly; OpenCV rounds in between, so one level in 150 is one higher or lower there.

#include "hsv.h"
#include "look_up.h"
#include "simd.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace {

constexpr int block = co::look_up_count;

struct Planes {
  uint8_t hue[block], saturation[block], value[block];
};

/// To the nearest, of what is at most 2^22.
CO_INLINE int32_t rounded(float value) {
  constexpr float lowest_bit_is_one = 12582912;  // 1.5 * 2^23
  const float shifted = value + lowest_bit_is_one;
  int32_t bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  return bits - 0x4B400000;
}

CO_INLINE void to_hsv(const uint8_t *__restrict pixels, Planes &__restrict out) {
  uint8_t ranges[block];
  int16_t sectors[block];  // hue in sixths of a circle, times range
  for (int i = 0; i < block; i++) {
    const uint8_t r = pixels[3 * i], g = pixels[3 * i + 1], b = pixels[3 * i + 2];
    const uint8_t value = std::max(r, std::max(g, b));
    const uint8_t range = value - std::min(r, std::min(g, b));
    const int16_t after_green = static_cast<int16_t>(b - r + 2 * range), after_blue = static_cast<int16_t>(r - g + 4 * range);
    sectors[i] = value == r ? static_cast<int16_t>(g - b) : value == g ? after_green : after_blue;
    ranges[i] = range;
    out.value[i] = value;
  }
  for (int i = 0; i < block; i++) {
    // max(…, 1): grey and black pixels have a zero numerator, so any divisor will do.
    const float value = std::max<uint8_t>(out.value[i], 1), range = std::max<uint8_t>(ranges[i], 1);
    // One division for both. Its error is too small to move a quotient to another whole number.
    const float inverse = 1 / (value * range);
    const int32_t saturation_scale = rounded((255.0f * 4096) * (inverse * range));
    const int32_t hue_scale = rounded((30.0f * 4096) * (inverse * value));
    const int32_t hue = (sectors[i] * hue_scale + 2048) >> 12;
    out.hue[i] = static_cast<uint8_t>(hue < 0 ? hue + 180 : hue);
    out.saturation[i] = static_cast<uint8_t>((ranges[i] * saturation_scale + 2048) >> 12);
  }
}

CO_INLINE uint8_t distance(uint8_t a, uint8_t b) { return std::max(a, b) - std::min(a, b); }

/// `a - b`, 0 where b is larger, 30 at most.
CO_INLINE uint8_t limited_difference(uint8_t a, uint8_t b) {
  return std::min<uint8_t>(std::max(a, b) - b, 30);
}

CO_INLINE void to_rgb(const Planes &__restrict in, uint8_t *__restrict pixels) {
  // How much less than the value a component is at this hue, in thirtieths of the chroma.
  uint8_t red[block], green[block], blue[block];
  for (int i = 0; i < block; i++) {
    const uint8_t hue = in.hue[i];
    red[i] = limited_difference(60, distance(hue, 90));
    green[i] = limited_difference(distance(hue, 60), 30);
    blue[i] = limited_difference(distance(hue, 120), 30);
  }
  for (int i = 0; i < block; i++) {
    const float value = in.value[i];
    const float thirtieth = value * static_cast<float>(in.saturation[i]) * (1.0f / (255 * 30));
    // Whole results stay whole: this is more than any error and less than the distance to the next possible one.
    const float raised = value + 6e-5f;
    pixels[3 * i] = static_cast<uint8_t>(static_cast<int>(raised - thirtieth * red[i]));
    pixels[3 * i + 1] = static_cast<uint8_t>(static_cast<int>(raised - thirtieth * green[i]));
    pixels[3 * i + 2] = static_cast<uint8_t>(static_cast<int>(raised - thirtieth * blue[i]));
  }
}

CO_EVERY_PROCESSOR
void remap(uint8_t *pixels, const COTones &tones) {
  Planes planes;
  to_hsv(pixels, planes);
  co::look_up(planes.hue, tones.hue);
  co::look_up(planes.saturation, tones.saturation);
  co::look_up(planes.value, tones.value);
  to_rgb(planes, pixels);
}

}  // namespace

void co::remap_hsv(uint8_t *pixels, int count, const COTones &tones) {
  int start = 0;
  for (; start + block <= count; start += block) remap(pixels + 3 * start, tones);
  if (start == count) return;
  uint8_t rest[3 * block] = {};
  const int size = 3 * (count - start);
  std::memcpy(rest, pixels + 3 * start, size);
  remap(rest, tones);
  std::memcpy(pixels + 3 * start, rest, size);
}

void co_remap_hsv(COView view, const COTones *tones) {
  for (int32_t y = 0; y < view.height; y++) co::remap_hsv(view.data + y * view.row_bytes, view.width, *tones);
}
