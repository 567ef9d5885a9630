// A provider that asks another one only for what the cache does not hold.
// What is kept: pages, for as long as cache_store.h allows; never failures, never photos on this disk, never an answer
// in which the key stands. The upload bound of a query is rounded down to a whole day, in the key and in what is asked,
// so that the same search finds the same answers an hour later. Searches that ask the same at the same moment share one
// request, and its failure.
// Threads: as Provider.
// Tested by tests/core/cache/caching_provider_test.cc
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/provider.h"
#include "core/cache/cache_queue.h"
#include "core/cache/single_flight.h"

namespace lookalike {

class CachingProvider final : public Provider {
 public:
  struct Settings {
    std::string identity;  // all that decides about answers besides the query: source, endpoint, licences, safety
    std::string secret;    // must not be kept; may be empty
  };

  CachingProvider(std::unique_ptr<Provider> inner, std::shared_ptr<CacheQueue> cache, Settings settings);
  // Closes the cache.
  ~CachingProvider() override;

  const std::string& name() const override { return inner_->name(); }
  void search(const PhotoQuery& query, Done done) override;
  size_t listable(ListOf which) const override { return inner_->listable(which); }
  bool lists_all() const override { return inner_->lists_all(); }
  std::vector<Photo> list(ListOf which, size_t limit) const override { return inner_->list(which, limit); }
  std::vector<Photo> copies_of(const FileIdentity& file, const std::stop_token& stop) const override {
    return inner_->copies_of(file, stop);
  }

 private:
  std::string key_of(const PhotoQuery& query) const;
  void ask(const PhotoQuery& query, std::string key, Done done);

  std::unique_ptr<Provider> inner_;
  std::shared_ptr<CacheQueue> cache_;
  std::shared_ptr<SingleFlight<PhotoAnswer>> flights_ = std::make_shared<SingleFlight<PhotoAnswer>>();
  Settings settings_;
};

}  // namespace lookalike
