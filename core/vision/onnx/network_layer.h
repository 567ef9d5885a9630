// A loaded network's layers as plain values, so that looking for one needs no network; and which of them to use as
// embedding: by the name a user gave, or by shape.
// Source: the original uses MobileNetV2's last linear bottleneck, the 320 channels that the last 1 x 1 convolution
// expands to 1280. By shape: the input of the last spatial 1 x 1 expansion, when that input has no activation behind
// it. Other networks (SqueezeNet, ResNet, MobileNetV1): the last layer with height and width before the classifier
// and its pooling. A network without any such layer: the input of its last fully connected layer.
// Threads: values; free functions without state.
// Tested by tests/core/vision/onnx/network_layer_test.cc
#pragma once

#include <functional>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

struct NetworkLayer {
  std::string name;                  // as the network's file has it, what a user writes after --layer
  std::string full_name;             // as OpenCV has it
  std::string type;                  // OpenCV's: "Convolution", "ReLU6", "Pooling"
  std::vector<int> shape;            // of its first output, batch first
  std::vector<int> weights;          // shape of its first weight tensor; empty when it has none
  std::vector<size_t> inputs;        // positions of the layers it reads
  std::vector<std::string> aliases;  // names of the tensors it gives
};

inline int element_count(const std::vector<int>& shape) {
  return std::accumulate(shape.begin(), shape.end(), 1, std::multiplies<>());
}

// 4 dimensions with more than one place: what is flattened to H, W, C.
inline bool is_spatial(const std::vector<int>& shape) {
  return shape.size() == 4 && shape[2] * shape[3] > 1;
}

// The position of the layer with that name; tensor names and OpenCV's own names do as well.
// Errors: model, with at most ten names that could be meant.
Result<size_t> find_layer(std::span<const NetworkLayer> layers, std::string_view name);

// `output`: the position of the layer that gives the class scores. Errors: model, when nothing fits.
Result<size_t> find_feature_layer(std::span<const NetworkLayer> layers, size_t output);

}  // namespace lookalike
