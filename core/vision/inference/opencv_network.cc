#include "core/vision/inference/opencv_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn/all_layers.hpp>
#include <opencv2/dnn/layer.hpp>
#include <optional>
#include <utility>

#include "core/base/text/text.h"
#include "core/vision/inference/opencv_network.h"
#include "core/vision/onnx/network_layer.h"
#include "core/vision/onnx/onnx_header.h"

namespace lookalike {
namespace {

constexpr int64_t kSafeOpset = 10;  // later ones have operations that OpenCV 4.6 refuses (Clip with three inputs)
constexpr std::string_view kNodePrefix = "onnx_node!";
constexpr std::string_view kUnnamedNodePrefix = "onnx_node_output_0!";

Error onnx_error(const std::string& what) {
  return {ErrorCode::model, what};
}

Result<cv::dnn::Net> parse_network(const std::string& bytes, const OnnxHeader& header) {
  try {
    cv::dnn::Net net = cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
    if (net.empty()) return onnx_error("OpenCV found no layers in it");
    net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    return net;
  } catch (const std::exception& exception) {
    std::string what = "OpenCV cannot read it (" + reason_of(exception) + ")";
    if (header.opset > kSafeOpset) {
      what += fmt::format("; it is of opset {}, export it at opset {}", header.opset, kSafeOpset);
    }
    return onnx_error(what);
  }
}

std::string shown_name(const std::string& full_name) {
  for (const std::string_view prefix : {kNodePrefix, kUnnamedNodePrefix}) {
    if (full_name.starts_with(prefix)) return full_name.substr(prefix.size());
  }
  return full_name;
}

// OpenCV names a layer after its node; a user may know the tensor that the node gives.
std::map<std::string, std::vector<std::string>> tensors_by_layer(const OnnxHeader& header) {
  std::map<std::string, std::vector<std::string>> tensors;
  for (const OnnxNode& node : header.nodes) {
    if (!node.name.empty()) tensors[std::string(kNodePrefix) + node.name] = node.outputs;
  }
  return tensors;
}

std::vector<int> weight_shape(const cv::dnn::Layer& layer) {
  if (layer.blobs.empty()) return {};
  const cv::Mat& blob = layer.blobs[0];
  return {blob.size.p, blob.size.p + blob.dims};
}

// REQUIRES: OpenCV's calls may throw; the caller catches.
std::vector<NetworkLayer> describe_layers(cv::dnn::Net& net, const OnnxHeader& header, int input_size) {
  std::vector<int> ids;
  std::vector<std::vector<cv::dnn::MatShape>> input_shapes, output_shapes;
  net.getLayersShapes(cv::dnn::MatShape{1, 3, input_size, input_size}, ids, input_shapes, output_shapes);
  const auto tensors = tensors_by_layer(header);
  std::map<std::string, size_t> position;
  std::vector<NetworkLayer> layers;
  for (size_t i = 0; i < ids.size(); ++i) {
    const cv::Ptr<cv::dnn::Layer> layer = net.getLayer(ids[i]);
    NetworkLayer described{.name = shown_name(layer->name),
                           .full_name = layer->name,
                           .type = layer->type,
                           .shape = output_shapes[i].empty() ? std::vector<int>{} : output_shapes[i][0],
                           .weights = weight_shape(*layer),
                           .inputs = {},
                           .aliases = {}};
    if (ids[i] != 0) {  // 0 is the image
      for (const auto& input : net.getLayerInputs(ids[i]))
        described.inputs.push_back(position.at(input->name));
    }
    if (const auto known = tensors.find(layer->name); known != tensors.end()) described.aliases = known->second;
    position[layer->name] = i;
    layers.push_back(std::move(described));
  }
  return layers;
}

// The output that the most of the network stands before; copies of inner layers are outputs too.
Result<size_t> last_output(cv::dnn::Net& net, std::span<const NetworkLayer> layers) {
  size_t last = 0;
  for (const std::string& name : net.getUnconnectedOutLayersNames()) {
    const auto at = find_layer(layers, name);
    if (!at.ok()) return at.error();
    last = std::max(last, *at);
  }
  return last;
}

// The softmax at the end, perhaps reshaped behind; a logarithm of it is as good as logits.
std::optional<size_t> softmax_of(cv::dnn::Net& net, std::span<const NetworkLayer> layers, size_t output) {
  const auto only_reshapes = [](const NetworkLayer& layer) {
    return layer.type == "Flatten" || layer.type == "Reshape";
  };
  while (only_reshapes(layers[output]) && !layers[output].inputs.empty())
    output = layers[output].inputs[0];
  if (layers[output].type != "Softmax" || layers[output].inputs.empty()) return std::nullopt;
  const auto softmax = net.getLayer(layers[output].full_name).dynamicCast<cv::dnn::SoftmaxLayer>();
  return softmax && !softmax->logSoftMax ? std::optional(output) : std::nullopt;
}

Status fill_layers(OpenCvNetwork& network, const OnnxHeader& header, const NetworkSpec& spec) {
  try {
    network.layers = describe_layers(network.net, header, network.input_size);
    const auto output = spec.logits_layer.empty() ? last_output(network.net, network.layers)
                                                  : find_layer(network.layers, spec.logits_layer);
    if (!output.ok()) return output.error();
    network.output = *output;
    const auto softmax = softmax_of(network.net, network.layers, network.output);
    network.ends_in_softmax = softmax.has_value();
    network.logits = softmax ? network.layers[*softmax].inputs[0] : network.output;
    return {};
  } catch (const std::exception& exception) {
    const std::string size = std::to_string(network.input_size);
    return onnx_error("its layers do not fit together for an image of " + size + " x " + size + " (" +
                      reason_of(exception) + ")");
  }
}

// By the names that the file has for what layers give.
ShapesByTensor shapes_by_tensor(std::span<const NetworkLayer> layers, const NetworkFile& file) {
  ShapesByTensor shapes{{file.header.inputs[0].name, {1, 3, file.input_size, file.input_size}}};
  for (const NetworkLayer& layer : layers) {
    if (layer.inputs.empty()) continue;
    shapes.emplace(layer.aliases.empty() ? layer.name : layer.aliases[0], layer.shape);
  }
  return shapes;
}

Result<OpenCvNetwork> load(const NetworkFile& file, const NetworkSpec& spec) {
  if (const Status known = check_opencv_operators(*file.bytes, file.header); !known.ok()) return known.error();
  const bool open = std::ranges::count(file.header.inputs[0].shape, -1) > 0;
  const OnnxTensor fixed{.name = file.header.inputs[0].name, .shape = {1, 3, file.input_size, file.input_size}};
  auto net = parse_network(open ? with_input_shape(*file.bytes, fixed) : *file.bytes, file.header);
  if (!net.ok()) return net.error();
  OpenCvNetwork network{.net = std::move(*net), .input_size = file.input_size, .layers = {}};
  if (const Status filled = fill_layers(network, file.header, spec); !filled.ok()) return filled.error();
  const Status fits = check_opencv_shapes(*file.bytes, file.header, shapes_by_tensor(network.layers, file));
  if (!fits.ok()) return fits.error();
  return network;
}

// OpenCV builds its table of layer types at the first use, without guarding it well against a second thread.
void build_layer_table() {
  cv::dnn::LayerParams params;
  params.type = "Identity";
  cv::dnn::LayerFactory::createLayerInstance(params.type, params);
}

int ignore_error(int, const char*, const char*, const char*, int, void*) {
  return 0;
}

}  // namespace

std::string reason_of(const std::exception& exception) {
  constexpr size_t kLongest = 300;
  const auto* const from_opencv = dynamic_cast<const cv::Exception*>(&exception);
  const std::string text = terminal_safe(from_opencv != nullptr ? from_opencv->err : exception.what());
  return text.size() <= kLongest ? text : valid_utf8(text.substr(0, kLongest)) + "…";
}

void use_one_thread_per_network() {
  static const bool kDone = [] {
    cv::setNumThreads(0);
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::redirectError(ignore_error);  // else each exception is printed before it is thrown
    build_layer_table();
    return true;
  }();
  static_cast<void>(kDone);
}

Result<OpenCvNetwork> load_opencv_network(const NetworkFile& file, const NetworkSpec& spec) {
  use_one_thread_per_network();
  auto network = load(file, spec);
  if (!network.ok()) return onnx_error("network " + spec.path + ": " + network.error().message);
  return network;
}

}  // namespace lookalike
