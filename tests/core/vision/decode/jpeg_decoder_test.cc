#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "core/vision/decode/decode.h"
#include "tests/core/vision/decode/encoded_images.h"

namespace lookalike {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::StartsWith;

std::string jpeg_error(const std::string& jpeg) {
  const auto image = decode_jpeg(jpeg, {});
  EXPECT_FALSE(image.ok());
  return image.ok() ? "" : image.error().message;
}

// The start-of-scan marker of a baseline file.
size_t scan_of(const std::string& jpeg) {
  return jpeg.find("\xff\xda");
}

TEST(JpegDecoder, GivesThePictureBack) {
  const Image image = gradient(120, 70);
  for (const bool progressive : {false, true}) {
    const auto decoded = decode_jpeg(jpeg_of(image, {.progressive = progressive}), {});
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_LT(mean_difference(*decoded, image), 2);
  }
}

TEST(JpegDecoder, GreyBecomesRgb) {
  const auto decoded = decode_jpeg(jpeg_of(solid(16, 16, 90, 90, 90), {.grey = true}), {});
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->rgb.size(), 16u * 16 * 3);
  for (const uint8_t value : decoded->rgb)
    EXPECT_NEAR(value, 90, 1);
}

TEST(JpegDecoder, AdobesInvertedInk) {
  // Stored values are what the ink leaves: cyan takes all red here.
  std::vector<uint8_t> cmyk;
  for (int i = 0; i < 64; ++i)
    cmyk.insert(cmyk.end(), {0, 255, 255, 255});
  const auto decoded = decode_jpeg(cmyk_jpeg_of(8, 8, cmyk), {});
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_LT(mean_difference(*decoded, solid(8, 8, 0, 255, 255)), 3);
}

TEST(JpegDecoder, InkThatIsNotInverted) {
  std::vector<uint8_t> cmyk;
  for (int i = 0; i < 64; ++i)
    cmyk.insert(cmyk.end(), {255, 0, 0, 0});
  // libjpeg takes four channels without Adobe's segment for plain CMYK; the writer used here makes YCCK of them.
  std::string jpeg = cmyk_jpeg_of(8, 8, cmyk);
  const size_t adobe = jpeg.find("Adobe");
  ASSERT_NE(adobe, std::string::npos);
  jpeg.erase(adobe - 4, 16);
  const auto decoded = decode_jpeg(jpeg, {});
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(decoded->rgb.size(), 8u * 8 * 3);
  const auto inverted = decode_jpeg(with_jpeg_segment(jpeg, 0xee, "Adobe\0d\0\0\0\0\0"s), {});
  ASSERT_TRUE(inverted.ok()) << inverted.error().message;
  EXPECT_GT(mean_difference(*decoded, *inverted), 50);
}

TEST(JpegDecoder, LargePicturesAreDecodedAtAFraction) {
  const std::string jpeg = jpeg_of(gradient(1000, 601));
  const auto size_at = [&](int at_least) {
    const auto decoded = decode_jpeg(jpeg, {.scale_to_at_least = at_least});
    EXPECT_TRUE(decoded.ok());
    EXPECT_EQ(decoded->original_width, 1000);
    EXPECT_EQ(decoded->original_height, 601);
    EXPECT_EQ(decoded->rgb.size(), static_cast<size_t>(decoded->width * decoded->height * 3));
    return std::pair(decoded->width, decoded->height);
  };
  EXPECT_EQ(size_at(0), std::pair(1000, 601));
  EXPECT_EQ(size_at(448), std::pair(1000, 601));
  EXPECT_EQ(size_at(301), std::pair(500, 301));
  EXPECT_EQ(size_at(200), std::pair(500, 301));
  EXPECT_EQ(size_at(151), std::pair(250, 151));
  EXPECT_EQ(size_at(20), std::pair(125, 76));
}

TEST(JpegDecoder, AFractionLooksLikeTheWhole) {
  const auto small = decode_jpeg(jpeg_of(gradient(800, 800)), {.scale_to_at_least = 200});
  ASSERT_TRUE(small.ok());
  EXPECT_EQ(small->width, 200);
  EXPECT_LT(mean_difference(*small, gradient(200, 200)), 3);
}

TEST(JpegDecoder, OrientationTurnsSizeAndPixels) {
  const std::string jpeg = with_jpeg_segment(jpeg_of(gradient(40, 20)), 0xe1, "Exif\0\0"s + exif_block(6));
  const auto decoded = decode_jpeg(jpeg, {});
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->width, 20);
  EXPECT_EQ(decoded->height, 40);
  EXPECT_EQ(decoded->original_width, 20);
  EXPECT_EQ(decoded->original_height, 40);
  // Red grew from left to right; turned clockwise it grows downwards.
  EXPECT_LT(decoded->rgb[3 * 10], 40);
  EXPECT_GT(decoded->rgb[3 * (39 * 20 + 10)], 215);
}

