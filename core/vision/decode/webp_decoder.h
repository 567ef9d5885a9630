// WebP to RGB, by libwebp: lossy, lossless and the first frame of an animation; transparency over white.
// Tested by tests/core/vision/decode/webp_decoder_test.cc
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/vision/decode/decode.h"
#include "core/vision/decode/image.h"

namespace lookalike {

// Orientation applied. Errors: bad_data. REQUIRES: bytes start with RIFF....WEBP
Result<Image> decode_webp(std::string_view bytes, const DecodeLimits& limits);

}  // namespace lookalike
