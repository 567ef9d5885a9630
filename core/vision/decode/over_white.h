// Transparency laid over white, as the search result pages show it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lookalike {

inline uint8_t over_white(uint8_t value, uint8_t alpha) {
  // Rounded to nearest: 0 leaves white, 255 leaves the value.
  return static_cast<uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

// `pixels` RGBA pixels become RGB ones at the start of the same buffer.
inline void flatten_over_white(uint8_t* rgba, size_t pixels) {
  uint8_t* rgb = rgba;
  for (size_t i = 0; i < pixels; ++i, rgba += 4, rgb += 3) {
    const uint8_t alpha = rgba[3];
    for (int channel = 0; channel < 3; ++channel)
      rgb[channel] = over_white(rgba[channel], alpha);
  }
}

}  // namespace lookalike
