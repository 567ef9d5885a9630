// The mean of values that are known by their logarithms and may be too large to write down: a dot product of 58,000
// over a scale of 1 is exp(58000).
// Tested by tests/core/search/strategies/log_mean_test.cc
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace lookalike {

// log(exp(a) + exp(b))
inline double log_add(double a, double b) {
  const double high = std::max(a, b);
  if (high == -std::numeric_limits<double>::infinity()) return high;
  return high + std::log1p(std::exp(std::min(a, b) - high));
}

class LogMean {
 public:
  void add(double log_value) {
    log_sum_ = log_add(log_sum_, log_value);
    ++count_;
  }
  int count() const { return count_; }
  // The logarithm of the arithmetic mean; minus infinity when nothing was added.
  double log_mean() const { return count_ == 0 ? log_sum_ : log_sum_ - std::log(static_cast<double>(count_)); }

 private:
  double log_sum_ = -std::numeric_limits<double>::infinity();
  int count_ = 0;
};

}  // namespace lookalike
