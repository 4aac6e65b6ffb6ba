#pragma once

#include "co_paint.h"

namespace co {

/// Pixels of a row that are worked on at a time: what belongs to them stays in the first-level cache.
constexpr int block = 640;

/// Positions on the plane of consecutive destination pixels, with 5 fractional bits.
struct Positions {
  int32_t x[block], y[block];
};

/// Writes the pixels of a destination of `width` by `height` that looks at a scene, a block of a row at a time.
class Warp {
 public:
  Warp(const COScene &scene, int width, int height);

  /// The rows to come are written from column `start` on, `count` pixels of each, at most `block`.
  void begin(int start, int count);

  /// Writes the block's pixels of a row.
  void write(uint8_t *out, int row);

  /// A way on the plane in whole pixels.
  struct Step {
    int64_t x, y;
  };

 private:
  const COScene &scene_;
  const int width_, height_;
  const double step_;
  bool is_affine_;
  /// About where the next row is seen of what this row sees.
  Step next_row_;
  double first_ = 0;
  int count_ = 0;
  /// The positions of an affine transform are those of its first row, moved: so a column is rounded once.
  /// 10 fractional bits.
  Positions columns_;
  Positions positions_;
};

}  // namespace co
