// PNG to RGB, by libspng: every colour type and depth, interlaced or not, transparency over white.
// A file that ends before its picture does, or whose picture fails its checksums, is refused. What else is in the file,
// and in what state, does not matter: the decoder gets the picture alone (png_structure.h). Tested by
// tests/core/vision/decode/png_decoder_test.cc
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/vision/decode/decode.h"
#include "core/vision/decode/image.h"

namespace lookalike {

// Orientation applied. Errors: bad_data. REQUIRES: bytes start with PNG's signature
Result<Image> decode_png(std::string_view bytes, const DecodeLimits& limits);

}  // namespace lookalike
