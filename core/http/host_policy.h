// How gently a host and those below it are treated: how many transfers at once, how many a second.
// A source knows its hosts; the client holds to what it is told.
// Threads: free functions without state.
// Tested by tests/core/http/host_policy_test.cc
#pragma once

#include <algorithm>
#include <cassert>
#include <chrono>
#include <span>
#include <string>

#include "core/http/url.h"

namespace lookalike {

// The limits hold for all hosts that it covers together: a service's farms are one service.
struct HostPolicy {
  std::string host;       // "staticflickr.com", and with it "live.staticflickr.com"; lower case
  int max_at_once = 0;    // 0: as the client's options say
  double per_second = 0;  // on average; 0: no limit
  int burst = 1;          // so many at once after a pause, when there is a limit
};

// What transfers to the URL share their limits with: a policy's host, else the origin (scheme, host and port). Of
// several policies the one with the longest name counts.
std::string limit_group(const Url& url, std::span<const HostPolicy> policies);

// So many starts a second on average, and a burst at once after a pause: a token bucket, kept as the one moment at
// which it would be full again.
// Source: the generic cell rate algorithm, ITU-T I.371.
// Cost: O(1). Threads: one.
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
