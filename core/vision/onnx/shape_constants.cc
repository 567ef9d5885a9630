#include <string>
#include <utility>

#include "core/vision/onnx/node_layers.h"
#include "core/vision/onnx/protobuf_fields.h"

namespace lookalike {
namespace {

using Integers = std::optional<std::vector<int64_t>>;

Integers integers_at(const OnnxNodeReader& node, size_t at) {
  const OnnxWeights* const constant = node.constant(at);
  return constant == nullptr ? std::nullopt : integers(*constant);
}

bool is_row(const OnnxNodeReader& node, size_t at) {
  const OnnxWeights* const constant = node.constant(at);
  return constant != nullptr && constant->shape.size() == 1;
}

OnnxWeights constant_of(std::vector<int64_t> shape, std::vector<int64_t> values) {
  return {.type = kOnnxInt64, .shape = std::move(shape), .values = {}, .integers = std::move(values)};
}

OnnxWeights row_of(std::vector<int64_t> values) {
  return constant_of({static_cast<int64_t>(values.size())}, std::move(values));
}

// One number of a row, or several.
std::optional<OnnxWeights> gathered(const OnnxNodeReader& node) {
  const Integers row = integers_at(node, 0);
  const Integers indices = integers_at(node, 1);
  if (!row || !indices || !is_row(node, 0) || integer_attribute(node.node(), "axis", 0) != 0) return std::nullopt;
  std::vector<int64_t> values;
  for (const int64_t index : *indices) {
    const int at = axis_at(index, row->size());
    if (at < 0) return std::nullopt;
    values.push_back((*row)[static_cast<size_t>(at)]);
  }
  if (node.constant(1)->shape.size() > 1) return std::nullopt;
  return constant_of(node.constant(1)->shape, std::move(values));
}

// A row of one number of that number.
std::optional<OnnxWeights> unsqueezed(const OnnxNodeReader& node) {
  const auto axes = node.integers("axes", 1, 13);
  const Integers value = integers_at(node, 0);
  const bool first = axes.ok() && *axes && (**axes == std::vector<int64_t>{0} || **axes == std::vector<int64_t>{-1});
  if (!first || !value || value->size() != 1 || !node.constant(0)->shape.empty()) return std::nullopt;
  return row_of(*value);
}

std::optional<OnnxWeights> concatenated(const OnnxNodeReader& node) {
  if (axis_at(integer_attribute(node.node(), "axis", -2), 1) != 0) return std::nullopt;
  std::vector<int64_t> values;
  for (size_t at = 0; at < node.node().inputs.size(); ++at) {
    const Integers row = integers_at(node, at);
    if (!row || !is_row(node, at) || values.size() + row->size() > 64) return std::nullopt;
    values.insert(values.end(), row->begin(), row->end());
  }
  return row_of(std::move(values));
}

}  // namespace

std::optional<OnnxWeights> shape_constant(const OnnxNodeReader& node, const std::vector<int>& shape) {
  if (has_attribute(node.node(), "start") || has_attribute(node.node(), "end")) return std::nullopt;
  return row_of({shape.begin(), shape.end()});
}

std::optional<OnnxWeights> computed_constant(const OnnxNodeReader& node) {
  const std::string& operation = node.node().operation;
  // Torch writes weights of equal values once, and an Identity for each of the others.
  if (operation == "Identity" && node.constant(0) != nullptr) return *node.constant(0);
  if (operation == "Gather") return gathered(node);
  if (operation == "Unsqueeze") return unsqueezed(node);
  if (operation == "Concat") return concatenated(node);
  const bool same = operation == "Cast" && integer_attribute(node.node(), "to", 0) == static_cast<int>(kOnnxInt64);
  return same && integers_at(node, 0) ? std::optional(*node.constant(0)) : std::nullopt;
}

}  // namespace lookalike
