// A network's file, read and checked: one image in, of a known size. It is read once and kept as long as anything made
// of it, so that a file that is replaced meanwhile changes nothing.
// Threads: values; the function keeps no state.
// Tested by tests/core/vision/inference/embedder_loader_test.cc
#pragma once

#include <memory>
#include <string>

#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/vision/onnx/onnx_header.h"

namespace lookalike {

struct NetworkFile {
  std::string sha256;                        // of the bytes
  std::unique_ptr<const std::string> bytes;  // where the header's views point
  OnnxHeader header;
  int input_size = 0;  // the file's where it says one, else the spec's
};

// Errors: model, naming the file, with the next step: not there, no such network, other bytes than spec.sha256 says.
Result<NetworkFile> read_network_file(const NetworkSpec& spec);

}  // namespace lookalike
