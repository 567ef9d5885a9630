#include "core/vision/onnx/onnx_node_reader.h"

#include <utility>

namespace lookalike {
namespace {

Error node_error(const std::string& what) {
  return {ErrorCode::model, what};
}

}  // namespace

const OnnxWeights* OnnxNodeReader::constant(size_t at) const {
  if (!reads(at)) return nullptr;
  const auto found = weights_.find(node_.inputs[at]);
  return found == weights_.end() ? nullptr : &found->second;
}

Result<bool> OnnxNodeReader::is_given(std::string_view name, size_t at, int64_t since) const {
  const std::string its = "its " + std::string(name);
  const std::string opset = "opset " + std::to_string(opset_);
  const bool is_attribute = has_attribute(node_, name);
  if (opset_ < since) {
    if (reads(at)) return node_error(its + " is an input, which " + opset + " does not have");
    return is_attribute;
  }
  if (is_attribute) return node_error(its + " is an attribute, which " + opset + " reads as an input");
  if (reads(at) && constant(at) == nullptr) return node_error(its + " is computed, not constant");
  return reads(at);
}

Result<std::optional<std::vector<int64_t>>> OnnxNodeReader::integers(std::string_view name, size_t at,
                                                                     int64_t since) const {
  using Given = std::optional<std::vector<int64_t>>;
  const auto given = is_given(name, at, since);
  if (!given.ok()) return given.error();
  if (!*given) return Given();
  if (opset_ < since) return Given(integers_attribute(node_, name, {}));
  auto values = lookalike::integers(*constant(at));
  if (!values) return node_error("its " + std::string(name) + " is no list of 64-bit integers");
  return Given(std::move(*values));
}

Result<std::optional<float>> OnnxNodeReader::number(std::string_view name, size_t at, int64_t since) const {
  using Given = std::optional<float>;
  const auto given = is_given(name, at, since);
  if (!given.ok()) return given.error();
  if (!*given) return Given();
  if (opset_ < since) return Given(float_attribute(node_, name, 0));
  const auto values = floats(*constant(at));
  if (!values || values->size() != 1) return node_error("its " + std::string(name) + " is not one 32-bit number");
  return Given(values->front());
}

}  // namespace lookalike
