// Predicts a photo's log score from its tags: ridge regression on the tags' presence, one weight a tag, and on further
// numbers that every photo has, in its dual form, which costs by photos scored and not by tags known. What is expected
// of a photo beforehand is taken off its value, so that only the surprise is learnt.
// Source: Saunders, Gammerman and Vovk, "Ridge Regression Learning Algorithm in Dual Variables", ICML 1998; the
// Cholesky factor of the kernel matrix grows by a row a photo (Golub and Van Loan, Matrix Computations, 4.2).
// Cost: add and fit O(n^2 + n t) for n photos of t tags; memory O(n^2), so n stops at kMaxPhotos.
// Threads: one.
// Tested by tests/core/search/strategies/tag_regression_test.cc
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/search/strategies/tag_table.h"

namespace lookalike {

struct TagFeature {
  TagId tag = 0;
  double value = 1;  // how much the tag's presence counts
};

class TagRegression {
 public:
  static constexpr size_t kMaxPhotos = 1000;  // 4 MB; what comes later is not learnt from

  // `ridge` is what a weight's square costs, in units of a prediction's squared error.
  explicit TagRegression(double ridge, size_t numbers = 0) : ridge_(ridge), number_weights_(numbers, 0.0f) {}

  // REQUIRES: the features' tags are distinct; numbers.size() is that of the constructor
  void add(std::span<const TagFeature> features, double value, std::span<const float> numbers = {},
           double expected = 0);
  // As if nothing had been expected of any photo so far.
  void forget_expectations();

  // How far above the mean of all surprises that of a photo with these features should be. 0 for tags never seen, and
  // for numbers that are left out at the end.
  double predict(std::span<const TagFeature> features, std::span<const float> numbers = {}) const;
  double weight(TagId tag) const { return tag < weights_.size() ? weights_[tag] : 0; }
  // In how many of the photos the tag was.
  int count(TagId tag) const { return tag < counts_.size() ? counts_[tag] : 0; }

  size_t size() const { return photos_.size(); }
  double mean() const { return mean_; }
  double deviation() const;  // standard deviation of the surprises
  std::span<const float> number_weights() const { return number_weights_; }

 private:
  struct ScoredPhoto {
    std::vector<TagFeature> features;  // sorted by tag
    std::vector<float> numbers;
    double value = 0;
    double expected = 0;
    double surprise() const { return value - expected; }
  };

  static double kernel(const ScoredPhoto& a, const ScoredPhoto& b);
  void grow_factor(const ScoredPhoto& photo);
  std::vector<double> dual_weights() const;
  void fit();

  double ridge_;
  std::vector<ScoredPhoto> photos_;
  std::vector<std::vector<double>> factor_;  // lower triangle, a row a photo
  double mean_ = 0;                          // of the surprises
  std::vector<double> weights_;              // by TagId
  std::vector<int> counts_;                  // by TagId
  std::vector<float> number_weights_;
};

}  // namespace lookalike
