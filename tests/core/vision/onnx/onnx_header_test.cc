#include "core/vision/onnx/onnx_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/base/random.h"
#include "tests/support/onnx_writer.h"
#include "tests/support/tiny_network.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

OnnxWriter small_network() {
  OnnxWriter onnx;
  onnx.add_input("image", {-1, 3, 8, 8});
  onnx.add_weights("w", {2, 3, 1, 1}, std::vector<float>(6, 1.0f));
  onnx.add_node("Conv", "convolution", {"image", "w"}, "maps");
  onnx.add_node("Relu", "", {"maps"}, "active");
  onnx.add_output("active", {-1, 2, 8, 8});
  return onnx;
}

TEST(OnnxHeader, ReadsInputsNodesAndOpset) {
  OnnxWriter onnx = small_network();
  onnx.list_weights_as_inputs();
  const auto header = read_onnx_header(onnx.bytes(11));
  ASSERT_TRUE(header.ok()) << header.error().message;
  EXPECT_EQ(header->opset, 11);
  ASSERT_EQ(header->inputs.size(), 1u);
  EXPECT_EQ(header->inputs[0].name, "image");
  EXPECT_THAT(header->inputs[0].shape, ElementsAre(-1, 3, 8, 8));
  ASSERT_EQ(header->nodes.size(), 2u);
  EXPECT_EQ(header->nodes[0].name, "convolution");
  EXPECT_EQ(header->nodes[0].operation, "Conv");
  EXPECT_THAT(header->nodes[0].inputs, ElementsAre("image", "w"));
  EXPECT_THAT(header->nodes[0].outputs, ElementsAre("maps"));
  EXPECT_EQ(header->nodes[1].name, "");
}

TEST(OnnxHeader, TheInputsShapeCanBeReplaced) {
  const std::string bytes = small_network().bytes();
  const auto header = read_onnx_header(with_input_shape(bytes, {.name = "image", .shape = {1, 3, 300, 300}}));
  ASSERT_TRUE(header.ok()) << header.error().message;
  EXPECT_THAT(header->inputs[0].shape, ElementsAre(1, 3, 300, 300));
  EXPECT_EQ(header->nodes.size(), 2u);
  EXPECT_EQ(header->opset, 9);
}

TEST(OnnxHeader, LayersThatReadNothingKnownAreRefused) {
  OnnxWriter onnx = small_network();
  onnx.add_node("Relu", "lost", {"nowhere"}, "out");
  const auto header = read_onnx_header(onnx.bytes());
  ASSERT_FALSE(header.ok());
  EXPECT_EQ(header.error().code, ErrorCode::model);
  EXPECT_THAT(header.error().message, HasSubstr("not connected"));
}

TEST(OnnxHeader, WeightsOfAnotherLengthThanTheirShapeAreRefused) {
  OnnxWriter onnx = small_network();
  onnx.add_weights("short", {1000, 1000}, {1.0f});
  EXPECT_FALSE(read_onnx_header(onnx.bytes()).ok());
  OnnxWriter overflowing = small_network();
  overflowing.add_weights("huge", {int64_t{1} << 62, 4, int64_t{1} << 62}, {});
  EXPECT_FALSE(read_onnx_header(overflowing.bytes()).ok());
}

TEST(OnnxHeader, OtherFilesAreNoNetworks) {
  for (const std::string& bytes :
       {std::string(), std::string("<html>"), std::string(100, '\0'), std::string(100, '\xff')}) {
    EXPECT_FALSE(read_onnx_header(bytes).ok());
  }
}

TEST(OnnxHeader, EveryCutIsRefusedAndNoDamageCrashes) {
  const std::string whole = tiny_network_bytes({.input_size = 8, .classes = 2});
  for (size_t size = 0; size < whole.size(); size += 7)
    EXPECT_FALSE(read_onnx_header(whole.substr(0, size)).ok()) << size;
  Random random(1);
  for (int round = 0; round < 5000; ++round) {
    std::string damaged = whole;
    for (int i = 0; i < 4; ++i)
      damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    const auto header = read_onnx_header(damaged);
    if (header.ok()) static_cast<void>(with_input_shape(damaged, {.name = "image", .shape = {1, 3, 8, 8}}));
  }
}

TEST(OnnxHeader, ShapesAsText) {
  EXPECT_EQ(shape_text(std::vector<int64_t>{-1, 3, 224, 224}), "? x 3 x 224 x 224");
  EXPECT_EQ(shape_text(std::vector<int>{}), "");
}

}  // namespace
}  // namespace lookalike
