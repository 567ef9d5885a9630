#include "core/vision/embedder.h"

#include <utility>

#include "core/vision/network_file.h"
#include "core/vision/network_graph.h"
#include "core/vision/onnx_network.h"
#include "core/vision/opencv_embedder.h"
#if LOOKALIKE_XNNPACK
#include "core/vision/xnnpack_embedder.h"
#endif

namespace lookalike {
namespace {

Status check_scale(const NetworkSpec& spec) {
  for (const float scale : spec.scale) {
    if (scale == 0) return Error{ErrorCode::usage, "network " + spec.path + ": a scale of 0 would divide by zero"};
  }
  return {};
}

Result<std::unique_ptr<Embedder>> load_fast(const NetworkSpec& spec, const NetworkFile& file) {
#if LOOKALIKE_XNNPACK
  return load_xnnpack_embedder(spec, file);
#else
  static_cast<void>(file);
  return Error{ErrorCode::model, "network " + spec.path + ": this program was built without XNNPACK"};
#endif
}

Result<std::vector<NetworkLayer>> read_layers(const NetworkSpec& spec, const NetworkFile& file) {
  // What is known without OpenCV may be more than OpenCV can read.
  const auto graph = read_network_graph(*file.bytes, file.header, spec, file.input_size);
  if (graph.ok()) return graph->descriptions();
  auto network = load_onnx_network(file, spec);
  if (!network.ok()) return network.error();
  return std::move(network->layers);
}

}  // namespace

Result<std::unique_ptr<Embedder>> Embedder::load(const NetworkSpec& spec, InferenceEngine engine) {
  if (const Status checked = check_scale(spec); !checked.ok()) return checked.error();
  const auto file = read_network_file(spec);
  if (!file.ok()) return file.error();
  if (engine == InferenceEngine::xnnpack) return load_fast(spec, *file);
  if (engine == InferenceEngine::fastest) {
    if (auto fast = load_fast(spec, *file); fast.ok()) return fast;
  }
  return load_opencv_embedder(spec, *file);
}

Result<std::vector<LayerInfo>> list_layers(const NetworkSpec& spec) {
  const auto file = read_network_file(spec);
  if (!file.ok()) return file.error();
  const auto known = read_layers(spec, *file);
  if (!known.ok()) return known.error();
  std::vector<LayerInfo> layers;
  for (const NetworkLayer& layer : *known) {
    if (layer.inputs.empty() || layer.type == "Identity" || layer.shape.empty()) continue;
    layers.push_back({.name = layer.name, .type = layer.type, .shape = {layer.shape.begin() + 1, layer.shape.end()}});
  }
  return layers;
}

}  // namespace lookalike
