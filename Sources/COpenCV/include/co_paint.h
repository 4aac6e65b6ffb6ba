#pragma once

#include "co_color.h"
#include "co_view.h"

#include <stdbool.h>
#include <stddef.h>

/// A rectangle of an endless plane, `x0 <= x < x1` and `y0 <= y < y1`, and the pixels that lie there.
typedef struct CORegion {
  int32_t x0, y0, x1, y1;
  /// The pixel at (`x0`, `y0`), borrowed; null where the plane shows the background.
  const uint8_t *_Nullable data;
  int64_t row_bytes;
} CORegion;

/// A plane paved with pictures, and how a destination looks at it.
typedef struct COScene {
  /// Disjoint, and together they cover every point within 2^25 of the origin. Borrowed.
  const CORegion *_Nonnull regions;
  size_t count;
  /// Row-major 3x3 matrix from destination pixels to the plane.
  double to_plane[9];
  uint8_t background[3];
  /// The picture is written from right to left.
  bool mirrored;
  /// The picture is written from bottom to top.
  bool upside_down;
} COScene;

/// A second scene that shows through the first.
typedef struct COMixture {
  const COScene *_Nonnull scene;
  /// Share of the first scene, 0...1.
  double share;
} COMixture;

#ifdef __cplusplus
extern "C" {
#endif

/// Gives each pixel of `destination` the colour of its place on the plane, interpolated between the four nearest pixels
/// in steps of 1/32 as OpenCV's `warpAffine` and `warpPerspective` do, across the seams of regions too.
///
/// With a `mixture` a pixel is `share` of this colour and the rest of that of the second scene, rounded down. With `tones`
/// each is then changed as `co_remap_hsv` does.
void co_paint(COView destination, const COScene *_Nonnull scene, const COMixture *_Nullable mixture,
              const COTones *_Nullable tones);

#ifdef __cplusplus
}
#endif
