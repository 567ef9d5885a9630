// Replays one search against a frozen service. Requests take log-normal times, as a service's do, and wait for their
// turn as the service's rules have it, so answers come back in the order that they would; nothing waits for real.
// Threads: const inputs; any number of replays at once.
// Tested by tests/core/eval/replay_test.cc
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/eval/frozen_service.h"
#include "core/search/session/search_session.h"

namespace lookalike {

// How fast a service answers.
struct ReplayPace {
  // Medians, and the sigma of the logarithm.
  double call_ms = 300;
  double image_ms = 80;
  double sigma = 0.4;
  // Of its photos' host: so many at once (0: any number), so many a second after a burst (0: any number).
  int images_at_once = 0;
  double images_per_second = 0;
  int image_burst = 1;
};

// What a search had cost when a photo's score arrived.
struct ReplayStep {
  uint32_t photo = 0;  // its number in the service
  int calls = 0;
  int images = 0;
  double elapsed_ms = 0;
};

struct Replay {
  std::vector<ReplayStep> steps;  // in the order of arrival
  SearchCounts counts;
  StopReason stopped_by = StopReason::exhausted;
};

// The features of a photo of the service, for strategies that look at them.
using PhotoFeatures = std::function<std::span<const float>(size_t photo)>;

// `orders[i]` is what photo i of the service is ranked by, for this query; the log score of the dot product.
Replay replay_search(const FrozenService& service, const std::vector<double>& orders, size_t hidden,
                     const SearchOptions& options, const Strategy& strategy, const ReplayPace& pace = {},
                     const PhotoFeatures& features = {});

}  // namespace lookalike
