#include "cli/wiring/loaded_network.h"

#include <future>
#include <utility>

#include "core/vision/inference/embedder_loader.h"

namespace lookalike {

LoadedNetwork::LoadedNetwork(NetworkSpec spec, int workers)
    : spec_(std::move(spec)),
      workers_(std::make_unique<EmbeddingWorkers>(
          [loader = std::make_shared<EmbedderLoader>(spec_)] { return loader->load(); }, workers)) {}

Result<LoadedNetwork::Sizes> LoadedNetwork::sizes() {
  std::call_once(waited_, [this] { sizes_ = load(); });
  return *sizes_;
}

Result<LoadedNetwork::Sizes> LoadedNetwork::load() {
  std::promise<Result<Sizes>> promise;
  auto sizes = promise.get_future();
  workers_->submit([&](const Result<Embedder*>& loaded) {
    if (!loaded.ok()) return promise.set_value(loaded.error());
    const NetworkSpec& known = (*loaded)->spec();
    spec_.feature_layer = known.feature_layer;
    spec_.sha256 = known.sha256;
    spec_.input_size = known.input_size;
    promise.set_value(Sizes{.embedding = (*loaded)->dimensions(), .output = (*loaded)->output_dimensions()});
  });
  return sizes.get();
}

Result<Description> LoadedNetwork::describe(const Image& image, int classes) {
  if (const auto loaded = sizes(); !loaded.ok()) return loaded.error();
  std::promise<Result<Description>> promise;
  auto description = promise.get_future();
  workers_->submit([&](const Result<Embedder*>& network) {
    if (!network.ok()) return promise.set_value(network.error());
    promise.set_value((*network)->describe(image, classes));
  });
  return description.get();
}

}  // namespace lookalike
