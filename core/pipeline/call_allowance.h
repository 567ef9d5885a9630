// A provider whose calls are held to so many in all, whoever makes them: the budget of a run of many searches.
// A query holds its whole possible cost from the start and gives back what it did not need, so the budget is never
// exceeded and none of it is left unused: a query for which nothing is left waits for what others may give back.
// Threads: as Provider.
// Tested by tests/core/pipeline/call_allowance_test.cc
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/base/provider.h"

namespace lookalike {

class CallAllowance final : public Provider {
 public:
  CallAllowance(std::unique_ptr<Provider> inner, int64_t calls) : left_(calls), inner_(std::move(inner)) {}
  ~CallAllowance() override;

  const std::string& name() const override { return inner_->name(); }
  void search(const PhotoQuery& query, Done done) override;
  size_t listable(ListOf which) const override { return inner_->listable(which); }
  bool lists_all() const override { return inner_->lists_all(); }
  std::vector<Photo> list(ListOf which, size_t limit) const override { return inner_->list(which, limit); }
  std::vector<Photo> copies_of(const FileIdentity& file, const std::stop_token& stop) const override {
    return inner_->copies_of(file, stop);
  }

  // Calls that are neither made nor held.
  int64_t left() const;

 private:
  struct Waiting {
    PhotoQuery query;
    Done done;
  };

  void ask(PhotoQuery query, int held, Done done);
  void settle(int held, int used);

  mutable std::mutex mutex_;  // guards what follows, but for inner_
  int64_t left_;
  int64_t under_way_ = 0;
  std::deque<Waiting> waiting_;
  bool closing_ = false;
  std::unique_ptr<Provider> inner_;  // destroyed first, and with it the last callback
};

}  // namespace lookalike
