// What an ONNX file says about itself, read without loading its weights: input sizes and tensor names, which OpenCV
// 4.6 does not tell. Only what is needed of the protocol-buffer encoding is read; the rest is stepped over.
// Source: onnx.proto of ONNX 1.12 (field numbers), protobuf.dev/programming-guides/encoding (wire format).
// Cost: one pass over the nodes; weights are skipped by their length.
// Threads: free functions without state.
// Tested by tests/core/vision/onnx/onnx_header_test.cc
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

struct OnnxTensor {
  std::string name;
  std::vector<int64_t> shape;  // -1 where the file leaves it open
};

struct OnnxNode {
  std::string name;  // may be empty
  std::string operation;
  std::string domain;               // empty: a standard operation
  std::vector<std::string> inputs;  // an empty name stands for one left out
  std::vector<std::string> outputs;
  std::vector<std::string_view> attributes;  // messages within the bytes that were read: see onnx_values.h
};

struct OnnxHeader {
  int64_t opset = 0;               // of the standard operations; 0 when not given
  std::vector<OnnxTensor> inputs;  // without those that are weights
  std::vector<OnnxNode> nodes;     // each behind those that it reads
};

// Errors: model, when the bytes are no ONNX network, are cut off, or do not hold together: a layer reads what nothing
// gives, a weight tensor has another length than its shape. OpenCV would read past the end of those.
Result<OnnxHeader> read_onnx_header(std::string_view bytes);

// The same file with the input's shape replaced: OpenCV 4.6 computes wrong shapes from sizes that are left open.
// REQUIRES: read_onnx_header() took the bytes, and `input` is one of its inputs.
std::string with_input_shape(std::string_view bytes, const OnnxTensor& input);

// "1 x 3 x 224 x 224", "?" for what is open.
std::string shape_text(const std::vector<int64_t>& shape);
std::string shape_text(const std::vector<int>& shape);

}  // namespace lookalike
