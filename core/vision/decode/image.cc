#include "core/vision/decode/image.h"

#include <fmt/format.h>

#include <string>

namespace lookalike {
namespace {

std::string pixel_count(int64_t pixels) {
  constexpr int64_t kMillion = 1'000'000;
  return pixels % kMillion == 0 ? fmt::format("{} million", pixels / kMillion) : fmt::format("{}", pixels);
}

}  // namespace

Status check_image_size(std::string_view format, int64_t width, int64_t height, const DecodeLimits& limits) {
  const std::string what = fmt::format("{} of {} x {} pixels", format, width, height);
  if (width < 1 || height < 1) return Error{ErrorCode::bad_data, what + ": damaged header"};
  constexpr int64_t kLargestSide = 1 << 24;  // no product below overflows
  if (width > kLargestSide || height > kLargestSide || width > limits.max_pixels / height) {
    return Error{ErrorCode::bad_data,
                 fmt::format("{} is over the limit of {}: make it smaller", what, pixel_count(limits.max_pixels))};
  }
  return {};
}

}  // namespace lookalike
