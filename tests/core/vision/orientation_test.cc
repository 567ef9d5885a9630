#include "core/vision/orientation.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/core/vision/encoded_images.h"

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
      EXPECT_EQ(orientation_of(block), orientation);
      EXPECT_EQ(orientation_of("Exif\0\0"s + block), orientation);
    }
  }
}

TEST(Orientation, NonsenseIsUpright) {
  EXPECT_EQ(orientation_of(""), kUpright);
  EXPECT_EQ(orientation_of("Exif\0\0"s), kUpright);
  EXPECT_EQ(orientation_of(exif_block(0)), kUpright);
  EXPECT_EQ(orientation_of(exif_block(9)), kUpright);
  EXPECT_EQ(orientation_of(exif_block(65535)), kUpright);
  EXPECT_EQ(orientation_of(exif_block(6) + std::string(1 << 20, 'x')), kUpright);
}

TEST(Orientation, DamagedBlocksAreQuietAndHarmless) {
  testing::internal::CaptureStderr();
  const std::string block = exif_block(6);
  for (size_t size = 0; size < block.size(); ++size) {
    const int orientation = orientation_of(block.substr(0, size));
    EXPECT_TRUE(orientation >= 1 && orientation <= 8);
  }
  for (size_t at = 0; at < block.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string damaged = block;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      const int orientation = orientation_of(damaged);
      EXPECT_TRUE(orientation >= 1 && orientation <= 8);
    }
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Orientation, ThreadsMayReadAtOnce) {
  std::vector<std::thread> threads;
  for (int orientation = 1; orientation <= 4; ++orientation) {
    threads.emplace_back([orientation] {
      for (int i = 0; i < 200; ++i)
        EXPECT_EQ(orientation_of(exif_block(orientation)), orientation);
    });
  }
  for (std::thread& thread : threads)
    thread.join();
}

}  // namespace
}  // namespace lookalike
