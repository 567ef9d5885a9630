#include <array>
#include <cmath>
#include <utility>

#include "core/vision/onnx/node_layers.h"

namespace lookalike {
namespace {

// Fully connected layers are convolutions of a single place. Errors: the bias does not fit.
Status set_weights(LayerDraft& draft, int outputs) {
  const OnnxWeights* const bias = draft.node.constant(2);
  if (draft.node.reads(2) && bias == nullptr) return refusal("its bias is no constant");
  if (bias != nullptr && (!holds_floats(*bias) || bias->values.size() != sizeof(float) * static_cast<size_t>(outputs)))
    return refusal("its bias has another length");
  GraphLayer& layer = draft.layer;
  if (bias != nullptr) layer.bias = *bias;
  layer.weights = *draft.node.constant(1);
  for (const int64_t size : layer.weights.shape)
    layer.description.weights.push_back(static_cast<int>(size));
  layer.operation = Operation::convolution;
  return {};
}

Status fill_fully_connected(LayerDraft& draft, bool turned) {
  const OnnxWeights* const weights = draft.node.constant(1);
  const size_t outputs_at = turned ? 1 : 0;
  const bool fits = weights != nullptr && weights->shape.size() == 2 && draft.inputs.size() == 1 &&
                    draft.input_shape().size() == 2 && weights->shape[1 - outputs_at] == draft.input_shape()[1] &&
                    weights->shape[outputs_at] >= 1 && weights->shape[outputs_at] <= kMaxSide && holds_floats(*weights);
  if (!fits) return refusal("its weights do not fit what it reads");
  const int outputs = static_cast<int>(weights->shape[outputs_at]);
  draft.layer.weights_turned = turned;
  draft.layer.description.type = "InnerProduct";
  draft.layer.description.shape = {1, outputs};
  draft.layer.places = {1, 1, outputs};
  return set_weights(draft, outputs);
}

// Trained networks use the averages that are stored in them; in training mode those of the image are meant.
bool is_in_training(const OnnxNodeReader& node) {
  if (node.opset() < 7 && integer_attribute(node.node(), "is_test", 0) == 0) return true;
  for (size_t i = 1; i < node.node().outputs.size(); ++i) {
    if (!node.node().outputs[i].empty()) return true;
  }
  return integer_attribute(node.node(), "training_mode", 0) != 0;
}

}  // namespace

Status fill_convolution(LayerDraft& draft) {
  const OnnxWeights* const weights = draft.node.constant(1);
  if (weights == nullptr || weights->shape.size() != 4 || draft.inputs.size() != 1)
    return refusal("its weights are no constants of four sides");
  const bool small = weights->shape[2] >= 1 && weights->shape[2] <= kMaxSide && weights->shape[3] >= 1 &&
                     weights->shape[3] <= kMaxSide;
  if (!small) return refusal("its weights do not fit what it reads");
  draft.layer.description.type = "Convolution";
  const std::array<int, 2> kernel{static_cast<int>(weights->shape[2]), static_cast<int>(weights->shape[3])};
  draft.layer.window.kernel = kernel;
  if (const Status placed = place_window(draft); !placed.ok()) return placed;
  const int64_t groups = integer_attribute(draft.node.node(), "group", 1);
  const int64_t inputs = draft.input_shape()[1];
  const bool fits = draft.layer.window.kernel == kernel && groups >= 1 && groups <= inputs && inputs % groups == 0 &&
                    weights->shape[1] == inputs / groups && weights->shape[0] >= 1 && weights->shape[0] <= kMaxSide &&
                    weights->shape[0] % groups == 0 && holds_floats(*weights);
  if (!fits) return refusal("its weights do not fit what it reads");
  draft.layer.groups = static_cast<int>(groups);
  const int outputs = static_cast<int>(weights->shape[0]);
  draft.set_planes(draft.layer.places[0], draft.layer.places[1], outputs);
  return set_weights(draft, outputs);
}

Status fill_gemm(LayerDraft& draft) {
  const OnnxNode& node = draft.node.node();
  const bool plain = float_attribute(node, "alpha", 1) == 1 && float_attribute(node, "beta", 1) == 1 &&
                     integer_attribute(node, "transA", 0) == 0;
  if (!plain) return refusal("it scales or turns what it reads");
  return fill_fully_connected(draft, integer_attribute(node, "transB", 0) == 0);
}

Status fill_matmul(LayerDraft& draft) {
  return fill_fully_connected(draft, true);
}

Status fill_batch_norm(LayerDraft& draft) {
  const OnnxNode& node = draft.node.node();
  if (draft.inputs.size() != 1) return refusal("reads more than one layer");
  if (is_in_training(draft.node)) return refusal("is in training mode");
  if (integer_attribute(node, "spatial", 1) != 1) return refusal("has values for each place");
  draft.keep_shape();
  GraphLayer& layer = draft.layer;
  layer.description.type = "BatchNorm";
  layer.operation = Operation::batch_norm;
  const auto channels = static_cast<size_t>(layer.places[2]);
  if (layer.description.shape.size() == 3) return refusal("does not read an image's planes");
  std::array<std::vector<float>, 4> values;  // scale, bias, mean, variance
  for (size_t i = 0; i < values.size(); ++i) {
    const OnnxWeights* const weights = draft.node.constant(i + 1);
    auto known = weights == nullptr ? std::nullopt : floats(*weights);
    if (!known || known->size() != channels) return refusal("its values are no constants, one a channel");
    values[i] = std::move(*known);
  }
  const double epsilon = float_attribute(node, "epsilon", 1e-5f);
  for (size_t channel = 0; channel < channels; ++channel) {
    const double gain = values[0][channel] / std::sqrt(values[3][channel] + epsilon);
    layer.gain.push_back(gain);
    layer.offset.push_back(values[1][channel] - values[2][channel] * gain);
  }
  return {};
}

}  // namespace lookalike
