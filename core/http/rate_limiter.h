// So many starts a second on average, and a burst at once after a pause: a token bucket, kept as the one moment at
// which it would be full again.
// Source: the generic cell rate algorithm, ITU-T I.371.
// Cost: O(1). Threads: one.
// Tested by tests/core/http/rate_limiter_test.cc
#pragma once

#include <algorithm>
#include <cassert>
#include <chrono>

namespace lookalike {

class RateLimiter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  // REQUIRES: per_second > 0, burst >= 1
  RateLimiter(double per_second, int burst)
      : interval_(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(1 / per_second))),
        tolerance_(interval_ * (burst - 1)) {
    assert(per_second > 0 && burst >= 1);
  }

  // From when on the next start is allowed; may lie in the past.
  TimePoint next() const { return full_ - tolerance_; }
  // Starts one. REQUIRES: now >= next()
  void take(TimePoint now) {
    assert(now >= next());
    full_ = std::max(full_, now) + interval_;
  }

 private:
  Duration interval_;
  Duration tolerance_;
  TimePoint full_{};  // when nothing of what was started counts any more
};

}  // namespace lookalike
