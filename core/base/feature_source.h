// Turns a photo into its embedding: transfer, decode, network.
// Threads: as Provider: fetch() returns at once, reports come on any thread; `done` exactly once, unless the source is
// destroyed first.
// Tested by tests/core/base/feature_source_test.cc
#pragma once

#include <cassert>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
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

// A number in the place of an embedding, for feature sources that give a score and no features. Three floats of 24 bits
// hold the 53 of a double, so nothing is rounded.
// Beyond it floats end; a score of that size is no score.
inline constexpr double kLargestNumber = 1e30;

inline constexpr size_t kNumberParts = 3;

// REQUIRES: |value| <= kLargestNumber
inline Embedding number_embedding(double value) {
  assert(value >= -kLargestNumber && value <= kLargestNumber);
  Embedding parts;
  for (size_t i = 0; i < kNumberParts; ++i) {
    parts.push_back(static_cast<float>(value));
    value -= static_cast<double>(parts.back());
  }
  return parts;
}

inline double embedded_number(std::span<const float> embedding) {
  double value = 0;
  for (size_t i = embedding.size(); i-- > 0;)
    value += static_cast<double>(embedding[i]);
  return value;
}

}  // namespace lookalike
