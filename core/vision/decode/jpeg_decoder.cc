// JPEG to RGB, by libjpeg-turbo, with the very values that browsers get (accurate DCT, smooth chroma upsampling).
// What is refused: a file whose data ends early or is damaged inside the picture, because half a picture has another
// embedding than the whole. What is tolerated: stray bytes between segments or after the end, a missing end marker
// after complete data, odd but harmless header values.
// Tested by tests/core/vision/decode/jpeg_decoder_test.cc
#include <fmt/format.h>
#include <turbojpeg.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/vision/decode/decode.h"
#include "core/vision/decode/image.h"
#include "core/vision/decode/jpeg_structure.h"
#include "core/vision/decode/orientation.h"

namespace lookalike {
namespace {

// A progressive file has about ten scans, 25 at most from known programs. Each costs a pass over the whole
// picture, so a few kilobytes of empty scans could keep a decoder busy for minutes.
constexpr int kMaxScans = 100;
constexpr int64_t kMaxScannedPixels = 2'500'000'000;

struct Destroy {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<std::remove_pointer_t<tjhandle>, Destroy>;
static_assert(std::is_same_v<tjhandle, void*>);

struct Header {
  int width = 0;
  int height = 0;
  int colorspace = -1;
};

const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// "tjDecompress2(): Premature end of JPEG file" without the function's name.
std::string reason(tjhandle handle) {
  const std::string text = tjGetErrorStr2(handle);
  const size_t colon = text.find("(): ");
  return colon == text.npos ? text : text.substr(colon + 4);
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

bool is_about_missing_data(const std::string& text) {
  return says(text, "remature end") || says(text, "image file is empty") || says(text, "Empty input");
}

// libjpeg fills what is missing or damaged with grey and warns; these are the warnings that mean just that.
bool lost_pixels(const std::string& warning) {
  return is_about_missing_data(warning) || says(warning, "bad Huffman code") || says(warning, "bad arithmetic code") ||
         says(warning, "found marker") || says(warning, "Unsupported marker");
}

Error truncated() {
  return {ErrorCode::bad_data, "truncated JPEG: the file ends before the picture does; get it again"};
}

Error jpeg_error(const std::string& text) {
  if (is_about_missing_data(text)) return truncated();
  return {ErrorCode::bad_data, "damaged JPEG (" + text + ")"};
}

Result<Header> read_header(tjhandle handle, std::string_view bytes, bool has_end) {
  Header header;
  int subsampling = 0;
  const int failed = tjDecompressHeader3(handle, data_of(bytes), bytes.size(), &header.width, &header.height,
                                         &subsampling, &header.colorspace);
  // Rare chroma layouts have no name in that interface, which then fails after filling in the rest; they decode well.
  if (header.width > 0 && header.height > 0 && header.colorspace >= 0) return header;
  if (!has_end) return truncated();
  return jpeg_error(failed != 0 ? reason(handle) : "it holds no picture");
}

Status check_scans(const JpegStructure& structure, const Header& header) {
  const int64_t pixels = int64_t{header.width} * header.height;
  if (structure.scans <= kMaxScans && (structure.scans <= 1 || pixels <= kMaxScannedPixels / structure.scans))
    return {};
  return Error{
      ErrorCode::bad_data,
      fmt::format("JPEG of {} x {} pixels in {} scans would take too long to decode: save it again as a baseline "
                  "JPEG",
                  header.width, header.height, structure.scans)};
}

tjscalingfactor scale_for(const Header& header, int at_least) {
  for (const int denominator : {8, 4, 2}) {
    const tjscalingfactor factor{1, denominator};
    if (at_least > 0 && TJSCALED(header.width, factor) >= at_least && TJSCALED(header.height, factor) >= at_least) {
      return factor;
    }
  }
  return {1, 1};
}

Status decompress(tjhandle handle, std::string_view bytes, const Image& size, int format,
                  std::vector<uint8_t>& pixels) {
  pixels.resize(byte_count(size.width, size.height, tjPixelSize[format]));
  const int failed = tjDecompress2(handle, data_of(bytes), bytes.size(), pixels.data(), size.width, 0, size.height,
                                   format, TJFLAG_LIMITSCANS);
  if (failed == 0) return {};
  const std::string text = reason(handle);
  if (tjGetErrorCode(handle) == TJERR_WARNING && !lost_pixels(text)) return {};
  return jpeg_error(text);
}

// Ink to light, without a colour profile: what is left after the ink and the black. Adobe stores what is left.
void cmyk_to_rgb(std::vector<uint8_t>& pixels, bool inverted) {
  const uint8_t flip = inverted ? 0 : 255;
  const size_t count = pixels.size() / 4;
  const uint8_t* cmyk = pixels.data();
  uint8_t* rgb = pixels.data();
  for (size_t i = 0; i < count; ++i, cmyk += 4, rgb += 3) {
    const int key = cmyk[3] ^ flip;
    for (int channel = 0; channel < 3; ++channel) {
      rgb[channel] = static_cast<uint8_t>(((cmyk[channel] ^ flip) * key + 127) / 255);
    }
  }
  pixels.resize(3 * count);
}

}  // namespace

Result<Image> decode_jpeg(std::string_view bytes, const DecodeLimits& limits) {
  const JpegStructure structure = jpeg_structure(bytes);
  const Handle handle(tjInitDecompress());
  if (!handle) return Error{ErrorCode::bad_data, "JPEG: libjpeg-turbo could not start (out of memory?)"};
  const auto header = read_header(handle.get(), bytes, structure.has_end);
  if (!header.ok()) return header.error();
  if (const Status fits = check_image_size("JPEG", header->width, header->height, limits); !fits.ok())
    return fits.error();
  if (const Status quick = check_scans(structure, *header); !quick.ok()) return quick.error();

  std::string completed;
  if (!structure.has_end) {
    // With an end put on, only a file that lacks part of the picture still draws a warning.
    completed.append(bytes).append("\xff\xd9");
    bytes = completed;
  }
  const tjscalingfactor factor = scale_for(*header, limits.scale_to_at_least);
  Image image{.width = TJSCALED(header->width, factor),
              .height = TJSCALED(header->height, factor),
              .original_width = header->width,
              .original_height = header->height,
              .rgb = {}};
  const bool is_cmyk = header->colorspace == TJCS_CMYK || header->colorspace == TJCS_YCCK;
  const Status decoded = decompress(handle.get(), bytes, image, is_cmyk ? TJPF_CMYK : TJPF_RGB, image.rgb);
  if (!decoded.ok()) return decoded.error();
  if (is_cmyk) cmyk_to_rgb(image.rgb, structure.has_adobe);
  return turned_upright(std::move(image), orientation_of(structure.exif, structure.xmp));
}

}  // namespace lookalike
