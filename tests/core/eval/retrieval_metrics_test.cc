#include "core/eval/retrieval_metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace lookalike {
namespace {

// 30 photos, photo i ranked i-th, with log scores 30, 29, ..., 1.
std::vector<double> falling() {
  std::vector<double> orders(30);
  for (size_t i = 0; i < orders.size(); ++i)
    orders[i] = 30.0 - static_cast<double>(i);
  return orders;
}

TEST(RetrievalMetrics, FindingEverythingIsPerfect) {
  const auto orders = falling();
  const TrueRanking truth(orders, orders.size());
  std::vector<uint32_t> all(30);
  std::iota(all.rbegin(), all.rend(), 0u);
  const RetrievalQuality quality = measure(truth, all);
  EXPECT_DOUBLE_EQ(quality.best_found, 1);
  EXPECT_NEAR(quality.recall_at_10, 1, 1e-12);
  EXPECT_NEAR(quality.log_score_ratio, 1, 1e-12);
  EXPECT_NEAR(quality.ndcg_at_20, 1, 1e-12);
  EXPECT_DOUBLE_EQ(quality.median_rank, 5);
}

TEST(RetrievalMetrics, AgreesWithAHandCount) {
  const auto orders = falling();
  const TrueRanking truth(orders, orders.size());
  const std::vector<uint32_t> found = {29, 1, 9, 10};
  const RetrievalQuality quality = measure(truth, found);
  EXPECT_DOUBLE_EQ(quality.best_found, 0);
  EXPECT_NEAR(quality.recall_at_10, 0.2, 1e-12);
  EXPECT_NEAR(quality.log_score_ratio, (29.0 + 21 + 20 + 1) / 255, 1e-12);
  EXPECT_DOUBLE_EQ(quality.median_rank, 10);  // of ranks 2, 10, 11, 30 the lower middle
}

TEST(RetrievalMetrics, NothingFoundIsTheWorst) {
  const auto orders = falling();
  const RetrievalQuality quality = measure(TrueRanking(orders, orders.size()), {});
  EXPECT_EQ(quality.recall_at_10, 0);
  EXPECT_EQ(quality.median_rank, 30);
}

TEST(RetrievalMetrics, AHiddenPhotoIsNotInTheTruth) {
  const auto orders = falling();
  const TrueRanking truth(orders, 0);
  EXPECT_EQ(truth.size(), 29u);
  EXPECT_EQ(truth.rank_of(1), 0u);
  EXPECT_DOUBLE_EQ(truth.order_at(0), 29);
}

TEST(RetrievalMetrics, IntervalsShrinkWithTheRootOfTheCount) {
  const std::vector<double> few = {1, 3};
  const std::vector<double> many = {1, 3, 1, 3, 1, 3, 1, 3};
  EXPECT_DOUBLE_EQ(estimate(few).mean, 2);
  EXPECT_NEAR(estimate(few).half_width, 1.96, 1e-9);
  EXPECT_LT(estimate(many).half_width, estimate(few).half_width);
  EXPECT_EQ(estimate({}).mean, 0);
}

}  // namespace
}  // namespace lookalike
