// An ONNX file's layers as values: what each one computes, on which shapes. It is read without OpenCV, for networks of
// the operations that convolutional classifiers are made of; any other file is answered with why not.
// Source: onnx/docs/Operators.md (opset 7 to 13); names and types of layers are those that OpenCV 4.6 gives them.
// Shapes: batch, channels, height, width as in the file; weights are views into the file's bytes, which must outlive
// the graph.
// Cost: O(layers); no weight is copied but those of batch norms.
// Threads: values; the functions keep no state.
// Tested by tests/core/vision/network_graph_test.cc
#pragma once

#include <array>
#include <limits>
#include <string_view>
#include <vector>

#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/vision/network_layer.h"
#include "core/vision/onnx_values.h"

namespace lookalike {

enum class Operation { image, convolution, batch_norm, activation, add, max_pool, average_pool, softmax, pass };

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
  Window window;
  int groups = 1;               // of a convolution
  OnnxWeights weights;          // of a convolution: outputs x inputs / groups x height x width
  bool weights_turned = false;  // inputs x outputs instead, of a fully connected layer
  OnnxWeights bias;             // no type: there is none
  std::vector<double> gain;     // of a batch norm: value * gain + offset, by channel
  std::vector<double> offset;
  Bounds bounds;  // of an activation
};

struct NetworkGraph {
  std::vector<GraphLayer> layers;  // the image first, then in the file's order
  size_t output = 0;               // the layer of spec.logits_layer, else the last one that none reads
  size_t logits = 0;               // the layer that the output's softmax reads; the output when it has none
  bool ends_in_softmax = false;

  std::vector<NetworkLayer> descriptions() const;
};

// REQUIRES: read_onnx_header() took the bytes and gave this header.
// Errors: model: an operation, or a way to use it, that is not known here, by name; no layer spec.logits_layer.
Result<NetworkGraph> read_network_graph(std::string_view bytes, const OnnxHeader& header, const NetworkSpec& spec,
                                        int input_size);

}  // namespace lookalike
