// A decoded picture, and what all decoders share: how large it may be, and transparency over white.
// Pixels are 8-bit RGB, rows from the top, no padding.
// Threads: values; free functions without state.
// Tested by tests/core/vision/decode/image_test.cc
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

struct Image {
  int width = 0;  // as stored here, after scaled decoding and orientation
  int height = 0;
  int original_width = 0;  // of the file, after orientation
  int original_height = 0;
  std::vector<uint8_t> rgb;  // height x width x 3
};

struct DecodeLimits {
  int64_t max_bytes = 32 << 20;
  int64_t max_pixels = 100'000'000;
  // JPEGs may be decoded at 1/2, 1/4 or 1/8 while both sides stay at least this; 0 decodes in full. For a network
  // use decode_size_for() of core/vision/inference/preprocess.h.
  int scale_to_at_least = 0;
};

// `format` is for the message: "PNG". Errors: bad_data when a side is 0, or the area is over limits.max_pixels.
Status check_image_size(std::string_view format, int64_t width, int64_t height, const DecodeLimits& limits);

// The bytes of a picture of that size. REQUIRES: check_image_size() passed
inline size_t byte_count(int width, int height, int bytes_per_pixel) {
  return static_cast<size_t>(width) * static_cast<size_t>(height) * static_cast<size_t>(bytes_per_pixel);
}

// Transparency laid over white, as the search result pages show it.
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
