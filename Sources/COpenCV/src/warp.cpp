// Looks at a plane paved with pictures through an affine or perspective transform.
//
// A row of the destination crosses the plane on a straight line, so inside a rectangle it stays for one unbroken run of
// pixels. Each run is found by bisection and written by a loop without any test; the few pixels whose four neighbours
// lie in different regions take the slow way. The fixed-point arithmetic is OpenCV's, to the bit.

#include "warp.h"
#include "simd.h"
#include "warp_run.h"

#include <algorithm>
#include <cmath>

namespace {

using co::Positions;

constexpr int fraction_bits = co::fraction_bits, one = 1 << fraction_bits;

CO_INLINE int32_t rounded(double value) {
  // The sum of two of these stays within 32 bits; what is no number becomes the limit.
  constexpr double limit = (1 << 29) - 64;
  return static_cast<int32_t>(std::nearbyint(std::max(-limit, std::min(limit, value))));
}

constexpr int column_bits = 10, dropped_bits = column_bits - fraction_bits;

CO_EVERY_PROCESSOR
void affine_columns(Positions &out, const double *m, double first, double step, int count) {
  for (int i = 0; i < count; i++) {
    const double x = first + step * i;
    out.x[i] = rounded(m[0] * x * (1 << column_bits));
    out.y[i] = rounded(m[3] * x * (1 << column_bits));
  }
}

CO_EVERY_PROCESSOR
void affine_positions(Positions &out, const Positions &columns, const double *m, double y, int count) {
  constexpr int half_step = 1 << (dropped_bits - 1);
  const int32_t row_x = rounded((m[1] * y + m[2]) * (1 << column_bits)) + half_step;
  const int32_t row_y = rounded((m[4] * y + m[5]) * (1 << column_bits)) + half_step;
  for (int i = 0; i < count; i++) {
    out.x[i] = (row_x + columns.x[i]) >> dropped_bits;
    out.y[i] = (row_y + columns.y[i]) >> dropped_bits;
  }
}

CO_EVERY_PROCESSOR
void perspective_positions(Positions &out, const double *m, double first, double step, double y, int count) {
  constexpr double scale = one;
  for (int i = 0; i < count; i++) {
    const double x = first + step * i;
    const double depth = m[6] * x + m[7] * y + m[8];
    const double inverse = depth != 0 ? scale / depth : 0;
    out.x[i] = rounded((m[0] * x + m[1] * y + m[2]) * inverse);
    out.y[i] = rounded((m[3] * x + m[4] * y + m[5]) * inverse);
  }
}

class Plane {
 public:
  Plane(const CORegion *regions, size_t count, const uint8_t *background)
      : regions_(regions), count_(count), background_(background) {}

  const CORegion &region(int x, int y) const {
    for (size_t i = 0; i < count_; i++) {
      const CORegion &r = regions_[i];
      if (x >= r.x0 && x < r.x1 && y >= r.y0 && y < r.y1) return r;
    }
    return regions_[count_ - 1];
  }

  const uint8_t *pixel(int x, int y) const {
    const CORegion &r = region(x, y);
    return r.data ? r.data + (y - r.y0) * r.row_bytes + 3 * static_cast<int64_t>(x - r.x0) : background_;
  }

  void fill(uint8_t *out, int count) const {
    if (background_[0] == background_[1] && background_[1] == background_[2]) {
      std::fill_n(out, 3 * count, background_[0]);
    } else {
      for (int i = 0; i < count; i++) std::copy_n(background_, 3, out + 3 * i);
    }
  }

 private:
  const CORegion *regions_;
  size_t count_;
  const uint8_t *background_;
};

/// The positions whose four neighbours, and what the fast loop reads beyond them, lie inside one region. A step is kept
/// free on every side: rounding can make the positions of a perspective transform waver by one.
struct Inside {
  int x0, y0, x1, y1;

  explicit Inside(const CORegion &r)
      : x0(r.x0 * one + 1), y0(r.y0 * one + 1), x1((r.x1 - (r.data ? co::pixels_read - 1 : 1)) * one - 1),
        y1((r.y1 - 1) * one - 1) {}

