#include "core/search/mixed_scorer.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

namespace lookalike {
namespace {

class MixedScorer final : public Scorer {
 public:
  explicit MixedScorer(std::vector<MixedPart> parts) : parts_(std::move(parts)) { assert(!parts_.empty()); }

  Score score(std::span<const float> embedding) const override {
    Score sum{.cosine = std::numeric_limits<double>::quiet_NaN()};
    for (const MixedPart& part : parts_) {
      assert(part.begin + part.size <= embedding.size());
      const Score one = part.scorer->score(embedding.subspan(part.begin, part.size));
      sum.order += part.weight * one.order;
      sum.parts.push_back(one.order);
      if (std::isnan(sum.cosine)) sum.cosine = one.cosine;
    }
    sum.score = sum.log_score = sum.order;
    return sum;
  }

 private:
  std::vector<MixedPart> parts_;
};

}  // namespace

std::unique_ptr<Scorer> make_mixed_scorer(std::vector<MixedPart> parts) {
  return std::make_unique<MixedScorer>(std::move(parts));
}

}  // namespace lookalike
