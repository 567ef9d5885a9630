// A tagged collection made ready for replays: its photos as a frozen service, and their embeddings, computed once.
// Threads: immutable after open(), but for classes_of(), which one thread calls.
// Tested by tests/cli/command_eval_test.cc
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/eval/embedding_table.h"
#include "core/eval/frozen_service.h"
#include "core/vision/embedder.h"

namespace lookalike {

class EvalCollection {
 public:
  // `embeddings_file` empty: they are computed anew each time. Progress goes to standard error.
  // Errors: not_found, bad_data (no photos, a photo that is none), model, usage.
  static Result<std::unique_ptr<EvalCollection>> open(const std::string& manifest, const NetworkSpec& network,
                                                      const std::string& embeddings_file, bool show_progress);

  const FrozenService& service() const { return *service_; }
  const EmbeddingTable& embeddings() const { return *embeddings_; }
  // The names of the photo's ten most probable classes.
  Result<std::vector<std::string>> classes_of(size_t photo) const;
  // What searches take for now.
  std::chrono::system_clock::time_point newest() const { return newest_; }

 private:
  EvalCollection() = default;
  Status load_manifest(const std::string& manifest);
  Status embed_all(const NetworkSpec& network, bool show_progress);

  std::vector<std::string> files_;
  std::string digest_;  // of the manifest
  std::unique_ptr<FrozenService> service_;
  std::unique_ptr<EmbeddingTable> embeddings_;
  std::unique_ptr<Embedder> embedder_;
  std::chrono::system_clock::time_point newest_;
};

}  // namespace lookalike
