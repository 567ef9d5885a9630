// JPEG to RGB, by libjpeg-turbo, with the very values that browsers get (accurate DCT, smooth chroma upsampling).
// What is refused: a file whose data ends early or is damaged inside the picture, because half a picture has another
// embedding than the whole. What is tolerated: stray bytes between segments or after the end, a missing end marker
// after complete data, odd but harmless header values.
// Tested by tests/core/vision/decode/jpeg_decoder_test.cc
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/vision/decode/decode.h"
#include "core/vision/decode/image.h"

namespace lookalike {

// Orientation applied. Errors: bad_data. REQUIRES: bytes start with FF D8 FF
Result<Image> decode_jpeg(std::string_view bytes, const DecodeLimits& limits);

}  // namespace lookalike
