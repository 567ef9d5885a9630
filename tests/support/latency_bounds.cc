#include "tests/support/latency_bounds.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

namespace lookalike::test {
namespace {

constexpr size_t kBestCounted = 10;

std::vector<double> delays_of(std::span<const StandInDelay> delays, bool calls) {
  std::vector<double> chosen;
  for (const StandInDelay& delay : delays)
    if (delay.is_call == calls) chosen.push_back(delay.delay.count());
  return chosen;
}

double sum_of_best(const std::vector<double>& best_first) {
  const size_t counted = std::min(kBestCounted, best_first.size());
  return std::accumulate(best_first.begin(), best_first.begin() + static_cast<std::ptrdiff_t>(counted), 0.0);
}

}  // namespace

double total_waiting(std::span<const StandInDelay> delays) {
  double sum = 0;
  for (const StandInDelay& delay : delays)
    sum += delay.delay.count();
  return sum;
}

double flow_bound(std::span<const StandInDelay> delays, int slots) {
  return total_waiting(delays) / slots;
}

double rounds_bound(std::span<const StandInDelay> delays, int slots) {
  const std::vector<double> calls = delays_of(delays, true);
  const std::vector<double> images = delays_of(delays, false);
  const size_t draws = std::max(calls.size(), images.size());
  double sum = 0;
  double slowest = 0;
  for (size_t draw = 0; draw < draws; ++draw) {
    if (draw % static_cast<size_t>(slots) == 0) sum += std::exchange(slowest, 0);
    const double call = draw < calls.size() ? calls[draw] : 0;
    const double image = draw < images.size() ? images[draw] : 0;
    slowest = std::max(slowest, call + image);
  }
  return sum + slowest;
}

double idle_share(std::span<const StandInDelay> delays, int slots) {
  if (delays.empty()) return 0;
  auto begin = delays.front().begun;
  auto end = begin;
  for (const StandInDelay& delay : delays) {
    begin = std::min(begin, delay.begun);
    end = std::max(end, delay.begun + std::chrono::duration_cast<std::chrono::nanoseconds>(delay.delay));
  }
  const double span = std::chrono::duration<double, std::milli>(end - begin).count();
  return span > 0 ? 1 - flow_bound(delays, slots) / span : 0;
}

double quality(std::vector<ScoredPhoto> photos) {
  std::vector<double> scores;
  for (const ScoredPhoto& photo : photos)
    scores.push_back(photo.log_score);
  std::sort(scores.begin(), scores.end(), std::greater<>());
  return sum_of_best(scores);
}

std::optional<double> time_to_quality(std::vector<ScoredPhoto> photos, double wanted) {
  std::sort(photos.begin(), photos.end(), [](const ScoredPhoto& a, const ScoredPhoto& b) { return a.at < b.at; });
  std::vector<double> best;
  for (const ScoredPhoto& photo : photos) {
    best.insert(std::upper_bound(best.begin(), best.end(), photo.log_score, std::greater<>()), photo.log_score);
    if (best.size() >= std::min(kBestCounted, photos.size()) && sum_of_best(best) >= wanted) return photo.at;
  }
  return std::nullopt;
}

}  // namespace lookalike::test
