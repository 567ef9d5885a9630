// Which nodes OpenCV 4.6 computes rightly. It reads files of every opset by the rules of about opset 11, and where a
// later or earlier one differs it computes something else without a word: a ReduceMean of opset 18 over all axes, a
// Split of opset 13 in equal parts, a Softmax of opset 9 over one axis. So a node is run by it only when its operator,
// its opset and the way it is used are among those that were compared with torch's values, and no network of other
// nodes is.
// Source: modules/dnn/src/onnx/onnx_importer.cpp of OpenCV 4.6, and comparisons of each form with torch 1.13.
// Threads: free functions. Tested by tests/core/vision/inference/opencv_operators_test.cc
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/vision/onnx/onnx_header.h"

namespace lookalike {

// Looks at operators, attributes and constants alone. REQUIRES: read_onnx_header() took the bytes and gave this header.
// Errors: model, naming the node, its opset and the next step.
Status check_opencv_operators(std::string_view bytes, const OnnxHeader& header);

using ShapesByTensor = std::unordered_map<std::string, std::vector<int>>;

// What depends on the sizes of what a node reads: the axis of a Softmax, sides that are repeated to fit.
// `shapes`: as OpenCV found them; a tensor that is not there makes its reader an error.
Status check_opencv_shapes(std::string_view bytes, const OnnxHeader& header, const ShapesByTensor& shapes);

}  // namespace lookalike
