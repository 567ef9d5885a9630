// The photos that were scored, best first, with the embeddings of the best.
// Of photos with equal scores the one that became known first is better, so the order of arrival changes nothing.
// Cost: insert O(n).
// Threads: one; the engine's.
// Tested by tests/core/search/session/found_photos_test.cc
#pragma once

#include <cstddef>
#include <vector>

#include "core/search/session/search_outcome.h"

namespace lookalike {

class FoundPhotos {
 public:
  // So many of the best keep their embeddings.
  explicit FoundPhotos(size_t embeddings_kept) : embeddings_kept_(embeddings_kept) {}

  // Returns its rank: 1 is the best.
  int insert(FoundPhoto found);
  // Null when there is none.
  const FoundPhoto* best() const { return photos_.empty() ? nullptr : &photos_.front(); }
  const std::vector<FoundPhoto>& photos() const { return photos_; }

 private:
  size_t embeddings_kept_;
  std::vector<FoundPhoto> photos_;
};

}  // namespace lookalike
