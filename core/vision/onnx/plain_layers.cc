#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "core/vision/onnx/node_layers.h"

namespace lookalike {
namespace {

Status fill_alone(LayerDraft& draft, Operation operation, const char* type) {
  if (draft.inputs.size() != 1) return refusal("reads more than one layer");
  draft.keep_shape();
  draft.layer.operation = operation;
  draft.layer.description.type = type;
  return {};
}

Status fill_activation(LayerDraft& draft, const char* type, const Bounds& bounds) {
  if (!(bounds.low < bounds.high)) return refusal("its bounds leave nothing between them");
  draft.layer.bounds = bounds;
  return fill_alone(draft, Operation::activation, type);
}

// One value, or one for each channel, that leaves the layer's shape as it is. Sides are compared from the last one.
bool is_by_channel(const OnnxWeights& constant, const std::vector<int>& shape) {
  if (constant.shape.size() > shape.size()) return false;
  const size_t missing = shape.size() - constant.shape.size();
  for (size_t i = 0; i < constant.shape.size(); ++i) {
    const bool channels = missing + i == 1 && constant.shape[i] == shape[1];
    if (constant.shape[i] != 1 && !channels) return false;
  }
  return true;
}

// Of layer (operation) constant, for one value.
struct Line {
  double gain = 1;
  double offset = 0;
};

Line line_of(const std::string& operation, double value, bool constant_first) {
  if (operation == "Mul") return {.gain = value};
  if (operation == "Div") return {.gain = 1 / value};
  if (operation == "Sub" && constant_first) return {.gain = -1, .offset = value};
  return {.offset = operation == "Sub" ? -value : value};
}

Status fill_with_constant(LayerDraft& draft, size_t constant_at) {
  const std::string& operation = draft.node.node().operation;
  const OnnxWeights& constant = *draft.node.constant(constant_at);
  const auto values = floats(constant);
  if (draft.node.opset() < 7) return refusal("its opset stretches constants in a way that is not known");
  if (!values || values->empty()) return refusal("its constant does not hold 32-bit floats");
  if (!is_by_channel(constant, draft.input_shape())) return refusal("its constant is not one number a channel");
  if (operation == "Div" && (constant_at == 0 || std::ranges::count(*values, 0.0f) > 0))
    return refusal("divides by a layer or by zero");
  draft.keep_shape();
  GraphLayer& layer = draft.layer;
  layer.operation = Operation::batch_norm;
  layer.description.type = "Scale";
  for (size_t channel = 0; channel < static_cast<size_t>(layer.places[2]); ++channel) {
    const Line line = line_of(operation, (*values)[values->size() == 1 ? 0 : channel], constant_at == 0);
    layer.gain.push_back(line.gain);
    layer.offset.push_back(line.offset);
  }
  return {};
}

// Sides of 1 are repeated to the other layer's, which must be of as many sides.
Status fill_two_layers(LayerDraft& draft) {
  const std::string& operation = draft.node.node().operation;
  const bool product = operation == "Mul";
  if (!product && operation != "Add" && operation != "Sum") return refusal("is not known for two layers");
  const std::vector<int>& first = draft.input_shape(0);
  const std::vector<int>& second = draft.input_shape(1);
  if (first != second && draft.node.opset() < 7) return refusal("reads layers of different sizes");
  if (first.size() != second.size()) return refusal("reads layers of different sizes");
  draft.keep_shape();
  GraphLayer& layer = draft.layer;
  for (size_t i = 0; i < first.size(); ++i) {
    if (first[i] != second[i] && first[i] != 1 && second[i] != 1) return refusal("reads layers of different sizes");
    layer.description.shape[i] = std::max(first[i], second[i]);
  }
  for (size_t i = 0; i < layer.places.size(); ++i)
    layer.places[i] = std::max(draft.input(0).places[i], draft.input(1).places[i]);
  layer.operation = product ? Operation::multiply : Operation::add;
  layer.description.type = product ? "Product" : "Eltwise";
  return {};
}

}  // namespace

Status fill_relu(LayerDraft& draft) {
  return fill_activation(draft, "ReLU", {.low = 0});
}

Status fill_clip(LayerDraft& draft) {
  const auto low = draft.node.number("min", 1, 11);
  if (!low.ok()) return low.error();
  const auto high = draft.node.number("max", 2, 11);
  if (!high.ok()) return high.error();
  return fill_activation(draft, "ReLU6", {.low = low->value_or(Bounds().low), .high = high->value_or(Bounds().high)});
}

Status fill_leaky_relu(LayerDraft& draft) {
  draft.layer.value = float_attribute(draft.node.node(), "alpha", 0.01f);
  if (!(draft.layer.value > 0 && draft.layer.value < 1)) return refusal("its slope is not between 0 and 1");
  return fill_alone(draft, Operation::leaky_relu, "ReLU");
}

Status fill_sigmoid(LayerDraft& draft) {
  return fill_alone(draft, Operation::sigmoid, "Sigmoid");
}

// max(0, min(1, alpha * value + beta))
Status fill_hard_sigmoid(LayerDraft& draft) {
  const double alpha = float_attribute(draft.node.node(), "alpha", 0.2f);
  const double beta = float_attribute(draft.node.node(), "beta", 0.5f);
  if (const Status filled = fill_alone(draft, Operation::batch_norm, "HardSigmoid"); !filled.ok()) return filled;
  draft.layer.gain.assign(static_cast<size_t>(draft.layer.places[2]), alpha);
  draft.layer.offset.assign(static_cast<size_t>(draft.layer.places[2]), beta);
  draft.layer.bounds = {.low = 0, .high = 1};
  return {};
}

Status fill_hard_swish(LayerDraft& draft) {
  return fill_alone(draft, Operation::hard_swish, "HardSwish");
}

// Up to opset 12 over all that is behind an axis (1 when not given), since then over one axis (the last).
Status fill_softmax(LayerDraft& draft) {
  if (const Status filled = fill_alone(draft, Operation::softmax, "Softmax"); !filled.ok()) return filled;
  const std::vector<int>& shape = draft.layer.description.shape;
  const bool flattens = draft.node.opset() < 13;
  const int axis = axis_at(integer_attribute(draft.node.node(), "axis", flattens ? 1 : -1), shape.size());
  const bool over_channels = axis == 1 || (axis == 0 && flattens);
  if (over_channels && shape.size() != 3 && draft.layer.places[0] * draft.layer.places[1] == 1) return {};
  return refusal("not over the classes of one image");
}

Status fill_identity(LayerDraft& draft) {
  return fill_alone(draft, Operation::pass, "Identity");
}

Status fill_dropout(LayerDraft& draft) {
  const OnnxNodeReader& node = draft.node;
  const bool once_training = node.opset() < 7 && integer_attribute(node.node(), "is_test", 0) == 0;
  const OnnxWeights* const training = node.constant(2);
  const bool off = training != nullptr && !training->values.empty() &&
                   std::ranges::all_of(training->values, [](char byte) { return byte == 0; });
  if (once_training || (node.reads(2) && !off)) return refusal("is in training mode");
  return fill_alone(draft, Operation::pass, "Dropout");
}

Status fill_arithmetic(LayerDraft& draft) {
  if (draft.node.node().inputs.size() != 2) return refusal("does not read two values");
  if (draft.inputs.size() == 2) return fill_two_layers(draft);
  for (size_t at = 0; at < 2; ++at) {
    if (draft.node.constant(at) != nullptr) return fill_with_constant(draft, at);
  }
  return refusal("does not read two values");
}

}  // namespace lookalike
