#include "core/vision/onnx/network_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include "core/base/files/file.h"
#include "core/vision/inference/network_file.h"
#include "core/vision/inference/network_plan.h"
#include "core/vision/inference/opencv_network.h"
#include "tests/core/vision/onnx/graph_samples.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace lookalike {
namespace {

using testing::HasSubstr;

class NetworkGraphTest : public testing::Test {
 protected:
  NetworkSpec write(const OnnxWriter& onnx, int64_t opset = 9) {
    const std::filesystem::path path = folder_.path() / "network.onnx";
    std::ofstream(path, std::ios::binary) << onnx.bytes(opset);
    return {.path = path.string(), .input_size = GraphSampler::kSize};
  }

  Result<NetworkGraph> read(const NetworkSpec& spec) {
    file_ = std::make_unique<NetworkFile>(*read_network_file(spec));
    return read_network_graph(*file_->bytes, file_->header, spec, file_->input_size);
  }

  // Why the network of one such node behind the image is not known.
  std::string refusal(const std::string& operation, const std::vector<OnnxAttribute>& attributes,
                      std::vector<std::string> inputs = {"image"}) {
    GraphSampler graph(1);
    for (const std::string& input : inputs) {
      if (input == "w") graph.weights("w", {4, 3, 3, 3});
      if (input == "b") graph.weights("b", {4});
    }
    graph.node(operation, "odd", inputs, attributes);
    graph.onnx().add_output("odd", {1, 3, 16, 16});
    const auto read_graph = read(write(graph.onnx()));
    EXPECT_FALSE(read_graph.ok()) << operation;
    return read_graph.ok() ? "" : read_graph.error().message;
  }

  // Layers that OpenCV makes up beside the file's: a border of its own, a reshape before a reshape, copies of outputs.
  static bool is_made_up(const NetworkLayer& layer) {
    return layer.name.ends_with("/pad") || layer.name.ends_with("/flatten") || layer.type == "Identity";
  }

  static std::string input_name(std::span<const NetworkLayer> layers, size_t at) {
    while (is_made_up(layers[at]))
      at = layers[at].inputs.at(0);
    return layers[at].full_name;
  }

  static void expect_same_layer(std::span<const NetworkLayer> all_ours, const NetworkLayer& ours,
                                std::span<const NetworkLayer> all_theirs, const NetworkLayer& theirs) {
    EXPECT_EQ(ours.name, theirs.name);
    EXPECT_EQ(ours.type, theirs.type) << theirs.name;
    EXPECT_EQ(ours.shape, theirs.shape) << theirs.name;
    EXPECT_EQ(ours.aliases, theirs.aliases) << theirs.name;
    const bool convolution = theirs.type == "Convolution";
    EXPECT_EQ(convolution ? ours.weights : theirs.weights, theirs.weights) << theirs.name;
    ASSERT_EQ(ours.inputs.size(), theirs.inputs.size()) << theirs.name;
    for (size_t i = 0; i < ours.inputs.size(); ++i)
      EXPECT_EQ(all_ours[ours.inputs[i]].full_name, input_name(all_theirs, theirs.inputs[i])) << theirs.name;
  }

