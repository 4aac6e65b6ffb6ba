#pragma once

#include "co_status.h"
#include "co_view.h"

typedef enum __attribute__((enum_extensibility(closed))) COInterpolation {
  CO_LINEAR = 0,
  CO_AREA = 1,
} COInterpolation;

#ifdef __cplusplus
extern "C" {
#endif

/// Resizes `source` to the size of `destination`; the two must not overlap.
COStatus co_resize(COView destination, COView source, COInterpolation interpolation);

/// Turns `source` upright into `destination`. `orientation` is EXIF's, 1...8; 5 to 8 exchange width and height.
COStatus co_turn_upright(COView destination, COView source, int32_t orientation);

#ifdef __cplusplus
}
#endif
