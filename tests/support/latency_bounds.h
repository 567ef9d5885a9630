// What the delays of a search's requests say about how long it had to take, and when it was as good as another.
// Units: milliseconds.
// Threads: free functions.
// Tested by tests/support/latency_bounds_test.cc
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "tests/support/flickr_stand_in.h"

namespace lookalike::test {

// All delays together.
double total_waiting(std::span<const StandInDelay> delays);

// No order of the same requests ends sooner with so many under way at once: all the waiting over the slots.
double flow_bound(std::span<const StandInDelay> delays, int slots);

// The same requests as the original program sends them: `slots` draws at once, each a call (as long as there are any)
// and then an image, and the next round when the slowest draw of this one is done.
double rounds_bound(std::span<const StandInDelay> delays, int slots);

// The share of the slots' time between the first request's beginning and the last one's end in which nothing was
// under way.
double idle_share(std::span<const StandInDelay> delays, int slots);

struct ScoredPhoto {
  double at = 0;  // since the program's start
  double log_score = 0;
};

// The sum of the log scores of the ten best, of fewer when there are no ten.
double quality(std::vector<ScoredPhoto> photos);

// When the photos scored by then were as good; nothing when they never were.
std::optional<double> time_to_quality(std::vector<ScoredPhoto> photos, double wanted);

}  // namespace lookalike::test
