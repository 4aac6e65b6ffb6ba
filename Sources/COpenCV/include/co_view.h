#pragma once

#include <stdint.h>

/// Borrowed 8-bit RGB pixels: `height` rows of `width` pixels of three bytes, `row_bytes` from one row to the next.
typedef struct COView {
  uint8_t *_Nonnull data;
  int32_t width;
  int32_t height;
  int64_t row_bytes;
} COView;
