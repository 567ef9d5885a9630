#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/vision/decode/decode.h"
#include "tests/core/vision/decode/encoded_images.h"

namespace lookalike {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Bytes = std::vector<uint8_t>;

Bytes decoded(const std::string& gif) {
  const auto image = decode_gif(gif, {});
  EXPECT_TRUE(image.ok()) << (image.ok() ? "" : image.error().message);
  return image.ok() ? image->rgb : Bytes{};
}

TEST(GifDecoder, ColoursOfThePalette) {
  const GifOptions options{.canvas_width = 2, .canvas_height = 2, .width = 2, .height = 2};
  EXPECT_EQ(decoded(gif_of(options, {0, 1, 2, 3})), (Bytes{0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255}));
}

TEST(GifDecoder, TransparencyIsWhite) {
  const GifOptions options{.canvas_width = 2, .canvas_height = 1, .width = 2, .height = 1, .transparent = 1};
  EXPECT_EQ(decoded(gif_of(options, {1, 2})), (Bytes{255, 255, 255, 0, 255, 0}));
}

TEST(GifDecoder, FrameStandsOnItsCanvas) {
  const GifOptions options{.canvas_width = 3, .canvas_height = 2, .left = 1, .top = 1, .width = 1, .height = 1};
  Bytes expected(18, 255);
  expected[3 * 4 + 1] = expected[3 * 4 + 2] = 0;
  EXPECT_EQ(decoded(gif_of(options, {1})), expected);
}

TEST(GifDecoder, FrameOutsideItsCanvasIsCutOff) {
  const GifOptions options{.canvas_width = 2, .canvas_height = 2, .left = 1, .top = 1, .width = 3, .height = 3};
  Bytes expected(12, 255);
  expected[9] = expected[10] = 0;
  EXPECT_EQ(decoded(gif_of(options, Bytes(9, 3))), expected);
  const GifOptions beyond{.canvas_width = 2, .canvas_height = 2, .left = 5, .top = 5, .width = 2, .height = 2};
  EXPECT_EQ(decoded(gif_of(beyond, Bytes(4, 3))), Bytes(12, 255));
}

TEST(GifDecoder, AMissingCanvasIsTheFrame) {
  const GifOptions options{.width = 2, .height = 1};
  EXPECT_EQ(decoded(gif_of(options, {1, 3})), (Bytes{255, 0, 0, 0, 0, 255}));
}

TEST(GifDecoder, InterlacedRowsGoWhereTheyBelong) {
  GifOptions options{.canvas_width = 1, .canvas_height = 9, .width = 1, .height = 9, .interlaced = true};
  // Rows come as 0 8, 4, 2 6, 1 3 5 7.
  const Bytes rows = decoded(gif_of(options, {1, 1, 2, 3, 3, 0, 0, 0, 0}));
  ASSERT_EQ(rows.size(), 27u);
  EXPECT_EQ(Bytes(rows.begin(), rows.begin() + 3), (Bytes{255, 0, 0}));
  EXPECT_EQ(Bytes(rows.begin() + 24, rows.end()), (Bytes{255, 0, 0}));
  EXPECT_EQ(Bytes(rows.begin() + 12, rows.begin() + 15), (Bytes{0, 255, 0}));
  EXPECT_EQ(Bytes(rows.begin() + 6, rows.begin() + 9), (Bytes{0, 0, 255}));
  EXPECT_EQ(Bytes(rows.begin() + 3, rows.begin() + 6), (Bytes{0, 0, 0}));
}

TEST(GifDecoder, TruncatedFilesAreRefused) {
  const GifOptions options{.canvas_width = 50, .canvas_height = 50, .width = 50, .height = 50};
  Bytes indices;
  for (int i = 0; i < 2500; ++i)
    indices.push_back(static_cast<uint8_t>(i * i % 4));
  const std::string gif = gif_of(options, indices);
  for (const size_t part : {10, 50, 80}) {
    const auto image = decode_gif(gif.substr(0, gif.size() * part / 100), {});
    ASSERT_FALSE(image.ok());
    EXPECT_THAT(image.error().message, StartsWith("truncated GIF")) << part;
  }
}

TEST(GifDecoder, AFileWithoutAPictureSaysSo) {
  const GifOptions options{.canvas_width = 2, .canvas_height = 1, .width = 2, .height = 1};
  std::string gif = gif_of(options, {1, 2});
  gif[gif.find(',')] = ';';
  const auto image = decode_gif(gif, {});
  ASSERT_FALSE(image.ok());
  EXPECT_THAT(image.error().message, HasSubstr("without a picture"));
}

TEST(GifDecoder, CommentsAndStrayBytesDoNotMatter) {
  const std::string gif = gif_of({.canvas_width = 2, .canvas_height = 1, .width = 2, .height = 1}, {1, 2});
  const auto expected = decode_gif(gif, {});
  ASSERT_TRUE(expected.ok()) << expected.error().message;
  constexpr size_t kBehindColours = 6 + 7 + 4 * 3;
  const std::string comment = std::string("\x21\xfe\005hello\003all\0", 13);
  const std::string unknown = std::string("\x21\x77\x01x\0", 5);
  for (const std::string& extra : {comment, unknown, std::string("\0\0\0", 3), std::string("\x99")}) {
    const auto decoded = decode_gif(gif.substr(0, kBehindColours) + extra + gif.substr(kBehindColours), {});
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(decoded->rgb, expected->rgb);
  }
  EXPECT_TRUE(decode_gif(gif.substr(0, gif.size() - 1), {}).ok()) << "no trailer";
  EXPECT_TRUE(decode_gif(gif + "appended", {}).ok());
}

}  // namespace
}  // namespace lookalike
