#include "core/vision/inference/network_classes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <optional>
#include <tuple>
#include <vector>

#include "core/base/text/nearest_word.h"
#include "core/base/text/numbers.h"
#include "core/base/text/text.h"

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

constexpr size_t kMaxSuggestions = 5;
constexpr size_t kMaxComparedLength = 100;

Error usage(const std::string& what) {
  return {ErrorCode::usage, what};
}

std::string numbered(std::span<const std::string> labels, size_t index) {
  return fmt::format("#{} ({})", index, labels[index]);
}

Result<NamedClass> find_by_number(std::span<const std::string> labels, std::string_view text) {
  const auto number = parse_number<size_t>(text.substr(1));
  if (!number) return usage("a class is numbered as in #281, not \"" + terminal_safe(text) + "\"");
  const size_t index = *number;
  if (labels.empty()) return NamedClass{index, "class " + std::to_string(index)};
  if (index < labels.size()) return NamedClass{index, labels[index]};
  return usage(
      fmt::format("there is no class {}: the network's are #0 to #{}", terminal_safe(text), labels.size() - 1));
}

// As "word (label)", nearest first: those that contain what was written, then those a few letters away.
std::string suggestions(std::span<const std::string> labels, const std::string& wanted) {
  std::vector<std::tuple<bool, size_t, std::string>> ranked;  // contains it not, distance, name
  for (const std::string& label : labels) {
    for (const std::string& part : split(label, ',')) {
      const std::string name = tag_key(part);
      if (name.empty()) continue;
      const bool contains = name.find(wanted) != std::string::npos || wanted.find(name) != std::string::npos;
      ranked.emplace_back(!contains, edit_distance(name.substr(0, kMaxComparedLength), wanted), trim(part));
    }
  }
  std::sort(ranked.begin(), ranked.end());
  ranked.erase(std::unique(ranked.begin(), ranked.end()), ranked.end());
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(kMaxSuggestions, ranked.size()); ++i)
    names.push_back(std::get<2>(ranked[i]));
  return join(names, ", ");
}

std::vector<size_t> classes_with(std::span<const std::string> labels, const std::string& wanted, bool synonyms) {
  std::vector<size_t> found;
  for (size_t i = 0; i < labels.size(); ++i) {
    const auto parts = synonyms ? split(labels[i], ',') : std::vector<std::string>{labels[i]};
    if (std::any_of(parts.begin(), parts.end(), [&](const std::string& part) { return tag_key(part) == wanted; })) {
      found.push_back(i);
    }
  }
  return found;
}

}  // namespace

Status check_labels(const NetworkSpec& spec, int outputs) {
  const auto labels = static_cast<int>(spec.labels.size());
  if (labels == 0 || labels == outputs || labels == outputs - 1) return {};
  return Error{
      ErrorCode::model,
      fmt::format("the network has {} classes, but there are {} class names: it is not the network they belong to",
                  outputs, labels)};
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

Result<NamedClass> find_class(std::span<const std::string> labels, std::string_view text) {
  text = trim(text);
  if (text.starts_with('#')) return find_by_number(labels, text);
  const std::string shown = "\"" + terminal_safe(text) + "\"";
  if (labels.empty()) {
    return usage("the network's classes have no names that could be " + shown + ": give a number, as in class:#281");
  }
  const std::string wanted = tag_key(text);
  if (wanted.empty()) return usage("no class is named: give a name or a number, as in class:tabby or class:#281");
  std::vector<size_t> found = classes_with(labels, wanted, false);
  if (found.empty()) found = classes_with(labels, wanted, true);
  if (found.size() == 1) return NamedClass{found[0], labels[found[0]]};
  if (found.empty()) {
    return usage("the network knows no class " + shown +
                 "; near it: " + suggestions(labels, wanted.substr(0, kMaxComparedLength)));
  }
  std::vector<std::string> choices;
  for (const size_t index : found)
    choices.push_back(numbered(labels, index));
  return usage(shown + " names several classes: choose " + join(choices, ", "));
}

}  // namespace lookalike
