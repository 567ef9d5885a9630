#include "core/search/scoring/mixed_scorer.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "core/search/scoring/likeness.h"

namespace lookalike {
namespace {

class MixedScorer final : public Scorer {
 public:
  explicit MixedScorer(std::vector<MixedPart> parts) : parts_(std::move(parts)) {
    assert(!parts_.empty());
    const Likeness* const own = parts_.size() == 1 ? parts_[0].scorer->likeness() : nullptr;
    if (own != nullptr && parts_[0].weight > 0) likeness_ = weighted(own->anchors(), parts_[0].weight);
  }

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
    if (likeness_) sum.likeness = likeness_->of_order(sum.order);
    return sum;
  }

  const Likeness* likeness() const override { return likeness_ ? &*likeness_ : nullptr; }

 private:
  static Likeness weighted(Likeness::Anchors anchors, double weight) {
    anchors.self *= weight;
    anchors.span *= weight;
    anchors.order_is_score = false;  // the logarithm of a mixed score is the sum as well
    return Likeness(anchors);
  }

  std::vector<MixedPart> parts_;
  std::optional<Likeness> likeness_;
};

}  // namespace

std::unique_ptr<Scorer> make_mixed_scorer(std::vector<MixedPart> parts) {
  return std::make_unique<MixedScorer>(std::move(parts));
}

}  // namespace lookalike