TEST(JpegDecoder, TruncatedFilesAreRefused) {
  for (const bool progressive : {false, true}) {
    const std::string jpeg = jpeg_of(gradient(200, 200), {.progressive = progressive});
    for (const size_t part : {1, 5, 25, 50, 75, 90}) {
      const std::string cut = jpeg.substr(0, std::max<size_t>(4, jpeg.size() * part / 100));
      EXPECT_THAT(jpeg_error(cut), StartsWith("truncated JPEG")) << part << " % of a file, progressive " << progressive;
    }
  }
}

TEST(JpegDecoder, AMissingEndMarkerAloneIsHarmless) {
  const Image image = gradient(64, 64);
  const std::string jpeg = jpeg_of(image);
  const auto decoded = decode_jpeg(jpeg.substr(0, jpeg.size() - 2), {});
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_LT(mean_difference(*decoded, image), 2);
}

TEST(JpegDecoder, StrayBytesAreHarmless) {
  const Image image = gradient(64, 64);
  const std::string jpeg = jpeg_of(image);
  std::string stray = jpeg;
  stray.insert(2, "stray");
  for (const std::string& bytes : {jpeg + "appended by a camera", stray}) {
    const auto decoded = decode_jpeg(bytes, {});
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_LT(mean_difference(*decoded, image), 2);
  }
}

TEST(JpegDecoder, AHeaderAloneIsTruncated) {
  const std::string jpeg = jpeg_of(gradient(64, 64));
  EXPECT_THAT(jpeg_error(jpeg.substr(0, scan_of(jpeg))), StartsWith("truncated JPEG"));
  EXPECT_THAT(jpeg_error("\xff\xd8\xff"), StartsWith("truncated JPEG"));
}

TEST(JpegDecoder, ThousandsOfScansAreRefusedAtOnce) {
  const std::string jpeg = jpeg_of(gradient(64, 64), {.progressive = true});
  // The last scan once more, thousands of times: a small file that takes a pass over the picture for each.
  const size_t last = jpeg.rfind("\xff\xda");
  const std::string scan = jpeg.substr(last, jpeg.size() - 2 - last);
  std::string bomb = jpeg.substr(0, jpeg.size() - 2);
  for (int i = 0; i < 5000; ++i)
    bomb += scan;
  bomb += "\xff\xd9";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(jpeg_error(bomb), HasSubstr("5010 scans would take too long"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST(JpegDecoder, WhatStandsBesideThePictureDoesNotMatter) {
  const std::string jpeg = jpeg_of(gradient(40, 30));
  const auto expected = decode_jpeg(jpeg, {});
  ASSERT_TRUE(expected.ok());
  const auto same = [&](const std::string& odd) {
    const auto decoded = decode_jpeg(odd, {});
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(decoded->rgb, expected->rgb);
  };
  const std::string most(65533, 'x');
  std::string many = jpeg;
  for (int i = 0; i < 2000; ++i)
    many = with_jpeg_segment(many, 0xe2, "ICC_PROFILE");
  same(many);
  for (const uint8_t marker : {0xe0, 0xe1, 0xe2, 0xed, 0xef, 0xfe}) {
    same(with_jpeg_segment(jpeg, marker, ""));
    same(with_jpeg_segment(jpeg, marker, most));
  }
  same(with_jpeg_segment(jpeg, 0xe0, "JFIF\0\x09"s));                            // cut short, of no version
  same(with_jpeg_segment(jpeg, 0xe1, "Exif\0\0II*\0\xff\xff\xff\xff"s));         // leads nowhere
  same(with_jpeg_segment(jpeg, 0xe1, "Exif\0\0"s + jpeg_of(gradient(8, 8))));    // a preview alone
  same(with_jpeg_segment(jpeg, 0xe2, "MPF\0MM\0*"s) + jpeg_of(gradient(8, 8)));  // a second picture behind the first
  same(jpeg.substr(0, 2) + "\xff\xe5\0\0"s + jpeg.substr(2));                    // a segment of no length
  same(jpeg.substr(0, 2) + "\xff\xff\xff" + jpeg.substr(2));                     // fill bytes
  same(jpeg + std::string(100'000, '\0'));
}

TEST(JpegDecoder, OrientationIsReadAmongSeveralSegments) {
  const std::string jpeg = jpeg_of(gradient(40, 20));
  const std::string exif = "Exif\0\0"s + exif_block(6, true);
  const std::string xmp = "http://ns.adobe.com/xap/1.0/\0"s + xmp_packet(R"(tiff:Orientation="3")");
  const auto width = [](const std::string& odd) { return decode_jpeg(odd, {})->width; };
  EXPECT_EQ(width(with_jpeg_segment(with_jpeg_segment(jpeg, 0xe1, exif), 0xe1, xmp)), 20);
  EXPECT_EQ(width(with_jpeg_segment(with_jpeg_segment(jpeg, 0xe1, xmp), 0xe1, exif)), 20);
  EXPECT_EQ(width(with_jpeg_segment(with_jpeg_segment(jpeg, 0xe1, exif), 0xe1, "Exif\0\0"s)), 20);
  const auto upside_down = decode_jpeg(with_jpeg_segment(jpeg, 0xe1, xmp), {});
  EXPECT_GT(upside_down->rgb[0], 200) << "red grows to the right";
}

}  // namespace
}  // namespace lookalike
