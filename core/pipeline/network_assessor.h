// Photo to embedding: decode, network.
// Threads: assess() from any; all the rest is done on the workers.
// Tested by tests/core/pipeline/network_assessor_test.cc
#pragma once

#include <string>
#include <string_view>

#include "core/pipeline/embedding_workers.h"
#include "core/pipeline/photo_assessor.h"

namespace lookalike {

class NetworkAssessor final : public PhotoAssessor {
 public:
  enum class Gives { embedding, embedding_and_output };  // Embedder::embed(), or embed_with_output()

  // The workers are borrowed.
  explicit NetworkAssessor(EmbeddingWorkers& workers, Gives gives = Gives::embedding)
      : workers_(workers), gives_(gives) {}

  void assess(const PhotoInHand& photo, Done done) override;

 private:
  EmbeddingWorkers& workers_;
  Gives gives_;
};

// `name` goes into errors: bad_data (not an image, too large, truncated), model.
Result<Embedding> embed_bytes(std::string_view bytes, const std::string& name, NetworkAssessor::Gives gives,
                              const Result<Embedder*>& network);

}  // namespace lookalike
