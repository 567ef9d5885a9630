#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/vision/inference/embedder_loader.h"
#include "core/vision/inference/opencv_network.h"
#include "tests/support/onnx_writer.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::vector<int64_t> list(std::initializer_list<int64_t> values) {
  return values;
}

constexpr int kSize = 6;

// A network of one node behind a convolution to four channels, "start".
class OpenCvOperatorsTest : public testing::Test {
 protected:
  void SetUp() override {
    onnx_.add_input("image", {1, 3, kSize, kSize});
    Random random(1);
    std::vector<float> weights(4 * 3);
    for (float& weight : weights)
      weight = static_cast<float>(2 * random.uniform() - 1);
    onnx_.add_weights("w", {4, 3, 1, 1}, weights);
    onnx_.add_weights("w3", {4, 4, 3, 3}, std::vector<float>(4 * 4 * 9, 0.1f));
    onnx_.add_weights("number", {}, {0.5f});
    onnx_.add_weights("column", {4, 1, 1}, {1, 2, 3, 4});
    onnx_.add_weights("row", {6}, {1, 2, 3, 4, 5, 6});
    onnx_.add_weights("flat_row", {4}, {1, 2, 3, 4});
    onnx_.add_integers("one", {1});
    onnx_.add_integers("three", {3});
    onnx_.add_integers("minus_one", {-1});
    onnx_.add_integers("sides", {2, 3});
    onnx_.add_integers("pads", {0, 0, 1, 1, 0, 0, 1, 1});
    onnx_.add_node("Conv", "start", {"image", "w"}, "start", {{"kernel_shape", list({1, 1})}});
    onnx_.add_node("GlobalAveragePool", "pool", {"start"}, "pool");
    onnx_.add_node("Flatten", "flat", {"pool"}, "flat");
    for (int i = 0; i < 3 * kSize * kSize; ++i)
      image_.rgb.push_back(static_cast<uint8_t>(random.below(256)));
  }

  Result<std::unique_ptr<Embedder>> load(const OnnxWriter& onnx, int64_t opset, InferenceEngine engine) {
    const std::filesystem::path path = folder_.path() / "network.onnx";
    std::ofstream(path, std::ios::binary) << onnx.bytes(opset);
    return load_embedder({.path = path.string(), .input_size = kSize, .feature_layer = "node"}, engine);
  }

  OnnxWriter with(const std::string& operation, const std::vector<std::string>& inputs,
                  const std::vector<OnnxAttribute>& attributes) const {
    OnnxWriter onnx = onnx_;
    onnx.add_node(operation, "node", inputs, "node", attributes);
    onnx.add_output("node", {1});
    return onnx;
  }

  std::string refusal(const std::string& operation, int64_t opset, const std::vector<std::string>& inputs,
                      const std::vector<OnnxAttribute>& attributes = {}) {
    const auto embedder = load(with(operation, inputs, attributes), opset, InferenceEngine::opencv);
    return embedder.ok() ? "" : embedder.error().message;
  }

  // OpenCV runs it, and where XNNPACK does too, both give the same.
  void expect_run(const std::string& operation, int64_t opset, const std::vector<std::string>& inputs,
                  const std::vector<OnnxAttribute>& attributes = {}) {
    const OnnxWriter onnx = with(operation, inputs, attributes);
    const auto embedder = load(onnx, opset, InferenceEngine::opencv);
    ASSERT_TRUE(embedder.ok()) << embedder.error().message;
    const auto values = (*embedder)->embed(image_);
    ASSERT_TRUE(values.ok()) << operation << ": " << values.error().message;
    const auto fast = load(onnx, opset, InferenceEngine::xnnpack);
    if (!fast.ok()) return;
    const auto expected = (*fast)->embed(image_);
    ASSERT_TRUE(expected.ok()) << expected.error().message;
    EXPECT_THAT(*values, testing::Pointwise(testing::FloatNear(1e-4f), *expected))
        << operation << " of opset " << opset;
  }

