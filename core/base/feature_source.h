// Turns a photo into its embedding: transfer, decode, network.
// Threads: as Provider: fetch() returns at once, reports come on any thread; `done` exactly once, unless the source is
// destroyed first.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/patience.h"
#include "core/base/photo.h"
#include "core/base/provider.h"
#include "core/base/result.h"

namespace lookalike {

// A feature vector, row-major; the order of a convolutional layer's values is H, W, C as in the original program.
using Embedding = std::vector<float>;

struct FeatureAnswer {
  Result<Embedding> embedding;
  TransferCost cost;
};

class FeatureSource {
 public:
  using Done = std::function<void(FeatureAnswer)>;

  struct Reports {
    // The transfer is over and has cost this, as the answer will say again; what is left to do is this machine's alone.
    // At most once, and before `done`. A source leaves it out where nothing was transferred, or nothing arrived.
    // May be empty.
    std::function<void(TransferCost)> transferred = {};
    Done done;
    std::shared_ptr<Patience> patience = {};  // of the search, for hosts that rest; null: waits for ever
  };

  virtual ~FeatureSource() = default;
  // `max_requests`: how many requests this may cost, retries included. Errors: network, not_found, bad_data (not an
  // image, too large, truncated), model.
  virtual void fetch(const Photo& photo, int max_requests, Reports reports) = 0;
};

}  // namespace lookalike
