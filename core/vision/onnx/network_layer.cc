// How the layer is found whose values make a good embedding, when nobody has named one.
//
// The path is walked back from the class scores, over each layer's first input, to where the picture comes in. What is
// wanted lies just before the classifier begins to forget where in the picture something is. Three rules are tried:
//
// First, a linear bottleneck. MobileNets end in a 1 x 1 convolution that expands few channels to many, to be pooled.
// The few hold the same in less room, and have not been through an activation, which would have cut half of their
// values off. So: the last convolution with height and width, if it is 1 x 1 and expands a layer that is linear.
//
// Else the last layer with height and width. One with as many channels as there are classes is the classifier itself,
// and is passed over.
//
// Else, for networks without height and width, what the last fully connected layer reads.
//
// Example, MobileNetV2, from the end:
//     scores 1001 <- pool 1280 <- ReLU6 1280 x 7 x 7 <- Conv 1280 x 7 x 7 (1 x 1, from 320) <- BatchNorm 320 x 7 x 7
// The last convolution is an expansion from 320 to 1280, and a batch norm is linear: the 320 x 7 x 7 are taken.
//
// Example, SqueezeNet:
//     scores 1000 <- pool <- ReLU <- Conv 1000 x 13 x 13 <- Dropout <- Concat 512 x 13 x 13 <- ReLU
//                 <- Conv 256 x 13 x 13 (1 x 1, from 64) <- ReLU 64 x 13 x 13
// The convolution of 1000 is the classifier. The one before it expands what a ReLU gives, so the first rule ends. By
// the second the Dropout is found, which hands its input on: the Concat is taken.
#include "core/vision/onnx/network_layer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "core/base/text/nearest_word.h"
#include "core/base/text/text.h"
#include "core/vision/onnx/onnx_header.h"

namespace lookalike {
namespace {

constexpr size_t kMaxLayerSuggestions = 10;
constexpr size_t kMaxComparedLayerName = 200;

constexpr std::array<std::string_view, 4> kLinear = {"Convolution", "BatchNorm", "Scale", "Eltwise"};

bool is_pass_through(const NetworkLayer& layer) {
  return layer.type == "Identity" || layer.type == "Dropout";
}

// Exported outputs come as copies behind the layer itself, which then have the whole network before them.
size_t behind_copies(std::span<const NetworkLayer> layers, size_t at) {
  while (is_pass_through(layers[at]) && !layers[at].inputs.empty() && layers[at].inputs[0] < at) {
    at = layers[at].inputs[0];
  }
  return at;
}

// Layers at the output's end of the network, nearest first: each one's first input.
std::vector<size_t> path_back(std::span<const NetworkLayer> layers, size_t from) {
  std::vector<size_t> path{from};
  while (!layers[from].inputs.empty() && layers[from].inputs[0] < from)
    path.push_back(from = layers[from].inputs[0]);
  return path;
}

bool is_expansion(const NetworkLayer& layer) {
  return layer.type == "Convolution" && is_spatial(layer.shape) && layer.weights.size() == 4 && layer.weights[2] == 1 &&
         layer.weights[3] == 1 && layer.weights[0] > layer.weights[1];
}

int class_count(const NetworkLayer& output) {
  return output.shape.empty() ? 0 : element_count(output.shape);
}

// The input of the path's last spatial convolution, when that is a 1 x 1 expansion of a linear layer.
std::optional<size_t> linear_bottleneck(std::span<const NetworkLayer> layers, std::span<const size_t> path,
                                        int classes) {
  for (const size_t at : path) {
    const NetworkLayer& layer = layers[at];
    if (layer.type != "Convolution" || !is_spatial(layer.shape) || layer.shape[1] == classes) continue;
    if (!is_expansion(layer) || layer.inputs.empty()) return std::nullopt;
    const size_t input = behind_copies(layers, layer.inputs[0]);
    const bool linear = std::find(kLinear.begin(), kLinear.end(), layers[input].type) != kLinear.end();
    return linear ? std::optional(input) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<size_t> last_spatial(std::span<const NetworkLayer> layers, std::span<const size_t> path, int classes) {
  for (const size_t at : path) {
    const bool computed = !layers[at].inputs.empty();  // the network's input is no feature
    if (computed && is_spatial(layers[at].shape) && layers[at].shape[1] != classes) return behind_copies(layers, at);
  }
  return std::nullopt;
}

std::optional<size_t> before_classifier(std::span<const NetworkLayer> layers, std::span<const size_t> path) {
  for (const size_t at : path) {
    const bool connected = layers[at].type == "InnerProduct" || layers[at].type == "MatMul";
    if (!connected || layers[at].inputs.empty()) continue;
    const size_t input = behind_copies(layers, layers[at].inputs[0]);
    if (!layers[input].inputs.empty()) return input;
  }
  return std::nullopt;
}

bool is_named(const NetworkLayer& layer, std::string_view name) {
  return layer.name == name || layer.full_name == name ||
         std::find(layer.aliases.begin(), layer.aliases.end(), name) != layer.aliases.end();
}

// Names that contain what was written come first, then those a few letters away, then layers of use by their shape.
size_t likeness_rank(const NetworkLayer& layer, std::string_view wanted) {
  const std::string name = ascii_lower(layer.name);
  const size_t distance = edit_distance(name.substr(0, kMaxComparedLayerName), wanted);
  const bool contains = !wanted.empty() && name.find(wanted) != name.npos;
  return contains ? distance / 8 : distance;
}

bool can_be_feature(const NetworkLayer& layer) {
  return !layer.inputs.empty() && !is_pass_through(layer) && !layer.shape.empty();
}

std::string described(const NetworkLayer& layer) {
  return terminal_safe(layer.name) + " (" + shape_text(layer.shape) + ")";
}

std::string suggestions(std::span<const NetworkLayer> layers, std::string_view name) {
  const std::string wanted = ascii_lower(name.substr(0, kMaxComparedLayerName));
  std::vector<std::pair<size_t, size_t>> ranked;
  for (size_t i = 0; i < layers.size(); ++i) {
    if (can_be_feature(layers[i])) ranked.emplace_back(likeness_rank(layers[i], wanted), layers.size() - i);
  }
  std::sort(ranked.begin(), ranked.end());  // among equals the later layer first
  ranked.resize(std::min(ranked.size(), kMaxLayerSuggestions));
  std::vector<std::string> names;
  for (const auto& [rank, from_end] : ranked)
    names.push_back(described(layers[layers.size() - from_end]));
  return join(names, ", ");
}

}  // namespace

Result<size_t> find_layer(std::span<const NetworkLayer> layers, std::string_view name) {
  for (size_t i = 0; i < layers.size(); ++i) {
    if (is_named(layers[i], name) && !layers[i].inputs.empty()) return behind_copies(layers, i);
  }
  return Error{ErrorCode::model, "the network has no layer \"" + terminal_safe(name) + "\"; near it: " +
                                     suggestions(layers, name) + "; `lookalike models info NAME` lists all"};
}

Result<size_t> find_feature_layer(std::span<const NetworkLayer> layers, size_t output) {
  const int classes = class_count(layers[output]);
  const std::vector<size_t> path = path_back(layers, output);
  if (const auto bottleneck = linear_bottleneck(layers, path, classes)) return *bottleneck;
  if (const auto spatial = last_spatial(layers, path, classes)) return *spatial;
  if (const auto input = before_classifier(layers, path)) return *input;
  return Error{ErrorCode::model, "no layer fit for an embedding was found by shape: name one with --layer, such as " +
                                     suggestions(layers, layers[output].name)};
}

}  // namespace lookalike
