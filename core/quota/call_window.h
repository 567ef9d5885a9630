// Counts calls in a sliding window: never more than `limit` in any stretch of time of the window's length.
// Cost: O(1) amortised; memory of one time for each call in the window.
// Threads: one.
// Tested by tests/core/quota/call_window_test.cc
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>

namespace lookalike {

class CallWindow {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  explicit CallWindow(Duration length) : length_(length) {}

  // How long until a call is free; zero: now. REQUIRES: limit >= 1, `now` never falls
  Duration wait(TimePoint now, int limit) {
    forget(now);
    const auto most = static_cast<size_t>(limit);
    if (calls_.size() < most) return Duration::zero();
    // The call that has to leave the window; one tick more, because the window holds both its ends.
    return calls_[calls_.size() - most] + length_ + Duration(1) - now;
  }
  void record(TimePoint now) { calls_.push_back(now); }
  // A call recorded then was not made after all.
  void take_back(TimePoint recorded) {
    const auto call = std::find(calls_.begin(), calls_.end(), recorded);
    if (call != calls_.end()) calls_.erase(call);
  }
  int used(TimePoint now) {
    forget(now);
    return static_cast<int>(calls_.size());
  }

 private:
  void forget(TimePoint now) {
    while (!calls_.empty() && now - calls_.front() > length_)
      calls_.pop_front();
  }

  Duration length_;
  std::deque<TimePoint> calls_;
};

}  // namespace lookalike
