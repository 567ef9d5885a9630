#include "core/vision/inference/class_scores.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace lookalike {
namespace {

bool has_background(const NetworkSpec& spec, size_t outputs) {
  return outputs == kClassesWithBackground || (!spec.labels.empty() && outputs == spec.labels.size() + 1);
}

std::vector<double> probabilities(std::span<const float> scores, bool are_probabilities) {
  std::vector<double> values(scores.begin(), scores.end());
  if (!are_probabilities) {
    const double largest = *std::max_element(values.begin(), values.end());
    for (double& value : values)
      value = std::exp(value - largest);
  }
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (sum > 0) {
    for (double& value : values)
      value /= sum;
  }
  return values;
}

ClassProbability named(size_t output, double probability, const NetworkSpec& spec, size_t outputs) {
  const size_t first_labelled = spec.labels.empty() ? 0 : outputs - spec.labels.size();
  const size_t index = output - first_labelled;
  const std::string name = spec.labels.empty() ? "class " + std::to_string(index) : spec.labels[index];
  return {.index = static_cast<int>(index), .name = name, .probability = probability};
}

}  // namespace

Status check_labels(const NetworkSpec& spec, int outputs) {
  const auto labels = static_cast<int>(spec.labels.size());
  if (labels == 0 || labels == outputs || labels == outputs - 1) return {};
  return Error{ErrorCode::model, "the network has " + std::to_string(outputs) + " classes, but there are " +
                                     std::to_string(labels) + " class names: it is not the network they belong to"};
}

std::vector<ClassProbability> most_probable(std::span<const float> outputs, const NetworkSpec& spec, int top) {
  const size_t first = has_background(spec, outputs.size()) ? 1 : 0;
  if (outputs.size() <= first || top < 1) return {};
  const std::vector<double> values = probabilities(outputs.subspan(first), spec.logits_are_probabilities);
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const size_t kept = std::min(order.size(), static_cast<size_t>(top));
  std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(kept), order.end(),
                    [&](size_t a, size_t b) { return values[a] != values[b] ? values[a] > values[b] : a < b; });
  std::vector<ClassProbability> classes;
  for (size_t i = 0; i < kept; ++i) {
    classes.push_back(named(first + order[i], values[order[i]], spec, outputs.size()));
  }
  return classes;
}

}  // namespace lookalike
