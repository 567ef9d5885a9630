#include "core/vision/network_graph.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/base/text.h"
#include "core/vision/layer_finder.h"

namespace lookalike {
namespace {

constexpr int kMaxSide = 1 << 16;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// Builds the layers one by one; what a node needs and does not find is an error that names the node.
class GraphReader {
 public:
  GraphReader(std::string_view bytes, const OnnxHeader& header, int input_size)
      : header_(header), weights_(read_onnx_weights(bytes, header)) {
    graph_.layers.push_back({.description = {.name = "_input",
                                             .full_name = "_input",
                                             .type = "__NetInputLayer__",
                                             .shape = {1, 3, input_size, input_size},
                                             .weights = {},
                                             .inputs = {},
                                             .aliases = {}},
                             .operation = Operation::image});
    layer_of_tensor_[header.inputs[0].name] = 0;
  }

  Result<NetworkGraph> read() {
    for (const OnnxNode& node : header_.nodes) {
      if (node.operation == "Constant") continue;
      if (const Status added = add(node); !added.ok()) {
        const std::string& name = node.name.empty() ? node.outputs[0] : node.name;
        return Error{ErrorCode::model,
                     terminal_safe(node.operation) + " \"" + terminal_safe(name) + "\": " + added.error().message};
      }
    }
    return std::move(graph_);
  }

 private:
  static Status unknown(const std::string& what) { return Error{ErrorCode::model, what}; }

  Status add(const OnnxNode& node) {
    GraphLayer layer;
    NetworkLayer& description = layer.description;
    description.name = node.name.empty() ? node.outputs[0] : node.name;
    description.full_name = (node.name.empty() ? "onnx_node_output_0!" : "onnx_node!") + description.name;
    if (!node.name.empty()) description.aliases = node.outputs;
    for (const std::string& input : node.inputs) {
      if (const auto known = layer_of_tensor_.find(input); known != layer_of_tensor_.end())
        description.inputs.push_back(known->second);
    }
    if (description.inputs.empty()) return unknown("reads no layer");
    if (const Status filled = fill(node, layer); !filled.ok()) return filled;
    layer_of_tensor_[node.outputs[0]] = graph_.layers.size();
    graph_.layers.push_back(std::move(layer));
    return {};
  }

  Status fill(const OnnxNode& node, GraphLayer& layer) {
    const std::string& operation = node.operation;
    if (operation == "Conv") return fill_convolution(node, layer);
    if (operation == "Gemm") return fill_fully_connected(node, layer);
    if (operation == "BatchNormalization") return fill_batch_norm(node, layer);
    if (operation == "Add") return fill_sum(layer);
    if (is_one_of(operation, {"MaxPool", "AveragePool"})) return fill_pool(node, layer);
    if (operation == "GlobalAveragePool") return fill_global_pool(layer);
    layer.description.shape = input_shape(layer);
    if (layer.description.inputs.size() != 1) return unknown("reads more than one layer");
    if (operation == "Relu") return fill_activation(layer, "ReLU", {.low = 0});
    if (operation == "Clip") return fill_clip(node, layer);
    if (operation == "Softmax") return fill_softmax(node, layer);
    if (is_one_of(operation, {"Identity", "Dropout"})) return fill_pass(layer, operation);
    if (is_one_of(operation, {"Flatten", "Reshape", "Squeeze"})) return fill_flattening(node, layer);
    return unknown("the operation is not known");
  }

  const std::vector<int>& input_shape(const GraphLayer& layer, size_t at = 0) const {
    return graph_.layers[layer.description.inputs[at]].description.shape;
  }

  // Weights by the name of the node's input; nothing when there is none of that name.
  const OnnxWeights* weights_at(const OnnxNode& node, size_t at) const {
    if (at >= node.inputs.size()) return nullptr;
    const auto found = weights_.find(node.inputs[at]);
    return found == weights_.end() ? nullptr : &found->second;
  }

