#pragma once

#include "co_paint.h"

namespace co {

constexpr int fraction_bits = 5;

/// Pixels of a row, from the one left of a position on, that `write_run` may touch.
constexpr int pixels_read = 3;

/// Writes `count` pixels interpolated at the positions (`x`, `y`) on the plane, 5 fractional bits. Of each position the
/// region holds `pixels_read` pixels of the row above it and of the row below.
///
/// `ahead` bytes further lies about what the next row of the destination needs: it is fetched from memory meanwhile.
void write_run(uint8_t *out, const CORegion &region, const int32_t *x, const int32_t *y, int count, int64_t ahead);

}  // namespace co
