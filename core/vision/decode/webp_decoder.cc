// WebP to RGB, by libwebp: lossy, lossless and the first frame of an animation; transparency over white.
// Tested by tests/core/vision/decode/webp_decoder_test.cc
#include <webp/decode.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/vision/decode/decode.h"
#include "core/vision/decode/image.h"
#include "core/vision/decode/orientation.h"
#include "core/vision/decode/webp_structure.h"

namespace lookalike {
namespace {

const uint8_t* webp_data(std::string_view bytes) {
  return reinterpret_cast<const uint8_t*>(bytes.data());
}

Error webp_truncated() {
  return {ErrorCode::bad_data, "truncated WebP: the file ends before the picture does; get it again"};
}
Error damaged(const std::string& what) {
  return {ErrorCode::bad_data, "damaged WebP (" + what + ")"};
}

// The RIFF header holds the file's size less its own eight bytes.
bool ends_early(std::string_view bytes) {
  const uint8_t* const size = webp_data(bytes) + 4;
  const uint64_t announced = size[0] | size[1] << 8 | size[2] << 16 | uint64_t{size[3]} << 24;
  return bytes.size() < announced + 8;
}

struct Picture {
  int width = 0;
  int height = 0;
  bool has_alpha = false;
  std::string_view bytes;  // as libwebp takes it: a stream, or a container
  std::string container;   // what `bytes` then points into
};

std::string number_bytes(size_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i)
    bytes += static_cast<char>(value >> 8 * i);
  return bytes;
}

std::string chunk(const char* type, std::string_view content) {
  return type + number_bytes(content.size(), 4) + std::string(content) + std::string(content.size() % 2, '\0');
}

// A stream and its alpha channel belong together only in a container, whose header must fit; so it is written anew.
std::string container_of(const WebpStructure& structure, int width, int height) {
  constexpr char kHasAlpha = 0x10;
  const std::string header = kHasAlpha + std::string(3, '\0') + number_bytes(static_cast<size_t>(width - 1), 3) +
                             number_bytes(static_cast<size_t>(height - 1), 3);
  const std::string chunks =
      "WEBP" + chunk("VP8X", header) + chunk("ALPH", structure.alpha) + chunk("VP8 ", structure.data);
  return "RIFF" + number_bytes(chunks.size(), 4) + chunks;
}

Status describe(const WebpStructure& structure, const DecodeLimits& limits, Picture& picture) {
  WebPBitstreamFeatures features{};
  const VP8StatusCode status = WebPGetFeatures(webp_data(structure.data), structure.data.size(), &features);
  if (status != VP8_STATUS_OK && (structure.is_cut || status == VP8_STATUS_NOT_ENOUGH_DATA)) return webp_truncated();
  if (status != VP8_STATUS_OK) return damaged("its header is wrong");
  if (Status fits = check_image_size("WebP", features.width, features.height, limits); !fits.ok()) return fits;
  picture.width = features.width;
  picture.height = features.height;
  picture.has_alpha = features.has_alpha != 0 || !structure.alpha.empty();
  picture.bytes = structure.data;
  if (structure.alpha.empty()) return {};
  picture.container = container_of(structure, features.width, features.height);
  picture.bytes = picture.container;
  return {};
}

// RGB, what is transparent over white.
Result<std::vector<uint8_t>> read_pixels(const Picture& picture) {
  const int pixel_bytes = picture.has_alpha ? 4 : 3;
  std::vector<uint8_t> pixels(byte_count(picture.width, picture.height, pixel_bytes));
  const auto decode = picture.has_alpha ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
  if (decode(webp_data(picture.bytes), picture.bytes.size(), pixels.data(), pixels.size(),
             picture.width * pixel_bytes) == nullptr) {
    return damaged("its picture cannot be decoded");
  }
  if (picture.has_alpha) {
    flatten_over_white(pixels.data(), pixels.size() / 4);
    pixels.resize(pixels.size() / 4 * 3);
  }
  return pixels;
}

// Onto a white canvas; what reaches outside is cut off.
std::vector<uint8_t> on_canvas(const WebpStructure& place, const Picture& frame, const std::vector<uint8_t>& pixels) {
  std::vector<uint8_t> canvas(byte_count(place.canvas_width, place.canvas_height, 3), 255);
  const int columns = std::min(frame.width, place.canvas_width - place.left);
  const int rows = std::min(frame.height, place.canvas_height - place.top);
  for (int y = 0; y < rows && columns > 0; ++y) {
    const auto from = pixels.begin() + static_cast<ptrdiff_t>(byte_count(frame.width, y, 3));
    const auto to = canvas.begin() + static_cast<ptrdiff_t>(byte_count(place.canvas_width, place.top + y, 3));
    std::copy_n(from, 3 * columns, to + 3 * place.left);
  }
  return canvas;
}

}  // namespace

Result<Image> decode_webp(std::string_view bytes, const DecodeLimits& limits) {
  const WebpStructure structure = webp_structure(bytes);
  if (structure.data.empty()) return ends_early(bytes) ? webp_truncated() : damaged("it holds no picture");
  const bool has_canvas = structure.is_animated && structure.canvas_width > 0;
  if (has_canvas) {
    const Status fits = check_image_size("WebP", structure.canvas_width, structure.canvas_height, limits);
    if (!fits.ok()) return fits.error();
  }
  Picture picture;
  if (const Status described = describe(structure, limits, picture); !described.ok()) return described.error();
  if (structure.is_cut) return webp_truncated();
  auto pixels = read_pixels(picture);
  if (!pixels.ok()) return pixels.error();
  const int width = has_canvas ? structure.canvas_width : picture.width;
  const int height = has_canvas ? structure.canvas_height : picture.height;
  Image image{.width = width,
              .height = height,
              .original_width = width,
              .original_height = height,
              .rgb = has_canvas ? on_canvas(structure, picture, *pixels) : *std::move(pixels)};
  return turned_upright(std::move(image), orientation_of(structure.exif, structure.xmp));
}

}  // namespace lookalike
