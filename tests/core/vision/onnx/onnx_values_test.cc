#include "core/vision/onnx/onnx_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/onnx_writer.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::Optional;

struct Written {
  std::string bytes;
  OnnxHeader header;
};

Written written(const OnnxWriter& onnx) {
  Written file{.bytes = onnx.bytes(), .header = {}};
  auto header = read_onnx_header(file.bytes);
  EXPECT_TRUE(header.ok());
  if (header.ok()) file.header = std::move(*header);
  return file;
}

OnnxWriter one_node(const std::vector<OnnxAttribute>& attributes) {
  OnnxWriter onnx;
  onnx.add_input("image", {1, 3, 8, 8});
  onnx.add_node("Relu", "node", {"image"}, "out", attributes);
  return onnx;
}

TEST(OnnxValues, WeightsAreFoundByName) {
  OnnxWriter onnx = one_node({});
  onnx.add_weights("w", {2, 1, 1, 2}, {1, 2, 3, 4.5f});
  onnx.add_integers("shape", {1, -1});
  const Written file = written(onnx);
  const OnnxWeightsByName weights = read_onnx_weights(file.bytes, file.header);
  ASSERT_EQ(weights.size(), 2u);
  EXPECT_THAT(weights.at("w").shape, ElementsAre(2, 1, 1, 2));
  EXPECT_THAT(floats(weights.at("w")), Optional(ElementsAre(1, 2, 3, 4.5f)));
  EXPECT_EQ(integers(weights.at("w")), std::nullopt);
  EXPECT_THAT(integers(weights.at("shape")), Optional(ElementsAre(1, -1)));
  EXPECT_FALSE(holds_floats(weights.at("shape")));
}

// Since opset 12 a Constant may hold numbers without a tensor around them.
TEST(OnnxValues, ConstantsOfEveryKind) {
  OnnxWriter onnx = one_node({});
  onnx.add_node("Constant", "", {}, "real", {{"value_float", 2.5f}});
  onnx.add_node("Constant", "", {}, "whole", {{"value_int", int64_t{-3}}});
  onnx.add_node("Constant", "", {}, "list", {{"value_ints", std::vector<int64_t>{2, 3}}});
  onnx.add_node("Constant", "", {}, "word", {{"value_string", std::string("x")}});
  const Written file = written(onnx);
  const OnnxWeightsByName weights = read_onnx_weights(file.bytes, file.header);
  ASSERT_EQ(weights.size(), 3u);
  EXPECT_THAT(floats(weights.at("real")), Optional(ElementsAre(2.5f)));
  EXPECT_THAT(weights.at("real").shape, ElementsAre());
  EXPECT_THAT(integers(weights.at("whole")), Optional(ElementsAre(-3)));
  EXPECT_THAT(weights.at("whole").shape, ElementsAre());
  EXPECT_THAT(integers(weights.at("list")), Optional(ElementsAre(2, 3)));
  EXPECT_THAT(weights.at("list").shape, ElementsAre(2));
}

TEST(OnnxValues, FewerValuesThanTheShapeAreNoFloats) {
  OnnxWeights weights{.type = 1, .shape = {2, 2}, .values = "0123456789ab", .integers = {}};
  EXPECT_FALSE(holds_floats(weights));
  EXPECT_EQ(floats(weights), std::nullopt);
  weights.shape = {3};
  EXPECT_TRUE(holds_floats(weights));
  weights.shape = {1 << 20, 1 << 20, 1 << 20};
  EXPECT_FALSE(holds_floats(weights));
  weights.shape = {-3};
  EXPECT_FALSE(holds_floats(weights));
}

TEST(OnnxValues, AttributesOfEveryKind) {
  const Written file = written(one_node({{"whole", int64_t{7}},
                                         {"real", 2.5f},
                                         {"several", std::vector<int64_t>{1, 0, 3}},
                                         {"word", std::string("VALID")}}));
  const OnnxNode& node = file.header.nodes.at(0);
  EXPECT_EQ(integer_attribute(node, "whole", 1), 7);
  EXPECT_EQ(float_attribute(node, "real", 1), 2.5f);
  EXPECT_THAT(integers_attribute(node, "several", {}), ElementsAre(1, 0, 3));
  EXPECT_EQ(text_attribute(node, "word"), "VALID");
}

TEST(OnnxValues, AnAttributeThatIsNotThereHasItsDefault) {
  const Written file = written(one_node({}));
  const OnnxNode& node = file.header.nodes.at(0);
  EXPECT_EQ(integer_attribute(node, "whole", 1), 1);
  EXPECT_EQ(float_attribute(node, "real", 0.5f), 0.5f);
  EXPECT_THAT(integers_attribute(node, "several", {4}), ElementsAre(4));
  EXPECT_EQ(text_attribute(node, "word"), "");
}

}  // namespace
}  // namespace lookalike
