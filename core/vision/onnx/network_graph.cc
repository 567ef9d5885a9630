#include "core/vision/onnx/network_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/base/text/text.h"
#include "core/vision/onnx/network_layer.h"
#include "core/vision/onnx/node_layers.h"

namespace lookalike {
namespace {

constexpr int64_t kMaxValues = int64_t{1} << 28;  // of one layer: 1 GB

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

using Fill = Status (*)(LayerDraft&);

Fill fill_of(std::string_view operation) {
  static const std::unordered_map<std::string_view, Fill> kKnown{
      {"Add", fill_arithmetic},
      {"AveragePool", fill_pool},
      {"BatchNormalization", fill_batch_norm},
      {"Clip", fill_clip},
      {"Concat", fill_concat},
      {"Conv", fill_convolution},
      {"Div", fill_arithmetic},
      {"Dropout", fill_dropout},
      {"Flatten", fill_flatten},
      {"Gather", fill_gather},
      {"Gemm", fill_gemm},
      {"GlobalAveragePool", fill_global_pool},
      {"GlobalMaxPool", fill_global_pool},
      {"HardSigmoid", fill_hard_sigmoid},
      {"HardSwish", fill_hard_swish},
      {"Identity", fill_identity},
      {"LeakyRelu", fill_leaky_relu},
      {"MatMul", fill_matmul},
      {"MaxPool", fill_pool},
      {"Mul", fill_arithmetic},
      {"Pad", fill_pad},
      {"ReduceMax", fill_reduction},
      {"ReduceMean", fill_reduction},
      {"ReduceSum", fill_reduction},
      {"Relu", fill_relu},
      {"Reshape", fill_reshape},
      {"Sigmoid", fill_sigmoid},
      {"Slice", fill_slice},
      {"Softmax", fill_softmax},
      {"Squeeze", fill_squeeze},
      {"Sub", fill_arithmetic},
      {"Sum", fill_arithmetic},
      {"Transpose", fill_transpose},
      {"Unsqueeze", fill_unsqueeze},
  };
  const auto found = kKnown.find(operation);
  return found == kKnown.end() ? nullptr : found->second;
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
                             .operation = Operation::image,
                             .places = {input_size, input_size, 3}});
    layer_of_tensor_[header.inputs[0].name] = 0;
  }

  Result<NetworkGraph> read() {
    if (header_.opset > kNewestOpset)
      return refusal(
          fmt::format("it is of opset {}, newer than those known here (up to {})", header_.opset, kNewestOpset));
    for (const OnnxNode& node : header_.nodes) {
      if (node.operation == "Constant") continue;
      if (const Status added = add(node); !added.ok()) {
        const std::string& name = node.name.empty() ? node.outputs[0] : node.name;
        return refusal(terminal_safe(node.operation) + " \"" + terminal_safe(name) + "\": " + added.error().message);
      }
    }
    return std::move(graph_);
  }

 private:
  Status add(const OnnxNode& node) {
    const OnnxNodeReader reader(node, header_.opset, weights_);
    if (node.domain.empty() && is_constant(reader)) return {};
    const Fill fill = fill_of(node.operation);
    if (fill == nullptr || !node.domain.empty()) return refusal("the operation is not known");
    LayerDraft draft{.node = reader, .inputs = {}, .layer = {}};
    NetworkLayer& description = draft.layer.description;
    description.name = node.name.empty() ? node.outputs[0] : node.name;
    description.full_name = (node.name.empty() ? "onnx_node_output_0!" : "onnx_node!") + description.name;
    if (!node.name.empty()) description.aliases = node.outputs;
    for (const std::string& input : node.inputs) {
      const auto known = layer_of_tensor_.find(input);
      if (known != layer_of_tensor_.end()) description.inputs.push_back(known->second);
      if (known == layer_of_tensor_.end() && !input.empty() && !weights_.contains(input))
        return refusal("reads a layer's second output");
    }
    if (description.inputs.empty()) return refusal("reads no layer");
    for (const size_t input : description.inputs)
      draft.inputs.push_back(&graph_.layers[input]);
    if (const Status filled = fill(draft); !filled.ok()) return filled;
    const auto& [height, width, channels] = draft.layer.places;
    if (int64_t{height} * width > kMaxValues / channels) return refusal("is too large");
    layer_of_tensor_[node.outputs[0]] = graph_.layers.size();
    graph_.layers.push_back(std::move(draft.layer));
    return {};
  }

  // It gives numbers that are known before any image is: they go among the weights.
  bool is_constant(const OnnxNodeReader& reader) {
    const OnnxNode& node = reader.node();
    const auto read = node.inputs.empty() ? layer_of_tensor_.end() : layer_of_tensor_.find(node.inputs[0]);
    auto known = computed_constant(reader);
    if (node.operation == "Shape" && read != layer_of_tensor_.end())
      known = shape_constant(reader, graph_.layers[read->second].description.shape);
    if (!known) return false;
    weights_.try_emplace(node.outputs[0], *std::move(known));
    return true;
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
  const auto only_reshapes = [&](size_t at) { return is_any_of(layers[at].type, {"Flatten", "Reshape"}); };
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
