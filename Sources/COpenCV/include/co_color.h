#pragma once

#include "co_view.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Converts each pixel to 8-bit HSV (hue 0...179), replaces each component by its table entry, and converts back.
/// The tables have 256 entries; `hue` must map to 0...179.
void co_remap_hsv(COView view, const uint8_t *_Nonnull hue, const uint8_t *_Nonnull saturation,
                  const uint8_t *_Nonnull value);

#ifdef __cplusplus
}
#endif
