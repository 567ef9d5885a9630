// A network assessor that does not decode a photo on this disk again when what it made of it is known
// (local_embeddings.h). What several searches want at the same moment is made once. Other photos it leaves to the
// network assessor.
// Threads: as NetworkAssessor; what is in memory is answered before assess() returns.
// Tested by tests/core/pipeline/local_assessor_test.cc
#pragma once

#include <memory>

#include "core/cache/local_embeddings.h"
#include "core/cache/single_flight.h"
#include "core/pipeline/network_assessor.h"

namespace lookalike {

class LocalAssessor final : public PhotoAssessor {
 public:
  // The workers are borrowed.
  LocalAssessor(EmbeddingWorkers& workers, NetworkAssessor::Gives gives, std::shared_ptr<LocalEmbeddings> kept);

  void assess(const PhotoInHand& photo, Done done) override;
  // Writes what is still to be kept.
  void close() override;

 private:
  EmbeddingWorkers& workers_;
  NetworkAssessor::Gives gives_;
  NetworkAssessor network_;
  // Shared with jobs, which may end when this is gone.
  std::shared_ptr<LocalEmbeddings> kept_;
  std::shared_ptr<SingleFlight<Assessment>> flights_ = std::make_shared<SingleFlight<Assessment>>();
};

}  // namespace lookalike