  OnnxWriter onnx_;
  Image image_{.width = kSize, .height = kSize, .original_width = kSize, .original_height = kSize, .rgb = {}};
  test::TemporaryFolder folder_;
};

TEST_F(OpenCvOperatorsTest, WhatWasComparedIsRun) {
  expect_run("ReduceMean", 13, {"start"}, {{"axes", list({1})}, {"keepdims", int64_t{1}}});
  expect_run("ReduceMean", 17, {"start"}, {{"axes", list({2, 3})}, {"keepdims", int64_t{0}}});
  expect_run("ReduceMax", 11, {"start"}, {{"axes", list({2, 3})}});
  expect_run("ReduceSum", 11, {"start"}, {{"axes", list({1})}});
  expect_run("Clip", 10, {"start"}, {{"min", 0.0f}, {"max", 6.0f}});
  expect_run("Pad", 10, {"start"}, {{"pads", list({0, 0, 1, 1, 0, 0, 1, 1})}});
  expect_run("Pad", 13, {"start", "pads"});
  expect_run("Slice", 9, {"start"}, {{"axes", list({1})}, {"starts", list({1})}, {"ends", list({3})}});
  expect_run("Slice", 11, {"start", "one", "three", "one"});
  expect_run("Squeeze", 11, {"pool"}, {{"axes", list({2, 3})}});
  expect_run("Softmax", 9, {"flat"});
  expect_run("Softmax", 11, {"pool"}, {{"axis", int64_t{1}}});
  expect_run("Softmax", 13, {"flat"});
  expect_run("Softmax", 13, {"start"}, {{"axis", int64_t{1}}});
  expect_run("Add", 11, {"start", "number"});
  expect_run("Mul", 11, {"start", "column"});
  expect_run("Add", 11, {"flat", "flat_row"});
  expect_run("Mul", 11, {"start", "pool"});
  expect_run("Sub", 11, {"start", "column"});
  expect_run("AveragePool", 11, {"start"}, {{"kernel_shape", list({2, 2})}, {"count_include_pad", int64_t{1}}});
  expect_run("AveragePool", 11, {"start"}, {{"kernel_shape", list({3, 3})}, {"pads", list({1, 1, 1, 1})}});
  expect_run("Conv", 11, {"start", "w3"},
             {{"kernel_shape", list({3, 3})}, {"strides", list({2, 2})}, {"auto_pad", std::string("SAME_UPPER")}});
  expect_run("Tanh", 13, {"start"});
  expect_run("Split", 11, {"start"}, {{"axis", int64_t{1}}});
}

