// A network's last output to named classes.
// Threads: free functions without state.
// Tested by tests/core/vision/inference/class_scores_test.cc
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/vision/inference/embedder.h"

namespace lookalike {

// A network trained on ImageNet with a class for "nothing of these" has 1001 outputs, the first of them that one.
inline constexpr int kClassesWithBackground = 1001;

// Errors: model, when `outputs` classes cannot carry spec.labels. No labels fit any number.
Status check_labels(const NetworkSpec& spec, int outputs);

// The `top` most probable classes, most probable first, the background left out before the softmax, as the original
// program does; equal ones in the order of the labels. Sums and exponentials are in double.
// REQUIRES: check_labels() passed for outputs.size(); all values finite
std::vector<ClassProbability> most_probable(std::span<const float> outputs, const NetworkSpec& spec, int top);

}  // namespace lookalike
