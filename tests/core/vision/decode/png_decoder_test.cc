#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spng.h>

#include <string>
#include <vector>

#include "core/vision/decode/decode.h"
#include "tests/core/vision/decode/encoded_images.h"

namespace lookalike {
namespace {

using namespace std::string_literals;
using testing::StartsWith;
using Bytes = std::vector<uint8_t>;

Bytes decoded_png(const std::string& png) {
  const auto image = decode_png(png, {});
  EXPECT_TRUE(image.ok()) << (image.ok() ? "" : image.error().message);
  return image.ok() ? image->rgb : Bytes{};
}

std::string png_error(const std::string& png) {
  const auto image = decode_png(png, {});
  EXPECT_FALSE(image.ok());
  return image.ok() ? "" : image.error().message;
}

TEST(PngDecoder, TruecolourIsExact) {
  const Image image = gradient(37, 19);
  EXPECT_EQ(decoded_png(png_of(image)), image.rgb);
}

TEST(PngDecoder, GreyOfEveryDepth) {
  EXPECT_EQ(decoded_png(png_of({.width = 2, .height = 1, .color_type = SPNG_COLOR_TYPE_GRAYSCALE}, {7, 200})),
            (Bytes{7, 7, 7, 200, 200, 200}));
  EXPECT_EQ(decoded_png(png_of({.width = 2, .height = 1, .color_type = 0, .bit_depth = 1}, {0b01000000})),
            (Bytes{0, 0, 0, 255, 255, 255}));
  EXPECT_EQ(decoded_png(png_of({.width = 2, .height = 1, .color_type = 0, .bit_depth = 4}, {0x0f})),
            (Bytes{0, 0, 0, 255, 255, 255}));
}

TEST(PngDecoder, SixteenBitsBecomeEight) {
  EXPECT_EQ(decoded_png(png_of({.width = 1, .height = 1, .bit_depth = 16}, {0x00, 0xff, 0x00, 0x80, 0x00, 0x01})),
            (Bytes{0xff, 0x80, 0x01}));
}

TEST(PngDecoder, PaletteWithTransparencyOverWhite) {
  const std::string png = png_of({.width = 3, .height = 1, .color_type = SPNG_COLOR_TYPE_INDEXED}, {0, 1, 2},
                                 {.palette = {255, 0, 0, 0, 0, 255, 0, 0, 0}, .palette_alpha = {255, 0, 128}});
  EXPECT_EQ(decoded_png(png), (Bytes{255, 0, 0, 255, 255, 255, 127, 127, 127}));
}

TEST(PngDecoder, AlphaOverWhite) {
  EXPECT_EQ(decoded_png(png_of({.width = 3, .height = 1, .color_type = SPNG_COLOR_TYPE_TRUECOLOR_ALPHA},
                               {10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 200, 51})),
            (Bytes{10, 20, 30, 255, 255, 255, 204, 224, 244}));
  EXPECT_EQ(
      decoded_png(png_of({.width = 2, .height = 1, .color_type = SPNG_COLOR_TYPE_GRAYSCALE_ALPHA}, {9, 255, 9, 0})),
      (Bytes{9, 9, 9, 255, 255, 255}));
}

TEST(PngDecoder, OneGreyMayBeTransparent) {
  EXPECT_EQ(decoded_png(png_of({.width = 2, .height = 1, .color_type = SPNG_COLOR_TYPE_GRAYSCALE}, {40, 41},
                               {.transparent_grey = 40})),
            (Bytes{255, 255, 255, 41, 41, 41}));
}

TEST(PngDecoder, InterlacedIsTheSamePicture) {
  const Image image = gradient(23, 17);
  EXPECT_EQ(decoded_png(png_of({.width = 23, .height = 17, .interlaced = true}, image.rgb)), image.rgb);
}

TEST(PngDecoder, OrientationIsApplied) {
  const auto image = decode_png(png_of(gradient(30, 10), {.exif = exif_block(8)}), {});
  ASSERT_TRUE(image.ok());
  EXPECT_EQ(image->width, 10);
  EXPECT_EQ(image->height, 30);
  EXPECT_EQ(image->original_width, 10);
}

TEST(PngDecoder, OrientationOfATextIsApplied) {
  const std::string exif = png_chunk("tEXt", "Raw profile type exif\0"s + raw_profile_text("exif", exif_block(6)));
  const std::string xmp = png_chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0"s + xmp_packet(R"(tiff:Orientation="6")"));
  for (const std::string& chunk : {exif, xmp}) {
    const auto image = decode_png(with_png_chunk(png_of(gradient(30, 10)), "IEND", chunk), {});
    ASSERT_TRUE(image.ok());
    EXPECT_EQ(image->width, 10);
  }
}

TEST(PngDecoder, WhatStandsBesideThePictureDoesNotMatter) {
  const Image image = gradient(30, 10);
  const std::string png = png_of(image);
  std::string texts;
  for (int i = 0; i < 1200; ++i)
    texts += png_chunk("tEXt", "Comment\0"s + std::to_string(i));
  const std::string huge = deflated(std::string(20 << 20, 'a'));
  for (const std::string& chunks :
       {png_chunk("eXIf", ""), texts, png_chunk("zTXt", "Comment\0\0"s + huge),
        png_chunk("iTXt", "Comment\0\1\0\0\0"s + huge), png_chunk("tEXt", ""), png_chunk("iCCP", "x\0\0rubbish"s),
        png_chunk("sRGB", "too long"), png_chunk("abCd", std::string(1 << 20, 'x'))}) {
    EXPECT_EQ(decoded_png(with_png_chunk(png, "IDAT", chunks)), image.rgb);
    EXPECT_EQ(decoded_png(with_png_chunk(png, "IEND", chunks)), image.rgb);
  }
  EXPECT_EQ(decoded_png(png + "appended"), image.rgb);
  EXPECT_EQ(decoded_png(png.substr(0, png.size() - 12)), image.rgb) << "no end";
}

TEST(PngDecoder, TransparencyThatIsNoneIsPassedOver) {
  const Image image = gradient(30, 10);
  EXPECT_EQ(decoded_png(with_png_chunk(png_of(image), "IDAT", png_chunk("tRNS", "x"))), image.rgb);
}

TEST(PngDecoder, ApplesVariantIsNamed) {
  EXPECT_THAT(png_error(with_png_chunk(png_of(gradient(9, 9)), "IHDR", png_chunk("CgBI", "1234"))),
              StartsWith("a PNG in the variant of iOS programs"));
}

TEST(PngDecoder, TruncatedFilesAreRefused) {
  const std::string png = png_of(gradient(100, 100));
  for (const size_t part : {10, 50, 90}) {
    EXPECT_THAT(png_error(png.substr(0, png.size() * part / 100)), StartsWith("truncated PNG")) << part;
  }
  EXPECT_THAT(png_error(png.substr(0, 8)), StartsWith("truncated PNG"));
}

TEST(PngDecoder, DamagedDataIsRefused) {
  std::string png = png_of(gradient(100, 100));
  png[png.size() / 2] = static_cast<char>(png[png.size() / 2] ^ 0x55);
  EXPECT_THAT(png_error(png), StartsWith("damaged PNG"));
}

}  // namespace
}  // namespace lookalike
