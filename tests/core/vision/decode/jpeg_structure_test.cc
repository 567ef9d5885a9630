#include "core/vision/decode/jpeg_structure.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/core/vision/decode/encoded_images.h"

namespace lookalike {
namespace {

using namespace std::string_literals;

TEST(JpegStructure, CountsScans) {
  EXPECT_EQ(jpeg_structure(jpeg_of(gradient(64, 64))).scans, 1);
  EXPECT_EQ(jpeg_structure(jpeg_of(gradient(64, 64), {.progressive = true})).scans, 10);
}

TEST(JpegStructure, FindsExifAndAdobe) {
  const std::string jpeg = jpeg_of(gradient(8, 8));
  EXPECT_TRUE(jpeg_structure(jpeg).exif.empty());
  EXPECT_FALSE(jpeg_structure(jpeg).has_adobe);
  const std::string exif = "Exif\0\0"s + exif_block(6);
  const std::string both = with_jpeg_segment(with_jpeg_segment(jpeg, 0xe1, exif), 0xee, "Adobe\0d\0\0\0\0\0"s);
  const JpegStructure structure = jpeg_structure(both);
  ASSERT_EQ(structure.exif.size(), 1u);
  EXPECT_EQ(structure.exif[0], exif);
  EXPECT_TRUE(structure.has_adobe);
}

TEST(JpegStructure, FindsXmpAmongOtherSegmentsOfItsKind) {
  const std::string exif = "Exif\0\0"s + exif_block(6);
  std::string jpeg = with_jpeg_segment(jpeg_of(gradient(8, 8)), 0xe1, exif);
  jpeg = with_jpeg_segment(jpeg, 0xe1, "http://ns.adobe.com/xap/1.0/\0packet"s);
  jpeg = with_jpeg_segment(jpeg, 0xe1, "http://ns.adobe.com/xmp/extension/\0more"s);
  for (int i = 0; i < 100; ++i)
    jpeg = with_jpeg_segment(jpeg, 0xe1, "");
  const JpegStructure structure = jpeg_structure(jpeg);
  ASSERT_EQ(structure.xmp.size(), 1u);
  EXPECT_EQ(structure.xmp[0], "packet");
  ASSERT_EQ(structure.exif.size(), 1u);
  EXPECT_EQ(structure.exif[0], exif);
}

// Else scans behind it would not be counted, though they would be decoded.
TEST(JpegStructure, ASegmentOfNoLengthIsPassedOver) {
  const std::string jpeg = jpeg_of(gradient(64, 64), {.progressive = true});
  for (const std::string& length : {"\0\0"s, "\0\1"s}) {
    const JpegStructure structure = jpeg_structure(jpeg.substr(0, 2) + "\xff\xe5" + length + jpeg.substr(2));
    EXPECT_EQ(structure.scans, 10);
    EXPECT_TRUE(structure.has_end);
  }
}

TEST(JpegStructure, SeesWhetherTheEndIsThere) {
  const std::string jpeg = jpeg_of(gradient(64, 64));
  EXPECT_TRUE(jpeg_structure(jpeg).has_end);
  EXPECT_TRUE(jpeg_structure(jpeg + "appended").has_end);
  EXPECT_FALSE(jpeg_structure(jpeg.substr(0, jpeg.size() - 2)).has_end);
  EXPECT_FALSE(jpeg_structure(jpeg.substr(0, jpeg.size() / 2)).has_end);
}

TEST(JpegStructure, AnEndInsideAThumbnailIsNotTheEnd) {
  const std::string thumbnail = "Exif\0\0"s + jpeg_of(gradient(8, 8));
  const std::string jpeg = with_jpeg_segment(jpeg_of(gradient(64, 64)), 0xe1, thumbnail);
  EXPECT_FALSE(jpeg_structure(jpeg.substr(0, jpeg.size() - 2)).has_end);
  EXPECT_EQ(jpeg_structure(jpeg).scans, 1);
}

TEST(JpegStructure, StopsAtEveryCut) {
  const std::string jpeg = with_jpeg_segment(jpeg_of(gradient(16, 16)), 0xe1, "Exif\0\0"s + exif_block(3));
  for (size_t size = 2; size < jpeg.size(); ++size) {
    EXPECT_FALSE(jpeg_structure(jpeg.substr(0, size)).has_end) << size;
  }
  EXPECT_EQ(jpeg_structure("\xff\xd8\xff\xe1\0\0"s).scans, 0);
  EXPECT_EQ(jpeg_structure("\xff\xd8" + std::string(1000, '\xff')).scans, 0);
}

}  // namespace
}  // namespace lookalike
