#include "core/vision/inference/embedder_loader.h"

#include <mutex>
#include <utility>

#include "core/vision/inference/engine.h"
#include "core/vision/inference/network_file.h"
#include "core/vision/inference/opencv_network.h"
#include "core/vision/onnx/network_graph.h"

namespace lookalike {
namespace {

Status check_scale(const NetworkSpec& spec) {
  for (const float scale : spec.scale) {
    if (scale == 0) return Error{ErrorCode::usage, "network " + spec.path + ": a scale of 0 would divide by zero"};
  }
  return {};
}

// One message for two engines; each begins with the network's name.
Error both_refuse(const NetworkSpec& spec, const Error& fast, const Error& reference) {
  const std::string name = "network " + spec.path + ": ";
  const auto reason = [&](const Error& error) {
    return error.message.starts_with(name) ? error.message.substr(name.size()) : error.message;
  };
  if (reason(fast) == reason(reference)) return reference;
  return {ErrorCode::model, reference.message + "; nor by XNNPACK: " + reason(fast)};
}

Result<std::vector<NetworkLayer>> read_layers(const NetworkSpec& spec, const NetworkFile& file) {
  // What is known without OpenCV may be more than OpenCV can read.
  const auto graph = read_network_graph(*file.bytes, file.header, spec, file.input_size);
  if (graph.ok()) return graph->descriptions();
  auto network = load_opencv_network(file, spec);
  if (!network.ok()) return network.error();
  return std::move(network->layers);
}

}  // namespace

struct EmbedderLoader::State {
  NetworkSpec spec;
  InferenceEngine engine;
  std::once_flag prepared;
  Result<std::shared_ptr<const NetworkFile>> file = Error{};
#if LOOKALIKE_XNNPACK
  Result<std::shared_ptr<const XnnpackParts>> fast = Error{};
#endif

  void prepare() {
    auto read = check_scale(spec).ok() ? read_network_file(spec) : Result<NetworkFile>(check_scale(spec).error());
    file = read.ok() ? Result(std::make_shared<const NetworkFile>(std::move(*read)))
                     : Result<std::shared_ptr<const NetworkFile>>(read.error());
#if LOOKALIKE_XNNPACK
    if (file.ok() && engine != InferenceEngine::opencv) fast = prepare_xnnpack(spec, *file);
#endif
  }

  Result<std::unique_ptr<Embedder>> load_fast() const {
#if LOOKALIKE_XNNPACK
    if (!fast.ok()) return fast.error();
    return load_xnnpack_embedder(*fast);
#else
    return Error{ErrorCode::model, "network " + spec.path + ": this program was built without XNNPACK"};
#endif
  }
};

EmbedderLoader::EmbedderLoader(NetworkSpec spec, InferenceEngine engine)
    : state_(new State{.spec = std::move(spec), .engine = engine, .prepared = {}}) {}
EmbedderLoader::~EmbedderLoader() = default;

Result<std::unique_ptr<Embedder>> EmbedderLoader::load() {
  std::call_once(state_->prepared, [this] { state_->prepare(); });
  if (!state_->file.ok()) return state_->file.error();
  if (state_->engine == InferenceEngine::xnnpack) return state_->load_fast();
  if (state_->engine == InferenceEngine::opencv) return load_opencv_embedder(state_->spec, **state_->file);
  auto fast = state_->load_fast();
  if (fast.ok()) return fast;
  auto reference = load_opencv_embedder(state_->spec, **state_->file);
  return reference.ok() ? std::move(reference) : both_refuse(state_->spec, fast.error(), reference.error());
}

Result<std::unique_ptr<Embedder>> load_embedder(const NetworkSpec& spec, InferenceEngine engine) {
  return EmbedderLoader(spec, engine).load();
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
