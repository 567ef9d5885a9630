#include "core/vision/decode/orientation.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/core/vision/decode/encoded_images.h"

namespace lookalike {
namespace {

using namespace std::string_literals;

// Letters for pixels, a row after the other.
Image lettered(int width, int height, const std::string& letters) {
  Image image{.width = width, .height = height, .original_width = width, .original_height = height, .rgb = {}};
  for (const char letter : letters)
    image.rgb.insert(image.rgb.end(), 3, static_cast<uint8_t>(letter));
  return image;
}

std::string letters_of(const Image& image) {
  std::string letters;
  for (size_t i = 0; i < image.rgb.size(); i += 3)
    letters += static_cast<char>(image.rgb[i]);
  return letters;
}

TEST(Orientation, AllEightAreTurnedUpright) {
  // What the camera stored when the scene was
  //   a b c
  //   d e f
  struct Case {
    int orientation, width, height;
    std::string stored;
  };
  const std::vector<Case> cases = {{1, 3, 2, "abcdef"}, {2, 3, 2, "cbafed"}, {3, 3, 2, "fedcba"}, {4, 3, 2, "defabc"},
                                   {5, 2, 3, "adbecf"}, {6, 2, 3, "cfbead"}, {7, 2, 3, "fcebda"}, {8, 2, 3, "daebfc"}};
  for (const Case& item : cases) {
    const Image upright = turned_upright(lettered(item.width, item.height, item.stored), item.orientation);
    EXPECT_EQ(letters_of(upright), "abcdef") << item.orientation;
    EXPECT_EQ(upright.width, 3) << item.orientation;
    EXPECT_EQ(upright.height, 2) << item.orientation;
    EXPECT_EQ(upright.original_width, 3) << item.orientation;
    EXPECT_EQ(upright.original_height, 2) << item.orientation;
  }
}

TEST(Orientation, IsReadInBothByteOrdersAndBothWrappings) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    for (const bool big_endian : {false, true}) {
      const std::string block = exif_block(orientation, big_endian);
      EXPECT_EQ(exif_orientation(block), orientation);
      EXPECT_EQ(exif_orientation("Exif\0\0"s + block), orientation);
    }
  }
}

// Little-endian: a header whose directory stands at `offset`, and the directory's entries there.
std::string tiff_of(const std::string& entries, size_t offset = 8) {
  const auto number = [](size_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i)
      text += static_cast<char>(value >> 8 * i);
    return text;
  };
  return "II*\0"s + number(offset, 4) + std::string(offset - 8, 'x') + number(entries.size() / 12, 2) + entries;
}

TEST(Orientation, AnyIntegerTypeWillDo) {
  EXPECT_EQ(exif_orientation(tiff_of("\x12\1\1\0\1\0\0\0\6\0\0\0"s)), 6);           // BYTE
  EXPECT_EQ(exif_orientation(tiff_of("\x12\1\3\0\1\0\0\0\6\0\xff\xff"s)), 6);       // SHORT, padded with rubbish
  EXPECT_EQ(exif_orientation(tiff_of("\x12\1\4\0\1\0\0\0\6\0\0\0"s)), 6);           // LONG
  EXPECT_EQ(exif_orientation(tiff_of("\x12\1\x9\0\1\0\0\0\6\0\0\0"s)), 6);          // SLONG
  EXPECT_EQ(exif_orientation("MM\0*\0\0\0\x8\0\1\1\x12\0\1\0\0\0\1\6\0\0\0"s), 6);  // BYTE, big-endian
  EXPECT_EQ(exif_orientation(tiff_of("\x12\1\3\0\3\0\0\0\x1a\0\0\0"s) + "\0\0\0\0\6\0\1\0\1\0"s), 6);  // three
  EXPECT_EQ(exif_orientation(tiff_of("\x12\1\2\0\1\0\0\0\x36\0\0\0"s)), std::nullopt);                 // ASCII
  EXPECT_EQ(exif_orientation(tiff_of("\x12\1\3\0\0\0\0\0\6\0\0\0"s)), std::nullopt);                   // none
}

