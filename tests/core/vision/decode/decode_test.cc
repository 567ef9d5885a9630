#include "core/vision/decode/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/core/vision/decode/encoded_images.h"

namespace lookalike {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string error_of(std::string_view bytes, const DecodeLimits& limits = {}) {
  const auto image = decode_image(bytes, limits);
  EXPECT_FALSE(image.ok());
  if (image.ok()) return "";
  EXPECT_EQ(image.error().code, ErrorCode::bad_data);
  return image.error().message;
}

TEST(Decode, TellsFormatsByTheirBytes) {
  const Image image = gradient(33, 21);
  for (const std::string& bytes : {jpeg_of(image), png_of(image), webp_of(image)}) {
    const auto decoded = decode_image(bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(decoded->width, 33);
    EXPECT_EQ(decoded->height, 21);
    EXPECT_EQ(decoded->original_width, 33);
    EXPECT_EQ(decoded->original_height, 21);
    EXPECT_LT(mean_difference(*decoded, image), 4);
  }
}

TEST(Decode, SaysWhatTheBytesAreInstead) {
  EXPECT_EQ(error_of(""), "empty (0 bytes)");
  EXPECT_EQ(error_of("<!DOCTYPE html><html><body>gone</body></html>"), "an HTML page, not an image");
  EXPECT_EQ(error_of("photo not found"), "text, not an image");
}

TEST(Decode, BytesOverTheLimitAreRefused) {
  const std::string png = png_of(gradient(50, 50));
  EXPECT_THAT(error_of(png, {.max_bytes = 100}), AllOf(HasSubstr("over the limit of 100"), HasSubstr("bytes")));
}

TEST(Decode, PixelsOverTheLimitAreRefusedInEveryFormat) {
  const Image image = gradient(40, 30);
  const std::vector<uint8_t> indices(40 * 30, 1);
  const GifOptions gif{.canvas_width = 40, .canvas_height = 30, .width = 40, .height = 30};
  for (const std::string& bytes : {jpeg_of(image), png_of(image), webp_of(image), gif_of(gif, indices)}) {
    EXPECT_THAT(error_of(bytes, {.max_pixels = 1199}), AllOf(HasSubstr("40 x 30"), HasSubstr("limit of 1199")));
    EXPECT_TRUE(decode_image(bytes, {.max_pixels = 1200}).ok());
  }
}

TEST(Decode, AHugePngIsRefusedByItsHeader) {
  std::string png =
      png_of({.width = 20000, .height = 20000, .color_type = 0, .bit_depth = 1}, std::vector<uint8_t>(2500 * 20000, 0));
  EXPECT_EQ(error_of(png.substr(0, 2000)),
            "PNG of 20000 x 20000 pixels is over the limit of 100 million: make it smaller");
}

TEST(Decode, OnePixelIsAnImage) {
  const auto decoded = decode_image(png_of(solid(1, 1, 10, 20, 30)));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->rgb, (std::vector<uint8_t>{10, 20, 30}));
}

TEST(Decode, StrayBytesBeforeAPictureAreHarmless) {
  const std::string jpeg = jpeg_of(gradient(40, 30));
  const auto expected = decode_image(jpeg);
  for (const std::string& stray : {std::string("\r\n"), std::string("\xef\xbb\xbf"), std::string(128, '\0')}) {
    const auto decoded = decode_image(stray + jpeg);
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(decoded->rgb, expected->rgb);
  }
  EXPECT_FALSE(decode_image(std::string(1000, '\n') + jpeg).ok());
  EXPECT_EQ(decode_image("%PDF-1.4\n" + jpeg).error().message, "a PDF document, not an image");
  EXPECT_EQ(decode_image("about GIF89a files").error().message, "text, not an image");
}

}  // namespace
}  // namespace lookalike
