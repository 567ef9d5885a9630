// Predicts a photo's log score from its tags: ridge regression on the tags' presence, one weight a tag, in its dual
// form, which costs by photos scored and not by tags known. Source: Saunders, Gammerman and Vovk, "Ridge Regression
// Learning Algorithm in Dual Variables", ICML 1998; the Cholesky factor of the kernel matrix grows by a row a photo
// (Golub and Van Loan, Matrix Computations, 4.2). Cost: add and fit O(n^2 + n t) for n photos of t tags; memory O(n^2),
// so n stops at kMaxPhotos. Threads: one. Tested by tests/core/search/tag_regression_test.cc
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/search/tag_table.h"

namespace lookalike {

struct TagFeature {
  TagId tag = 0;
  double value = 1;  // how much the tag's presence counts
};

class TagRegression {
 public:
  static constexpr size_t kMaxPhotos = 1000;  // 4 MB; what comes later is not learnt from

  // `ridge` is what a weight's square costs, in units of a prediction's squared error.
  explicit TagRegression(double ridge) : ridge_(ridge) {}

  // REQUIRES: the features' tags are distinct
  void add(std::span<const TagFeature> features, double value);
  // How far above the mean a photo with these features should be. 0 for tags never seen.
  double predict(std::span<const TagFeature> features) const;
  double weight(TagId tag) const { return tag < weights_.size() ? weights_[tag] : 0; }
  // In how many of the photos the tag was.
  int count(TagId tag) const { return tag < counts_.size() ? counts_[tag] : 0; }

  size_t size() const { return values_.size(); }
  double mean() const { return mean_; }
  double deviation() const;  // standard deviation of the values

 private:
  void grow_factor(std::span<const TagFeature> features);
  void fit();

  double ridge_;
  std::vector<std::vector<TagFeature>> photos_;  // sorted by tag
  std::vector<std::vector<double>> factor_;      // lower triangle, a row a photo
  std::vector<double> values_;
  double mean_ = 0;
  std::vector<double> weights_;  // by TagId
  std::vector<int> counts_;      // by TagId
};

}  // namespace lookalike
