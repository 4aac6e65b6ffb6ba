#pragma once

#include "co_status.h"
#include "co_view.h"

/// What counts as the brightness of a colour.
typedef enum __attribute__((enum_extensibility(closed))) COBrightness {
  /// Y of YUV, the weighted sum of a television set.
  CO_LUMA = 0,
  /// L of CIE Lab, even to the eye.
  CO_LIGHTNESS = 1,
} COBrightness;

#ifdef __cplusplus
extern "C" {
#endif

// Each changes the pixels of `view` in place; on failure they are as before or changed in part.

/// Gives each pixel the mean of the `size` by `size` pixels around it; `size` is odd.
COStatus co_blur(COView view, int32_t size);

/// Gives each pixel the median of the `size` by `size` pixels around it, component by component; `size` is odd.
COStatus co_median_blur(COView view, int32_t size);

/// Gives all components of a pixel its luma.
COStatus co_to_gray(COView view);

/// Spreads the luma of the picture evenly over its range.
COStatus co_equalize(COView view);

/// The same in each of `tiles` by `tiles` parts of the picture, where no level counts more than `clip_limit` times its even
/// share; between the parts their curves are interpolated (CLAHE).
COStatus co_equalize_adaptively(COView view, COBrightness brightness, double clip_limit, int32_t tiles);

#ifdef __cplusplus
}
#endif
