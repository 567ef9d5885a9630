#include "cli/output/progress.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

using std::chrono::milliseconds;

TEST(PaceText, TellsRateAndTimeLeftOnceTheyAreKnown) {
  EXPECT_EQ(pace_text(0, 2000, milliseconds(0), 0), "0/2000 photos");
  EXPECT_EQ(pace_text(12, 2000, milliseconds(100), 10), "12/2000 photos");
  EXPECT_EQ(pace_text(500, 2000, milliseconds(2000), 400), "500/2000 photos, 200 a second, 8 s left");
  EXPECT_EQ(pace_text(3, 4, milliseconds(2000), 2), "3/4 photos, 1.0 a second, 1 s left");
}

}  // namespace
}  // namespace lookalike
