// Integers that a network computes of its own sizes before it reshapes something to them: Shape, Gather, Unsqueeze,
// Concat and Cast, as torch writes x.view(x.size(0), -1). They are known as soon as the sizes are.
// Threads: free functions without state. Tested by tests/core/vision/inference/operators_test.cc
#pragma once

#include <optional>
#include <vector>

#include "core/vision/onnx/onnx_node_reader.h"

namespace lookalike {

// Of a Shape node: the sides of what it reads. Nothing when it takes only some of them.
std::optional<OnnxWeights> shape_constant(const OnnxNodeReader& node, const std::vector<int>& shape);

// Of a node that reads nothing but constants. Nothing when it is another operation, or used in another way.
std::optional<OnnxWeights> computed_constant(const OnnxNodeReader& node);

}  // namespace lookalike
