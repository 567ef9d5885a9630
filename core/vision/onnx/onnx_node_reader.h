// What a node of an ONNX file says, read as its opset means it. Many operators had lists and bounds as attributes that
// later opsets read as inputs instead (axes of a ReduceMean: an attribute up to opset 17, an input since). A reader
// that looks in one place only takes the default and computes something else without a word; so each such value is
// asked for here by name, place and opset, and what stands in the wrong place is an error.
// Worked example, integers("axes", 1, 18) of a ReduceMean. Opset 13: the attribute "axes"; an input 1 is an error.
// Opset 18: the constant input 1; an attribute "axes" is an error, and so is an input that the network computes.
// Source: onnx/docs/Changelog.md.
// Threads: a view, as long as node and weights live.
// Tested by tests/core/vision/onnx/onnx_node_reader_test.cc
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/vision/onnx/onnx_values.h"

namespace lookalike {

// The newest opset whose changes to the operators used here were read.
inline constexpr int64_t kNewestOpset = 23;

class OnnxNodeReader {
 public:
  OnnxNodeReader(const OnnxNode& node, int64_t opset, const OnnxWeightsByName& weights)
      : node_(node), opset_(opset), weights_(weights) {}

  const OnnxNode& node() const { return node_; }
  int64_t opset() const { return opset_; }

  // The node has an input there: one may be left out by an empty name.
  bool reads(size_t at) const { return at < node_.inputs.size() && !node_.inputs[at].empty(); }
  // The constant that it reads there; null when there is none, or the network computes it.
  const OnnxWeights* constant(size_t at) const;

  // An attribute before opset `since`, the constant input `at` from then on. Nothing: not given.
  // Errors: model: it stands where this opset does not have it, or is no constant.
  Result<std::optional<std::vector<int64_t>>> integers(std::string_view name, size_t at, int64_t since) const;
  Result<std::optional<float>> number(std::string_view name, size_t at, int64_t since) const;

 private:
  // True: it is there, as an input when the opset has it so, else as an attribute.
  Result<bool> is_given(std::string_view name, size_t at, int64_t since) const;

  const OnnxNode& node_;
  int64_t opset_;
  const OnnxWeightsByName& weights_;
};

}  // namespace lookalike
