#include "core/vision/inference/preprocess.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/random.h"
#include "tests/core/vision/decode/encoded_images.h"

namespace lookalike {
namespace {

// The original's arithmetic, a pixel at a time: tfjs resizeBilinear with alignCorners on values in [0, 1].
double naive(const Image& image, int channel, int y, int x, int size) {
  const auto value = [&](int row, int column) {
    return image.rgb[static_cast<size_t>((row * image.width + column) * 3 + channel)] / 255.0;
  };
  const double source_y = size == 1 ? 0 : static_cast<double>(image.height - 1) * y / (size - 1);
  const double source_x = size == 1 ? 0 : static_cast<double>(image.width - 1) * x / (size - 1);
  const int top = static_cast<int>(std::floor(source_y)), left = static_cast<int>(std::floor(source_x));
  const int bottom = std::min(image.height - 1, static_cast<int>(std::ceil(source_y)));
  const int right = std::min(image.width - 1, static_cast<int>(std::ceil(source_x)));
  const double weight_y = source_y - top, weight_x = source_x - left;
  const double upper = value(top, left) + (value(top, right) - value(top, left)) * weight_x;
  const double lower = value(bottom, left) + (value(bottom, right) - value(bottom, left)) * weight_x;
  return upper + (lower - upper) * weight_y;
}

Image random_image(int width, int height, Random& random) {
  Image image = solid(width, height, 0, 0, 0);
  for (uint8_t& value : image.rgb)
    value = static_cast<uint8_t>(random.below(256));
  return image;
}

std::vector<float> run(const Image& image, const NetworkSpec& spec) {
  std::vector<float> out(static_cast<size_t>(3 * spec.input_size * spec.input_size));
  Preprocessor(spec).run(image, out);
  return out;
}

TEST(Preprocess, EqualsTheNaiveReference) {
  Random random(1);
  const NetworkSpec spec{.input_size = 17, .mean = {0.485f, 0.456f, 0.406f}, .scale = {0.229f, 0.224f, 0.225f}};
  for (const auto& [width, height] :
       {std::pair(500, 375), {17, 17}, {16, 18}, {1, 1}, {1, 9}, {9, 1}, {2, 2}, {5, 700}}) {
    const Image image = random_image(width, height, random);
    const std::vector<float> out = run(image, spec);
    for (int channel = 0; channel < 3; ++channel) {
      for (int y = 0; y < 17; ++y) {
        for (int x = 0; x < 17; ++x) {
          const auto c = static_cast<size_t>(channel);
          const double expected = (naive(image, channel, y, x, 17) - spec.mean[c]) / spec.scale[c];
          ASSERT_NEAR(out[static_cast<size_t>((channel * 17 + y) * 17 + x)], expected, 2e-6)
              << width << " x " << height << " at " << channel << ", " << y << ", " << x;
        }
      }
    }
  }
}

TEST(Preprocess, CornersAreCorners) {
  Random random(2);
  const Image image = random_image(31, 23, random);
  const std::vector<float> out = run(image, {.input_size = 8, .mean = {0, 0, 0}, .scale = {1, 1, 1}});
  const auto source = [&](int y, int x) { return image.rgb[static_cast<size_t>((y * 31 + x) * 3)] / 255.0; };
  EXPECT_NEAR(out[0], source(0, 0), 1e-6);
  EXPECT_NEAR(out[7], source(0, 30), 1e-6);
  EXPECT_NEAR(out[56], source(22, 0), 1e-6);
  EXPECT_NEAR(out[63], source(22, 30), 1e-6);
}

TEST(Preprocess, TheSameSizeChangesNothing) {
  Random random(3);
  const Image image = random_image(12, 12, random);
  const std::vector<float> out = run(image, {.input_size = 12, .mean = {0, 0, 0}, .scale = {1, 1, 1}});
  for (size_t i = 0; i < 144; ++i)
    ASSERT_NEAR(out[i], image.rgb[3 * i] / 255.0, 1e-7);
}

TEST(Preprocess, BgrOrdersPlanesAndTheirMeans) {
  const Image image = solid(3, 3, 255, 127, 0);
  const NetworkSpec spec{.input_size = 2, .rgb = false, .mean = {0.1f, 0.2f, 0.3f}, .scale = {1, 2, 4}};
  const std::vector<float> out = run(image, spec);
  EXPECT_NEAR(out[0], (0 - 0.1) / 1, 1e-6);
  EXPECT_NEAR(out[4], (127 / 255.0 - 0.2) / 2, 1e-6);
  EXPECT_NEAR(out[8], (1 - 0.3) / 4, 1e-6);
}

TEST(Preprocess, ChannelsLastHasTheSameValuesInAnotherOrder) {
  Random random(5);
  for (const bool rgb : {true, false}) {
    const NetworkSpec spec{.input_size = 7, .rgb = rgb, .mean = {0.1f, 0.2f, 0.3f}, .scale = {0.4f, 0.5f, 0.6f}};
    const Image image = random_image(13, 9, random);
    std::vector<float> planes(3 * 7 * 7), pixels(3 * 7 * 7);
    Preprocessor(spec).run(image, planes);
    Preprocessor(spec, ChannelOrder::last).run(image, pixels);
    for (size_t channel = 0; channel < 3; ++channel) {
      for (size_t place = 0; place < 7 * 7; ++place)
        EXPECT_EQ(pixels[3 * place + channel], planes[49 * channel + place]);
    }
  }
}

TEST(Preprocess, OnePixelOutIsTheFirstOne) {
  Random random(4);
  const Image image = random_image(6, 5, random);
  const std::vector<float> out = run(image, {.input_size = 1, .mean = {0, 0, 0}, .scale = {1, 1, 1}});
  for (size_t channel = 0; channel < 3; ++channel)
    EXPECT_NEAR(out[channel], image.rgb[channel] / 255.0, 1e-7);
}

TEST(Preprocess, BuffersAreReusedForOtherSizes) {
  Random random(5);
  const NetworkSpec spec{.input_size = 9};
  Preprocessor preprocessor(spec);
  std::vector<float> out(243);
  for (const int width : {40, 10, 300, 10}) {
    const Image image = random_image(width, 25, random);
    preprocessor.run(image, out);
    EXPECT_EQ(out, run(image, spec)) << width;
  }
}

TEST(Preprocess, SmallPhotosAreDecodedInFull) {
  EXPECT_EQ(decode_size_for(224), 448);
}

}  // namespace
}  // namespace lookalike
