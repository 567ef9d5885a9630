#include "core/vision/jpeg_structure.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/core/vision/encoded_images.h"

namespace lookalike {
namespace {

using namespace std::string_literals;

TEST(JpegStructure, CountsScans) {
  EXPECT_EQ(jpeg_structure(jpeg_of(gradient(64, 64))).scans, 1);
  EXPECT_EQ(jpeg_structure(jpeg_of(gradient(64, 64), {.progressive = true})).scans, 10);
}

TEST(JpegStructure, FindsExifAndAdobe) {
  const std::string jpeg = jpeg_of(gradient(8, 8));
  EXPECT_EQ(jpeg_structure(jpeg).exif, "");
  EXPECT_FALSE(jpeg_structure(jpeg).has_adobe);
  const std::string exif = "Exif\0\0"s + exif_block(6);
  const std::string both = with_jpeg_segment(with_jpeg_segment(jpeg, 0xe1, exif), 0xee, "Adobe\0d\0\0\0\0\0"s);
  const JpegStructure structure = jpeg_structure(both);
  EXPECT_EQ(structure.exif, exif);
  EXPECT_TRUE(structure.has_adobe);
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
