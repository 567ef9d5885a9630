#include "core/search/bandits/lin_ucb.h"

#include <algorithm>
#include <cassert>

namespace lookalike {
namespace {

// Lanes that do not wait for one another, which the compiler turns into vector code.
double dot(std::span<const float> a, std::span<const float> b) {
  constexpr size_t kLanes = 8;
  float sums[kLanes] = {};
  size_t i = 0;
  for (; i + kLanes <= a.size(); i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane)
      sums[lane] += a[i + lane] * b[i + lane];
  }
  for (; i < a.size(); ++i)
    sums[0] += a[i] * b[i];
  double sum = 0;
  for (const float lane : sums)
    sum += static_cast<double>(lane);
  return sum;
}

}  // namespace

LinUcb::LinUcb(size_t dimensions, double lambda)
    : inverse_(dimensions * dimensions, 0.0), b_(dimensions, 0.0), weights_(dimensions, 0.0f) {
  assert(lambda > 0);
  for (size_t i = 0; i < dimensions; ++i)
    inverse_[i * dimensions + i] = 1 / lambda;
}

std::vector<double> LinUcb::times_inverse(std::span<const float> x) const {
  assert(x.size() == dimensions());
  std::vector<double> product(x.size(), 0.0);
  for (size_t row = 0; row < x.size(); ++row) {
    const double scale = static_cast<double>(x[row]);
    const double* line = inverse_.data() + row * x.size();
    for (size_t column = 0; column < x.size(); ++column)
      product[column] += scale * line[column];  // the matrix is symmetric
  }
  return product;
}

void LinUcb::add(std::span<const float> x, double reward) {
  const std::vector<double> u = times_inverse(x);
  double denominator = 1;
  for (size_t i = 0; i < x.size(); ++i)
    denominator += static_cast<double>(x[i]) * u[i];
  for (size_t row = 0; row < x.size(); ++row) {
    const double scale = u[row] / denominator;
    double* line = inverse_.data() + row * x.size();
    for (size_t column = 0; column < x.size(); ++column)
      line[column] -= scale * u[column];
    b_[row] += reward * static_cast<double>(x[row]);
  }
  weights_stale_ = true;
}

double LinUcb::value(std::span<const float> x) {
  assert(x.size() == dimensions());
  if (weights_stale_) {
    weights_stale_ = false;
    for (size_t row = 0; row < dimensions(); ++row) {
      double sum = 0;
      for (size_t column = 0; column < dimensions(); ++column)
        sum += inverse_[row * dimensions() + column] * b_[column];
      weights_[row] = static_cast<float>(sum);
    }
  }
  return dot(x, weights_);
}

double LinUcb::squared_width(std::span<const float> x) const {
  const std::vector<double> u = times_inverse(x);
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i)
    sum += static_cast<double>(x[i]) * u[i];
  return std::max(sum, 0.0);
}

}  // namespace lookalike