  bool contains(int x, int y) const { return x >= x0 && x < x1 && y >= y0 && y < y1; }
};

void interpolate(uint8_t *out, const Plane &plane, int x, int y) {
  constexpr int mask = one - 1;
  const int px = x >> fraction_bits, py = y >> fraction_bits;
  const int right = x & mask, below = y & mask;
  const uint8_t *corner[4] = {plane.pixel(px, py), plane.pixel(px + 1, py), plane.pixel(px, py + 1),
                              plane.pixel(px + 1, py + 1)};
  for (int c = 0; c < 3; c++) {
    const int above_sum = corner[0][c] * (one - right) + corner[1][c] * right;
    const int below_sum = corner[2][c] * (one - right) + corner[3][c] * right;
    const int sum = above_sum * (one - below) + below_sum * below;
    out[c] = static_cast<uint8_t>((sum + (1 << (2 * fraction_bits - 1))) >> (2 * fraction_bits));
  }
}

/// The first index after `start` whose position is not inside; positions move one way only, so the run has no holes.
int end_of_run(const Positions &at, const Inside &inside, int start, int count) {
  int known = start, reach = 1;
  while (known + reach < count && inside.contains(at.x[known + reach], at.y[known + reach])) {
    known += reach;
    reach *= 2;
  }
  int outside = std::min(known + reach, count);
  while (outside - known > 1) {
    const int middle = known + (outside - known) / 2;
    (inside.contains(at.x[middle], at.y[middle]) ? known : outside) = middle;
  }
  return outside;
}

void write_block(uint8_t *out, const Plane &plane, const Positions &at, int count, bool has_runs, co::Warp::Step next_row) {
  for (int i = 0; i < count;) {
    const CORegion &region = plane.region(at.x[i] >> fraction_bits, at.y[i] >> fraction_bits);
    const Inside inside(region);
    if (!has_runs || !inside.contains(at.x[i], at.y[i])) {
      interpolate(out + 3 * i, plane, at.x[i], at.y[i]);
      i++;
      continue;
    }
    const int end = end_of_run(at, inside, i, count);
    if (region.data) {
      co::write_run(out + 3 * i, region, at.x + i, at.y + i, end - i, next_row.y * region.row_bytes + 3 * next_row.x);
    } else {
      plane.fill(out + 3 * i, end - i);
    }
    i = end;
  }
}

/// In whole pixels; only a hint, so where it is large or no number any will do.
int64_t whole_step(double step) { return std::abs(step) < 64 ? std::lround(step) : 0; }

}  // namespace

co::Warp::Warp(const COScene &scene, int width, int height)
    : scene_(scene), width_(width), height_(height), step_(scene.mirrored ? -1 : 1) {
  const double *m = scene.to_plane;
  is_affine_ = m[6] == 0 && m[7] == 0 && m[8] == 1;
  const double down = scene.upside_down ? -1 : 1;
  next_row_ = {whole_step(m[1] * down), whole_step(m[4] * down)};
}

void co::Warp::begin(int start, int count) {
  first_ = scene_.mirrored ? width_ - 1 - start : start;
  count_ = count;
  if (is_affine_) affine_columns(columns_, scene_.to_plane, first_, step_, count);
}

void co::Warp::write(uint8_t *out, int row) {
  const Plane plane(scene_.regions, scene_.count, scene_.background);
  const double *m = scene_.to_plane;
  const double y = scene_.upside_down ? height_ - 1 - row : row;
  bool has_runs = true;
  if (is_affine_) {
    affine_positions(positions_, columns_, m, y, count_);
  } else {
    perspective_positions(positions_, m, first_, step_, y, count_);
    // Where the horizon crosses the block the positions jump.
    const double depth = m[6] * first_ + m[7] * y + m[8];
    has_runs = depth * (depth + m[6] * step_ * (count_ - 1)) > 0;
  }
  write_block(out, plane, positions_, count_, has_runs, next_row_);
}
