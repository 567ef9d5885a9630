// What each kind of node of an ONNX file becomes: a function a kind fills in the layer that is being read from its
// node. Internal to this folder.
// Shapes: as in graph_layer.h. Errors of all: model: what about the node is not known.
// Threads: values and views; free functions.
// Tested by tests/core/vision/inference/operators_test.cc
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/vision/onnx/graph_layer.h"
#include "core/vision/onnx/onnx_node_reader.h"

namespace lookalike {

inline constexpr int kMaxSide = 1 << 16;

// A layer that is being read from its node.
struct LayerDraft {
  OnnxNodeReader node;
  std::vector<const GraphLayer*> inputs;  // the layers that it reads, at least one
  GraphLayer layer;                       // name and inputs are there; the rest is filled in

  const GraphLayer& input(size_t at = 0) const { return *inputs[at]; }
  const std::vector<int>& input_shape(size_t at = 0) const { return inputs[at]->description.shape; }

  // As the first input.
  void keep_shape() {
    layer.description.shape = input_shape();
    layer.places = input().places;
  }
  // An image's planes.
  void set_planes(int height, int width, int channels) {
    layer.description.shape = {1, channels, height, width};
    layer.places = {height, width, channels};
  }
};

inline Error refusal(const std::string& what) {
  return {ErrorCode::model, what};
}

// Of an axis counted from the front, or from the back when negative; -1: there is none.
inline int axis_at(int64_t axis, size_t rank) {
  const auto sides = static_cast<int64_t>(rank);
  if (axis < -sides || axis >= sides) return -1;
  return static_cast<int>(axis < 0 ? axis + sides : axis);
}

// Layers that have weights: Conv, Gemm, MatMul, BatchNormalization (weighted_layers.cc).
Status fill_convolution(LayerDraft& draft);
Status fill_gemm(LayerDraft& draft);
Status fill_matmul(LayerDraft& draft);
Status fill_batch_norm(LayerDraft& draft);

// Layers that look at places through a window, or at all of them: pools, reductions, borders (window_layers.cc).
// The window of a convolution or a pool on the planes that it reads: with the pads that auto_pad stands for, and what
// ceil_mode adds at the end. Fills in the planes behind it, as many as before. REQUIRES: a kernel in draft.layer.window
// where the node may leave it out.
Status place_window(LayerDraft& draft);

Status fill_pool(LayerDraft& draft);         // MaxPool, AveragePool
Status fill_global_pool(LayerDraft& draft);  // GlobalMaxPool, GlobalAveragePool
// ReduceMean, ReduceMax and ReduceSum, over all places or over the channels.
Status fill_reduction(LayerDraft& draft);
Status fill_pad(LayerDraft& draft);

// Layers that work value by value: activations, sums and products, softmax, and what changes nothing (plain_layers.cc).
// A sum or product with constants, one or one a channel, is a batch norm.
Status fill_relu(LayerDraft& draft);
Status fill_clip(LayerDraft& draft);
Status fill_leaky_relu(LayerDraft& draft);
Status fill_sigmoid(LayerDraft& draft);
Status fill_hard_sigmoid(LayerDraft& draft);
Status fill_hard_swish(LayerDraft& draft);
Status fill_softmax(LayerDraft& draft);
Status fill_identity(LayerDraft& draft);
Status fill_dropout(LayerDraft& draft);
Status fill_arithmetic(LayerDraft& draft);  // Add, Sum, Sub, Mul, Div

// Layers that only look at values in another way: reshapes, which may add or drop sides of 1 around the channels of a
// single place or around one plane, and choices and rows of channels (view_layers.cc). Anything that would mix places
// and channels is refused.
Status fill_flatten(LayerDraft& draft);
Status fill_reshape(LayerDraft& draft);
Status fill_squeeze(LayerDraft& draft);
Status fill_unsqueeze(LayerDraft& draft);
Status fill_transpose(LayerDraft& draft);
Status fill_concat(LayerDraft& draft);
Status fill_gather(LayerDraft& draft);  // one channel
Status fill_slice(LayerDraft& draft);   // a row of channels

// Integers that a network computes of its own sizes before it reshapes something to them: Shape, Gather, Unsqueeze,
// Concat and Cast, as torch writes x.view(x.size(0), -1). They are known as soon as the sizes are (shape_constants.cc).
// Of a Shape node: the sides of what it reads. Nothing when it takes only some of them.
std::optional<OnnxWeights> shape_constant(const OnnxNodeReader& node, const std::vector<int>& shape);

// Of a node that reads nothing but constants. Nothing when it is another operation, or used in another way.
std::optional<OnnxWeights> computed_constant(const OnnxNodeReader& node);

}  // namespace lookalike
