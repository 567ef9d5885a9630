// The first frame of a GIF to RGB, by giflib, laid on its canvas; what it leaves free or transparent is white.
// Tested by tests/core/vision/decode/gif_decoder_test.cc
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/vision/decode/decode.h"
#include "core/vision/decode/image.h"

namespace lookalike {

// Errors: bad_data. REQUIRES: bytes start with GIF87a or GIF89a
Result<Image> decode_gif(std::string_view bytes, const DecodeLimits& limits);

}  // namespace lookalike
