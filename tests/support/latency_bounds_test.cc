#include "tests/support/latency_bounds.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using test::StandInDelay;

StandInDelay delay(bool is_call, int begun, int length) {
  return {.is_call = is_call,
          .begun = std::chrono::steady_clock::time_point(milliseconds(begun)),
          .delay = milliseconds(length)};
}

// Two calls and three images.
const std::vector<StandInDelay> kDelays = {delay(true, 0, 300), delay(true, 0, 100), delay(false, 100, 50),
                                           delay(false, 300, 80), delay(false, 350, 70)};

TEST(LatencyBounds, FlowIsAllWaitingOverTheSlots) {
  EXPECT_DOUBLE_EQ(test::total_waiting(kDelays), 600);
  EXPECT_DOUBLE_EQ(test::flow_bound(kDelays, 2), 300);
}

TEST(LatencyBounds, RoundsWaitForTheirSlowestDraw) {
  // (300 + 50 and 100 + 80), then 70.
  EXPECT_DOUBLE_EQ(test::rounds_bound(kDelays, 2), 350 + 70);
  EXPECT_DOUBLE_EQ(test::rounds_bound(kDelays, 10), 350);
  EXPECT_DOUBLE_EQ(test::rounds_bound(kDelays, 1), 600);
  EXPECT_DOUBLE_EQ(test::rounds_bound({}, 10), 0);
}

TEST(LatencyBounds, IdleIsWhatTheSlotsCouldHaveCarried) {
  EXPECT_DOUBLE_EQ(test::idle_share(kDelays, 2), 1 - 300.0 / 420);
  EXPECT_DOUBLE_EQ(test::idle_share({}, 2), 0);
}

TEST(LatencyBounds, QualityIsThatOfTheTenBest) {
  std::vector<test::ScoredPhoto> photos;
  for (int i = 1; i <= 12; ++i)
    photos.push_back({.at = 10.0 * i, .log_score = static_cast<double>(i)});
  EXPECT_DOUBLE_EQ(test::quality(photos), 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12);
  EXPECT_EQ(test::time_to_quality(photos, 55), 100);  // 1 to 10
  EXPECT_EQ(test::time_to_quality(photos, 56), 110);
  EXPECT_EQ(test::time_to_quality(photos, 76), std::nullopt);
  EXPECT_EQ(test::time_to_quality({}, 1), std::nullopt);
}

}  // namespace
}  // namespace lookalike
