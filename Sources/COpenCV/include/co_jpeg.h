#pragma once

#include "co_status.h"
#include "co_view.h"

#include <stdbool.h>
#include <stddef.h>

/// What a JPEG decoder is to give.
typedef struct COJPEGRequest {
  /// 1, 2, 4 or 8: the picture is that many times smaller, which its frequencies give without first computing every pixel.
  int32_t denominator;
  /// Pixels of the whole picture at that scale, as stored: those in the header by the denominator, rounded up.
  int32_t width, height;
  /// Top left corner in it of the part that is wanted; the view says how large it is.
  int32_t x, y;
} COJPEGRequest;

#ifdef __cplusplus
extern "C" {
#endif

/// Decodes a part of a JPEG straight into `out`, to the bit what cutting it from the whole picture gives. Inks (CMYK) become
/// RGB. Nothing is turned; where a file ends early the rest is grey.
COStatus co_decode_jpeg(COView out, const uint8_t *_Nonnull bytes, size_t count, const COJPEGRequest *_Nonnull request);

/// Decodes a JPEG of any kind, keeps no pixel, and says whether it is whole. Of a damaged one, `co_last_error` tells the
/// first complaint.
COStatus co_check_jpeg(bool *_Nonnull is_whole, const uint8_t *_Nonnull bytes, size_t count);

#ifdef __cplusplus
}
#endif
