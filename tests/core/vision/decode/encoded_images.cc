#include "tests/core/vision/decode/encoded_images.h"

#include <gif_lib.h>
#include <gtest/gtest.h>
#include <spng.h>
#include <turbojpeg.h>
#include <webp/decode.h>
#include <webp/encode.h>
#include <zlib.h>

#include <cmath>
#include <cstdlib>

namespace lookalike {
namespace {

std::string little_endian(uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i)
    text += static_cast<char>(value >> 8 * i);
  return text;
}

std::string big_endian(uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i)
    text += static_cast<char>(value >> 8 * i);
  return text;
}

std::string extended_header(char flags, int width, int height) {
  return riff_chunk("VP8X", std::string(1, flags) + std::string(3, '\0') +
                                little_endian(static_cast<uint32_t>(width - 1), 3) +
                                little_endian(static_cast<uint32_t>(height - 1), 3));
}

std::string jpeg_bytes(int width, int height, const uint8_t* pixels, int format, int sampling, int quality, int flags) {
  tjhandle handle = tjInitCompress();
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  EXPECT_EQ(tjCompress2(handle, pixels, width, 0, height, format, &buffer, &size, sampling, quality, flags), 0);
  std::string bytes(reinterpret_cast<char*>(buffer), size);
  tjFree(buffer);
  tjDestroy(handle);
  return bytes;
}

std::string webp_bytes(uint8_t* buffer, size_t size) {
  std::string bytes(reinterpret_cast<char*>(buffer), size);
  WebPFree(buffer);
  return bytes;
}

int append(GifFileType* gif, const GifByteType* bytes, int count) {
  static_cast<std::string*>(gif->UserData)->append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(count));
  return count;
}

}  // namespace

std::string riff_chunk(const std::string& name, const std::string& content) {
  return name + little_endian(static_cast<uint32_t>(content.size()), 4) + content +
         std::string(content.size() % 2, '\0');
}

std::string riff(const std::string& chunks) {
  return "RIFF" + little_endian(static_cast<uint32_t>(chunks.size() + 4), 4) + "WEBP" + chunks;
}

Image gradient(int width, int height) {
  Image image{.width = width, .height = height, .original_width = width, .original_height = height, .rgb = {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.rgb.push_back(static_cast<uint8_t>(255 * x / std::max(1, width - 1)));
      image.rgb.push_back(static_cast<uint8_t>(255 * y / std::max(1, height - 1)));
      image.rgb.push_back(static_cast<uint8_t>(128));
    }
  }
  return image;
}

Image solid(int width, int height, uint8_t red, uint8_t green, uint8_t blue) {
  Image image{.width = width, .height = height, .original_width = width, .original_height = height, .rgb = {}};
  for (int i = 0; i < width * height; ++i)
    image.rgb.insert(image.rgb.end(), {red, green, blue});
  return image;
}

