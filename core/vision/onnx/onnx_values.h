// Weights and attributes of an ONNX file, found by name.
// Source: onnx.proto of ONNX 1.12. Views point into the file's bytes, which must outlive them.
// Cost: one pass over the graph's fields; no weight is copied before floats() is called.
// Threads: free functions without state.
// Tested by tests/core/vision/onnx/onnx_values_test.cc
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/vision/onnx/onnx_header.h"

namespace lookalike {

struct OnnxWeights {
  uint64_t type = 0;  // onnx.proto's number
  std::vector<int64_t> shape;
  std::string_view values;        // little-endian, not aligned
  std::vector<int64_t> integers;  // where they are stored one by one instead
};

using OnnxWeightsByName = std::unordered_map<std::string, OnnxWeights>;

// The file's initializers and the tensors of its Constant nodes.
// REQUIRES: read_onnx_header() took the bytes and gave this header.
OnnxWeightsByName read_onnx_weights(std::string_view bytes, const OnnxHeader& header);

// 32-bit floats, as many as the shape says.
bool holds_floats(const OnnxWeights& weights);
// Nothing when it does not hold any.
std::optional<std::vector<float>> floats(const OnnxWeights& weights);
// Nothing when they are not 64-bit integers.
std::optional<std::vector<int64_t>> integers(const OnnxWeights& weights);

bool has_attribute(const OnnxNode& node, std::string_view name);
// Of the attribute under that name, or `otherwise` when there is none.
int64_t integer_attribute(const OnnxNode& node, std::string_view name, int64_t otherwise);
float float_attribute(const OnnxNode& node, std::string_view name, float otherwise);
std::string_view text_attribute(const OnnxNode& node, std::string_view name);
std::vector<int64_t> integers_attribute(const OnnxNode& node, std::string_view name, std::vector<int64_t> otherwise);

}  // namespace lookalike
