#pragma once

#include "co_status.h"
#include "co_view.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Fills a polygon, its outline included, with 255 as OpenCV's `drawContours` does. The mask has `width` by `height` bytes
/// without gaps; the corners are x, y in its pixels and may lie outside.
COStatus co_fill_polygon(uint8_t *_Nonnull mask, int32_t width, int32_t height, const int32_t *_Nonnull corners,
                         size_t corner_count);

/// Writes the mirror image (left to right) of `source` over `destination`, which has its size, where the mask is not 0.
/// A component of 0 is left out, as in the reference. The mask lies like `source`, `mask_row_bytes` from row to row.
void co_paste_mirrored(COView destination, COView source, const uint8_t *_Nonnull mask, int64_t mask_row_bytes);

#ifdef __cplusplus
}
#endif
