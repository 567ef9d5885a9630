#include "core/eval/experiment.h"

#include <algorithm>
#include <numeric>

namespace lookalike {
namespace {

const WordVectors* words_for(const Strategy& strategy, const ExperimentOptions& options) {
  switch (strategy.words) {
    case WordsUsed::none: break;
    case WordsUsed::common: return options.common_words;
    case WordsUsed::installed: return options.installed_words;
  }
  return nullptr;
}

SearchOptions search_options(const ExperimentQuery& query, const Strategy& strategy, const ExperimentOptions& options,
                             int seed) {
  return {.max_calls = options.max_calls,
          .max_images = options.max_images,
          .parallel = options.parallel,
          .max_attempts = 1,
          .seed = options.first_seed + static_cast<uint64_t>(seed),
          .first_queries = first_queries(query.classes, strategy),
          .now = options.now,
          .words = words_for(strategy, options)};
}

// The quality of what had been scored when `spent` said how much of the budget, at each point of the curve.
std::vector<RetrievalQuality> curve(const TrueRanking& truth, const std::vector<ReplayStep>& steps, int points,
                                    int whole, int ReplayStep::*spent) {
  std::vector<RetrievalQuality> qualities;
  std::vector<uint32_t> found;
  size_t next = 0;
  for (int point = 0; point < points; ++point) {
    const int budget = curve_budget(point, points, whole);
    for (; next < steps.size() && steps[next].*spent <= budget; ++next)
      found.push_back(steps[next].photo);
    qualities.push_back(measure(truth, found));
  }
  return qualities;
}

LabelQuality label_quality(const ExperimentQuery& query, std::vector<uint32_t> found) {
  std::stable_sort(found.begin(), found.end(),
                   [&query](uint32_t a, uint32_t b) { return query.orders[a] > query.orders[b]; });
  std::vector<bool> relevant;
  for (const uint32_t photo : found)
    relevant.push_back(query.relevant[photo]);
  const auto in_collection = std::count(query.relevant.begin(), query.relevant.end(), true);
  return measure_labels(relevant, static_cast<size_t>(in_collection) - (query.relevant[query.photo] ? 1 : 0));
}

SearchMeasure measure_search(const ExperimentQuery& query, const TrueRanking& truth, const Replay& replay,
                             const ExperimentOptions& options) {
  std::vector<uint32_t> found;
  for (const ReplayStep& step : replay.steps)
    found.push_back(step.photo);
  const int points = options.curve_points;
  SearchMeasure result{.quality = measure(truth, found),
                       .calls = replay.counts.api_calls,
                       .images = replay.counts.images_downloaded,
                       .seconds = replay.steps.empty() ? 0 : replay.steps.back().elapsed_ms / 1000,
                       .by_calls = curve(truth, replay.steps, points, options.max_calls, &ReplayStep::calls),
                       .by_images = curve(truth, replay.steps, points, options.max_images, &ReplayStep::images)};
  if (!query.relevant.empty()) result.labels = label_quality(query, std::move(found));
  return result;
}

}  // namespace

int curve_budget(int point, int points, int whole) {
  return static_cast<int>((static_cast<int64_t>(point) + 1) * whole / points);
}

std::vector<SearchMeasure> run_experiment(const FrozenService& service, const std::vector<ExperimentQuery>& queries,
                                          const Strategy& strategy, const ExperimentOptions& options) {
  const bool needs_features = strategy.words == WordsUsed::installed && options.installed_words == nullptr;
  std::vector<SearchMeasure> searches;
  for (const ExperimentQuery& query : queries) {
    const TrueRanking truth(query.orders, query.photo);
    for (int seed = 0; seed < options.seeds; ++seed) {
      const Replay replay =
          replay_search(service, query.orders, query.photo, search_options(query, strategy, options, seed), strategy,
                        options.pace, needs_features ? options.features : PhotoFeatures{});
      searches.push_back(measure_search(query, truth, replay, options));
    }
  }
  return searches;
}

}  // namespace lookalike
