#include "core/vision/decode/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace lookalike {
namespace {

using testing::ElementsAre;

TEST(Image, ASizeWithinTheLimitsPasses) {
  const DecodeLimits limits{.max_pixels = 12};
  EXPECT_TRUE(check_image_size("PNG", 4, 3, limits).ok());
  EXPECT_TRUE(check_image_size("PNG", 1, 12, limits).ok());
}

TEST(Image, ASizeOverTheLimitIsRefusedByItsNumbers) {
  const Status status = check_image_size("PNG", 4000, 500'001, {.max_pixels = 2'000'000'000});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::bad_data);
  EXPECT_EQ(status.error().message, "PNG of 4000 x 500001 pixels is over the limit of 2000 million: make it smaller");
}

TEST(Image, AreasThatOverflowAreRefused) {
  EXPECT_FALSE(check_image_size("GIF", int64_t{1} << 32, int64_t{1} << 32, {}).ok());
  EXPECT_FALSE(check_image_size("GIF", INT64_MAX, 1, {}).ok());
}

TEST(Image, ASideOfNothingIsADamagedHeader) {
  for (const auto& [width, height] : {std::pair(0, 5), std::pair(5, 0), std::pair(-1, 5)}) {
    const Status status = check_image_size("WebP", width, height, {});
    ASSERT_FALSE(status.ok());
    EXPECT_TRUE(status.error().message.ends_with("damaged header")) << status.error().message;
  }
}

TEST(Image, OverWhiteKeepsWhatIsOpaqueAndWhitensTheRest) {
  for (const int value : {0, 1, 127, 254, 255}) {
    EXPECT_EQ(over_white(static_cast<uint8_t>(value), 255), value);
    EXPECT_EQ(over_white(static_cast<uint8_t>(value), 0), 255);
  }
  EXPECT_EQ(over_white(0, 128), 127);
}

TEST(Image, FourChannelsBecomeThreeInPlace) {
  std::array<uint8_t, 8> pixels{10, 20, 30, 255, 40, 50, 60, 0};
  flatten_over_white(pixels.data(), 2);
  EXPECT_THAT(std::vector<uint8_t>(pixels.begin(), pixels.begin() + 6), ElementsAre(10, 20, 30, 255, 255, 255));
}

}  // namespace
}  // namespace lookalike
