// The size that a file's header claims, checked before anything is allocated for it.
// Threads: free functions without state.
// Tested by tests/core/vision/decode/decode_test.cc
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/result.h"

namespace lookalike {

struct DecodeLimits;

// `format` is for the message: "PNG". Errors: bad_data when a side is 0, or the area is over limits.max_pixels.
Status check_image_size(std::string_view format, int64_t width, int64_t height, const DecodeLimits& limits);

// The bytes of a picture of that size. REQUIRES: check_image_size() passed
inline size_t byte_count(int width, int height, int bytes_per_pixel) {
  return static_cast<size_t>(width) * static_cast<size_t>(height) * static_cast<size_t>(bytes_per_pixel);
}

}  // namespace lookalike
