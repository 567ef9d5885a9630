#include "core/eval/label_metrics.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

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
