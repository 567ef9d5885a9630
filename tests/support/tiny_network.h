// A classifier of a few kilobytes for tests that need a network but not its knowledge: the same picture always gets
// the same embedding, and different pictures get different ones.
// Shapes: 1 x 3 x S x S in; three small convolutions, the last a linear bottleneck of 8 channels at a quarter of the
// size (8 x 8 x 8 = 512 numbers for 32), which the finder picks by shape as "bottleneck"; 32 pooled channels "pool".
// Threads: free functions without state.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/network_spec.h"

namespace lookalike {

struct TinyNetwork {
  int input_size = 32;  // a multiple of 4
  int classes = 1000;
  bool softmax = false;  // ends in probabilities
  std::string file = "tiny.onnx";
};

std::string tiny_network_bytes(const TinyNetwork& options = {});

// Writes the file into the folder. The spec's labels are "thing 0", "thing 1", ...
NetworkSpec write_tiny_network(const std::filesystem::path& folder, const TinyNetwork& options = {});

}  // namespace lookalike
