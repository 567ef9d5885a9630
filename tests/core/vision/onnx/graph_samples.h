// Small networks of every kind of layer that core/vision/onnx/network_graph.h knows, with random weights.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "tests/support/onnx_writer.h"

namespace lookalike {

class GraphSampler {
 public:
  explicit GraphSampler(uint64_t seed) : random_(seed) { onnx_.add_input("image", {1, 3, kSize, kSize}); }

  static constexpr int kSize = 16;

  struct Convolution {
    int64_t inputs = 3;
    int64_t outputs = 8;
    std::vector<int64_t> kernel{3, 3};
    std::vector<int64_t> strides{1, 1};
    std::vector<int64_t> pads{1, 1, 1, 1};
    std::vector<int64_t> dilations{1, 1};
    int64_t groups = 1;
    bool bias = true;
  };

  std::string convolution(const std::string& name, const std::string& input, const Convolution& of) {
    weights(name + "/w", {of.outputs, of.inputs / of.groups, of.kernel[0], of.kernel[1]});
    std::vector<std::string> inputs{input, name + "/w"};
    if (of.bias) inputs.push_back(weights(name + "/b", {of.outputs}));
    onnx_.add_node("Conv", name, inputs, name,
                   {{"kernel_shape", of.kernel},
                    {"strides", of.strides},
                    {"pads", of.pads},
                    {"dilations", of.dilations},
                    {"group", of.groups}});
    return name;
  }

  std::string batch_norm(const std::string& name, const std::string& input, int64_t channels) {
    std::vector<std::string> inputs{input};
    for (const char* part : {"/scale", "/bias", "/mean"})
      inputs.push_back(weights(name + part, {channels}));
    std::vector<float> variance(static_cast<size_t>(channels));
    for (float& value : variance)
      value = static_cast<float>(0.1 + random_.uniform());
    onnx_.add_weights(name + "/variance", {channels}, variance);
    inputs.push_back(name + "/variance");
    return node("BatchNormalization", name, inputs, {{"epsilon", 0.001f}});
  }

  std::string node(const std::string& operation, const std::string& name, const std::vector<std::string>& inputs,
                   const std::vector<OnnxAttribute>& attributes = {}) {
    onnx_.add_node(operation, name, inputs, name, attributes);
    return name;
  }

  // Of a spread that keeps the values' size from layer to layer.
  std::string weights(const std::string& name, const std::vector<int64_t>& shape) {
    int64_t count = 1;
    for (const int64_t size : shape)
      count *= size;
    const double spread =
        shape.size() == 1 ? 1 : std::sqrt(6.0 * static_cast<double>(shape[0]) / static_cast<double>(count));
    std::vector<float> values(static_cast<size_t>(count));
    for (float& value : values)
      value = static_cast<float>((2 * random_.uniform() - 1) * spread);
    onnx_.add_weights(name, shape, values);
    return name;
  }

  OnnxWriter& onnx() { return onnx_; }

 private:
  Random random_;
  OnnxWriter onnx_;
};

// In the way of MobileNetV2: depthwise convolutions, sums, relu6, a pooled classifier.
inline OnnxWriter mobile_sample(uint64_t seed) {
  GraphSampler graph(seed);
  std::string at = graph.convolution("first", "image", {.strides = {2, 2}, .pads = {0, 0, 1, 1}});
  at = graph.node("Clip", "first/relu6", {at}, {{"min", 0.0f}, {"max", 6.0f}});
  const std::string block = at;
  at = graph.convolution("expand", at, {.inputs = 8, .outputs = 24, .kernel = {1, 1}, .pads = {0, 0, 0, 0}});
  at = graph.node("Clip", "expand/relu6", {at}, {{"min", 0.0f}, {"max", 6.0f}});
  at = graph.convolution("depthwise", at, {.inputs = 24, .outputs = 24, .groups = 24, .bias = false});
  at = graph.node("Clip", "depthwise/relu6", {at}, {{"min", 0.0f}, {"max", 6.0f}});
  at = graph.convolution("project", at, {.inputs = 24, .outputs = 8, .kernel = {1, 1}, .pads = {0, 0, 0, 0}});
  at = graph.node("Add", "sum", {block, at});
  at = graph.convolution("last", at, {.inputs = 8, .outputs = 32, .kernel = {1, 1}, .pads = {0, 0, 0, 0}});
  at = graph.node("Clip", "last/relu6", {at}, {{"min", 0.0f}, {"max", 6.0f}});
  at = graph.node("GlobalAveragePool", "pool", {at});
  at = graph.convolution("classes", at, {.inputs = 32, .outputs = 10, .kernel = {1, 1}, .pads = {0, 0, 0, 0}});
  graph.node("Flatten", "logits", {at}, {{"axis", int64_t{1}}});
  graph.onnx().add_output("logits", {1, 10});
  return graph.onnx();
}

// In the way of ResNet: batch norms, pools, groups, dilation, a sum with an activation behind it, a fully connected
// end.
inline OnnxWriter residual_sample(uint64_t seed) {
  GraphSampler graph(seed);
  std::string at = graph.convolution("first", "image", {.kernel = {5, 3}, .pads = {2, 1, 2, 1}, .bias = false});
  at = graph.batch_norm("first/norm", at, 8);
  at = graph.node("Relu", "first/relu", {at});
  at = graph.node("MaxPool", "shrunk", {at},
                  {{"kernel_shape", std::vector<int64_t>{3, 3}},
                   {"strides", std::vector<int64_t>{2, 2}},
                   {"pads", std::vector<int64_t>{1, 1, 1, 1}}});
  const std::string block = graph.batch_norm("block/norm", at, 8);
  at = graph.node("Relu", "block/relu", {block});
  at = graph.convolution("grouped", at,
                         {.inputs = 8, .outputs = 8, .pads = {2, 2, 2, 2}, .dilations = {2, 2}, .groups = 2});
  at = graph.node("Dropout", "dropped", {at});
  at = graph.node("Add", "sum", {at, block});
  at = graph.node("Relu", "sum/relu", {at});
  at = graph.convolution("doubled", at, {.inputs = 8, .outputs = 16, .groups = 8});
  at = graph.node("AveragePool", "averaged", {at},
                  {{"kernel_shape", std::vector<int64_t>{2, 2}}, {"strides", std::vector<int64_t>{2, 2}}});
  at = graph.node("GlobalAveragePool", "pool", {at});
  at = graph.node("Flatten", "flat", {at});
  at = graph.node("Gemm", "classes", {at, graph.weights("classes/w", {10, 16}), graph.weights("classes/b", {10})},
                  {{"transB", int64_t{1}}});
  graph.node("Softmax", "probabilities", {at}, {{"axis", int64_t{1}}});
  graph.onnx().add_output("probabilities", {1, 10});
  return graph.onnx();
}

}  // namespace lookalike
