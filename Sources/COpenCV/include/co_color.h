#pragma once

#include "co_view.h"

/// Tables of 256 entries for the components of 8-bit HSV, borrowed. `hue` maps to 0...179.
typedef struct COTones {
  const uint8_t *_Nonnull hue;
  const uint8_t *_Nonnull saturation;
  const uint8_t *_Nonnull value;
} COTones;

#ifdef __cplusplus
extern "C" {
#endif

/// Converts each pixel to 8-bit HSV (hue 0...179), replaces each component by its table entry, and converts back.
void co_remap_hsv(COView view, const COTones *_Nonnull tones);

#ifdef __cplusplus
}
#endif
