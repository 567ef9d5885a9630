#include "core/vision/onnx/onnx_values.h"

#include <cstring>
#include <limits>
#include <utility>

#include "core/vision/onnx/protobuf_fields.h"

namespace lookalike {
namespace {

OnnxWeights read_weights(std::string_view message) {
  OnnxWeights weights;
  std::string_view floats;
  for_each_field(message, [&](const ProtobufField& field) {
    if (field.number == kTensorDimension) append_integers(field, weights.shape);
    if (field.number == kTensorType) weights.type = field.value;
    if (field.number == kTensorFloats) floats = field.bytes;
    if (field.number == kTensorIntegers) append_integers(field, weights.integers);
    if (field.number == kTensorRaw) weights.values = field.bytes;
  });
  if (weights.values.empty()) weights.values = floats;
  return weights;
}

std::optional<std::string_view> attribute(const OnnxNode& node, std::string_view name) {
  for (const std::string_view message : node.attributes) {
    if (field_bytes(message, kAttributeName) == name) return message;
  }
  return std::nullopt;
}

// What a Constant node gives: a tensor, or since opset 12 numbers that stand in the attribute itself.
std::optional<OnnxWeights> constant_of(const OnnxNode& node) {
  if (const auto value = attribute(node, "value")) return read_weights(field_bytes(*value, kAttributeTensor));
  if (const auto value = attribute(node, "value_float"))
    return OnnxWeights{.type = kOnnxFloat, .shape = {}, .values = field_bytes(*value, kAttributeFloat), .integers = {}};
  if (const auto value = attribute(node, "value_floats")) {
    const std::string_view floats = field_bytes(*value, kAttributeFloats);
    const auto count = static_cast<int64_t>(floats.size() / sizeof(float));
    return OnnxWeights{.type = kOnnxFloat, .shape = {count}, .values = floats, .integers = {}};
  }
  if (attribute(node, "value_int"))
    return OnnxWeights{
        .type = kOnnxInt64, .shape = {}, .values = {}, .integers = {integer_attribute(node, "value_int", 0)}};
  if (attribute(node, "value_ints")) {
    std::vector<int64_t> integers = integers_attribute(node, "value_ints", {});
    const auto count = static_cast<int64_t>(integers.size());
    return OnnxWeights{.type = kOnnxInt64, .shape = {count}, .values = {}, .integers = std::move(integers)};
  }
  return std::nullopt;
}

// The number of values that the shape holds, nothing when that is absurd.
std::optional<size_t> value_count(const std::vector<int64_t>& shape) {
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();
  int64_t count = 1;
  for (const int64_t size : shape) {
    if (size < 0 || size > kMost || (size > 0 && count > kMost / size)) return std::nullopt;
    count *= size;
  }
  return static_cast<size_t>(count);
}

// What is over behind the last whole number is left out.
template <typename Number>
std::vector<Number> copied(std::string_view bytes) {
  std::vector<Number> numbers(bytes.size() / sizeof(Number));
  if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(Number));
  return numbers;
}

}  // namespace

OnnxWeightsByName read_onnx_weights(std::string_view bytes, const OnnxHeader& header) {
  OnnxWeightsByName found;
  for_each_field(bytes, [&](const ProtobufField& graph) {
    if (graph.number != kModelGraph) return;
    for_each_field(graph.bytes, [&](const ProtobufField& field) {
      if (field.number != kGraphWeights) return;
      found.try_emplace(std::string(field_bytes(field.bytes, kTensorName)), read_weights(field.bytes));
    });
  });
  for (const OnnxNode& node : header.nodes) {
    if (node.operation != "Constant") continue;
    if (auto weights = constant_of(node)) found.try_emplace(node.outputs[0], std::move(*weights));
  }
  return found;
}

bool holds_floats(const OnnxWeights& weights) {
  const auto count = value_count(weights.shape);
  return weights.type == kOnnxFloat && count && weights.values.size() == *count * sizeof(float);
}

std::optional<std::vector<float>> floats(const OnnxWeights& weights) {
  if (!holds_floats(weights)) return std::nullopt;
  return copied<float>(weights.values);
}

std::optional<std::vector<int64_t>> integers(const OnnxWeights& weights) {
  if (weights.type != kOnnxInt64) return std::nullopt;
  if (weights.values.empty()) return weights.integers;
  return copied<int64_t>(weights.values);
}

bool has_attribute(const OnnxNode& node, std::string_view name) {
  return attribute(node, name).has_value();
}

int64_t integer_attribute(const OnnxNode& node, std::string_view name, int64_t otherwise) {
  const auto message = attribute(node, name);
  if (!message) return otherwise;
  int64_t value = 0;
  for_each_field(*message, [&](const ProtobufField& field) {
    if (field.number == kAttributeInteger) value = static_cast<int64_t>(field.value);
  });
  return value;
}

float float_attribute(const OnnxNode& node, std::string_view name, float otherwise) {
  const auto message = attribute(node, name);
  if (!message) return otherwise;
  const std::string_view bytes = field_bytes(*message, kAttributeFloat);
  float value = 0;
  if (bytes.size() == sizeof value) std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::string_view text_attribute(const OnnxNode& node, std::string_view name) {
  const auto message = attribute(node, name);
  return message ? field_bytes(*message, kAttributeText) : std::string_view();
}

std::vector<int64_t> integers_attribute(const OnnxNode& node, std::string_view name, std::vector<int64_t> otherwise) {
  const auto message = attribute(node, name);
  if (!message) return otherwise;
  std::vector<int64_t> values;
  for_each_field(*message, [&](const ProtobufField& field) {
    if (field.number == kAttributeIntegers) append_integers(field, values);
  });
  return values;
}

}  // namespace lookalike
