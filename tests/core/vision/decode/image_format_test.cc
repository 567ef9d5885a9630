#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/vision/decode/decode.h"

namespace lookalike {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

TEST(ImageFormat, KnowsTheFourFormats) {
  EXPECT_EQ(image_format("\xff\xd8\xff\xe0"), ImageFormat::jpeg);
  EXPECT_EQ(image_format("\x89PNG\r\n\x1a\n"), ImageFormat::png);
  EXPECT_EQ(image_format("GIF89a"), ImageFormat::gif);
  EXPECT_EQ(image_format("RIFF\x10\0\0\0WEBP"s), ImageFormat::webp);
}

TEST(ImageFormat, IsNotFooledByPrefixes) {
  for (const std::string& bytes : {""s, "\xff\xd8"s, "RIFF"s, "RIFF\x10\0\0\0WAVE"s, "GIF90a"s, "\x89PNG\n"s}) {
    EXPECT_EQ(image_format(bytes), ImageFormat::unknown) << bytes;
  }
}

TEST(ImageFormat, NamesWhatPeopleTryInstead) {
  EXPECT_EQ(describe_unknown_format(""), "empty (0 bytes)");
  EXPECT_EQ(describe_unknown_format("\xef\xbb\xbf\n <!doctype HTML><p>"), "an HTML page, not an image");
  EXPECT_EQ(describe_unknown_format("<html lang=\"en\">"), "an HTML page, not an image");
  EXPECT_THAT(describe_unknown_format("<?xml version=\"1.0\"?><svg xmlns=\"\">"), HasSubstr("an SVG drawing"));
  EXPECT_EQ(describe_unknown_format("<?xml version=\"1.0\"?><rss>"), "an XML document, not an image");
  EXPECT_EQ(describe_unknown_format("{\"stat\":\"fail\"}"), "JSON, not an image");
  EXPECT_EQ(describe_unknown_format("hello\n"), "text, not an image");
  EXPECT_EQ(describe_unknown_format("%PDF-1.7\n"), "a PDF document, not an image");
  EXPECT_THAT(describe_unknown_format("\0\0\0\x18"s + "ftypheic"), HasSubstr("a HEIC image, which is not supported"));
  EXPECT_THAT(describe_unknown_format("\0\0\0\x18"s + "ftypavif"), HasSubstr("an AVIF image, which is not supported"));
  EXPECT_EQ(describe_unknown_format("\0\0\0\x18"s + "ftypmp42"), "a video, not an image");
  EXPECT_THAT(describe_unknown_format("II*\0\x08\0"s), HasSubstr("a TIFF image, which is not supported"));
  EXPECT_THAT(describe_unknown_format("BM\x36\0\0\0"s), HasSubstr("a BMP image"));
  EXPECT_EQ(describe_unknown_format("\x01\x02\x03"s), "not an image of a known format (JPEG, PNG, WebP, GIF)");
  EXPECT_EQ(describe_unknown_format("\0"s), "not an image of a known format (JPEG, PNG, WebP, GIF)");
}

}  // namespace
}  // namespace lookalike
