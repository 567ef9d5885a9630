// An ONNX file's layers as values: what each one computes, on which shapes. It is read without OpenCV, for networks of
// the operations that convolutional classifiers are made of; any other file is answered with why not. Each operation
// is read as the file's opset means it (onnx_node_reader.h).
// Source: onnx/docs/Operators.md and Changelog.md (opsets up to 23); names of layers are those that OpenCV 4.6 gives
// them, and so are types where it has one layer for the same.
// Shapes: batch, channels, height, width as in the file; weights are views into the file's bytes, which must outlive
// the graph.
// Cost: O(layers); no weight is copied but those of batch norms.
// Threads: values; the functions keep no state.
// Tested by tests/core/vision/onnx/network_graph_test.cc
#pragma once

#include <string_view>
#include <vector>

#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/vision/onnx/graph_layer.h"
#include "core/vision/onnx/onnx_header.h"

namespace lookalike {

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