  // Height and width after the window went over `before`.
  static std::optional<std::array<int, 2>> size_after(const Window& window, const std::vector<int>& before) {
    std::array<int, 2> after{};
    for (size_t side = 0; side < 2; ++side) {
      const int64_t padded = int64_t{before[2 + side]} + window.pads[side] + window.pads[2 + side];
      const int64_t reach = int64_t{window.dilations[side]} * (window.kernel[side] - 1) + 1;
      if (padded < reach) return std::nullopt;
      after[side] = static_cast<int>((padded - reach) / window.strides[side]) + 1;
    }
    return after;
  }

  template <size_t kCount>
  static bool read_sides(const OnnxNode& node, std::string_view name, int least, std::array<int, kCount>& sides) {
    const auto values = integers_attribute(node, name, {sides.begin(), sides.end()});
    if (values.size() != kCount) return false;
    for (size_t i = 0; i < kCount; ++i) {
      if (values[i] < least || values[i] > kMaxSide) return false;
      sides[i] = static_cast<int>(values[i]);
    }
    return true;
  }

  Status fill_window(const OnnxNode& node, GraphLayer& layer) {
    const std::vector<int>& before = input_shape(layer);
    const std::string_view automatic = text_attribute(node, "auto_pad");
    if (before.size() != 4) return unknown("does not read an image's planes");
    if (!is_one_of(automatic, {"", "NOTSET"})) return unknown("pads by itself");
    if (integer_attribute(node, "ceil_mode", 0) != 0) return unknown("rounds sizes up");
    Window& window = layer.window;
    if (!read_sides(node, "kernel_shape", 1, window.kernel) || !read_sides(node, "strides", 1, window.strides) ||
        !read_sides(node, "dilations", 1, window.dilations) || !read_sides(node, "pads", 0, window.pads)) {
      return unknown("its window is not known");
    }
    const auto after = size_after(window, before);
    if (!after) return unknown("its window is larger than what it reads");
    layer.description.shape = {1, before[1], (*after)[0], (*after)[1]};
    return {};
  }

  // Convolutions, and fully connected layers as those of a single place. Nothing when the sizes do not fit together.
  Status set_weights(const OnnxNode& node, GraphLayer& layer, int outputs) {
    const OnnxWeights* const bias = weights_at(node, 2);
    if (node.inputs.size() > 2 && !node.inputs[2].empty() && bias == nullptr) return unknown("its bias is no constant");
    if (bias != nullptr &&
        (!holds_floats(*bias) || bias->values.size() != sizeof(float) * static_cast<size_t>(outputs)))
      return unknown("its bias has another length");
    if (bias != nullptr) layer.bias = *bias;
    layer.weights = *weights_at(node, 1);
    for (const int64_t size : layer.weights.shape)
      layer.description.weights.push_back(static_cast<int>(size));
    layer.description.shape[1] = outputs;
    layer.operation = Operation::convolution;
    return {};
  }

  Status fill_convolution(const OnnxNode& node, GraphLayer& layer) {
    const OnnxWeights* const weights = weights_at(node, 1);
    if (weights == nullptr || weights->shape.size() != 4) return unknown("its weights are no constants of four sides");
    layer.description.type = "Convolution";
    layer.window.kernel = {static_cast<int>(weights->shape[2]), static_cast<int>(weights->shape[3])};
    const std::array<int, 2> kernel = layer.window.kernel;
    if (const Status filled = fill_window(node, layer); !filled.ok()) return filled;
    const int64_t groups = integer_attribute(node, "group", 1);
    const int64_t inputs = input_shape(layer)[1];
    const bool fits = layer.window.kernel == kernel && groups >= 1 && groups <= inputs && inputs % groups == 0 &&
                      weights->shape[1] == inputs / groups && weights->shape[0] >= 1 && weights->shape[0] <= kMaxSide &&
                      weights->shape[0] % groups == 0 && holds_floats(*weights);
    if (!fits) return unknown("its weights do not fit what it reads");
    layer.groups = static_cast<int>(groups);
    return set_weights(node, layer, static_cast<int>(weights->shape[0]));
  }

