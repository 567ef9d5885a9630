// Which layer of a network to use as embedding: by the name a user gave, or by shape.
// Source: the original uses MobileNetV2's last linear bottleneck, the 320 channels that the last 1 x 1 convolution
// expands to 1280. By shape: the input of the last spatial 1 x 1 expansion, when that input has no activation behind
// it. Other networks (SqueezeNet, ResNet, MobileNetV1): the last layer with height and width before the classifier
// and its pooling. A network without any such layer: the input of its last fully connected layer.
// Threads: free functions without state.
// Tested by tests/core/vision/onnx/layer_finder_test.cc
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/vision/onnx/network_layer.h"

namespace lookalike {

// The position of the layer with that name; tensor names and OpenCV's own names do as well.
// Errors: model, with at most ten names that could be meant.
Result<size_t> find_layer(std::span<const NetworkLayer> layers, std::string_view name);

// `output`: the position of the layer that gives the class scores. Errors: model, when nothing fits.
Result<size_t> find_feature_layer(std::span<const NetworkLayer> layers, size_t output);

}  // namespace lookalike
