#include "cli/query_image.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/base/mailbox.h"
#include "core/base/text.h"
#include "core/net/url.h"
#include "core/vision/decode.h"
#include "core/vision/preprocess.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

Result<std::string> download(const std::string& url, HttpClient& http, const QueryPatience& patience) {
  // Shared with the callback, which may come when nobody waits for it any more.
  const auto arrived = std::make_shared<Mailbox<HttpAnswer>>();
  // The user typed this address, so it may be anywhere.
  http.submit({.url = url, .max_bytes = kMaxQueryBytes, .scope = AddressScope::any, .allow_plain_http = true},
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
  if (answer->response->status == 200) return answer->response->body;
  return Error{ErrorCode::not_found, name + ": the server answered HTTP " + std::to_string(answer->response->status)};
}

bool has_image_extension(const fs::path& path) {
  static constexpr std::array kExtensions = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".jpe", ".jfif"};
  const std::string extension = ascii_lower(path.extension().string());
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

template <typename Iterator>
Status collect(Iterator at, std::vector<std::string>& images) {
  std::error_code error;
  for (const Iterator end{}; at != end; at.increment(error)) {
    const bool hidden = is_hidden(at->path());
    if constexpr (requires { at.disable_recursion_pending(); }) {
      if (hidden) at.disable_recursion_pending();
    }
    if (!hidden && has_image_extension(at->path()) && at->is_regular_file(error)) images.push_back(at->path().string());
    if (error) break;
  }
  return {};
}

Status images_in(const std::string& directory, bool recursive, std::vector<std::string>& images) {
  std::error_code error;
  const auto skip = fs::directory_options::skip_permission_denied;
  const size_t before = images.size();
  if (recursive) {
    const Status walked = collect(fs::recursive_directory_iterator(directory, skip, error), images);
    if (!walked.ok()) return walked;
  } else {
    const Status walked = collect(fs::directory_iterator(directory, skip, error), images);
    if (!walked.ok()) return walked;
  }
  if (error) return Error{ErrorCode::not_found, directory + ": " + error.message()};
  if (images.size() == before) {
    return Error{ErrorCode::not_found, directory + ": no photos in this directory (looked for .jpg, .png, .webp, .gif" +
                                           (recursive ? ")" : "; --recursive looks below it too)")};
  }
  std::sort(images.begin() + static_cast<ptrdiff_t>(before), images.end());
  return {};
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

Result<std::string> load_query_bytes(const std::string& source, HttpClient& http, const QueryPatience& patience) {
  if (is_web_address(source)) return download(source, http, patience);
  if (source == "-") {
    auto bytes = read_file("/dev/stdin", kMaxQueryBytes);
    if (bytes.ok() && bytes->empty())
      return Error{ErrorCode::bad_data, "standard input is empty: pipe an image into it"};
    return bytes;
  }
  return read_file(source, kMaxQueryBytes);
}

Result<QueryImage> decode_query(const std::string& source, const std::string& bytes, const std::vector<int>& crop,
                                int input_size) {
  DecodeLimits limits{.max_bytes = kMaxQueryBytes, .max_pixels = kMaxQueryPixels};
  if (crop.empty()) limits.scale_to_at_least = decode_size_for(input_size);
  auto image = decode_image(bytes, limits);
  if (!image.ok()) return Error{image.error().code, source + ": " + image.error().message};
  QueryImage query{.source = source, .sha256 = sha256_hex(bytes), .image = std::move(*image)};
  if (crop.empty()) return query;
  if (const Status cropped = crop_image(query.image, crop); !cropped.ok()) return cropped.error();
  return query;
}

Result<std::vector<std::string>> expand_arguments(const std::vector<std::string>& arguments, bool recursive) {
  std::vector<std::string> images;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (argument == "-" || is_web_address(argument) || !fs::is_directory(argument, error)) {
      images.push_back(argument);
      continue;
    }
    if (const Status found = images_in(argument, recursive, images); !found.ok()) return found.error();
  }
  return images;
}

}  // namespace lookalike
