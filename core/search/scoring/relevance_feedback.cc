#include "core/search/scoring/relevance_feedback.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>

#include "core/search/scoring/likeness.h"
#include "core/search/scoring/similarity.h"

namespace lookalike {
namespace {

using Sum = std::vector<double>;

void add(Sum& sum, const Embedding& embedding, double weight) {
  assert(embedding.size() == sum.size());
  for (size_t i = 0; i < sum.size(); ++i)
    sum[i] += weight * static_cast<double>(embedding[i]);
}

// Their mean, with that weight in all; nothing when there are none.
void add_mean(Sum& sum, const std::vector<Embedding>& embeddings, double weight) {
  for (const Embedding& embedding : embeddings)
    add(sum, embedding, weight / static_cast<double>(embeddings.size()));
}

Embedding point(const Sum& sum, double weights) {
  Embedding result(sum.size());
  for (size_t i = 0; i < sum.size(); ++i)
    result[i] = static_cast<float>(sum[i] / weights);
  return result;
}

// `wanted` and the liked ones, away from the unliked ones.
Embedding rocchio(const Embedding& wanted, const std::vector<Embedding>& liked, const std::vector<Embedding>& unliked) {
  Sum sum(wanted.size());
  add(sum, wanted, kQueryWeight);
  add_mean(sum, liked, kLikedWeight);
  add_mean(sum, unliked, -kUnlikedWeight);
  return point(sum, kQueryWeight + (liked.empty() ? 0 : kLikedWeight) - (unliked.empty() ? 0 : kUnlikedWeight));
}

// The best of several similarities, on one scale of likeness.
class BestSimilarity final : public Scorer {
 public:
  BestSimilarity(std::vector<std::unique_ptr<Scorer>> similarities, const Embedding& query)
      : similarities_(std::move(similarities)), likeness_(*similarities_.front()->likeness()) {
    Likeness::Anchors anchors = likeness_.anchors();
    anchors.self = best(query).order;
    likeness_ = Likeness(anchors);
  }

  Score score(std::span<const float> embedding) const override {
    Score score = best(embedding);
    score.likeness = likeness_.of_order(score.order);
    return score;
  }

  const Likeness* likeness() const override { return &likeness_; }

 private:
  Score best(std::span<const float> embedding) const {
    Score best = similarities_.front()->score(embedding);
    for (size_t i = 1; i < similarities_.size(); ++i) {
      const Score other = similarities_[i]->score(embedding);
      if (other.order > best.order) best = other;
    }
    return best;
  }

  std::vector<std::unique_ptr<Scorer>> similarities_;  // at least one
  Likeness likeness_;
};

}  // namespace

std::vector<Embedding> feedback_points(const Embedding& query, const Feedback& feedback) {
  if (feedback.mode == LikeMode::mean) return {rocchio(query, feedback.liked, feedback.unliked)};
  std::vector<Embedding> points = {rocchio(query, {}, feedback.unliked)};
  for (const Embedding& liked : feedback.liked)
    points.push_back(rocchio(liked, {}, feedback.unliked));
  return points;
}

Result<std::unique_ptr<Scorer>> make_feedback_similarity(std::string_view name, const Embedding& query,
                                                         const Feedback& feedback, double scale) {
  std::vector<std::unique_ptr<Scorer>> similarities;
  for (Embedding& wanted : feedback_points(query, feedback)) {
    auto similarity = make_similarity(name, std::move(wanted), scale);
    if (!similarity.ok()) return similarity.error();
    similarities.push_back(std::move(*similarity));
  }
  if (feedback.liked.empty() && feedback.unliked.empty()) return std::move(similarities.front());
  return std::unique_ptr<Scorer>(std::make_unique<BestSimilarity>(std::move(similarities), query));
}

}  // namespace lookalike
