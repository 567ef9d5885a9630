#include "core/search/tag_regression.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lookalike {
namespace {

// The dot product of two photos' features; both sorted by tag.
double kernel(const std::vector<TagFeature>& a, const std::vector<TagFeature>& b) {
  double sum = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i].tag == b[j].tag) sum += a[i].value * b[j].value;
    const bool step_a = a[i].tag <= b[j].tag;
    const bool step_b = b[j].tag <= a[i].tag;
    i += step_a ? 1 : 0;
    j += step_b ? 1 : 0;
  }
  return sum;
}

}  // namespace

void TagRegression::add(std::span<const TagFeature> features, double value) {
  if (size() == kMaxPhotos) return;
  for (const TagFeature& feature : features) {
    if (feature.tag >= counts_.size()) counts_.resize(feature.tag + 1, 0);
    ++counts_[feature.tag];
  }
  grow_factor(features);
  values_.push_back(value);
  fit();
}

void TagRegression::grow_factor(std::span<const TagFeature> features) {
  std::vector<TagFeature> sorted(features.begin(), features.end());
  std::sort(sorted.begin(), sorted.end(), [](const TagFeature& a, const TagFeature& b) { return a.tag < b.tag; });
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
  row.back() = std::sqrt(std::max(kernel(sorted, sorted) + ridge_ - squares, ridge_ * 1e-6));
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
    for (const TagFeature& feature : photos_[i])
      weights_[feature.tag] += dual[i] * feature.value;
  }
}

double TagRegression::predict(std::span<const TagFeature> features) const {
  double sum = 0;
  for (const TagFeature& feature : features)
    sum += weight(feature.tag) * feature.value;
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
