#pragma once

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

/// How a destination looks at the plane.
typedef struct COWarp {
  /// Row-major 3x3 matrix from destination pixels to the plane.
  double to_plane[9];
  uint8_t background[3];
  /// The picture is written from right to left.
  bool mirrored;
  /// The picture is written from bottom to top.
  bool upside_down;
} COWarp;

#ifdef __cplusplus
extern "C" {
#endif

/// Gives each pixel of `destination` the colour of its place on the plane, interpolated between the four nearest pixels
/// in steps of 1/32 as OpenCV's `warpAffine` and `warpPerspective` do, across the seams of regions too.
///
/// The regions are disjoint and together cover every point within 2^25 of the origin.
void co_warp(COView destination, const CORegion *_Nonnull regions, size_t count, const COWarp *_Nonnull warp);

#ifdef __cplusplus
}
#endif
