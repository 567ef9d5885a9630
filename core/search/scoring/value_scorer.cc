#include "core/search/scoring/value_scorer.h"

#include <cassert>
#include <limits>

#include "core/base/feature_source.h"

namespace lookalike {
namespace {

Score score_of(double value) {
  return {.order = value, .score = value, .log_score = value, .cosine = std::numeric_limits<double>::quiet_NaN()};
}

class ValueScorer final : public Scorer {
 public:
  explicit ValueScorer(size_t position) : position_(position) {}

  Score score(std::span<const float> embedding) const override {
    assert(position_ < embedding.size());
    return score_of(static_cast<double>(embedding[position_]));
  }

 private:
  size_t position_;
};

class NumberScorer final : public Scorer {
 public:
  Score score(std::span<const float> embedding) const override { return score_of(embedded_number(embedding)); }
};

}  // namespace

std::unique_ptr<Scorer> make_value_scorer(size_t position) {
  return std::make_unique<ValueScorer>(position);
}

std::unique_ptr<Scorer> make_number_scorer() {
  return std::make_unique<NumberScorer>();
}

}  // namespace lookalike