// Each of these gave other values than torch, without a word, when OpenCV 4.6 was asked.
TEST_F(OpenCvOperatorsTest, WhatItComputesWronglyIsRefused) {
  EXPECT_THAT(refusal("ReduceMean", 18, {"start", "one"}), AllOf(HasSubstr("ReduceMean \"node\" of opset 18"),
                                                                 HasSubstr("opset 10 or 11"), HasSubstr("formats.md")));
  EXPECT_THAT(refusal("ReduceMax", 18, {"start", "one"}), HasSubstr("overlooked"));
  EXPECT_THAT(refusal("ReduceL2", 18, {"start", "one"}), HasSubstr("overlooked"));
  EXPECT_THAT(refusal("ReduceSum", 13, {"start", "one"}), HasSubstr("overlooked"));
  EXPECT_THAT(refusal("Split", 13, {"start", "sides"}, {{"axis", int64_t{1}}}), HasSubstr("overlooked"));
  EXPECT_THAT(refusal("Softmax", 9, {"start"}), HasSubstr("one axis"));
  EXPECT_THAT(refusal("Softmax", 11, {"start"}, {{"axis", int64_t{1}}}), HasSubstr("one axis"));
  EXPECT_THAT(refusal("Softmax", 13, {"start"}), HasSubstr("axis 1"));
  EXPECT_THAT(refusal("LogSoftmax", 13, {"start"}), HasSubstr("axis 1"));
  EXPECT_THAT(refusal("Slice", 11, {"start", "one", "three", "minus_one", "three"}), HasSubstr("steps"));
  EXPECT_THAT(
      refusal("MaxPool", 11, {"start"}, {{"kernel_shape", list({3, 3})}, {"auto_pad", std::string("SAME_LOWER")}}),
      HasSubstr("SAME_LOWER"));
  EXPECT_THAT(
      refusal("Conv", 11, {"start", "w3"}, {{"kernel_shape", list({3, 3})}, {"auto_pad", std::string("SAME_LOWER")}}),
      HasSubstr("SAME_LOWER"));
  EXPECT_THAT(
      refusal("AveragePool", 11, {"start"},
              {{"kernel_shape", list({3, 3})}, {"pads", list({1, 1, 1, 1})}, {"count_include_pad", int64_t{1}}}),
      HasSubstr("border"));
  for (const char* operation : {"Add", "Sub", "Mul", "Div"})
    EXPECT_FALSE(refusal(operation, 11, {"start", "row"}).empty()) << operation;
  EXPECT_THAT(refusal("Div", 11, {"pool", "start"}), HasSubstr("different sizes"));
}

TEST_F(OpenCvOperatorsTest, WhatWasNotComparedIsRefused) {
  EXPECT_THAT(refusal("ArgMax", 11, {"start"}), HasSubstr("not among the operators"));
  EXPECT_THAT(refusal("Resize", 13, {"start", "", "number"}), HasSubstr("Resize \"node\" of opset 13"));
  EXPECT_THAT(refusal("TopK", 11, {"start", "one"}), HasSubstr("TopK \"node\" of opset 11"));
  EXPECT_THAT(refusal("Tile", 11, {"start", "pads"}), HasSubstr("Tile \"node\" of opset 11"));
  EXPECT_THAT(refusal("Relu", 99, {"start"}), HasSubstr("of opset 99, newer"));
  EXPECT_THAT(refusal("Clip", 11, {"start", "number"}), HasSubstr("since opset 11"));
  EXPECT_THAT(refusal("Squeeze", 13, {"pool", "sides"}), HasSubstr("since opset 13"));
  EXPECT_THAT(refusal("Unsqueeze", 13, {"flat", "sides"}), HasSubstr("since opset 13"));
  EXPECT_THAT(refusal("Dropout", 13, {"start", "number", "number"}), HasSubstr("training"));
  OnnxWriter foreign = onnx_;
  foreign.add_node("Relu", "node", {"start"}, "node", {}, "com.example");
  foreign.add_output("node", {1});
  EXPECT_FALSE(load(foreign, 11, InferenceEngine::opencv).ok());
}

// A file that neither engine runs says why not for both.
TEST_F(OpenCvOperatorsTest, BothEnginesReasonsAreSaid) {
  const auto embedder = load(with("Tanh", {"start"}, {}), 24, InferenceEngine::fastest);
  ASSERT_FALSE(embedder.ok());
  EXPECT_THAT(embedder.error().message, HasSubstr("opset 24"));
  OnnxWriter onnx = onnx_;
  onnx.add_node("Tanh", "curve", {"start"}, "curve");
  onnx.add_node("ReduceMean", "node", {"curve", "sides"}, "node");
  onnx.add_output("node", {1});
  const auto both = load(onnx, 18, InferenceEngine::fastest);
  ASSERT_FALSE(both.ok());
  EXPECT_EQ(both.error().code, ErrorCode::model);
  EXPECT_THAT(both.error().message, AllOf(HasSubstr("ReduceMean \"node\" of opset 18"), HasSubstr("Tanh \"curve\"")));
}

}  // namespace
}  // namespace lookalike
