// A layer that is being read from its node. The functions that read one kind each are in weighted_layers.h,
// window_layers.h, plain_layers.h and view_layers.h. Internal to this folder.
// Threads: values and views.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/vision/onnx/graph_layer.h"
#include "core/vision/onnx/onnx_node_reader.h"

namespace lookalike {

inline constexpr int kMaxSide = 1 << 16;

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

}  // namespace lookalike
