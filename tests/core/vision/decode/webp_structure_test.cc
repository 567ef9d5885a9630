#include "core/vision/decode/webp_structure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/core/vision/decode/encoded_images.h"

namespace lookalike {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(WebpStructure, AStillIsOneStream) {
  const std::string webp = riff(riff_chunk("VP8 ", "stream") + riff_chunk("VP8L", "another"));
  const WebpStructure structure = webp_structure(webp);
  EXPECT_EQ(structure.data, "stream");
  EXPECT_EQ(structure.alpha, "");
  EXPECT_FALSE(structure.is_cut);
  EXPECT_FALSE(structure.is_animated);
}

TEST(WebpStructure, WhateverStandsAroundItAndWhateverTheContainerSaysOfItsLength) {
  const std::string webp =
      riff(riff_chunk("ICCP", "odd") + riff_chunk("ALPH", "alpha") + riff_chunk("abcd", "private") +
           riff_chunk("VP8 ", "stream") + riff_chunk("EXIF", "exif") + riff_chunk("XMP ", "xmp"));
  for (const std::string& length : {webp.substr(4, 4), "\0\0\0\0"s, "\1\0\0\0"s, "\xff\xff\xff\xff"s}) {
    std::string odd = webp + "trailing";
    odd.replace(4, 4, length);
    const WebpStructure structure = webp_structure(odd);
    EXPECT_EQ(structure.data, "stream");
    EXPECT_EQ(structure.alpha, "alpha");
    EXPECT_THAT(structure.exif, ElementsAre("exif"));
    EXPECT_THAT(structure.xmp, ElementsAre("xmp"));
  }
}

TEST(WebpStructure, TheFirstFrameOfAnAnimation) {
  const std::string place = "\3\0\0\5\0\0"s + std::string(10, '\0');
  const std::string frames = riff_chunk("ANMF", place + riff_chunk("ALPH", "alpha") + riff_chunk("VP8 ", "first")) +
                             riff_chunk("ANMF", place + riff_chunk("VP8L", "second"));
  const std::string file = riff(riff_chunk("VP8X", "\2\0\0\0\x63\0\0\x31\0\0"s) + frames);
  const WebpStructure structure = webp_structure(file);
  EXPECT_TRUE(structure.is_animated);
  EXPECT_EQ(structure.data, "first");
  EXPECT_EQ(structure.alpha, "alpha");
  EXPECT_EQ(structure.canvas_width, 100);
  EXPECT_EQ(structure.canvas_height, 50);
  EXPECT_EQ(structure.left, 6);
  EXPECT_EQ(structure.top, 10);
}

TEST(WebpStructure, SeesWhereTheFileEnds) {
  const std::string webp = riff(riff_chunk("VP8 ", "a stream of some length"));
  EXPECT_TRUE(webp_structure(webp.substr(0, webp.size() - 5)).is_cut);
  EXPECT_FALSE(webp_structure(webp.substr(0, webp.size() - 1)).is_cut) << "only the padding is missing";
  for (size_t size = 12; size < 20; ++size)
    EXPECT_THAT(webp_structure(webp.substr(0, size)).data, IsEmpty()) << size;
}

}  // namespace
}  // namespace lookalike