double mean_difference(const Image& a, const Image& b) {
  EXPECT_EQ(a.rgb.size(), b.rgb.size());
  if (a.rgb.size() != b.rgb.size() || a.rgb.empty()) return 255;
  double sum = 0;
  for (size_t i = 0; i < a.rgb.size(); ++i)
    sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

std::string jpeg_of(const Image& image, const JpegOptions& options) {
  return jpeg_bytes(image.width, image.height, image.rgb.data(), TJPF_RGB, options.grey ? TJSAMP_GRAY : TJSAMP_420,
                    options.quality, options.progressive ? TJFLAG_PROGRESSIVE : 0);
}

std::string cmyk_jpeg_of(int width, int height, const std::vector<uint8_t>& cmyk) {
  return jpeg_bytes(width, height, cmyk.data(), TJPF_CMYK, TJSAMP_444, 100, 0);
}

std::string png_of(const PngLayout& layout, const std::vector<uint8_t>& pixels, const PngExtras& extras) {
  spng_ctx* context = spng_ctx_new(SPNG_CTX_ENCODER);
  spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1);
  spng_ihdr header{.width = static_cast<uint32_t>(layout.width),
                   .height = static_cast<uint32_t>(layout.height),
                   .bit_depth = layout.bit_depth,
                   .color_type = layout.color_type,
                   .compression_method = 0,
                   .filter_method = 0,
                   .interlace_method = static_cast<uint8_t>(layout.interlaced)};
  EXPECT_EQ(spng_set_ihdr(context, &header), 0);
  spng_plte palette{};
  palette.n_entries = static_cast<uint32_t>(extras.palette.size() / 3);
  for (size_t i = 0; i < palette.n_entries; ++i) {
    palette.entries[i] = {extras.palette[3 * i], extras.palette[3 * i + 1], extras.palette[3 * i + 2], 255};
  }
  if (palette.n_entries > 0) {
    EXPECT_EQ(spng_set_plte(context, &palette), 0);
  }
  spng_trns transparency{};
  transparency.gray = static_cast<uint16_t>(std::max(0, extras.transparent_grey));
  transparency.n_type3_entries = static_cast<uint32_t>(extras.palette_alpha.size());
  std::copy(extras.palette_alpha.begin(), extras.palette_alpha.end(), transparency.type3_alpha);
  if (extras.transparent_grey >= 0 || !extras.palette_alpha.empty()) {
    EXPECT_EQ(spng_set_trns(context, &transparency), 0);
  }
  std::string block = extras.exif;
  spng_exif exif{.length = block.size(), .data = block.data()};
  if (!block.empty()) {
    EXPECT_EQ(spng_set_exif(context, &exif), 0);
  }
  EXPECT_EQ(spng_encode_image(context, pixels.data(), pixels.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE), 0);
  size_t size = 0;
  int error = 0;
  void* const buffer = spng_get_png_buffer(context, &size, &error);
  EXPECT_EQ(error, 0);
  std::string bytes(static_cast<char*>(buffer), size);
  std::free(buffer);
  spng_ctx_free(context);
  return bytes;
}

std::string png_of(const Image& image, const PngExtras& extras) {
  return png_of({.width = image.width, .height = image.height}, image.rgb, extras);
}

std::string lossless_webp_of(int width, int height, const std::vector<uint8_t>& rgba) {
  uint8_t* buffer = nullptr;
  const size_t size = WebPEncodeLosslessRGBA(rgba.data(), width, height, 4 * width, &buffer);
  return webp_bytes(buffer, size);
}

std::string webp_of(const Image& image) {
  uint8_t* buffer = nullptr;
  const size_t size = WebPEncodeRGB(image.rgb.data(), image.width, image.height, 3 * image.width, 95, &buffer);
  return webp_bytes(buffer, size);
}

std::string animated_webp_of(int width, int height, int left, int top, const std::string& still) {
  int frame_width = 0, frame_height = 0;
  EXPECT_NE(WebPGetInfo(reinterpret_cast<const uint8_t*>(still.data()), still.size(), &frame_width, &frame_height), 0);
  const std::string place = little_endian(static_cast<uint32_t>(left / 2), 3) +
                            little_endian(static_cast<uint32_t>(top / 2), 3) +
                            little_endian(static_cast<uint32_t>(frame_width - 1), 3) +
                            little_endian(static_cast<uint32_t>(frame_height - 1), 3) + little_endian(100, 3);
  const std::string frame = riff_chunk("ANMF", place + std::string(1, '\0') + still.substr(12));
  const char animation_and_alpha = 0x12;
  return riff(extended_header(animation_and_alpha, width, height) + riff_chunk("ANIM", std::string(6, '\0')) + frame);
}

std::string webp_with_exif(const Image& image, const std::string& exif) {
  const char has_exif = 0x08;
  return riff(extended_header(has_exif, image.width, image.height) + webp_of(image).substr(12) +
              riff_chunk("EXIF", exif));
}

