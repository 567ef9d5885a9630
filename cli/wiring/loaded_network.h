// A network with the workers that run it. It loads in the background from its construction on; whoever needs it waits.
// Threads: any may call, also several at once. What spec() returns changes once, while the first caller waits for the
// network; before searches go on side by side, one of them must have waited (sizes()).
// Tested by tests/command/command_network_test.cc
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/pipeline/embedding_workers.h"
#include "core/vision/inference/embedder.h"

namespace lookalike {

class LoadedNetwork {
 public:
  // How many values it gives.
  struct Sizes {
    int embedding = 0;
    int output = 0;
  };

  // REQUIRES: workers >= 1
  LoadedNetwork(NetworkSpec spec, int workers);

  // Also what only the loaded network knows, once it has been waited for: the layer that was found by its shape, the
  // input size, and the digest of the bytes that were loaded (stored embeddings go under it).
  const NetworkSpec& spec() const { return spec_; }
  EmbeddingWorkers& workers() { return *workers_; }
  // Waits until it is loaded. Errors: model.
  Result<Sizes> sizes();
  // What it sees in an image. Waits. Errors: model.
  Result<Description> describe(const Image& image, int classes);

 private:
  Result<Sizes> load();

  NetworkSpec spec_;
  std::unique_ptr<EmbeddingWorkers> workers_;
  std::once_flag waited_;
  std::optional<Result<Sizes>> sizes_;
};

}  // namespace lookalike
