#include "core/vision/decode/image.h"

#include <string>

namespace lookalike {
namespace {

std::string pixel_count(int64_t pixels) {
  constexpr int64_t kMillion = 1'000'000;
  if (pixels % kMillion == 0) return std::to_string(pixels / kMillion) + " million";
  return std::to_string(pixels);
}

}  // namespace

Status check_image_size(std::string_view format, int64_t width, int64_t height, const DecodeLimits& limits) {
  const std::string what =
      std::string(format) + " of " + std::to_string(width) + " x " + std::to_string(height) + " pixels";
  if (width < 1 || height < 1) return Error{ErrorCode::bad_data, what + ": damaged header"};
  constexpr int64_t kLargestSide = 1 << 24;  // no product below overflows
  if (width > kLargestSide || height > kLargestSide || width > limits.max_pixels / height) {
    return Error{ErrorCode::bad_data,
                 what + " is over the limit of " + pixel_count(limits.max_pixels) + ": make it smaller"};
  }
  return {};
}

}  // namespace lookalike
