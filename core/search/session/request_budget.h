// Requests that may still be sent, with those under way held back in full: a request and its possible retries.
// Tested by tests/core/search/session/request_budget_test.cc
#pragma once

#include <algorithm>
#include <cassert>

namespace lookalike {

class RequestBudget {
 public:
  explicit RequestBudget(int limit) : left_(std::max(limit, 0)) {}

  // How many are neither spent nor held.
  int left() const { return left_; }

  // Holds up to `wanted`; returns how many, 0 when none is left.
  int hold(int wanted) {
    const int held = std::min(wanted, left_);
    left_ -= held;
    return held;
  }
  // Gives back what of `held` was not used. A request may end without one (a refusal); none may use more than it held.
  void settle(int held, int used) {
    assert(used <= held);
    left_ += std::max(0, held - used);
  }

 private:
  int left_;
};

}  // namespace lookalike
