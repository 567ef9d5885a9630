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

TEST(LabelMetrics, AllRelevantIsPerfect) {
  const LabelQuality quality = measure_labels(std::vector<bool>(20, true), 50);
  EXPECT_DOUBLE_EQ(quality.precision, 1);
  EXPECT_NEAR(quality.average_precision, 1, 1e-12);
  EXPECT_NEAR(quality.average_recall, 1, 1e-12);
}

TEST(LabelMetrics, AgreeWithAHandCount) {
  // Hits at ranks 1 and 3, four photos to be found.
  const LabelQuality quality = measure_labels({true, false, true}, 4);
  EXPECT_NEAR(quality.precision, 0.2, 1e-12);
  EXPECT_NEAR(quality.average_precision, (1.0 + 2.0 / 3) / 4, 1e-12);
  EXPECT_NEAR(quality.average_recall, (1.0 + 1.0 / 2 + 2.0 / 3 + 7 * 2.0 / 4) / 10, 1e-12);
}

TEST(LabelMetrics, AreZeroWhereNothingCouldBeFound) {
  EXPECT_EQ(measure_labels({false, false}, 0).average_precision, 0);
  EXPECT_EQ(measure_labels({}, 5).precision, 0);
}

TEST(LabelMetrics, AFewRelevantPhotosAllFoundFirstAreFullMarksButForPrecision) {
  const LabelQuality quality = measure_labels({true, true, false, false}, 2);
  EXPECT_NEAR(quality.precision, 0.2, 1e-12);
  EXPECT_NEAR(quality.average_precision, 1, 1e-12);
  EXPECT_NEAR(quality.average_recall, 1, 1e-12);
}

TEST(LabelMetrics, ALabelIsSharedWhenAnyIs) {
  const std::vector<std::string> a = {"dog", "grass"}, b = {"grass"}, c = {"cat"}, none;
  EXPECT_TRUE(share_a_label(a, b));
  EXPECT_FALSE(share_a_label(a, c));
  EXPECT_FALSE(share_a_label(a, none));
}

}  // namespace
}  // namespace lookalike
