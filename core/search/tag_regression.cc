#include "core/search/tag_regression.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lookalike {
namespace {

// How many features two photos share; both sorted.
double kernel(const std::vector<TagId>& a, const std::vector<TagId>& b) {
  int shared = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) ++shared;
    const bool step_a = a[i] <= b[j];
    const bool step_b = b[j] <= a[i];
    i += step_a ? 1 : 0;
    j += step_b ? 1 : 0;
  }
  return shared;
}

}  // namespace

void TagRegression::add(std::span<const TagId> features, double value) {
  if (size() == kMaxPhotos) return;
  for (const TagId feature : features) {
    if (feature >= counts_.size()) counts_.resize(feature + 1, 0);
    ++counts_[feature];
  }
  grow_factor(features);
  values_.push_back(value);
  fit();
}

void TagRegression::grow_factor(std::span<const TagId> features) {
  std::vector<TagId> sorted(features.begin(), features.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> row(photos_.size() + 1);
  double squares = 0;
  for (size_t i = 0; i < photos_.size(); ++i) {
    double sum = kernel(sorted, photos_[i]);
    for (size_t k = 0; k < i; ++k)
      sum -= row[k] * factor_[i][k];
    row[i] = sum / factor_[i][i];
    squares += row[i] * row[i];
  }
  // The ridge keeps this positive; rounding cannot take it below a part of that.
  row.back() = std::sqrt(std::max(static_cast<double>(sorted.size()) + ridge_ - squares, ridge_ * 1e-6));
  factor_.push_back(std::move(row));
  photos_.push_back(std::move(sorted));
}

void TagRegression::fit() {
  const size_t n = size();
  mean_ = std::accumulate(values_.begin(), values_.end(), 0.0) / static_cast<double>(n);
  std::vector<double> dual(n);
  for (size_t i = 0; i < n; ++i) {
    double sum = values_[i] - mean_;
    for (size_t k = 0; k < i; ++k)
      sum -= factor_[i][k] * dual[k];
    dual[i] = sum / factor_[i][i];
  }
  for (size_t i = n; i-- > 0;) {
    dual[i] /= factor_[i][i];
    for (size_t k = 0; k < i; ++k)
      dual[k] -= factor_[i][k] * dual[i];
  }
  weights_.assign(counts_.size(), 0);
  for (size_t i = 0; i < n; ++i) {
    for (const TagId feature : photos_[i])
      weights_[feature] += dual[i];
  }
}

double TagRegression::predict(std::span<const TagId> features) const {
  double sum = 0;
  for (const TagId feature : features)
    sum += weight(feature);
  return sum;
}

double TagRegression::deviation() const {
  if (size() < 2) return 0;
  double squares = 0;
  for (const double value : values_)
    squares += (value - mean_) * (value - mean_);
  return std::sqrt(squares / static_cast<double>(size() - 1));
}

}  // namespace lookalike
