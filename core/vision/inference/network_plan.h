// What is to be computed for one layer of a network, in order: layers that no one else reads are folded into the one
// before them, weights are in the order that channels-last kernels want.
// Shapes: height x width x channels; weights outputs x height x width x inputs, depthwise 1 x height x width x outputs.
// Cost: copies the weights of the layers that are needed, once.
// Threads: values; the function keeps no state.
// Tested by tests/core/vision/inference/network_plan_test.cc
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/base/result.h"
#include "core/vision/onnx/network_graph.h"

namespace lookalike {

struct PlanStep {
  Operation operation = Operation::pass;  // never image, batch_norm, channel_sum or pass
  std::vector<size_t> inputs;             // values: 0 is the start, n + 1 what step n gives
  std::array<size_t, 3> shape{};          // of what it gives
  Window window;
  int groups = 1;
  bool depthwise = false;  // each input channel on its own
  std::vector<float> weights;
  std::vector<float> bias;  // one an output channel
  Bounds bounds;
  float value = 0;   // what a pad fills with, a leaky relu's slope
  size_t first = 0;  // channel of a slice
};

struct NetworkPlan {
  std::array<size_t, 3> start_shape{};
  std::vector<PlanStep> steps;  // the last one gives the end; none: start and end hold the same values
};

// Errors: model: `end` needs layers that do not come from `start`.
Result<NetworkPlan> plan_network(const NetworkGraph& graph, size_t start, size_t end);

}  // namespace lookalike
