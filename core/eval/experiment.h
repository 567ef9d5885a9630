// Strategies, queries and seeds: replays every combination on a frozen service and measures each search, at its end and
// as it goes on.
// Threads: const inputs; any number of strategies at once. Same inputs, same results.
// Tested by tests/core/eval/experiment_test.cc
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/eval/frozen_service.h"
#include "core/eval/replay.h"
#include "core/eval/retrieval_metrics.h"
#include "core/search/strategies/first_queries.h"

namespace lookalike {

struct ExperimentQuery {
  size_t photo = 0;                 // its number in the service, which does not have it for this query
  std::vector<ClassGuess> classes;  // what the first queries are made of
  std::vector<double> orders;       // what each photo of the service is ranked by
  std::vector<bool> relevant;       // by photo, whether it shares a label with the query; empty where there are none
};

struct ExperimentOptions {
  int seeds = 3;
  uint64_t first_seed = 1;
  int max_calls = 80;
  int max_images = 96;
  int parallel = 10;
  int curve_points = 16;
  std::chrono::system_clock::time_point now;
  // As SearchOptions::words, for strategies that use the installed and the built-in ones; borrowed.
  const WordVectors* installed_words = nullptr;
  const WordVectors* common_words = nullptr;
  ReplayPace pace;
  PhotoFeatures features;  // for strategies that use installed words, where there are none
};

struct SearchMeasure {
  RetrievalQuality quality;
  std::optional<LabelQuality> labels;
  int calls = 0;
  int images = 0;
  double seconds = 0;  // of the last score
  // What the search had reached after this share of the calls and of the images.
  std::vector<RetrievalQuality> by_calls;
  std::vector<RetrievalQuality> by_images;
};

// What the i-th of the curve's points stands for, the last being the whole budget.
int curve_budget(int point, int points, int whole);

// For each query its seeds, in that order for every strategy, so that strategies can be compared pair by pair.
std::vector<SearchMeasure> run_experiment(const FrozenService& service, const std::vector<ExperimentQuery>& queries,
                                          const Strategy& strategy, const ExperimentOptions& options);

}  // namespace lookalike
