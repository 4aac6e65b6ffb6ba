#pragma once

#include "co_color.h"

namespace co {

/// `co_remap_hsv` for `count` pixels in a row.
void remap_hsv(uint8_t *pixels, int count, const COTones &tones);

}  // namespace co
