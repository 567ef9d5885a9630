// A part of a network run by XNNPACK, a library of kernels that are several times faster on one core than OpenCV 4.6's:
// 32-bit floats, channels last, batch norms folded into the convolutions before them, activations into what is before
// them. Agrees with OpenCV to about 1e-6.
// XNNPACK's older versions cannot put channels side by side or take some of them: the plan is cut there into pieces
// that XNNPACK runs, and the copying is done in between.
// Source: https://github.com/google/XNNPACK, include/xnnpack.h (subgraph API).
// Cost: build() packs the weights once, about 10 ms for MobileNetV2; run() allocates nothing.
// Threads: an XnnpackNetwork belongs to one thread at a time; build() from any. Networks of one plan share its weights,
// next to which each keeps a packed copy.
// Tested by tests/core/vision/inference/xnnpack_embedder_test.cc and operators_test.cc
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/vision/inference/network_plan.h"

namespace lookalike {

class XnnpackNetwork {
 public:
  // Errors: model: what XNNPACK cannot do; a plan without steps.
  static Result<std::unique_ptr<XnnpackNetwork>> build(std::shared_ptr<const NetworkPlan> plan);
  virtual ~XnnpackNetwork() = default;

  // To be filled before run(): the values of the plan's start in H, W, C order.
  virtual std::span<float> input() = 0;
  // The values of its end in H, W, C order, until the next run(). Errors: model.
  virtual Result<std::span<const float>> run() = 0;
};

}  // namespace lookalike
