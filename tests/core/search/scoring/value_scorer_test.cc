#include "core/search/scoring/value_scorer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/feature_source.h"

namespace lookalike {
namespace {

TEST(ValueScorer, TakesOneValueAsItIs) {
  const std::vector<float> embedding = {1.5f, -7.25f, 1e30f};
  for (size_t i = 0; i < embedding.size(); ++i) {
    const Score score = make_value_scorer(i)->score(embedding);
    EXPECT_EQ(score.score, static_cast<double>(embedding[i]));
    EXPECT_EQ(score.order, score.score);
    EXPECT_EQ(score.log_score, score.score);
    EXPECT_TRUE(std::isnan(score.cosine));
  }
}

TEST(ValueScorer, ANumberIsItsOwnScore) {
  for (const double value : {0.1, -3.0, 12345678.901234567}) {
    const Score score = make_number_scorer()->score(number_embedding(value));
    EXPECT_EQ(score.score, value);
    EXPECT_EQ(score.order, value);
    EXPECT_EQ(score.log_score, value);
    EXPECT_TRUE(std::isnan(score.cosine));
  }
}

}  // namespace
}  // namespace lookalike
