// A part of a network run by XNNPACK, a library of kernels that are several times faster on one core than OpenCV 4.6's:
// 32-bit floats, channels last, batch norms folded into the convolutions before them, activations into what is before
// them. Agrees with OpenCV to about 1e-6.
// Source: https://github.com/google/XNNPACK, include/xnnpack.h (subgraph API).
// Cost: build() packs the weights once, about 10 ms for MobileNetV2; run() allocates nothing.
// Threads: an XnnpackNetwork belongs to one thread at a time; build() from any.
// Tested by tests/core/vision/xnnpack_network_test.cc
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/vision/network_graph.h"

namespace lookalike {

class XnnpackNetwork {
 public:
  // The layers that `end` needs of those behind `start`. REQUIRES: start != end.
  // Errors: model: what XNNPACK cannot do; `end` needs more than what `start` gives.
  static Result<std::unique_ptr<XnnpackNetwork>> build(const NetworkGraph& graph, size_t start, size_t end);
  virtual ~XnnpackNetwork() = default;

  // To be filled before run(): the values of `start` in H, W, C order.
  virtual std::span<float> input() = 0;
  // The values of `end` in H, W, C order, until the next run(). Errors: model.
  virtual Result<std::span<const float>> run() = 0;
};

}  // namespace lookalike
