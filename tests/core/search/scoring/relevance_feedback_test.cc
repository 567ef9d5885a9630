#include "core/search/scoring/relevance_feedback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/search/scoring/similarity.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::FloatNear;

Embedding random_embedding(Random& random, size_t size) {
  Embedding embedding(size);
  for (float& value : embedding)
    value = static_cast<float>(4 * random.uniform() - 2);
  return embedding;
}

double order(const Result<std::unique_ptr<Scorer>>& scorer, const Embedding& photo) {
  return scorer.value()->score(photo).order;
}

TEST(RelevanceFeedback, WithoutAnyTheQueryIsThePoint) {
  for (const LikeMode mode : {LikeMode::mean, LikeMode::best})
    EXPECT_THAT(feedback_points({1, -2}, {.mode = mode}), ElementsAre(Embedding{1, -2}));
}

TEST(RelevanceFeedback, TheMeanIsRocchiosByHand) {
  const auto points = feedback_points({1, 0, 0}, {.liked = {{0, 2, 0}, {0, 0, 4}}, .unliked = {{4, 0, 0}, {0, 8, 0}}});
  ASSERT_EQ(points.size(), 1u);
  // (1 - 0.15 * 2, 0.75 * 1 - 0.15 * 4, 0.75 * 2) / (1 + 0.75 - 0.15)
  EXPECT_THAT(points[0], ElementsAre(FloatNear(0.7f / 1.6f, 1e-6f), FloatNear(0.15f / 1.6f, 1e-6f),
                                     FloatNear(1.5f / 1.6f, 1e-6f)));
}

TEST(RelevanceFeedback, TheOrderOfTheImagesDoesNotMatter) {
  Random random(3);
  const auto q = random_embedding(random, 50), a = random_embedding(random, 50), b = random_embedding(random, 50);
  const auto one = feedback_points(q, {.liked = {a, b}, .unliked = {b, a}});
  const auto other = feedback_points(q, {.liked = {b, a}, .unliked = {a, b}});
  for (size_t i = 0; i < 50; ++i)
    EXPECT_FLOAT_EQ(one[0][i], other[0][i]);
}

// All images moved by one vector: so is the point. Distances, and with them the gaussian's scores, mean the same.
TEST(RelevanceFeedback, ThePointMovesWithTheImages) {
  const auto near = feedback_points({1, 2}, {.liked = {{3, 4}}, .unliked = {{5, 7}}});
  const auto far = feedback_points({101, 2}, {.liked = {{103, 4}}, .unliked = {{105, 7}}});
  EXPECT_NEAR(far[0][0] - near[0][0], 100, 1e-4);
  EXPECT_NEAR(far[0][1], near[0][1], 1e-6);
}

TEST(RelevanceFeedback, BestIsTheLargestOfTheSimilarities) {
  Random random(4);
  const auto q = random_embedding(random, 33), a = random_embedding(random, 33), b = random_embedding(random, 33);
  for (const char* name : {"dot", "cosine", "gaussian"}) {
    const auto best = make_feedback_similarity(name, q, {.liked = {a, b}, .mode = LikeMode::best}, 10);
    for (int i = 0; i < 20; ++i) {
      const auto photo = random_embedding(random, 33);
      double largest = -1e300;
      for (const Embedding& wanted : {q, a, b})
        largest = std::max(largest, order(make_similarity(name, wanted, 10), photo));
      EXPECT_DOUBLE_EQ(order(best, photo), largest) << name;
    }
  }
}

TEST(RelevanceFeedback, WhatIsLikedRisesAndWhatIsNotFalls) {
  const Embedding query = {10, 0, 0}, liked = {0, 10, 0}, unliked = {0, 0, 10};
  const auto plain = make_similarity("dot", query, 10);
  for (const LikeMode mode : {LikeMode::mean, LikeMode::best}) {
    const auto scorer = make_feedback_similarity("dot", query, {{liked}, {unliked}, mode}, 10);
    EXPECT_GT(order(scorer, liked), order(plain, liked));
    EXPECT_LT(order(scorer, unliked), order(plain, unliked));
    EXPECT_GT(order(scorer, query), order(scorer, unliked));
  }
}

TEST(RelevanceFeedback, RefusesWhatASimilarityRefuses) {
  EXPECT_EQ(make_feedback_similarity("dot", {1, 2}, {}, -1).error().code, ErrorCode::usage);
  EXPECT_EQ(make_feedback_similarity("taste", {1, 2}, {}, 1).error().code, ErrorCode::usage);
  EXPECT_EQ(make_feedback_similarity("dot", {0, 0}, {}, 1).error().code, ErrorCode::bad_data);
}

TEST(RelevanceFeedback, LikenessIsMeasuredByTheQueryAndGrowsWithTheOrder) {
  Random random(7);
  const auto q = random_embedding(random, 5000), a = random_embedding(random, 5000), b = random_embedding(random, 5000);
  for (const char* name : {"dot", "cosine", "gaussian"}) {
    for (const LikeMode mode : {LikeMode::mean, LikeMode::best}) {
      const auto scorer = make_feedback_similarity(name, q, {.liked = {a}, .unliked = {b}, .mode = mode}, 1000);
      ASSERT_TRUE(scorer.ok());
      EXPECT_NEAR((*scorer)->score(q).likeness, 99, 1e-6) << name;
      Score before = (*scorer)->score(b);
      for (int step = 1; step <= 10; ++step) {
        Embedding photo(5000);
        for (size_t k = 0; k < photo.size(); ++k)
          photo[k] = b[k] + static_cast<float>(step) / 8 * (a[k] - b[k]);
        const Score score = (*scorer)->score(photo);
        EXPECT_EQ(score.order > before.order, score.likeness > before.likeness) << name << step;
        EXPECT_GT(score.likeness, 0);
        EXPECT_LT(score.likeness, 100);
        before = score;
      }
    }
  }
}

}  // namespace
}  // namespace lookalike
