#pragma once

#include "co_status.h"
#include "co_view.h"

#include <stddef.h>

/// An image that OpenCV owns; freed once with `co_image_free`.
typedef struct COImage {
  void *_Nullable raw;
} COImage;

/// A block of bytes that the library owns; freed once with `co_bytes_free`.
typedef struct COBytes {
  void *_Nullable raw;
} COBytes;

#ifdef __cplusplus
extern "C" {
#endif

/// The version of OpenCV that is loaded.
const char *_Nonnull co_opencv_version(void);

/// Decodes a file of any format that OpenCV knows into 8 bits, turned upright as its EXIF orientation says.
/// `bytes` are borrowed; on CO_OK *out is owned by the caller, otherwise it is untouched.
COStatus co_decode(COImage *_Nonnull out, const uint8_t *_Nonnull bytes, size_t count);

void co_image_size(COImage image, int32_t *_Nonnull width, int32_t *_Nonnull height);
/// Copies the pixels as RGB into `destination`, which has the image's size.
COStatus co_image_copy(COView destination, COImage image);
void co_image_free(COImage image);

/// Writes `source` as JPEG (`quality` 1...100).
COStatus co_encode_jpeg(COBytes *_Nonnull out, COView source, int32_t quality);
/// Writes `source` as PNG.
COStatus co_encode_png(COBytes *_Nonnull out, COView source);

const uint8_t *_Nonnull co_bytes_data(COBytes bytes);
size_t co_bytes_count(COBytes bytes);
void co_bytes_free(COBytes bytes);

#ifdef __cplusplus
}
#endif