TEST(Orientation, TheDirectoryMayStandAnywhereAndInAnyOrder) {
  const std::string other = "\x69\x87\4\0\1\0\0\0\x10\0\0\0"s;
  const std::string tag = "\x12\1\3\0\1\0\0\0\x8\0\0\0"s;
  EXPECT_EQ(exif_orientation(tiff_of(other + tag)), 8);
  EXPECT_EQ(exif_orientation(tiff_of(tag + other, 1001)), 8);
  EXPECT_EQ(exif_orientation(tiff_of(tag, 400'000)), 8);
  EXPECT_EQ(exif_orientation(exif_block(6) + std::string(1 << 20, 'x')), 6);  // a large preview behind it
  EXPECT_EQ(exif_orientation(tiff_of(other)), std::nullopt);
}

TEST(Orientation, NonsenseSaysNothing) {
  EXPECT_EQ(exif_orientation(""), std::nullopt);
  EXPECT_EQ(exif_orientation("Exif\0\0"s), std::nullopt);
  EXPECT_EQ(exif_orientation(exif_block(0)), std::nullopt);
  EXPECT_EQ(exif_orientation(exif_block(9)), std::nullopt);
  EXPECT_EQ(exif_orientation(exif_block(65535)), std::nullopt);
  EXPECT_EQ(exif_orientation("II*\0\xff\xff\xff\xff"s), std::nullopt);
}

TEST(Orientation, XmpSaysItInAnAttributeOrAnElement) {
  EXPECT_EQ(xmp_orientation(xmp_packet(R"(tiff:Orientation="6")")), 6);
  EXPECT_EQ(xmp_orientation(xmp_packet("tiff:Orientation = '3'")), 3);
  EXPECT_EQ(xmp_orientation(xmp_packet("", "<tiff:Orientation>8</tiff:Orientation>")), 8);
  EXPECT_EQ(
      xmp_orientation(xmp_packet("", R"(<t:Orientation xmlns:t="http://ns.adobe.com/tiff/1.0/">5</t:Orientation>)")),
      5);
  EXPECT_EQ(xmp_orientation(xmp_packet(R"(tiff:Orientation="9")")), std::nullopt);
  EXPECT_EQ(xmp_orientation(xmp_packet("", "<tiff:Make>Orientation</tiff:Make>")), std::nullopt);
  EXPECT_EQ(xmp_orientation("<x:xmpmeta tiff:Orientation"), std::nullopt);
  EXPECT_EQ(xmp_orientation(""), std::nullopt);
}

TEST(Orientation, ExifGoesBeforeXmpAndTheFirstThatSaysAnythingCounts) {
  using Blocks = std::vector<std::string>;
  const std::string xmp = xmp_packet(R"(tiff:Orientation="6")");
  EXPECT_EQ(orientation_of(Blocks{exif_block(3)}, Blocks{xmp}), 3);
  EXPECT_EQ(orientation_of(Blocks{exif_block(1)}, Blocks{xmp}), 1);
  EXPECT_EQ(orientation_of(Blocks{"", "nonsense", exif_block(8), exif_block(3)}, Blocks{xmp}), 8);
  EXPECT_EQ(orientation_of(Blocks{exif_block(0)}, Blocks{"", xmp}), 6);
  EXPECT_EQ(orientation_of(Blocks{}, Blocks{}), kUpright);
}

TEST(Orientation, DamagedBlocksAreQuietAndHarmless) {
  testing::internal::CaptureStderr();
  const std::string block = exif_block(6);
  const std::string packet = xmp_packet(R"(tiff:Orientation="6")");
  const auto check = [](std::optional<int> orientation) {
    EXPECT_TRUE(!orientation || (*orientation >= 1 && *orientation <= 8));
  };
  for (size_t size = 0; size < block.size(); ++size)
    check(exif_orientation(block.substr(0, size)));
  for (size_t at = 0; at < block.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string damaged = block;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      check(exif_orientation(damaged));
    }
  }
  for (size_t size = 0; size < packet.size(); size += 7)
    check(xmp_orientation(packet.substr(0, size)));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Orientation, ThreadsMayReadAtOnce) {
  std::vector<std::thread> threads;
  for (int orientation = 1; orientation <= 4; ++orientation) {
    threads.emplace_back([orientation] {
      for (int i = 0; i < 200; ++i)
        EXPECT_EQ(exif_orientation(exif_block(orientation)), orientation);
    });
  }
  for (std::thread& thread : threads)
    thread.join();
}

}  // namespace
}  // namespace lookalike
