// A tagged collection made ready for replays: its photos as a frozen service, and their embeddings, computed once.
// Threads: immutable after open(), but for classes_of(), which one thread calls.
// Tested by tests/command/command_eval_test.cc
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/eval/embedding_table.h"
#include "core/eval/frozen_service.h"
#include "core/search/strategies/first_queries.h"
#include "core/vision/inference/embedder.h"
#include "core/vision/inference/embedder_loader.h"

namespace lookalike {

// What counts as a photo's labels.
enum class LabelSource { none, title, tags };

struct EvalSource {
  std::string manifest;     // JSON Lines, or the labels of Open Images when it ends in .csv
  std::string class_names;  // of Open Images; empty: labels keep their codes
  std::string photos;       // folder of <ImageID>.jpg; empty: the one that the labels are in
  LabelSource labels = LabelSource::none;
  FrozenReach reach;       // of one query
  std::string embeddings;  // where they are kept; empty: they are computed anew each time
};

class EvalCollection {
 public:
  // Progress goes to standard error. Errors: not_found, bad_data (no photos, a photo that is none), model, usage.
  static Result<std::unique_ptr<EvalCollection>> open(const EvalSource& source, const NetworkSpec& network,
                                                      bool show_progress);

  const FrozenService& service() const { return *service_; }
  const EmbeddingTable& embeddings() const { return *embeddings_; }
  // What the network sees in the photo.
  Result<std::vector<ClassGuess>> classes_of(size_t photo) const;
  // By photo; empty without a label source.
  const std::vector<std::vector<std::string>>& labels() const { return labels_; }
  // What searches take for now.
  std::chrono::system_clock::time_point newest() const { return newest_; }

 private:
  EvalCollection() = default;
  Status load(const EvalSource& source);
  Status load_manifest(const std::string& path, std::vector<FrozenPhoto>& photos);
  Status load_open_images(const EvalSource& source, std::vector<FrozenPhoto>& photos);
  Status embed_all(EmbedderLoader& network, bool show_progress);

  std::vector<std::string> files_;
  std::string digest_;  // of the manifest
  std::unique_ptr<FrozenService> service_;
  std::unique_ptr<EmbeddingTable> embeddings_;
  std::unique_ptr<Embedder> embedder_;
  std::vector<std::vector<std::string>> labels_;
  std::chrono::system_clock::time_point newest_;
};

}  // namespace lookalike