  Status fill_fully_connected(const OnnxNode& node, GraphLayer& layer) {
    const OnnxWeights* const weights = weights_at(node, 1);
    const bool plain = float_attribute(node, "alpha", 1) == 1 && float_attribute(node, "beta", 1) == 1 &&
                       integer_attribute(node, "transA", 0) == 0;
    if (!plain) return unknown("it scales or turns what it reads");
    layer.weights_turned = integer_attribute(node, "transB", 0) == 0;
    const size_t outputs_at = layer.weights_turned ? 1 : 0;
    const bool fits = weights != nullptr && weights->shape.size() == 2 && input_shape(layer).size() == 2 &&
                      weights->shape[1 - outputs_at] == input_shape(layer)[1] && weights->shape[outputs_at] >= 1 &&
                      weights->shape[outputs_at] <= kMaxSide && holds_floats(*weights);
    if (!fits) return unknown("its weights do not fit what it reads");
    layer.description.type = "InnerProduct";
    layer.description.shape = {1, 1};
    return set_weights(node, layer, static_cast<int>(weights->shape[outputs_at]));
  }

  Status fill_batch_norm(const OnnxNode& node, GraphLayer& layer) {
    layer.description.type = "BatchNorm";
    layer.description.shape = input_shape(layer);
    layer.operation = Operation::batch_norm;
    const auto channels = static_cast<size_t>(layer.description.shape[1]);
    std::array<std::vector<float>, 4> values;  // scale, bias, mean, variance
    for (size_t i = 0; i < values.size(); ++i) {
      const OnnxWeights* const weights = weights_at(node, i + 1);
      auto known = weights == nullptr ? std::nullopt : floats(*weights);
      if (!known || known->size() != channels) return unknown("its values are no constants, one a channel");
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

  Status fill_sum(GraphLayer& layer) {
    layer.description.type = "Eltwise";
    layer.operation = Operation::add;
    if (layer.description.inputs.size() != 2) return unknown("does not add two layers");
    layer.description.shape = input_shape(layer);
    if (input_shape(layer, 1) != layer.description.shape) return unknown("adds layers of different sizes");
    return {};
  }

  Status fill_pool(const OnnxNode& node, GraphLayer& layer) {
    const bool average = node.operation == "AveragePool";
    layer.description.type = "Pooling";
    layer.operation = average ? Operation::average_pool : Operation::max_pool;
    if (const Status filled = fill_window(node, layer); !filled.ok()) return filled;
    const Window& window = layer.window;
    const bool padded = window.pads != std::array<int, 4>{0, 0, 0, 0};
    const bool dilated = window.dilations != std::array<int, 2>{1, 1};
    // Whether a border counts in an average is said in two ways; a maximum over a border is zero or none.
    if (dilated || (average && padded) || node.outputs.size() != 1) return unknown("its window is not known");
    if (window.kernel[0] * window.kernel[1] == 1) return unknown("its window is a single place");
    return {};
  }

  Status fill_global_pool(GraphLayer& layer) {
    const std::vector<int>& before = input_shape(layer);
    if (before.size() != 4) return unknown("does not read an image's planes");
    layer.description.type = "Pooling";
    layer.description.shape = {1, before[1], 1, 1};
    layer.operation = before[2] * before[3] == 1 ? Operation::pass : Operation::average_pool;
    layer.window.kernel = layer.window.strides = {before[2], before[3]};
    return {};
  }

  static Status fill_activation(GraphLayer& layer, const char* type, Bounds bounds) {
    layer.description.type = type;
    layer.operation = Operation::activation;
    layer.bounds = bounds;
    if (!(bounds.low < bounds.high)) return unknown("its bounds leave nothing between them");
    return {};
  }

  // Bounds are attributes up to opset 10, constants read behind that.
  Status fill_clip(const OnnxNode& node, GraphLayer& layer) {
    Bounds bounds{.low = float_attribute(node, "min", Bounds().low),
                  .high = float_attribute(node, "max", Bounds().high)};
    for (size_t i = 1; i < std::min<size_t>(node.inputs.size(), 3); ++i) {
      if (node.inputs[i].empty()) continue;
      const OnnxWeights* const weights = weights_at(node, i);
      const auto value = weights == nullptr ? std::nullopt : floats(*weights);
      if (!value || value->size() != 1) return unknown("its bounds are no constants");
      (i == 1 ? bounds.low : bounds.high) = value->front();
    }
    return fill_activation(layer, "ReLU6", bounds);
  }

  // Over the channels of a single place.
  static Status fill_softmax(const OnnxNode& node, GraphLayer& layer) {
    layer.description.type = "Softmax";
    layer.operation = Operation::softmax;
    const std::vector<int>& shape = layer.description.shape;
    const int64_t axis = integer_attribute(node, "axis", shape.size() == 2 ? -1 : 1);
    const bool over_channels = axis == 1 || axis == 1 - static_cast<int64_t>(shape.size());
    return over_channels && element_count(shape) == shape[1] ? Status() : unknown("not over the classes of one image");
  }

  static Status fill_pass(GraphLayer& layer, const std::string& type) {
    layer.description.type = type;
    return {};
  }

  // Channels of a single place, with sides of 1 put behind them or taken away.
  Status fill_flattening(const OnnxNode& node, GraphLayer& layer) {
    std::vector<int>& shape = layer.description.shape;
    layer.description.type = node.operation == "Flatten" ? "Flatten" : "Reshape";
    const int channels = shape[1];
    if (element_count(shape) != channels) return unknown("mixes places and channels");
    const OnnxWeights* const constant = weights_at(node, 1);
    const auto target = constant == nullptr ? std::nullopt : integers(*constant);
    if (node.operation == "Reshape") {
      if (!target || target->size() < 2 || target->size() > 4 || target->size() == 3)
        return unknown("to what is not known");
      const auto fits = [&](size_t at, int64_t wanted) { return (*target)[at] == wanted || (*target)[at] == -1; };
      const bool keeps = ((*target)[0] == 0 || fits(0, 1)) && ((*target)[1] == 0 || fits(1, channels));
      if (!keeps || (target->size() == 4 && (!fits(2, 1) || !fits(3, 1)))) return unknown("to what is not known");
      shape = target->size() == 2 ? std::vector<int>{1, channels} : std::vector<int>{1, channels, 1, 1};
      return {};
    }
    if (node.operation == "Flatten" && integer_attribute(node, "axis", 1) != 1) return unknown("from another axis");
    const auto axes = target ? *target : integers_attribute(node, "axes", {});
    if (node.operation == "Squeeze" && axes != std::vector<int64_t>{2, 3}) return unknown("other sides than 2 and 3");
    shape = {1, channels};
    return {};
  }

  const OnnxHeader& header_;
  OnnxWeightsByName weights_;
  std::unordered_map<std::string, size_t> layer_of_tensor_;
  NetworkGraph graph_;
};

// The last layer that none reads; copies of inner layers are outputs too.
size_t last_unread(const std::vector<NetworkLayer>& layers) {
  std::vector<bool> read(layers.size(), false);
  for (const NetworkLayer& layer : layers) {
    for (const size_t input : layer.inputs)
      read[input] = true;
  }
  return static_cast<size_t>(read.rend() - std::find(read.rbegin(), read.rend(), false)) - 1;
}

Status choose_output(NetworkGraph& graph, const NetworkSpec& spec) {
  const std::vector<NetworkLayer> layers = graph.descriptions();
  const auto output = find_layer(
      layers, spec.logits_layer.empty() ? std::string_view(layers[last_unread(layers)].name) : spec.logits_layer);
  if (!output.ok()) return output.error();
  graph.output = graph.logits = *output;
  const auto only_reshapes = [&](size_t at) { return is_one_of(layers[at].type, {"Flatten", "Reshape"}); };
  size_t at = *output;
  while (only_reshapes(at))
    at = layers[at].inputs[0];
  graph.ends_in_softmax = graph.layers[at].operation == Operation::softmax;
  if (graph.ends_in_softmax) graph.logits = layers[at].inputs[0];
  return {};
}

}  // namespace

std::vector<NetworkLayer> NetworkGraph::descriptions() const {
  std::vector<NetworkLayer> all;
  all.reserve(layers.size());
  for (const GraphLayer& layer : layers)
    all.push_back(layer.description);
  return all;
}

Result<NetworkGraph> read_network_graph(std::string_view bytes, const OnnxHeader& header, const NetworkSpec& spec,
                                        int input_size) {
  auto graph = GraphReader(bytes, header, input_size).read();
  if (!graph.ok()) return graph;
  if (const Status chosen = choose_output(*graph, spec); !chosen.ok()) return chosen.error();
  return graph;
}

}  // namespace lookalike