  void expect_as_opencv_has_it(const NetworkSpec& spec) {
    const auto graph = read(spec);
    ASSERT_TRUE(graph.ok()) << graph.error().message;
    const auto network = load_opencv_network(*file_, spec);
    ASSERT_TRUE(network.ok()) << network.error().message;
    const std::vector<NetworkLayer> ours = graph->descriptions();
    size_t at = 0;
    for (const NetworkLayer& theirs : network->layers) {
      if (is_made_up(theirs)) continue;
      ASSERT_LT(at, ours.size());
      EXPECT_EQ(ours[at].full_name, theirs.full_name);
      if (at > 0) expect_same_layer(ours, ours[at], network->layers, theirs);
      ++at;
    }
    EXPECT_EQ(at, ours.size());
    EXPECT_EQ(ours[graph->output].name, network->layers[network->output].name);
    EXPECT_EQ(ours[graph->logits].name, network->layers[network->logits].name);
    EXPECT_EQ(graph->ends_in_softmax, network->ends_in_softmax);
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<NetworkFile> file_;
};

TEST_F(NetworkGraphTest, LayersAreNamedAsOpenCvNamesThem) {
  expect_as_opencv_has_it(write_tiny_network(folder_.path()));
  expect_as_opencv_has_it(write_tiny_network(folder_.path(), {.softmax = true}));
  expect_as_opencv_has_it(write(mobile_sample(1)));
  expect_as_opencv_has_it(write(residual_sample(1)));
}

TEST_F(NetworkGraphTest, MobileNetV2IsKnown) {
  const char* const models = std::getenv("LOOKALIKE_MODELS");
  const std::filesystem::path path =
      std::filesystem::path(models == nullptr ? "" : models) / "mobilenet_v2_1.0_224.onnx";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is missing; set LOOKALIKE_MODELS";
  expect_as_opencv_has_it({.path = path.string()});
}

TEST_F(NetworkGraphTest, AClipThatReadsItsBoundsIsKnown) {
  GraphSampler graph(1);
  std::string at = graph.convolution("first", "image", {});
  graph.onnx().add_weights("low", {}, {0});
  graph.onnx().add_weights("high", {}, {6});
  graph.node("Clip", "clip", {at, "low", "high"});
  graph.node("Clip", "half", {"clip", "", "high"});
  graph.onnx().add_output("half", {1, 8, 16, 16});
  const auto read_graph = read(write(graph.onnx(), 12));
  ASSERT_TRUE(read_graph.ok()) << read_graph.error().message;
  ASSERT_EQ(read_graph->layers.size(), 4u);
  EXPECT_EQ(read_graph->layers[2].bounds.low, 0);
  EXPECT_EQ(read_graph->layers[2].bounds.high, 6);
  EXPECT_EQ(read_graph->layers[3].bounds.low, Bounds().low);
  EXPECT_EQ(read_graph->layers[3].bounds.high, 6);
}

TEST_F(NetworkGraphTest, ReshapesThatOnlyDropSidesAreKnown) {
  GraphSampler graph(1);
  std::string at = graph.node("GlobalAveragePool", "pool", {"image"});
  graph.onnx().add_integers("flat", {1, -1});
  at = graph.node("Reshape", "reshaped", {at, "flat"});
  graph.onnx().add_output("reshaped", {1, 3});
  const auto flat = read(write(graph.onnx()));
  ASSERT_TRUE(flat.ok()) << flat.error().message;
  EXPECT_EQ(flat->layers.back().description.shape, (std::vector<int>{1, 3}));
  graph.onnx().add_integers("mixed", {3, 1});
  graph.node("Reshape", "turned", {at, "mixed"});
  EXPECT_FALSE(read(write(graph.onnx())).ok());
}

// Every kind of node, with bytes changed at random: read or refused, never a crash (and planned, where it is read).
TEST_F(NetworkGraphTest, DamagedFilesOfManyOperationsNeverCrash) {
  GraphSampler graph(3);
  OnnxWriter& onnx = graph.onnx();
  onnx.add_integers("sides", {2, 3});
  onnx.add_integers("pads", {0, 0, 1, 1, 0, 0, 1, 1});
  onnx.add_integers("one", {1});
  onnx.add_integers("three", {3});
  onnx.add_integers("flat", {1, -1});
  onnx.add_integer("second", 1);
  onnx.add_weights("half", {}, {0.5f});
  std::string at = graph.node("Pad", "pad", {"image", "pads", "half"});
  at = graph.convolution("first", at, {.outputs = 4, .pads = {0, 0, 0, 0}});
  graph.node("Sigmoid", "gate", {at});
  at = graph.node("Mul", "silu", {at, "gate"});
  graph.node("ReduceMean", "mean", {at, "sides"});
  graph.node("HardSigmoid", "hard", {"mean"});
  at = graph.node("Mul", "scaled", {at, "hard"});
  graph.node("Gather", "channel", {at, "second"}, {{"axis", int64_t{1}}});
  graph.node("Unsqueeze", "plane", {"channel", "one"});
  graph.node("Slice", "row", {at, "one", "three", "one"});
  graph.node("AveragePool", "averaged", {at},
             {{"kernel_shape", std::vector<int64_t>{3, 3}},
              {"pads", std::vector<int64_t>{1, 1, 1, 1}},
              {"count_include_pad", int64_t{1}}});
  at = graph.node("Concat", "all", {"plane", "row", "averaged", at}, {{"axis", int64_t{1}}});
  at = graph.node("Clip", "clip", {at, "", "half"});
  at = graph.node("GlobalMaxPool", "pool", {at});
  at = graph.node("Squeeze", "flat_pool", {at, "sides"});
  at = graph.node("Reshape", "reshaped", {at, "flat"});
  at = graph.node("MatMul", "product", {at, graph.weights("w", {11, 5})});
  graph.node("Softmax", "classes", {at});
  onnx.add_output("classes", {1, 5});
  const std::string whole = onnx.bytes(18);
  const auto read_bytes = [](const std::string& bytes) {
    const auto header = read_onnx_header(bytes);
    if (!header.ok() || header->inputs.empty()) return false;
    const auto read_graph = read_network_graph(bytes, *header, {}, GraphSampler::kSize);
    if (read_graph.ok()) static_cast<void>(plan_network(*read_graph, 0, read_graph->output));
    return read_graph.ok();
  };
  ASSERT_TRUE(read_bytes(whole));
  Random random(5);
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = whole;
    for (uint64_t i = 0; i <= random.below(3); ++i)
      damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    read_bytes(damaged);
  }
}

TEST_F(NetworkGraphTest, WhatIsNotKnownIsNamed) {
  EXPECT_THAT(refusal("Tanh", {}), HasSubstr("Tanh \"odd\": the operation is not known"));
  EXPECT_THAT(refusal("Conv", {{"auto_pad", std::string("SAME")}}, {"image", "w"}), HasSubstr("pads in a way"));
  EXPECT_THAT(refusal("Conv", {{"group", int64_t{2}}}, {"image", "w"}), HasSubstr("do not fit"));
  EXPECT_THAT(refusal("Conv", {{"strides", std::vector<int64_t>{0, 1}}}, {"image", "w"}), HasSubstr("window"));
  EXPECT_THAT(refusal("Conv", {{"kernel_shape", std::vector<int64_t>{1, 1}}}, {"image", "w"}), HasSubstr("do not fit"));
  EXPECT_THAT(refusal("Conv", {}, {"image", "b"}), HasSubstr("weights"));
  EXPECT_THAT(refusal("MaxPool", {{"kernel_shape", std::vector<int64_t>{40, 40}}}), HasSubstr("larger"));
  EXPECT_THAT(refusal("MaxPool", {}), HasSubstr("window"));
  EXPECT_THAT(refusal("Flatten", {}), HasSubstr("mixes places"));
  EXPECT_THAT(refusal("Softmax", {{"axis", int64_t{1}}}), HasSubstr("classes"));
  EXPECT_THAT(refusal("Gemm", {}, {"image", "w"}), HasSubstr("do not fit"));
  EXPECT_THAT(refusal("BatchNormalization", {}, {"image", "b", "b", "b", "b"}), HasSubstr("one a channel"));
  EXPECT_THAT(refusal("Add", {}, {"image", "b"}), HasSubstr("not one number a channel"));
  EXPECT_THAT(refusal("Add", {}, {"image"}), HasSubstr("two values"));
  EXPECT_THAT(refusal("Clip", {{"min", 6.0f}, {"max", 6.0f}}), HasSubstr("bounds"));
}

}  // namespace
}  // namespace lookalike
