// Bytes to pixels: JPEG (libjpeg-turbo), PNG (libspng), WebP (libwebp), GIF's first frame (giflib).
// EXIF orientation applied (exiv2); transparency laid over white; grey, palette, 16-bit and CMYK turned to RGB.
// Untrusted input: the header is read first and bounds what is allocated.
// Threads: free functions without state; any number at once.
// Tested by tests/core/vision/decode/decode_test.cc
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/result.h"
#include "core/vision/decode/image.h"

namespace lookalike {

struct DecodeLimits {
  int64_t max_bytes = 32 << 20;
  int64_t max_pixels = 100'000'000;
  // JPEGs may be decoded at 1/2, 1/4 or 1/8 while both sides stay at least this; 0 decodes in full. For a network
  // use decode_size_for() of core/vision/inference/preprocess.h.
  int scale_to_at_least = 0;
};

// Errors: bad_data, saying what the bytes are ("an HTML page, not an image", "truncated JPEG: ...") or what limit
// they break. No file name: the caller knows it. A file that ends inside its picture is refused, see jpeg_decoder.h.
Result<Image> decode_image(std::string_view bytes, const DecodeLimits& limits = {});

}  // namespace lookalike
