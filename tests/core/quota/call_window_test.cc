#include "core/quota/call_window.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/base/random.h"

namespace lookalike {
namespace {

using std::chrono::seconds;
using TimePoint = CallWindow::TimePoint;
using Duration = CallWindow::Duration;

constexpr TimePoint kStart{seconds(1000)};

TEST(CallWindow, IsFreeUpToItsLimit) {
  CallWindow window(seconds(10));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(window.wait(kStart, 3), Duration::zero());
    window.record(kStart);
  }
  EXPECT_EQ(window.used(kStart), 3);
  EXPECT_EQ(window.wait(kStart, 3), seconds(10) + Duration(1));
  EXPECT_EQ(window.wait(kStart + seconds(10), 3), Duration(1));
  EXPECT_EQ(window.wait(kStart + seconds(10) + Duration(1), 3), Duration::zero());
}

TEST(CallWindow, ALowerLimitThanWasUsedWaitsForTheRightCall) {
  CallWindow window(seconds(10));
  for (int i = 0; i < 5; ++i)
    window.record(kStart + seconds(i));
  // Four of the five have to leave before there is one of two.
  EXPECT_EQ(window.wait(kStart + seconds(5), 2), seconds(8) + Duration(1));
}

TEST(CallWindow, NoStretchOfItsLengthEverHoldsMore) {
  Random random(3);
  CallWindow window(Duration(100));
  std::vector<TimePoint> made;
  TimePoint now = kStart;
  for (int i = 0; i < 5000; ++i) {
    now += Duration(static_cast<int64_t>(random.below(40)));
    const auto wait = window.wait(now, 7);
    if (random.below(2) == 0) now += wait;
    if (window.wait(now, 7) > Duration::zero()) continue;
    window.record(now);
    made.push_back(now);
  }
  ASSERT_GT(made.size(), 1000u);
  for (size_t i = 7; i < made.size(); ++i)
    EXPECT_GT(made[i] - made[i - 7], Duration(100));
}

}  // namespace
}  // namespace lookalike
