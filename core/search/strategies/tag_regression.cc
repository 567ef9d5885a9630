#include "core/search/strategies/tag_regression.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace lookalike {
namespace {

// Both sorted by tag.
double dot_product(const std::vector<TagFeature>& a, const std::vector<TagFeature>& b) {
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

double TagRegression::kernel(const ScoredPhoto& a, const ScoredPhoto& b) {
  const float numbers = std::inner_product(a.numbers.begin(), a.numbers.end(), b.numbers.begin(), 0.0f);
  return dot_product(a.features, b.features) + static_cast<double>(numbers);
}

void TagRegression::add(std::span<const TagFeature> features, double value, std::span<const float> numbers,
                        double expected) {
  assert(numbers.size() == number_weights_.size());
  if (size() == kMaxPhotos) return;
  for (const TagFeature& feature : features) {
    if (feature.tag >= counts_.size()) counts_.resize(feature.tag + 1, 0);
    ++counts_[feature.tag];
  }
  ScoredPhoto photo{{features.begin(), features.end()}, {numbers.begin(), numbers.end()}, value, expected};
  std::sort(photo.features.begin(), photo.features.end(),
            [](const TagFeature& a, const TagFeature& b) { return a.tag < b.tag; });
  grow_factor(photo);
  photos_.push_back(std::move(photo));
  fit();
}

void TagRegression::forget_expectations() {
  for (ScoredPhoto& photo : photos_)
    photo.expected = 0;
  if (!photos_.empty()) fit();
}

void TagRegression::grow_factor(const ScoredPhoto& photo) {
  std::vector<double> row(photos_.size() + 1);
  double squares = 0;
  for (size_t i = 0; i < photos_.size(); ++i) {
    double sum = kernel(photo, photos_[i]);
    for (size_t k = 0; k < i; ++k)
      sum -= row[k] * factor_[i][k];
    row[i] = sum / factor_[i][i];
    squares += row[i] * row[i];
  }
  // The ridge keeps this positive; rounding cannot take it below a part of that.
  row.back() = std::sqrt(std::max(kernel(photo, photo) + ridge_ - squares, ridge_ * 1e-6));
  factor_.push_back(std::move(row));
}

// One a photo: the kernel matrix with the ridge on its diagonal, solved for the surprises above their mean.
std::vector<double> TagRegression::dual_weights() const {
  const size_t n = size();
  std::vector<double> dual(n);
  for (size_t i = 0; i < n; ++i) {
    double sum = photos_[i].surprise() - mean_;
    for (size_t k = 0; k < i; ++k)
      sum -= factor_[i][k] * dual[k];
    dual[i] = sum / factor_[i][i];
  }
  for (size_t i = n; i-- > 0;) {
    dual[i] /= factor_[i][i];
    for (size_t k = 0; k < i; ++k)
      dual[k] -= factor_[i][k] * dual[i];
  }
  return dual;
}

void TagRegression::fit() {
  const size_t n = size();
  mean_ = std::accumulate(photos_.begin(), photos_.end(), 0.0,
                          [](double sum, const ScoredPhoto& photo) { return sum + photo.surprise(); }) /
          static_cast<double>(n);
  const std::vector<double> dual = dual_weights();
  weights_.assign(counts_.size(), 0);
  std::vector<double> numbers(number_weights_.size(), 0);
  for (size_t i = 0; i < n; ++i) {
    for (const TagFeature& feature : photos_[i].features)
      weights_[feature.tag] += dual[i] * feature.value;
    for (size_t k = 0; k < numbers.size(); ++k)
      numbers[k] += dual[i] * static_cast<double>(photos_[i].numbers[k]);
  }
  std::transform(numbers.begin(), numbers.end(), number_weights_.begin(),
                 [](double weight) { return static_cast<float>(weight); });
}

double TagRegression::predict(std::span<const TagFeature> features, std::span<const float> numbers) const {
  double sum = 0;
  for (const TagFeature& feature : features)
    sum += weight(feature.tag) * feature.value;
  for (size_t k = 0; k < numbers.size(); ++k)
    sum += static_cast<double>(number_weights_[k] * numbers[k]);
  return sum;
}

double TagRegression::deviation() const {
  if (size() < 2) return 0;
  double squares = 0;
  for (const ScoredPhoto& photo : photos_)
    squares += (photo.surprise() - mean_) * (photo.surprise() - mean_);
  return std::sqrt(squares / static_cast<double>(size() - 1));
}

}  // namespace lookalike
