// An ONNX file loaded by OpenCV's dnn, its layers known by name and shape.
// Internal to this folder: with opencv_embedder.cc the only code that sees cv::dnn.
// Cost: MobileNetV2 (14 MB) loads in about 50 ms of one core and keeps about 25 MB.
// Threads: an OpenCvNetwork belongs to one thread at a time.
// Tested by tests/core/vision/inference/embedder_loader_test.cc
#pragma once

#include <opencv2/dnn.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/vision/inference/network_file.h"
#include "core/vision/onnx/network_layer.h"
#include "core/vision/onnx/onnx_header.h"

namespace lookalike {

struct OpenCvNetwork {
  cv::dnn::Net net;
  int input_size = 0;                // the file's where it says one, else the spec's
  std::vector<NetworkLayer> layers;  // inputs before those who read them
  size_t output = 0;                 // the layer of spec.logits_layer, else the last of the file's outputs
  size_t logits = 0;                 // the layer that the output's softmax reads; the output when it has none
  bool ends_in_softmax = false;
};

// Errors: model, naming the file, with the next step.
Result<OpenCvNetwork> load_opencv_network(const NetworkFile& file, const NetworkSpec& spec);

// What OpenCV threw, on one line.
std::string reason_of(const std::exception& exception);

// OpenCV's process-wide switches, thrown once: no threads of its own (a network on each core is faster than one on
// all), and no word on standard error. load_opencv_network() calls it.
void use_one_thread_per_network();

// Which nodes OpenCV 4.6 computes rightly: only those that were compared (opencv_operators.cc).

// Looks at operators, attributes and constants alone. REQUIRES: read_onnx_header() took the bytes and gave this header.
// Errors: model, naming the node, its opset and the next step.
Status check_opencv_operators(std::string_view bytes, const OnnxHeader& header);

using ShapesByTensor = std::unordered_map<std::string, std::vector<int>>;

// What depends on the sizes of what a node reads: the axis of a Softmax, sides that are repeated to fit.
// `shapes`: as OpenCV found them; a tensor that is not there makes its reader an error.
Status check_opencv_shapes(std::string_view bytes, const OnnxHeader& header, const ShapesByTensor& shapes);

}  // namespace lookalike
