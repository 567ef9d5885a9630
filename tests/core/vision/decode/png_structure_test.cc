#include "core/vision/decode/png_structure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/core/vision/decode/encoded_images.h"

namespace lookalike {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

std::string joined(const PngStructure& structure) {
  std::string all;
  for (const std::string_view piece : structure.picture)
    all += piece;
  return all;
}

// What libspng writes is the picture and nothing else.
const std::string& plain() {
  static const std::string png = png_of(gradient(20, 10));
  return png;
}

TEST(PngStructure, APlainFileIsItsPicture) {
  const PngStructure structure = png_structure(plain());
  EXPECT_TRUE(structure.has_header);
  EXPECT_EQ(joined(structure), plain());
  EXPECT_THAT(structure.exif, IsEmpty());
  EXPECT_THAT(structure.xmp, IsEmpty());
}

TEST(PngStructure, WhatStandsBesideIsLeftOut) {
  const std::string empty_exif = png_chunk("eXIf", "");
  const std::string text = png_chunk("tEXt", "Comment\0hello"s);
  std::string wrong_sum = text;
  wrong_sum.back() = static_cast<char>(wrong_sum.back() ^ 1);
  const std::string unknown = png_chunk("xyZw", "private") + png_chunk("ABCD", "critical, but of no picture");
  for (const std::string& chunk :
       {empty_exif, text, wrong_sum, unknown, png_chunk("iCCP", "no profile"), png_chunk("gAMA", ""),
        png_chunk("PLTE", "only a suggestion"), png_chunk("tRNS", "x")}) {
    for (const char* before : {"IDAT", "IEND"})
      EXPECT_EQ(joined(png_structure(with_png_chunk(plain(), before, chunk))), plain());
  }
  EXPECT_EQ(joined(png_structure(plain() + "trailing bytes")), plain());
}

TEST(PngStructure, DataMayComeInPieces) {
  const size_t data = plain().find("IDAT");
  const std::string content = plain().substr(data + 4, plain().find("IEND") - data - 12);
  const std::string head = plain().substr(0, data - 4);
  const std::string end = plain().substr(plain().find("IEND") - 4);
  const std::string first = png_chunk("IDAT", content.substr(0, 9));
  const std::string second = png_chunk("IDAT", content.substr(9));
  EXPECT_EQ(joined(png_structure(head + first + png_chunk("tEXt", "a\0b"s) + second + end)),
            head + first + second + end);
}

TEST(PngStructure, TheEndIsPutOnWhenAllElseIsThere) {
  EXPECT_EQ(joined(png_structure(plain().substr(0, plain().find("IEND") - 4))), plain());
  EXPECT_EQ(joined(png_structure(plain().substr(0, plain().find("IEND") - 2))), plain());
  const std::string cut_in_text = plain().substr(0, plain().find("IEND") - 4) + png_chunk("tEXt", "abc").substr(0, 9);
  EXPECT_EQ(joined(png_structure(cut_in_text)), plain());
}

TEST(PngStructure, WhereTheFileEndsInsideThePictureSoDoThePieces) {
  const std::string cut = plain().substr(0, plain().find("IDAT") + 10);
  EXPECT_EQ(joined(png_structure(cut)), cut);
  for (size_t size = 8; size < plain().find("IDAT") - 4; ++size)
    EXPECT_EQ(png_structure(plain().substr(0, size)).has_header, size >= 33) << size;
}

TEST(PngStructure, PaletteAndTransparencyBelongToAnIndexedPicture) {
  const std::string png = png_of({.width = 2, .height = 1, .color_type = 3}, {0, 1},
                                 {.palette = {1, 2, 3, 4, 5, 6}, .palette_alpha = {0, 128}});
  EXPECT_EQ(joined(png_structure(png)), png);
  EXPECT_EQ(joined(png_structure(with_png_chunk(png, "tRNS", png_chunk("tRNS", "\1\2\3"s)))),
            joined(png_structure(png)).erase(png.find("tRNS") - 4, 14))
      << "three values for two colours";
}

TEST(PngStructure, ExifAndXmpFromEveryPlace) {
  const std::string exif = exif_block(6);
  const std::string xmp = xmp_packet(R"(tiff:Orientation="6")");
  const std::string name = "http://ns.adobe.com/xap/1.0/\0"s;
  const auto with = [](const std::string& chunk) { return png_structure(with_png_chunk(plain(), "IEND", chunk)); };
  EXPECT_THAT(with(png_chunk("eXIf", exif)).exif, ElementsAre(exif));
  EXPECT_THAT(with(png_chunk("tEXt", "Raw profile type exif\0"s + raw_profile_text("exif", exif))).exif,
              ElementsAre(exif));
  EXPECT_THAT(
      with(png_chunk("zTXt", "Raw profile type APP1\0\0"s + deflated(raw_profile_text("generic profile", exif)))).exif,
      ElementsAre(exif));
  EXPECT_THAT(
      with(png_chunk("zTXt", "Raw profile type APP1\0\0"s + deflated(raw_profile_text("app1", name + xmp)))).xmp,
      ElementsAre(xmp));
  EXPECT_THAT(with(png_chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0"s + xmp)).xmp, ElementsAre(xmp));
  EXPECT_THAT(with(png_chunk("iTXt", "XML:com.adobe.xmp\0\1\0de\0\0"s + deflated(xmp))).xmp, ElementsAre(xmp));
  EXPECT_THAT(with(png_chunk("tEXt", "Raw profile type xmp\0"s + raw_profile_text("xmp", xmp))).xmp, ElementsAre(xmp));
  EXPECT_THAT(with(png_chunk("tEXt", "Raw profile type iptc\0"s + raw_profile_text("iptc", "words"))).exif, IsEmpty());
}

TEST(PngStructure, TheChunkOfItsOwnGoesBeforeTexts) {
  const std::string text = png_chunk("tEXt", "Raw profile type exif\0"s + raw_profile_text("exif", exif_block(3)));
  const std::string png = with_png_chunk(plain(), "IDAT", text + png_chunk("eXIf", exif_block(8)));
  EXPECT_THAT(png_structure(png).exif, ElementsAre(exif_block(8), exif_block(3)));
}

TEST(PngStructure, AHugeOrDamagedTextCostsLittle) {
  const std::string bomb = png_chunk("zTXt", "Raw profile type exif\0\0"s + deflated(std::string(16 << 20, 'a')));
  std::string png = plain();
  for (int i = 0; i < 20; ++i)
    png = with_png_chunk(png, "IEND", bomb);
  const PngStructure structure = png_structure(png);
  EXPECT_LE(structure.exif.size(), 8u);
  for (const std::string& block : structure.exif)
    EXPECT_LE(block.size(), size_t{1} << 20);
  EXPECT_EQ(joined(structure), plain());
  EXPECT_EQ(joined(png_structure(with_png_chunk(plain(), "IEND", png_chunk("zTXt", "Raw profile type exif\0\0junk"s)))),
            plain());
}

TEST(PngStructure, ApplesVariantIsKnown) {
  const std::string png = with_png_chunk(plain(), "IHDR", png_chunk("CgBI", "\x50\0\x20\2"s));
  EXPECT_TRUE(png_structure(png).is_apples_own);
  EXPECT_FALSE(png_structure(plain()).is_apples_own);
}

}  // namespace
}  // namespace lookalike
