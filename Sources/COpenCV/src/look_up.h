#pragma once

#include <cstdint>

namespace co {

/// Bytes that are looked up at a time.
constexpr int look_up_count = 128;

/// Replaces each of `look_up_count` values by its entry in a table of 256.
void look_up(uint8_t *values, const uint8_t *table);

}  // namespace co
