// One layer of a network as values: what it computes, on which shapes.
// Threads: values.
#pragma once

#include <array>
#include <limits>
#include <vector>

#include "core/vision/onnx/network_layer.h"
#include "core/vision/onnx/onnx_values.h"

namespace lookalike {

enum class Operation {
  image,
  convolution,
  batch_norm,  // value * gain + offset, by channel
  activation,  // keeps values within bounds
  leaky_relu,
  sigmoid,
  hard_swish,
  add,
  multiply,
  max_pool,
  average_pool,
  channel_sum,  // the sum over the channels, times a factor
  pad,
  slice,   // of the channels
  concat,  // of the channels
  softmax,
  pass
};

// Of a convolution or a pool, in pixels: height, then width.
struct Window {
  std::array<int, 2> kernel{1, 1};
  std::array<int, 2> strides{1, 1};
  std::array<int, 2> dilations{1, 1};
  std::array<int, 4> pads{0, 0, 0, 0};  // top, left, bottom, right
};

// An activation keeps values within these.
struct Bounds {
  float low = -std::numeric_limits<float>::infinity();
  float high = std::numeric_limits<float>::infinity();
};

struct GraphLayer {
  NetworkLayer description;
  Operation operation = Operation::pass;
  // Height, width, channels: how its values lie in memory, whatever sides of 1 its shape has or lacks.
  std::array<int, 3> places{1, 1, 1};
  Window window;                // of a pad: only its pads
  bool counts_border = false;   // an average pool: what is outside the image counts as zeros
  int groups = 1;               // of a convolution
  OnnxWeights weights;          // of a convolution: outputs x inputs / groups x height x width
  bool weights_turned = false;  // inputs x outputs instead, of a fully connected layer
  OnnxWeights bias;             // no type: there is none
  std::vector<double> gain;     // of a batch norm
  std::vector<double> offset;
  Bounds bounds;    // of an activation, or of a batch norm that ends in one
  float value = 0;  // what a pad fills with, a leaky relu's slope, a channel sum's factor
  int first = 0;    // channel of a slice
};

}  // namespace lookalike
