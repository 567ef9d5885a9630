// Whether a search still waits: for a service's rate, an hourly budget, or a host that asked to be left alone.
// Whoever would let a request wait asks first, so the decision is each search's own, also where searches share a
// budget: the time limit of one is not another's.
// Threads: any.
// Tested by tests/core/base/patience_test.cc
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/text/numbers.h"

namespace lookalike {

// A shorter wait is the pace of a service: nobody is asked about it.
inline constexpr std::chrono::seconds kPace{2};

// What a request would wait for.
struct Delay {
  std::chrono::steady_clock::time_point until;
  std::string reason;       // "Openverse allows 20 calls in 1 min, and they are used up"
  std::string advice = {};  // how to get more; may be empty
};

class Patience {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  virtual ~Patience() = default;
  // How long to wait before asking again, or going on when that is later than `delay.until`; nothing: do not wait.
  virtual std::optional<std::chrono::milliseconds> wait(TimePoint now, const Delay& delay) = 0;
};

// Of who wants to know at once how things stand.
class NoPatience final : public Patience {
 public:
  std::optional<std::chrono::milliseconds> wait(TimePoint, const Delay&) override { return std::nullopt; }
};

// What a request ends with that is not waited for.
inline Error not_waited_for(std::chrono::steady_clock::time_point now, const Delay& delay) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(delay.until - now);
  return {ErrorCode::quota,
          delay.reason + ": try again in " + duration_text(left) + (delay.advice.empty() ? "" : "; " + delay.advice),
          ErrorCause::rate};
}

// How long to wait now, at most until `delay.until`; else the error to end with. `patience` null: for ever.
inline Result<std::chrono::milliseconds> wait_patiently(Patience* patience, std::chrono::steady_clock::time_point now,
                                                        const Delay& delay) {
  using std::chrono::milliseconds;
  constexpr milliseconds kLongestNap{30'000};  // things may have changed meanwhile
  const auto left = std::max(milliseconds(1), std::chrono::ceil<milliseconds>(delay.until - now));
  if (patience == nullptr || left <= kPace) return std::min(left, kLongestNap);
  const auto nap = patience->wait(now, delay);
  if (!nap) return not_waited_for(now, delay);
  return std::clamp(*nap, milliseconds(1), std::min(left, kLongestNap));
}

}  // namespace lookalike
