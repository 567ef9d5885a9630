// How a graph of layers becomes a list of steps, with as few passes over memory as possible.
//
// A network as its file has it names each small thing separately: a convolution, the batch norm behind it, the
// activation behind that. Run one by one they would read and write the same values three times. Two of the three cost
// nothing when they are folded into the first.
//
// A batch norm multiplies each channel by a gain and adds an offset. A convolution gives, for each output channel c,
// a sum of weights times inputs plus a bias. So
//     (sum(w x) + bias) * gain + offset  =  sum((w * gain) x) + (bias * gain + offset)
// and the batch norm is gone once its gain is multiplied into the weights of its channel. The products are taken in
// double and rounded once.
//
// An activation that keeps values within bounds (ReLU: 0 and up; ReLU6: 0 to 6) is a pair of numbers that the kernels
// of XNNPACK take along: can_be_bounded() says which.
//
// A layer may be folded over only when nobody else wants its own values: it has one reader, and it is not the end of
// the plan. So with the end at a convolution, as when its values are the embedding, the batch norm behind it stays out.
//
// What is left becomes a step by itself: a batch norm without a convolution before it is a depthwise convolution of one
// place; a sum over channels is a convolution of one place to one channel; an average that counts the border as zeros
// is a pad and an average. Layers that hand their input on (Identity, Dropout, Reshape) are their input.
//
// Example: the start is an image of 4 x 4 x 3, and the graph is
//     0 image -> 1 Conv (8 of 3 x 3) -> 2 BatchNorm -> 3 Relu6 -> 4 Dropout -> 5 MaxPool -> 6 Add(5, 5)
// with the end at 6. find_needed() goes back from 6 and notes who reads whom: 1 is read by 2 alone, 2 by 3 alone, 5 by
// 6 twice. add_steps(1) makes the convolution; its reader 2 is a batch norm, so weights and bias change and 1 is folded
// over; the reader of 2 is an activation, so the bounds 0 and 6 are noted and 2 is folded over. The step's value counts
// as that of layer 3. Layer 4 is the same value. The plan has three steps:
//     value 1 = convolution(value 0), bounds 0 to 6
//     value 2 = max_pool(value 1)
//     value 3 = add(value 2, value 2)
//
// Weights are turned once on the way: files have outputs x inputs x places, kernels with channels last want outputs x
// places x inputs, so that what is multiplied together lies together. For a depthwise convolution, where each output
// has one input, it is places x outputs.
//
// The values agree with those of OpenCV, which runs the layers one by one, to about 1e-6:
// tests/core/vision/inference/network_plan_test.cc and parity_test.cc.
#include "core/vision/inference/network_plan.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace lookalike {
namespace {

std::array<size_t, 3> shape_of(const GraphLayer& layer) {
  const auto& [height, width, channels] = layer.places;
  return {static_cast<size_t>(height), static_cast<size_t>(width), static_cast<size_t>(channels)};
}

bool has_pads(const Window& window) {
  return window.pads != std::array<int, 4>{0, 0, 0, 0};
}

bool is_bounded(const Bounds& bounds) {
  return bounds.low != Bounds().low || bounds.high != Bounds().high;
}

// Operations whose kernels keep values within bounds by themselves.
bool can_be_bounded(Operation operation) {
  switch (operation) {
    case Operation::convolution:
    case Operation::add:
    case Operation::multiply:
    case Operation::max_pool:
    case Operation::average_pool: return true;
    default: return false;
  }
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
    NetworkPlan plan{.start_shape = shape_of(graph_.layers[start_]), .steps = {}};
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
      add_steps(at, plan.steps);
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

  // One step, and one before it for a border that counts in an average.
  void add_steps(size_t at, std::vector<PlanStep>& steps) {
    const GraphLayer& layer = graph_.layers[at];
    PlanStep step{.operation = layer.operation,
                  .inputs = {},
                  .shape = shape_of(layer),
                  .window = layer.window,
                  .groups = layer.groups,
                  .weights = {},
                  .bias = {},
                  .bounds = layer.bounds,
                  .value = layer.value,
                  .first = static_cast<size_t>(layer.first)};
    for (const size_t input : layer.description.inputs)
      step.inputs.push_back(*value_of_layer_[input]);
    if (layer.operation == Operation::convolution) at = fill_convolution(at, step);
    if (layer.operation == Operation::batch_norm) fill_batch_norm(layer, step);
    if (layer.operation == Operation::channel_sum) fill_channel_sum(layer, step);
    if (layer.counts_border && has_pads(layer.window)) {
      steps.push_back(border_before(layer, step));
      step.inputs = {steps.size()};
      step.window.pads = {0, 0, 0, 0};
    }
    const bool open = can_be_bounded(step.operation) && !is_bounded(step.bounds);
    if (const auto activation = open ? fold_reader(at, Operation::activation) : std::nullopt) {
      at = *activation;
      step.bounds = graph_.layers[at].bounds;
    }
    steps.push_back(std::move(step));
    value_of_layer_[at] = steps.size();
  }

  PlanStep border_before(const GraphLayer& layer, const PlanStep& step) const {
    const auto& [top, left, bottom, right] = layer.window.pads;
    const auto& [height, width, channels] = graph_.layers[layer.description.inputs[0]].places;
    return {.operation = Operation::pad,
            .inputs = step.inputs,
            .shape = {static_cast<size_t>(height + top + bottom), static_cast<size_t>(width + left + right),
                      static_cast<size_t>(channels)},
            .window = layer.window,
            .weights = {},
            .bias = {}};
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
      step.bounds = graph_.layers[at].bounds;
    }
    const auto kernel = static_cast<size_t>(step.window.kernel[0] * step.window.kernel[1]);
    const size_t inputs = weights.size() / (outputs * kernel);
    const size_t channels = shape_of(graph_.layers[layer.description.inputs[0]])[2];
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

  // A convolution of a single place to one channel.
  void fill_channel_sum(const GraphLayer& layer, PlanStep& step) const {
    step.operation = Operation::convolution;
    step.weights.assign(shape_of(graph_.layers[layer.description.inputs[0]])[2], layer.value);
    step.bias = {0};
  }

  const NetworkGraph& graph_;
  size_t start_;
  size_t end_;
  std::vector<bool> needed_;
  std::vector<std::vector<size_t>> readers_;
  std::vector<bool> folded_over_;  // their values are never there by themselves
  std::vector<std::optional<size_t>> value_of_layer_;
};

}  // namespace

Result<NetworkPlan> plan_network(const NetworkGraph& graph, size_t start, size_t end) {
  return Planner(graph, start, end).plan();
}

}  // namespace lookalike
