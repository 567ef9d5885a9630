// A feature source that asks another one only for embeddings that the cache does not hold.
// They are kept by the network, its layer and the image's address, for as long as cache_store.h allows; never failures.
// Searches that want the same photo at the same moment share one transfer, and its failure.
// Photos on this disk are none of its business: what is made of them is kept by what they hold (local_embeddings.h).
// Threads: as FeatureSource.
// Tested by tests/core/cache/caching_feature_source_test.cc
#pragma once

#include <memory>
#include <string>

#include "core/base/feature_source.h"
#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/cache/cache_queue.h"
#include "core/cache/single_flight.h"

namespace lookalike {

// All that decides about an embedding besides the image: the file's digest, layer and preprocessing.
// Reads the file when its digest is not known. Errors: not_found.
Result<std::string> embedding_identity(const NetworkSpec& spec);

class CachingFeatureSource final : public FeatureSource {
 public:
  CachingFeatureSource(std::unique_ptr<FeatureSource> inner, std::shared_ptr<CacheQueue> cache, std::string identity);
  // Closes the cache.
  ~CachingFeatureSource() override;

  void fetch(const Photo& photo, int max_requests, Reports reports) override;

 private:
  void ask(const Photo& photo, int max_requests, std::string key, Reports reports);

  std::unique_ptr<FeatureSource> inner_;
  std::shared_ptr<CacheQueue> cache_;
  std::shared_ptr<SingleFlight<FeatureAnswer>> flights_ = std::make_shared<SingleFlight<FeatureAnswer>>();
  std::string identity_;  // of the network
};

}  // namespace lookalike