std::string gif_of(const GifOptions& options, const std::vector<uint8_t>& indices) {
  std::string bytes;
  int error = 0;
  GifFileType* gif = EGifOpen(&bytes, append, &error);
  EGifSetGifVersion(gif, true);
  const GifColorType colors[] = {{0, 0, 0}, {255, 0, 0}, {0, 255, 0}, {0, 0, 255}};
  ColorMapObject* map = GifMakeMapObject(4, colors);
  EXPECT_EQ(EGifPutScreenDesc(gif, options.canvas_width, options.canvas_height, 8, 0, map), GIF_OK);
  if (options.transparent >= 0) {
    const GraphicsControlBlock control{
        .DisposalMode = 0, .UserInputFlag = false, .DelayTime = 0, .TransparentColor = options.transparent};
    GifByteType block[4];
    EXPECT_EQ(EGifGCBToExtension(&control, block), 4u);
    EXPECT_EQ(EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, block), GIF_OK);
  }
  EXPECT_EQ(
      EGifPutImageDesc(gif, options.left, options.top, options.width, options.height, options.interlaced, nullptr),
      GIF_OK);
  std::vector<GifPixelType> pixels(indices.begin(), indices.end());
  EXPECT_EQ(EGifPutLine(gif, pixels.data(), static_cast<int>(pixels.size())), GIF_OK);
  EXPECT_EQ(EGifCloseFile(gif, &error), GIF_OK);
  GifFreeMapObject(map);
  return bytes;
}

std::string exif_block(int orientation, bool in_big_endian) {
  const auto number = [&](uint32_t value, int bytes) {
    return in_big_endian ? big_endian(value, bytes) : little_endian(value, bytes);
  };
  constexpr uint32_t kOrientation = 0x0112;
  constexpr uint32_t kShort = 3;
  return (in_big_endian ? "MM" : "II") + number(42, 2) + number(8, 4) + number(1, 2) + number(kOrientation, 2) +
         number(kShort, 2) + number(1, 4) + number(static_cast<uint32_t>(orientation), 2) + number(0, 2) + number(0, 4);
}

std::string with_jpeg_segment(const std::string& jpeg, uint8_t marker, std::string_view content) {
  return jpeg.substr(0, 2) + '\xff' + static_cast<char>(marker) +
         big_endian(static_cast<uint32_t>(content.size() + 2), 2) + std::string(content) + jpeg.substr(2);
}

std::string png_chunk(const std::string& type, const std::string& content) {
  const std::string checked = type + content;
  const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
  return big_endian(static_cast<uint32_t>(content.size()), 4) + checked + big_endian(static_cast<uint32_t>(sum), 4);
}

std::string with_png_chunk(const std::string& png, const std::string& before, const std::string& chunk) {
  const size_t at = png.find(before) - 4;
  return png.substr(0, at) + chunk + png.substr(at);
}

std::string deflated(const std::string& text) {
  uLongf size = ::compressBound(text.size());
  std::string bytes(size, '\0');
  EXPECT_EQ(::compress(reinterpret_cast<Bytef*>(bytes.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
                       text.size()),
            Z_OK);
  bytes.resize(size);
  return bytes;
}

std::string raw_profile_text(const std::string& name, const std::string& bytes) {
  std::string text =
      "\n" + name + "\n" + std::string(8 - std::to_string(bytes.size()).size(), ' ') + std::to_string(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    constexpr char kDigits[] = "0123456789abcdef";
    if (i % 36 == 0) text += '\n';
    text += kDigits[static_cast<unsigned char>(bytes[i]) >> 4];
    text += kDigits[static_cast<unsigned char>(bytes[i]) & 15];
  }
  return text + "\n";
}

std::string xmp_packet(const std::string& attributes, const std::string& elements) {
  return R"(<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">)"
         R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="")"
         R"( xmlns:tiff="http://ns.adobe.com/tiff/1.0/" )" +
         attributes + ">" + elements + R"(</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>)";
}

}  // namespace lookalike
