// How gently a host and those below it are treated: how many transfers at once, how many a second.
// A source knows its hosts; the client holds to what it is told.
// Threads: free functions without state.
// Tested by tests/core/http/host_policy_test.cc
#pragma once

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

}  // namespace lookalike
