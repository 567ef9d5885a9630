// When to try a request again and how long to wait first: exponential back-off with full jitter, Retry-After obeyed.
// Source: M. Brooker, "Exponential Backoff And Jitter", 2015; RFC 9110, section 10.2.3 (Retry-After).
// Units: milliseconds.
// Threads: free functions without state; `random` as its class says.
// Tested by tests/core/http/retry_policy_test.cc
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/base/random.h"

namespace lookalike {

struct RetryRules {
  int max_attempts = 4;
  std::chrono::milliseconds first_wait{500};   // the bound of the first wait; doubled for each later one
  std::chrono::milliseconds max_wait{60'000};  // no wait is longer
};

struct FailedAttempt {
  int number = 1;          // 1 is the first
  bool transient = false;  // a later attempt may succeed
  std::optional<std::chrono::milliseconds> retry_after;
};

// 429 and 500, 502, 503, 504.
bool is_transient_status(long status);

// The value of a Retry-After header, seconds or an HTTP date (one in the past: zero); nothing when it is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                           std::chrono::system_clock::time_point now);

// How long to wait after the `number`th failure in a row: half of that to all of it, by chance.
std::chrono::milliseconds back_off(const RetryRules& rules, int number, Random& random);

// How long to wait before the next attempt; nothing when there should be none: the failure is lasting, the attempts
// are used up, or the service asks for more patience than `max_wait`.
std::optional<std::chrono::milliseconds> retry_wait(const RetryRules& rules, const FailedAttempt& failed,
                                                    Random& random);

}  // namespace lookalike
