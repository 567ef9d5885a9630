#include "core/vision/webp_decoder.h"

#include <webp/decode.h>
#include <webp/demux.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/vision/image_size.h"
#include "core/vision/orientation.h"
#include "core/vision/over_white.h"

namespace lookalike {
namespace {

struct Delete {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};
using Demuxer = std::unique_ptr<WebPDemuxer, Delete>;
using AnimationDecoder = std::unique_ptr<WebPAnimDecoder, Delete>;

const uint8_t* data_of(std::string_view bytes) {
  return reinterpret_cast<const uint8_t*>(bytes.data());
}

Error truncated() {
  return {ErrorCode::bad_data, "truncated WebP: the file ends before the picture does; get it again"};
}
Error damaged(const std::string& what) {
  return {ErrorCode::bad_data, "damaged WebP (" + what + ")"};
}

// The RIFF header holds the file's size less its own eight bytes.
bool ends_early(std::string_view bytes) {
  const uint8_t* const size = data_of(bytes) + 4;
  const uint64_t announced = size[0] | size[1] << 8 | size[2] << 16 | uint64_t{size[3]} << 24;
  return bytes.size() < announced + 8;
}

Error error_about(std::string_view bytes, const std::string& what) {
  return ends_early(bytes) ? truncated() : damaged(what);
}

Status read_still(std::string_view bytes, bool has_alpha, Image& image) {
  const int pixel_bytes = has_alpha ? 4 : 3;
  image.rgb.resize(byte_count(image.width, image.height, pixel_bytes));
  const int stride = image.width * pixel_bytes;
  const auto decode = has_alpha ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
  if (decode(data_of(bytes), bytes.size(), image.rgb.data(), image.rgb.size(), stride) == nullptr) {
    return error_about(bytes, "its picture cannot be decoded");
  }
  if (has_alpha) {
    flatten_over_white(image.rgb.data(), image.rgb.size() / 4);
    image.rgb.resize(image.rgb.size() / 4 * 3);
  }
  return {};
}

Status read_first_frame(std::string_view bytes, Image& image) {
  WebPAnimDecoderOptions options;
  if (WebPAnimDecoderOptionsInit(&options) == 0) return damaged("libwebp's versions disagree");
  options.color_mode = MODE_RGBA;
  const WebPData data{data_of(bytes), bytes.size()};
  const AnimationDecoder decoder(WebPAnimDecoderNew(&data, &options));
  if (!decoder) return error_about(bytes, "its frames cannot be found");
  uint8_t* canvas = nullptr;  // the decoder's
  int timestamp = 0;
  if (WebPAnimDecoderGetNext(decoder.get(), &canvas, &timestamp) == 0) {
    return error_about(bytes, "its first frame cannot be decoded");
  }
  const size_t pixels = byte_count(image.width, image.height, 1);
  flatten_over_white(canvas, pixels);
  image.rgb.assign(canvas, canvas + 3 * pixels);
  return {};
}

int read_orientation(std::string_view bytes) {
  const WebPData data{data_of(bytes), bytes.size()};
  const Demuxer demuxer(WebPDemux(&data));
  WebPChunkIterator chunk{};
  if (!demuxer || WebPDemuxGetChunk(demuxer.get(), "EXIF", 1, &chunk) == 0) return kUpright;
  const int orientation = orientation_of({reinterpret_cast<const char*>(chunk.chunk.bytes), chunk.chunk.size});
  WebPDemuxReleaseChunkIterator(&chunk);
  return orientation;
}

}  // namespace

Result<Image> decode_webp(std::string_view bytes, const DecodeLimits& limits) {
  WebPBitstreamFeatures features{};
  const VP8StatusCode status = WebPGetFeatures(data_of(bytes), bytes.size(), &features);
  if (status == VP8_STATUS_NOT_ENOUGH_DATA) return truncated();
  if (status != VP8_STATUS_OK) return error_about(bytes, "its header is wrong");
  if (const Status fits = check_image_size("WebP", features.width, features.height, limits); !fits.ok()) {
    return fits.error();
  }
  Image image{.width = features.width,
              .height = features.height,
              .original_width = features.width,
              .original_height = features.height,
              .rgb = {}};
  const Status decoded =
      features.has_animation != 0 ? read_first_frame(bytes, image) : read_still(bytes, features.has_alpha != 0, image);
  if (!decoded.ok()) return decoded.error();
  return turned_upright(std::move(image), read_orientation(bytes));
}

}  // namespace lookalike
