#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/vision/decode/decode.h"
#include "tests/core/vision/decode/encoded_images.h"

namespace lookalike {
namespace {

using testing::StartsWith;

std::vector<uint8_t> solid_rgba(int width, int height, uint8_t alpha) {
  std::vector<uint8_t> rgba;
  for (int i = 0; i < width * height; ++i)
    rgba.insert(rgba.end(), {0, 100, 200, alpha});
  return rgba;
}

TEST(WebpDecoder, LossyIsClose) {
  const Image image = gradient(61, 47);
  const auto decoded = decode_webp(webp_of(image), {});
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_LT(mean_difference(*decoded, image), 4);
}

TEST(WebpDecoder, AlphaOverWhite) {
  const auto decoded = decode_webp(lossless_webp_of(5, 4, solid_rgba(5, 4, 51)), {});
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(decoded->rgb, solid(5, 4, 204, 224, 244).rgb);
}

TEST(WebpDecoder, FirstFrameOfAnAnimationOnItsCanvas) {
  const std::string still = lossless_webp_of(4, 4, solid_rgba(4, 4, 255));
  const auto decoded = decode_webp(animated_webp_of(10, 8, 2, 4, still), {});
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  ASSERT_EQ(decoded->width, 10);
  ASSERT_EQ(decoded->height, 8);
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 10; ++x) {
      const bool inside = x >= 2 && x < 6 && y >= 4;
      EXPECT_EQ(decoded->rgb[static_cast<size_t>(3 * (10 * y + x))], inside ? 0 : 255) << x << ", " << y;
    }
  }
}

TEST(WebpDecoder, OrientationIsApplied) {
  const auto decoded = decode_webp(webp_with_exif(gradient(40, 20), exif_block(6, true)), {});
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(decoded->width, 20);
  EXPECT_EQ(decoded->height, 40);
}

TEST(WebpDecoder, OrientationOfXmpIsApplied) {
  const std::string webp = riff(webp_of(gradient(40, 20)).substr(12) +
                                riff_chunk("XMP ", xmp_packet("", "<tiff:Orientation>8</tiff:Orientation>")));
  const auto decoded = decode_webp(webp, {});
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(decoded->width, 20);
}

TEST(WebpDecoder, WhatStandsBesideThePictureDoesNotMatter) {
  const std::string plain = webp_of(gradient(40, 20));
  const auto expected = decode_webp(plain, {});
  ASSERT_TRUE(expected.ok());
  const std::string wrong_canvas = riff_chunk("VP8X", std::string(1, '\x3c') + std::string(9, '\x07'));
  for (const std::string& before : {riff_chunk("abcd", "private"), riff_chunk("ICCP", ""), wrong_canvas}) {
    for (const char* length : {"\x10\x00\x00\x00", "\xff\xff\xff\x00"}) {
      std::string odd = riff(before + plain.substr(12) + riff_chunk("EXIF", "")) + "trailing";
      odd.replace(4, 4, length, 4);
      const auto decoded = decode_webp(odd, {});
      ASSERT_TRUE(decoded.ok()) << decoded.error().message;
      EXPECT_EQ(decoded->rgb, expected->rgb);
    }
  }
}

TEST(WebpDecoder, LaterFramesDoNotMatter) {
  const std::string animated = animated_webp_of(10, 8, 2, 4, lossless_webp_of(4, 4, solid_rgba(4, 4, 255)));
  const auto expected = decode_webp(animated, {});
  const auto decoded = decode_webp(animated + riff_chunk("ANMF", "rubbish"), {});
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(decoded->rgb, expected->rgb);
}

TEST(WebpDecoder, AFrameThatReachesOutOfItsCanvasIsCut) {
  const std::string still = lossless_webp_of(4, 4, solid_rgba(4, 4, 255));
  const auto decoded = decode_webp(animated_webp_of(6, 5, 4, 4, still), {});
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(decoded->width, 6);
  EXPECT_EQ(decoded->rgb[3 * (4 * 6 + 4)], 0);
  EXPECT_EQ(decoded->rgb[3 * (4 * 6 + 3)], 255);
  const auto outside = decode_webp(animated_webp_of(6, 5, 20, 20, still), {});
  ASSERT_TRUE(outside.ok()) << outside.error().message;
  EXPECT_EQ(outside->rgb, solid(6, 5, 255, 255, 255).rgb);
}

TEST(WebpDecoder, TruncatedFilesAreRefused) {
  const std::string animated = animated_webp_of(10, 8, 0, 0, lossless_webp_of(4, 4, solid_rgba(4, 4, 255)));
  for (const std::string& webp : {webp_of(gradient(100, 100)), animated}) {
    for (const size_t part : {20, 50, 95}) {
      const auto decoded = decode_webp(webp.substr(0, std::max<size_t>(12, webp.size() * part / 100)), {});
      ASSERT_FALSE(decoded.ok());
      EXPECT_THAT(decoded.error().message, StartsWith("truncated WebP")) << part;
    }
  }
}

TEST(WebpDecoder, DamagedHeadersAreRefused) {
  std::string webp = webp_of(gradient(20, 20));
  webp.replace(20, 10, "0123456789");
  const auto decoded = decode_webp(webp, {});
  ASSERT_FALSE(decoded.ok());
  EXPECT_THAT(decoded.error().message, StartsWith("damaged WebP"));
}

}  // namespace
}  // namespace lookalike
