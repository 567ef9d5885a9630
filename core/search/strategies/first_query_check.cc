#include "core/search/strategies/first_query_check.h"

#include <cmath>
#include <numeric>

namespace lookalike {
namespace {

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double squares_around(double center, const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values)
    sum += (value - center) * (value - center);
  return sum;
}

}  // namespace

void FirstQueryCheck::add(std::vector<double>& scores, double log_score) {
  if (right_) return;
  scores.push_back(log_score);
  if (probes_.size() >= kProbes && others_.size() >= kProbes) judge();
}

void FirstQueryCheck::judge() {
  const double probes = mean(probes_);
  const double others = mean(others_);
  const double squares = squares_around(probes, probes_) + squares_around(others, others_);
  const double deviation = std::sqrt(squares / static_cast<double>(probes_.size() + others_.size() - 2));
  right_ = others - probes > kEnough * deviation;
  in_doubt_ = !right_;
}

}  // namespace lookalike
