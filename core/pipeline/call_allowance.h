// Holds the calls of a run of many searches, of all its sources together, to so many in all (--total-calls).
// A query holds its whole possible cost at its source from the start and gives back what it did not need, so the budget
// is never exceeded, none of it is left unused, and it does not matter how many repetitions a query might have: one for
// which nothing is left waits for what others may give back.
// Threads: any; AllowedProvider as Provider.
// Tested by tests/core/pipeline/call_allowance_test.cc
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/base/provider.h"

namespace lookalike {

class CallAllowance {
 public:
  explicit CallAllowance(int64_t calls) : left_(calls) {}

  // Calls that are neither made nor held.
  int64_t left() const;

  // `go` is called with how many calls are held: up to `wanted` at once or once some are there, else 0. Not called when
  // the allowance is closed meanwhile.
  void hold(int wanted, std::function<void(int held)> go);
  // Gives back what was not used.
  void settle(int held, int used);
  // The run is over: nobody waits any more.
  void close();

 private:
  struct Waiting {
    int wanted;
    std::function<void(int)> go;
  };

  mutable std::mutex mutex_;  // guards what follows
  int64_t left_;
  int64_t under_way_ = 0;
  std::deque<Waiting> waiting_;
  bool closed_ = false;
};

// A source whose calls are held to a run's allowance.
class AllowedProvider final : public Provider {
 public:
  AllowedProvider(std::unique_ptr<Provider> inner, std::shared_ptr<CallAllowance> allowance)
      : allowance_(std::move(allowance)), inner_(std::move(inner)) {}
  // Closes the allowance.
  ~AllowedProvider() override { allowance_->close(); }

  const std::string& name() const override { return inner_->name(); }
  // Errors: quota when nothing is left; the source's.
  void search(const PhotoQuery& query, Done done) override;
  size_t listable(ListOf which) const override { return inner_->listable(which); }
  bool lists_all() const override { return inner_->lists_all(); }
  std::vector<Photo> list(ListOf which, size_t limit) const override { return inner_->list(which, limit); }
  std::vector<Photo> copies_of(const FileIdentity& file, const std::stop_token& stop) const override {
    return inner_->copies_of(file, stop);
  }

 private:
  const std::shared_ptr<CallAllowance> allowance_;
  std::unique_ptr<Provider> inner_;  // destroyed first, and with it the last callback
};

}  // namespace lookalike
