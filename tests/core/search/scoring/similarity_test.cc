#include "core/search/scoring/similarity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/random.h"

namespace lookalike {
namespace {

std::vector<float> random_vector(Random& random, size_t size) {
  std::vector<float> v(size);
  for (float& x : v)
    x = static_cast<float>(4 * random.uniform() - 2);
  return v;
}

struct Naive {
  double dot = 0, distance = 0, norm_f = 0, norm_q = 0;
  Naive(const std::vector<float>& f, const std::vector<float>& q) {
    for (size_t i = 0; i < f.size(); ++i) {
      const double a = f[i], b = q[i];
      dot += a * b;
      distance += (a - b) * (a - b);
      norm_f += a * a;
      norm_q += b * b;
    }
  }
};

TEST(Similarity, AgreesWithANaiveSum) {
  Random random(2);
  for (const size_t size : {1u, 15u, 16u, 17u, 1280u, 15'680u}) {
    const auto q = random_vector(random, size);
    const auto f = random_vector(random, size);
    const Naive naive(f, q);
    const auto dot = std::move(*make_similarity("dot", q, 1000))->score(f);
    EXPECT_NEAR(dot.log_score, naive.dot / 1000, 1e-6 * static_cast<double>(size));
    EXPECT_DOUBLE_EQ(dot.score, std::exp(dot.log_score));
    EXPECT_NEAR(dot.cosine, naive.dot / std::sqrt(naive.norm_f * naive.norm_q), 1e-5);
    const auto gaussian = std::move(*make_similarity("gaussian", q, 100))->score(f);
    EXPECT_NEAR(gaussian.log_score, -naive.distance / 100, 1e-5 * static_cast<double>(size));
    const auto cosine = std::move(*make_similarity("cosine", q, 1))->score(f);
    EXPECT_NEAR(cosine.score, dot.cosine, 1e-12);
    EXPECT_EQ(cosine.order, cosine.cosine);
  }
}

TEST(Similarity, OverflowKeepsTheOrder) {
  const std::vector<float> q(100, 30.0f);
  auto scorer = std::move(*make_similarity("dot", q, 1));
  const Score same = scorer->score(q);
  EXPECT_TRUE(std::isinf(same.score));
  EXPECT_DOUBLE_EQ(same.order, 90'000);
  EXPECT_GT(same.order, scorer->score(std::vector<float>(100, 29.0f)).order);
}

TEST(Similarity, RefusesWhatMakesNoSense) {
  EXPECT_EQ(make_similarity("euclid", {1.0f}, 1).error().code, ErrorCode::usage);
  EXPECT_EQ(make_similarity("dot", {1.0f}, 0).error().code, ErrorCode::usage);
  EXPECT_EQ(make_similarity("dot", {1.0f}, -1).error().code, ErrorCode::usage);
  EXPECT_EQ(make_similarity("dot", {1.0f}, NAN).error().code, ErrorCode::usage);
  EXPECT_EQ(make_similarity("dot", {0.0f, 0.0f}, 1).error().code, ErrorCode::bad_data);
}

TEST(Similarity, OppositeDirectionsHaveAFiniteLogScore) {
  const auto score = std::move(*make_similarity("cosine", {1.0f, 0.0f}, 1))->score(std::vector<float>{-1.0f, 0.0f});
  EXPECT_DOUBLE_EQ(score.score, -1);
  EXPECT_TRUE(std::isfinite(score.log_score));
}

class SimilarityLikeness : public testing::TestWithParam<const char*> {};

TEST_P(SimilarityLikeness, GrowsWithTheOrderFromZeroToAHundred) {
  Random random(5);
  for (const size_t size : {3u, 300u, 5000u}) {
    for (const double scale : {1e-3, 1.0, 1000.0, 1e6}) {
      const auto q = random_vector(random, size);
      const auto scorer = std::move(*make_similarity(GetParam(), q, scale));
      EXPECT_NEAR(scorer->score(q).likeness, 99, 0.01);
      std::vector<Score> scores;
      for (int i = 0; i < 100; ++i) {
        auto f = random_vector(random, size);
        const auto towards = static_cast<float>(3 * random.uniform() - 1);
        for (size_t k = 0; k < size; ++k)
          f[k] += towards * q[k];
        scores.push_back(scorer->score(f));
      }
      std::sort(scores.begin(), scores.end(), [](const Score& a, const Score& b) { return a.order < b.order; });
      for (size_t i = 0; i < scores.size(); ++i) {
        EXPECT_GT(scores[i].likeness, 0);
        EXPECT_LT(scores[i].likeness, 100);
        EXPECT_DOUBLE_EQ(scorer->likeness()->of_order(scores[i].order), scores[i].likeness);
        if (i == 0) continue;
        EXPECT_EQ(scores[i].order > scores[i - 1].order, scores[i].likeness > scores[i - 1].likeness);
      }
    }
  }
}

// The scale is a matter of the original program's exponent, not of what looks alike.
TEST_P(SimilarityLikeness, DoesNotDependOnTheScale) {
  Random random(6);
  const auto q = random_vector(random, 400), f = random_vector(random, 400);
  const double likeness = std::move(*make_similarity(GetParam(), q, 1000))->score(f).likeness;
  EXPECT_NEAR(std::move(*make_similarity(GetParam(), q, 7))->score(f).likeness, likeness, 1e-9);
}

INSTANTIATE_TEST_SUITE_P(All, SimilarityLikeness, testing::Values("dot", "cosine", "gaussian"));

// Photos of one length have one likeness, whatever they are compared by.
TEST(Similarity, LikenessIsOneForAllWhereLengthsAreOne) {
  std::vector<float> q(5000), f(5000);
  q[0] = 10;
  f[0] = 6;
  f[1] = 8;
  const double by_cosine = std::move(*make_similarity("cosine", q, 1))->score(f).likeness;
  EXPECT_NEAR(std::move(*make_similarity("dot", q, 1000))->score(f).likeness, by_cosine, 1e-9);
  EXPECT_NEAR(std::move(*make_similarity("gaussian", q, 1000))->score(f).likeness, by_cosine, 1e-9);
  EXPECT_NEAR(by_cosine, 2 + 97 * std::pow(0.6, 0.6), 1e-6);
}

}  // namespace
}  // namespace lookalike
