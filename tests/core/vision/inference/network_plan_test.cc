#include "core/vision/inference/network_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/core/vision/onnx/graph_samples.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class NetworkPlanTest : public testing::Test {
 protected:
  void read(const OnnxWriter& onnx) {
    bytes_ = onnx.bytes();
    header_ = *read_onnx_header(bytes_);
    auto graph = read_network_graph(bytes_, header_, {}, GraphSampler::kSize);
    ASSERT_TRUE(graph.ok()) << graph.error().message;
    graph_ = std::move(*graph);
  }

  size_t layer(const std::string& name) const {
    for (size_t i = 0; i < graph_.layers.size(); ++i) {
      if (graph_.layers[i].description.name == name) return i;
    }
    ADD_FAILURE() << "no layer " << name;
    return 0;
  }

  NetworkPlan plan(const std::string& from, const std::string& to) const {
    auto plan = plan_network(graph_, from.empty() ? 0 : layer(from), layer(to));
    EXPECT_TRUE(plan.ok()) << plan.error().message;
    return plan.ok() ? std::move(*plan) : NetworkPlan{};
  }

  static std::vector<Operation> operations(const NetworkPlan& plan) {
    std::vector<Operation> operations;
    for (const PlanStep& step : plan.steps)
      operations.push_back(step.operation);
    return operations;
  }

  std::string bytes_;
  OnnxHeader header_;
  NetworkGraph graph_;
};

TEST_F(NetworkPlanTest, ActivationsAreFoldedIntoWhatIsBeforeThem) {
  read(mobile_sample(1));
  const NetworkPlan whole = plan("", "logits");
  using enum Operation;
  EXPECT_THAT(operations(whole), ElementsAre(convolution, convolution, convolution, convolution, add, convolution,
                                             average_pool, convolution));
  EXPECT_EQ(whole.steps[0].bounds.high, 6);
  EXPECT_EQ(whole.steps[3].bounds.high, Bounds().high);
  EXPECT_THAT(whole.steps[4].inputs, ElementsAre(1, 4));  // what the first step and the projection give
  EXPECT_TRUE(whole.steps[2].depthwise);
  EXPECT_FALSE(whole.steps[3].depthwise);
  EXPECT_EQ(whole.start_shape, (std::array<size_t, 3>{16, 16, 3}));
  EXPECT_EQ(whole.steps.back().shape, (std::array<size_t, 3>{1, 1, 10}));
}

TEST_F(NetworkPlanTest, ALayerWhoseOwnValuesAreWantedIsNotFoldedOver) {
  read(mobile_sample(1));
  const NetworkPlan before = plan("", "expand");
  EXPECT_EQ(before.steps.back().bounds.high, Bounds().high);
  const NetworkPlan behind = plan("", "expand/relu6");
  EXPECT_EQ(behind.steps.size(), before.steps.size());
  EXPECT_EQ(behind.steps.back().bounds.high, 6);
}

TEST_F(NetworkPlanTest, BatchNormsAreFoldedUnlessTheyAreReadTwice) {
  read(residual_sample(1));
  const NetworkPlan norm = plan("", "first/norm");
  ASSERT_EQ(norm.steps.size(), 1u);
  const auto plain = floats(graph_.layers[layer("first")].weights);
  ASSERT_TRUE(plain);
  const double gain = graph_.layers[layer("first/norm")].gain[0];
  EXPECT_FLOAT_EQ(norm.steps[0].weights[0], static_cast<float>((*plain)[0] * gain));
  EXPECT_EQ(plan("", "first/relu").steps.size(), 1u);
  const NetworkPlan block = plan("shrunk", "sum");
  ASSERT_FALSE(block.steps.empty());
  EXPECT_TRUE(block.steps[0].depthwise);
  EXPECT_EQ(block.steps[0].weights.size(), 8u);
}

TEST_F(NetworkPlanTest, WeightsHaveTheirInputsLast) {
  read(mobile_sample(1));
  const NetworkPlan whole = plan("", "logits");
  const auto first = floats(graph_.layers[layer("first")].weights);  // 8 x 3 x 3 x 3
  EXPECT_EQ(whole.steps[0].weights[0], (*first)[0]);
  EXPECT_EQ(whole.steps[0].weights[1], (*first)[9]);                         // the second input's same place
  const auto depthwise = floats(graph_.layers[layer("depthwise")].weights);  // 24 x 1 x 3 x 3
  EXPECT_EQ(whole.steps[2].weights[1], (*depthwise)[9]);                     // the second channel's same place
}

TEST_F(NetworkPlanTest, APartCanBePlannedWhenItReadsNothingElse) {
  read(mobile_sample(1));
  EXPECT_EQ(plan("sum", "logits").steps.size(), 3u);
  EXPECT_TRUE(plan("classes", "logits").steps.empty());
  const auto around = plan_network(graph_, layer("project"), layer("logits"));
  ASSERT_FALSE(around.ok());
  EXPECT_THAT(around.error().message, HasSubstr("reads more than \"project\" gives"));
}

}  // namespace
}  // namespace lookalike
