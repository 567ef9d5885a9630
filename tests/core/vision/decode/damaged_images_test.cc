// Thousands of damaged pictures through the decoders: none may crash, hang or give a picture that is not whole.
// The sanitizer builds are where this test earns its keep.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "core/base/random.h"
#include "core/vision/decode/decode.h"
#include "tests/core/vision/decode/encoded_images.h"

namespace lookalike {
namespace {

using namespace std::string_literals;

constexpr int kRounds = 1500;

std::string damaged(std::string bytes, Random& random) {
  const uint64_t edits = 1 + random.below(6);
  for (uint64_t i = 0; i < edits && !bytes.empty(); ++i) {
    const size_t at = random.below(bytes.size());
    switch (random.below(5)) {
      case 0: bytes[at] = static_cast<char>(random.below(256)); break;
      case 1: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8))); break;
      case 2: bytes.erase(at, 1 + random.below(8)); break;
      case 3: bytes.insert(at, bytes.substr(random.below(bytes.size()), 1 + random.below(16))); break;
      default: bytes.replace(at, std::min<size_t>(2, bytes.size() - at), "\xff\xff", 2); break;
    }
  }
  return bytes;
}

// Headers are rarely hit by chance alone in a long file, so half of the damage is done to its start.
std::string damaged_somewhere(const std::string& bytes, Random& random) {
  if (random.below(2) == 0) return damaged(bytes, random);
  const size_t head = std::min<size_t>(bytes.size(), 80);
  return damaged(bytes.substr(0, head), random) + bytes.substr(head);
}

void decode_damaged(const std::string& whole, uint64_t seed) {
  ASSERT_TRUE(decode_image(whole).ok());
  const DecodeLimits limits{.max_pixels = 1'000'000, .scale_to_at_least = 16};
  Random random(seed);
  const auto start = std::chrono::steady_clock::now();
  for (int round = 0; round < kRounds; ++round) {
    const auto image = decode_image(damaged_somewhere(whole, random), limits);
    if (!image.ok()) {
      ASSERT_FALSE(image.error().message.empty());
      continue;
    }
    ASSERT_GE(image->width, 1);
    ASSERT_GE(image->height, 1);
    ASSERT_EQ(image->rgb.size(), static_cast<size_t>(image->width) * static_cast<size_t>(image->height) * 3);
    ASSERT_LE(int64_t{image->width} * image->height, limits.max_pixels);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

TEST(DamagedImages, Jpeg) {
  const std::string exif = "Exif\0\0"s + exif_block(6);
  decode_damaged(with_jpeg_segment(jpeg_of(gradient(48, 40)), 0xe1, exif), 1);
}

TEST(DamagedImages, ProgressiveJpeg) {
  decode_damaged(jpeg_of(gradient(48, 40), {.progressive = true}), 2);
}

TEST(DamagedImages, InkJpeg) {
  std::vector<uint8_t> cmyk;
  for (int i = 0; i < 4 * 32 * 32; ++i)
    cmyk.push_back(static_cast<uint8_t>(i));
  decode_damaged(cmyk_jpeg_of(32, 32, cmyk), 3);
}

TEST(DamagedImages, Png) {
  decode_damaged(png_of(gradient(40, 30), {.exif = exif_block(5)}), 4);
}

TEST(DamagedImages, PalettePng) {
  const std::vector<uint8_t> indices(20 * 20, 1);
  decode_damaged(png_of({.width = 20, .height = 20, .color_type = 3, .interlaced = true}, indices,
                        {.palette = {1, 2, 3, 4, 5, 6}, .palette_alpha = {0, 128}}),
                 5);
}

TEST(DamagedImages, Webp) {
  decode_damaged(webp_with_exif(gradient(40, 30), exif_block(3)), 6);
}

TEST(DamagedImages, AnimatedWebp) {
  const std::vector<uint8_t> rgba(4 * 20 * 20, 77);
  decode_damaged(animated_webp_of(30, 30, 4, 4, lossless_webp_of(20, 20, rgba)), 7);
}

TEST(DamagedImages, Gif) {
  std::vector<uint8_t> indices;
  for (int i = 0; i < 30 * 20; ++i)
    indices.push_back(static_cast<uint8_t>(i / 7 % 4));
  decode_damaged(
      gif_of({.canvas_width = 30, .canvas_height = 20, .width = 30, .height = 20, .interlaced = true, .transparent = 2},
             indices),
      8);
}

}  // namespace
}  // namespace lookalike
