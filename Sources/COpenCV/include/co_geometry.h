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

/// Which of the pixels along one side of a picture a side of its resized copy is made of.
typedef struct COSpan {
  /// Pixels of the whole picture and of the whole copy along this side.
  int32_t source_size, destination_size;
  /// Where the parts at hand begin in them.
  int32_t source_start, destination_start;
} COSpan;

/// The first and last source pixel that `count` pixels from `span.destination_start` on are interpolated from.
void co_linear_reach(COSpan span, int32_t count, int32_t *_Nonnull first, int32_t *_Nonnull last);

/// Resizes a part of a picture to a part of its resized copy: to the bit what cutting it from `co_resize` with CO_LINEAR
/// gives. `source` holds at least the pixels that `co_linear_reach` names; the two must not overlap.
COStatus co_resize_part(COView destination, COView source, COSpan across, COSpan down);

/// Turns `source` upright into `destination`. `orientation` is EXIF's, 1...8; 5 to 8 exchange width and height.
COStatus co_turn_upright(COView destination, COView source, int32_t orientation);

#ifdef __cplusplus
}
#endif
