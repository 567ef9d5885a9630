// Several sources as one: each query goes to all of them at once, and their photos come in turns, the best of each
// first. Tags are shared, since the engine sees one source; what a source has of its own is its limits, its failures
// and its end: one that refuses its key, or fails again and again, is not asked any more, and the others go on. A call
// of all costs the budget what the dearest of them costs (TransferCost::charged): --max-calls is of each source. A
// query waits for all that were asked; a source with kMostWaiting unanswered queries is left out while others are not.
// Photos of two sources with the same name (two folders) get ids that differ.
// Threads: as Provider.
// Tested by tests/core/pipeline/joined_provider_test.cc
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/log.h"
#include "core/base/provider.h"

namespace lookalike {

class JoinedProvider final : public Provider {
 public:
  static constexpr int kFailuresInARow = 10;
  static constexpr int kQuotaRefusalsInARow = 3;
  static constexpr int kMostWaiting = 3;

  // REQUIRES: at least one source. `log` may be empty.
  JoinedProvider(std::vector<std::unique_ptr<Provider>> sources, LogSink log);
  // First the sources, with what they have under way.
  ~JoinedProvider() override;

  // "flickr,openverse"
  const std::string& name() const override { return name_; }
  // Errors: as of the last source that failed, when none answered. Else those of single sources are in the answer's
  // shares.
  void search(const PhotoQuery& query, Done done) override;
  size_t listable(ListOf which) const override;
  bool lists_all() const override;
  // In turns, as the answers to a query.
  std::vector<Photo> list(ListOf which, size_t limit) const override;
  std::vector<Photo> copies_of(const FileIdentity& file, const std::stop_token& stop) const override;

 private:
  class Gathering;
  struct State;

  // A list of each source, with ids that differ.
  using OfSource = std::function<std::vector<Photo>(const Provider&)>;
  std::vector<std::vector<Photo>> of_each(const OfSource& of_source) const;

  std::string name_;
  std::shared_ptr<State> state_;
  std::vector<std::unique_ptr<Provider>> sources_;
};

}  // namespace lookalike
