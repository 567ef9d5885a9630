#include "core/vision/onnx/onnx_node_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/onnx_writer.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

class OnnxNodeReaderTest : public testing::Test {
 protected:
  // A node that reads a layer and then `inputs`, which may be the constants "list" (2, 3), "none" (no integers),
  // "number" (1.5) and "numbers".
  OnnxNodeReader node(const std::vector<std::string>& inputs, const std::vector<OnnxAttribute>& attributes,
                      int64_t opset) {
    OnnxWriter onnx;
    onnx.add_input("image", {1, 3, 8, 8});
    onnx.add_integers("list", {2, 3});
    onnx.add_integers("none", {});
    onnx.add_weights("number", {}, {1.5f});
    onnx.add_weights("numbers", {2}, {1, 2});
    onnx.add_node("Relu", "relu", {"image"}, "relu");
    std::vector<std::string> all{"image"};
    all.insert(all.end(), inputs.begin(), inputs.end());
    onnx.add_node("Any", "any", all, "any", attributes);
    bytes_ = onnx.bytes(opset);
    header_ = *read_onnx_header(bytes_);
    weights_ = read_onnx_weights(bytes_, header_);
    return {header_.nodes.at(1), opset, weights_};
  }

  static std::string refused(const OnnxNodeReader& node) {
    const auto axes = node.integers("axes", 1, 18);
    return axes.ok() ? "" : axes.error().message;
  }

  std::string bytes_;
  OnnxHeader header_;
  OnnxWeightsByName weights_;
};

TEST_F(OnnxNodeReaderTest, AListIsAnAttributeFirstAndAnInputLater) {
  const OnnxAttribute axes{"axes", std::vector<int64_t>{-1}};
  EXPECT_THAT(*node({}, {axes}, 17).integers("axes", 1, 18), Optional(ElementsAre(-1)));
  EXPECT_THAT(*node({"list"}, {}, 18).integers("axes", 1, 18), Optional(ElementsAre(2, 3)));
  EXPECT_THAT(*node({"none"}, {}, 18).integers("axes", 1, 18), Optional(ElementsAre()));
  for (const int64_t opset : {17, 18}) {
    EXPECT_EQ(*node({}, {}, opset).integers("axes", 1, 18), std::nullopt);
    EXPECT_EQ(*node({""}, {}, opset).integers("axes", 1, 18), std::nullopt);
  }
}

TEST_F(OnnxNodeReaderTest, WhatStandsInTheWrongPlaceIsAnError) {
  EXPECT_THAT(refused(node({"list"}, {}, 17)), HasSubstr("its axes is an input, which opset 17 does not have"));
  EXPECT_THAT(refused(node({}, {{"axes", std::vector<int64_t>{1}}}, 18)), HasSubstr("opset 18 reads as an input"));
  EXPECT_THAT(refused(node({"list"}, {{"axes", std::vector<int64_t>{1}}}, 18)), HasSubstr("reads as an input"));
  EXPECT_THAT(refused(node({"relu"}, {}, 18)), HasSubstr("computed, not constant"));
  EXPECT_THAT(refused(node({"numbers"}, {}, 18)), HasSubstr("no list of 64-bit integers"));
}

TEST_F(OnnxNodeReaderTest, NumbersLikewise) {
  EXPECT_THAT(*node({}, {{"max", 6.0f}}, 10).number("max", 2, 11), Optional(6.0f));
  EXPECT_THAT(*node({"", "number"}, {}, 11).number("max", 2, 11), Optional(1.5f));
  EXPECT_EQ(*node({"number"}, {}, 11).number("max", 2, 11), std::nullopt);
  EXPECT_FALSE(node({"", "numbers"}, {}, 11).number("max", 2, 11).ok());
  EXPECT_FALSE(node({"", "list"}, {}, 11).number("max", 2, 11).ok());
  EXPECT_FALSE(node({"", "number"}, {}, 10).number("max", 2, 11).ok());
  EXPECT_FALSE(node({}, {{"max", 6.0f}}, 11).number("max", 2, 11).ok());
}

}  // namespace
}  // namespace lookalike
