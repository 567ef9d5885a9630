#include "core/search/scoring/mixed_scorer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/feature_source.h"
#include "core/search/scoring/similarity.h"
#include "core/search/scoring/value_scorer.h"

namespace lookalike {
namespace {

using testing::ElementsAre;

std::unique_ptr<Scorer> similarity(const char* name, std::vector<float> query) {
  return std::move(*make_similarity(name, std::move(query), 10));
}

TEST(MixedScorer, IsTheWeightedSumOfWhatEachRanksBy) {
  std::vector<MixedPart> parts;
  parts.push_back({.weight = 0.5, .begin = 0, .size = 2, .scorer = similarity("dot", {3, 4})});
  parts.push_back({.weight = -2, .begin = 2, .size = 3, .scorer = make_value_scorer(1)});
  parts.push_back({.weight = 1, .begin = 5, .size = 3, .scorer = make_number_scorer()});
  std::vector<float> embedding = {10, 0, 100, 7, 100};
  const Embedding number = number_embedding(0.1);
  embedding.insert(embedding.end(), number.begin(), number.end());
  const Score score = make_mixed_scorer(std::move(parts))->score(embedding);
  EXPECT_THAT(score.parts, ElementsAre(3, 7, 0.1));
  EXPECT_DOUBLE_EQ(score.order, 0.5 * 3 - 2 * 7 + 0.1);
  EXPECT_EQ(score.score, score.order);
  EXPECT_EQ(score.log_score, score.order);
  EXPECT_DOUBLE_EQ(score.cosine, 0.6) << "that of the similarity";
}

// A cosine below zero has no logarithm, and is no reason to stop telling photos apart.
TEST(MixedScorer, ACosineCountsAsItIs) {
  std::vector<MixedPart> parts;
  parts.push_back({.weight = 2, .begin = 0, .size = 2, .scorer = similarity("cosine", {1, 0})});
  const auto scorer = make_mixed_scorer(std::move(parts));
  EXPECT_DOUBLE_EQ(scorer->score(std::vector<float>{-3, 0}).order, -2);
  EXPECT_DOUBLE_EQ(scorer->score(std::vector<float>{0, 5}).order, 0);
}

TEST(MixedScorer, WithoutASimilarityThereIsNoCosine) {
  std::vector<MixedPart> parts;
  parts.push_back({.weight = 3, .begin = 0, .size = 1, .scorer = make_value_scorer(0)});
  const Score score = make_mixed_scorer(std::move(parts))->score(std::vector<float>{2});
  EXPECT_EQ(score.order, 6);
  EXPECT_TRUE(std::isnan(score.cosine));
}

TEST(MixedScorer, OnlyALikenessByItselfIsShownAsOne) {
  const auto mixed = [](double weight, bool with_another) {
    std::vector<MixedPart> parts;
    parts.push_back({.weight = weight, .begin = 0, .size = 2, .scorer = similarity("dot", {3, 4})});
    if (with_another) parts.push_back({.weight = 1, .begin = 0, .size = 1, .scorer = make_value_scorer(0)});
    return make_mixed_scorer(std::move(parts));
  };
  const std::vector<float> photo = {1, 2};
  const double likeness = similarity("dot", {3, 4})->score(photo).likeness;
  const auto alone = mixed(0.25, false);
  EXPECT_NEAR(alone->score(photo).likeness, likeness, 1e-9);
  EXPECT_NEAR(alone->likeness()->of_log_score(alone->score(photo).log_score), likeness, 1e-9);
  EXPECT_TRUE(std::isnan(mixed(-1, false)->score(photo).likeness));
  EXPECT_TRUE(std::isnan(mixed(1, true)->score(photo).likeness));
  EXPECT_EQ(mixed(1, true)->likeness(), nullptr);
}

}  // namespace
}  // namespace lookalike
