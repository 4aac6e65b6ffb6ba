#pragma once

#include "co_status.h"
#include "co_view.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Decodes a PNG of any kind straight into `out`, which has the size that its header tells: 16 bits become 8, grey and palettes
/// become RGB, transparency is dropped. Nothing is turned.
COStatus co_decode_png(COView out, const uint8_t *_Nonnull bytes, size_t count);

#ifdef __cplusplus
}
#endif
