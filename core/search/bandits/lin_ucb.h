// Ridge regression from vectors to rewards with a confidence bound, updated one observation at a time.
// A = lambda I + sum x x^T, b = sum r x; an arm's value is x^T A^-1 b, its width sqrt(x^T A^-1 x).
// Source: Li, Chu, Langford and Schapire, "A Contextual-Bandit Approach to Personalized News Article Recommendation",
// WWW 2010, algorithm 1 with one model for all arms; the inverse is kept by the formula of Sherman and Morrison.
// Shapes: A^-1 is d x d row-major float64, x is d float32.
// Cost: add O(d^2), weights O(d^2) after an add, value O(d), squared_width O(d^2).
// Threads: one.
// Tested by tests/core/search/bandits/lin_ucb_test.cc
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lookalike {

class LinUcb {
 public:
  // REQUIRES: lambda > 0
  LinUcb(size_t dimensions, double lambda);

  // REQUIRES of all: x.size() == dimensions()
  void add(std::span<const float> x, double reward);
  double value(std::span<const float> x);
  // Never grows as observations are added: what was computed before is an upper bound.
  double squared_width(std::span<const float> x) const;

  size_t dimensions() const { return b_.size(); }

 private:
  std::vector<double> times_inverse(std::span<const float> x) const;

  std::vector<double> inverse_;  // of A
  std::vector<double> b_;
  std::vector<float> weights_;  // A^-1 b
  bool weights_stale_ = false;
};

}  // namespace lookalike
