// Small pictures, encoded in memory by the formats' own libraries, for the tests of the decoders.
// Threads: free functions without state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/vision/decode/image.h"

namespace lookalike {

// Smooth colour ramps, so that a lossy format keeps them closely.
Image gradient(int width, int height);
Image solid(int width, int height, uint8_t red, uint8_t green, uint8_t blue);

// The mean difference of two pictures' values. REQUIRES: the same size
double mean_difference(const Image& a, const Image& b);

struct JpegOptions {
  int quality = 95;
  bool progressive = false;
  bool grey = false;
};
std::string jpeg_of(const Image& image, const JpegOptions& options = {});
// Ink as stored, four bytes a pixel; libjpeg writes Adobe's segment with it.
std::string cmyk_jpeg_of(int width, int height, const std::vector<uint8_t>& cmyk);

struct PngLayout {
  int width = 0;
  int height = 0;
  uint8_t color_type = 2;  // SPNG_COLOR_TYPE_TRUECOLOR
  uint8_t bit_depth = 8;
  bool interlaced = false;
};
struct PngExtras {
  std::vector<uint8_t> palette;        // RGB triples
  std::vector<uint8_t> palette_alpha;  // tRNS of a palette
  int transparent_grey = -1;           // tRNS of a grey picture
  std::string exif;
};
// `pixels`: as PNG stores them, rows packed, 16-bit values in this machine's order.
std::string png_of(const PngLayout& layout, const std::vector<uint8_t>& pixels, const PngExtras& extras = {});
std::string png_of(const Image& image, const PngExtras& extras = {});

std::string lossless_webp_of(int width, int height, const std::vector<uint8_t>& rgba);
std::string webp_of(const Image& image);
// The frames' canvas is width x height, the one frame stands at (left, top), both even.
std::string animated_webp_of(int width, int height, int left, int top, const std::string& still);
std::string webp_with_exif(const Image& image, const std::string& exif);
// The container's parts, to build odd files of.
std::string riff(const std::string& chunks);
std::string riff_chunk(const std::string& name, const std::string& content);

struct GifOptions {
  int canvas_width = 0;
  int canvas_height = 0;
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
  bool interlaced = false;
  int transparent = -1;
};
// Colours 0 black, 1 red, 2 green, 3 blue; one index a pixel of the frame.
std::string gif_of(const GifOptions& options, const std::vector<uint8_t>& indices);

// A TIFF block with the one tag, in the byte order asked for.
std::string exif_block(int orientation, bool big_endian = false);
// The JPEG with a segment put behind its start: 0xe1 for Exif.
std::string with_jpeg_segment(const std::string& jpeg, uint8_t marker, std::string_view content);

// A chunk of a PNG file, and the file with it before the first of another type.
std::string png_chunk(const std::string& type, const std::string& content);
std::string with_png_chunk(const std::string& png, const std::string& before, const std::string& chunk);
// As zTXt and iTXt chunks hold texts.
std::string deflated(const std::string& text);
// As ImageMagick writes metadata into a text.
std::string raw_profile_text(const std::string& name, const std::string& bytes);
// An XMP packet whose description has these attributes and elements; the prefix tiff: is known.
std::string xmp_packet(const std::string& attributes, const std::string& elements = "");

}  // namespace lookalike
