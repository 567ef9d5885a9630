#include "core/vision/decode/decode.h"

#include <fmt/format.h>

#include <new>
#include <string>

namespace lookalike {
namespace {

Result<Image> decode_known(std::string_view bytes, const DecodeLimits& limits) {
  switch (image_format(bytes)) {
    case ImageFormat::jpeg: return decode_jpeg(bytes, limits);
    case ImageFormat::png: return decode_png(bytes, limits);
    case ImageFormat::webp: return decode_webp(bytes, limits);
    case ImageFormat::gif: return decode_gif(bytes, limits);
    case ImageFormat::unknown: break;
  }
  if (const auto picture = picture_in(bytes); picture.size() < bytes.size()) {
    auto image = decode_known(picture, limits);
    if (image.ok()) return image;
  }
  return Error{ErrorCode::bad_data, describe_unknown_format(bytes)};
}

}  // namespace

Result<Image> decode_image(std::string_view bytes, const DecodeLimits& limits) {
  if (static_cast<int64_t>(bytes.size()) > limits.max_bytes) {
    return Error{ErrorCode::bad_data, fmt::format("file of {} bytes is over the limit of {}: make it smaller",
                                                  bytes.size(), limits.max_bytes)};
  }
  try {
    return decode_known(bytes, limits);
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::bad_data, "image is too large for this machine's memory: make it smaller"};
  }
}

}  // namespace lookalike
