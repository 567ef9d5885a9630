#include "cli/query/query_image.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/base/mailbox.h"
#include "core/base/text/digest.h"
#include "core/base/text/text.h"
#include "core/http/content_coding.h"
#include "core/http/url.h"
#include "core/vision/decode/decode.h"
#include "core/vision/inference/preprocess.h"

namespace lookalike {
namespace {

Result<std::string> download(const std::string& url, HttpClient& http, const InputPatience& patience) {
  // Shared with the callback, which may come when nobody waits for it any more.
  const auto arrived = std::make_shared<Mailbox<HttpAnswer>>();
  // The user typed this address, so it may be anywhere.
  http.submit({.url = url,
               .headers = {kPackedAlready},
               .max_bytes = kMaxQueryBytes,
               .scope = AddressScope::any,
               .allow_plain_http = true},
              [arrived](HttpAnswer answer) { arrived->push(std::move(answer)); });
  const auto forever = std::chrono::steady_clock::now() + std::chrono::hours(24 * 365);
  const auto answer = arrived->pop(patience.stop, patience.deadline.value_or(forever));
  const std::string name = redacted_url(url);
  if (!answer && patience.stop.stop_requested()) return Error{ErrorCode::interrupted, name + ": interrupted"};
  if (!answer) {
    return Error{ErrorCode::network,
                 name + ": not downloaded within the time limit: give more --time-limit, or a file of your own"};
  }
  if (!answer->response.ok())
    return Error{answer->response.error().code, name + ": " + answer->response.error().message};
  if (answer->response->status == 200) {
    auto bytes = unpacked(answer->response->body, kMaxQueryBytes);
    return bytes.ok() ? bytes : Error{bytes.error().code, name + ": " + bytes.error().message};
  }
  return Error{ErrorCode::not_found, name + ": the server answered HTTP " + std::to_string(answer->response->status)};
}

Status crop_image(Image& image, const std::vector<int>& crop) {
  // The image may have been decoded at a fraction of its size; the crop is in its own pixels.
  const auto scaled = [](int value, int stored, int original) {
    return static_cast<int>(static_cast<int64_t>(value) * stored / original);
  };
  if (crop[0] + static_cast<int64_t>(crop[2]) > image.original_width ||
      crop[1] + static_cast<int64_t>(crop[3]) > image.original_height) {
    return Error{ErrorCode::usage, "--crop reaches outside the image, which is " +
                                       std::to_string(image.original_width) + " x " +
                                       std::to_string(image.original_height) + " pixels"};
  }
  const int left = scaled(crop[0], image.width, image.original_width);
  const int top = scaled(crop[1], image.height, image.original_height);
  const int width = std::max(1, scaled(crop[2], image.width, image.original_width));
  const int height = std::max(1, scaled(crop[3], image.height, image.original_height));
  std::vector<uint8_t> rgb;
  rgb.reserve(static_cast<size_t>(width) * static_cast<size_t>(height) * 3);
  for (int y = top; y < top + height; ++y) {
    const auto row = image.rgb.begin() + (static_cast<ptrdiff_t>(y) * image.width + left) * 3;
    rgb.insert(rgb.end(), row, row + static_cast<ptrdiff_t>(width) * 3);
  }
  image.rgb = std::move(rgb);
  image.width = width;
  image.height = height;
  return {};
}

}  // namespace

bool is_web_address(const std::string& source) {
  const std::string lower = ascii_lower(source.substr(0, 8));
  return lower.starts_with("http://") || lower.starts_with("https://");
}

Result<std::string> load_query_bytes(const std::string& source, HttpClient& http, const InputPatience& patience) {
  if (is_web_address(source)) return download(source, http, patience);
  auto bytes = read_input(source, kMaxQueryBytes, patience);
  if (bytes.ok() && bytes->empty() && descriptor_named(source))
    return Error{ErrorCode::bad_data, input_name(source) + " is empty: pipe an image into it"};
  return bytes;
}

Result<QueryImage> decode_query(const std::string& source, const std::string& bytes, const std::vector<int>& crop,
                                int input_size) {
  DecodeLimits limits{.max_bytes = kMaxQueryBytes, .max_pixels = kMaxQueryPixels};
  if (crop.empty()) limits.scale_to_at_least = decode_size_for(input_size);
  auto image = decode_image(bytes, limits);
  if (!image.ok()) return Error{image.error().code, source + ": " + image.error().message};
  QueryImage query{.source = source,
                   .sha256 = sha256_hex(bytes),
                   .bytes = static_cast<int64_t>(bytes.size()),
                   .image = std::move(*image)};
  if (crop.empty()) return query;
  if (const Status cropped = crop_image(query.image, crop); !cropped.ok()) return cropped.error();
  return query;
}

}  // namespace lookalike
