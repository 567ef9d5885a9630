#include "core/vision/network_plan.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace lookalike {
namespace {

std::array<size_t, 3> channels_last(const std::vector<int>& shape) {
  const auto side = [&](size_t at) { return at < shape.size() ? static_cast<size_t>(shape[at]) : 1; };
  return {side(2), side(3), side(1)};
}

// Outputs x inputs x places to outputs x places x inputs; depthwise, where inputs is 1, to places x outputs.
std::vector<float> turned(const std::vector<float>& weights, size_t outputs, size_t inputs, bool depthwise) {
  const size_t places = weights.size() / (outputs * inputs);
  if (places == 1) return weights;
  std::vector<float> turned(weights.size());
  for (size_t output = 0; output < outputs; ++output) {
    for (size_t input = 0; input < inputs; ++input) {
      const float* const from = weights.data() + (output * inputs + input) * places;
      for (size_t place = 0; place < places; ++place) {
        const size_t to = depthwise ? place * outputs + output : (output * places + place) * inputs + input;
        turned[to] = from[place];
      }
    }
  }
  return turned;
}

std::vector<float> transposed(const std::vector<float>& weights, size_t outputs) {
  const size_t inputs = weights.size() / outputs;
  std::vector<float> result(weights.size());
  for (size_t output = 0; output < outputs; ++output) {
    for (size_t input = 0; input < inputs; ++input)
      result[output * inputs + input] = weights[input * outputs + output];
  }
  return result;
}

class Planner {
 public:
  Planner(const NetworkGraph& graph, size_t start, size_t end)
      : graph_(graph), start_(start), end_(behind_passes(end)) {
    value_of_layer_.resize(graph.layers.size());
    folded_over_.resize(graph.layers.size());
  }

  Result<NetworkPlan> plan() {
    NetworkPlan plan{.start_shape = channels_last(graph_.layers[start_].description.shape), .steps = {}};
    if (!find_needed())
      return Error{ErrorCode::model, "\"" + graph_.layers[end_].description.name + "\" reads more than \"" +
                                         graph_.layers[start_].description.name + "\" gives"};
    value_of_layer_[start_] = 0;
    for (size_t at = 0; at <= end_; ++at) {
      if (!needed_[at] || folded_over_[at] || value_of_layer_[at]) continue;
      if (graph_.layers[at].operation == Operation::pass) {
        value_of_layer_[at] = value_of_layer_[graph_.layers[at].description.inputs[0]];
        continue;
      }
      plan.steps.push_back(make_step(at));
    }
    return plan;
  }

 private:
  // A layer that hands its input on is the input itself.
  size_t behind_passes(size_t at) const {
    while (at != start_ && graph_.layers[at].operation == Operation::pass)
      at = graph_.layers[at].description.inputs[0];
    return at;
  }

  // Marks the layers between start and end; false when the image is needed and is not the start.
  bool find_needed() {
    needed_.assign(graph_.layers.size(), false);
    readers_.assign(graph_.layers.size(), {});
    needed_[end_] = true;
    for (size_t at = end_ + 1; at-- > 0;) {
      if (!needed_[at] || at == start_) continue;
      if (graph_.layers[at].operation == Operation::image) return false;
      for (const size_t input : graph_.layers[at].description.inputs) {
        needed_[input] = true;
        readers_[input].push_back(at);
      }
    }
    return true;
  }

  // The only reader of a layer whose own values are not wanted, when it is of that kind: it is computed with the layer.
  std::optional<size_t> fold_reader(size_t at, Operation operation) {
    if (at == end_ || readers_[at].size() != 1) return std::nullopt;
    const size_t reader = readers_[at][0];
    if (graph_.layers[reader].operation != operation) return std::nullopt;
    folded_over_[at] = true;
    return reader;
  }

  PlanStep make_step(size_t at) {
    const GraphLayer& layer = graph_.layers[at];
    PlanStep step{.operation = layer.operation,
                  .inputs = {},
                  .shape = channels_last(layer.description.shape),
                  .window = layer.window,
                  .groups = layer.groups,
                  .weights = {},
                  .bias = {},
                  .bounds = layer.bounds};
    for (const size_t input : layer.description.inputs)
      step.inputs.push_back(*value_of_layer_[input]);
    if (layer.operation == Operation::convolution) at = fill_convolution(at, step);
    if (layer.operation == Operation::batch_norm) fill_batch_norm(layer, step);
    const bool has_bounds = layer.operation != Operation::activation && layer.operation != Operation::softmax;
    if (const auto activation = has_bounds ? fold_reader(at, Operation::activation) : std::nullopt) {
      at = *activation;
      step.bounds = graph_.layers[at].bounds;
    }
    value_of_layer_[at] = ++steps_made_;
    return step;
  }

  // With the batch norm behind it, if there is one. The last layer whose values the step gives.
  size_t fill_convolution(size_t at, PlanStep& step) {
    const GraphLayer& layer = graph_.layers[at];
    const size_t outputs = step.shape[2];
    std::vector<float> weights = *floats(layer.weights);
    if (layer.weights_turned) weights = transposed(weights, outputs);
    step.bias = floats(layer.bias).value_or(std::vector<float>(outputs, 0.0f));
    if (const auto norm = fold_reader(at, Operation::batch_norm)) {
      at = *norm;
      fold(graph_.layers[at], weights, step.bias);
    }
    const auto kernel = static_cast<size_t>(step.window.kernel[0] * step.window.kernel[1]);
    const size_t inputs = weights.size() / (outputs * kernel);
    const size_t channels = channels_last(graph_.layers[layer.description.inputs[0]].description.shape)[2];
    step.depthwise = inputs == 1 && static_cast<size_t>(layer.groups) == channels && channels > 1;
    step.weights = turned(weights, outputs, inputs, step.depthwise);
    return at;
  }

  static void fold(const GraphLayer& norm, std::vector<float>& weights, std::vector<float>& bias) {
    const size_t each = weights.size() / bias.size();
    for (size_t output = 0; output < bias.size(); ++output) {
      for (size_t i = 0; i < each; ++i)
        weights[output * each + i] = static_cast<float>(weights[output * each + i] * norm.gain[output]);
      bias[output] = static_cast<float>(bias[output] * norm.gain[output] + norm.offset[output]);
    }
  }

  // A depthwise convolution of a single place.
  static void fill_batch_norm(const GraphLayer& norm, PlanStep& step) {
    step.operation = Operation::convolution;
    step.depthwise = true;
    step.groups = static_cast<int>(norm.gain.size());
    step.weights.assign(norm.gain.begin(), norm.gain.end());
    step.bias.assign(norm.offset.begin(), norm.offset.end());
  }

  const NetworkGraph& graph_;
  size_t start_;
  size_t end_;
  std::vector<bool> needed_;
  std::vector<std::vector<size_t>> readers_;
  std::vector<bool> folded_over_;  // their values are never there by themselves
  std::vector<std::optional<size_t>> value_of_layer_;
  size_t steps_made_ = 0;
};

}  // namespace

Result<NetworkPlan> plan_network(const NetworkGraph& graph, size_t start, size_t end) {
  return Planner(graph, start, end).plan();
}

}  // namespace lookalike
