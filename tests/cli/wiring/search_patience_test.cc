#include "cli/wiring/search_patience.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

using namespace std::chrono_literals;

const Patience::TimePoint kNow{100h};

Delay until(std::chrono::seconds from_now, std::string reason = "20 calls are used up") {
  return {kNow + from_now, std::move(reason)};
}

TEST(SearchPatience, ABriefOneWaitsUpToAMinuteWhileThereIsNothing) {
  SearchPatience patience({.mode = WaitMode::brief});
  EXPECT_TRUE(patience.wait(kNow, until(60s)));
  EXPECT_FALSE(patience.wait(kNow + 30s, until(100s))) << "a minute in all";
  EXPECT_TRUE(patience.wait(kNow + 30s, until(60s)));
  patience.has_results();
  EXPECT_FALSE(patience.wait(kNow + 31s, until(60s)));
}

TEST(SearchPatience, ABriefOneIsAskedAgainSoonSinceResultsMayCome) {
  EXPECT_LE(*SearchPatience({.mode = WaitMode::brief}).wait(kNow, until(50s)), 1s);
  EXPECT_EQ(*SearchPatience({.mode = WaitMode::wait}).wait(kNow, until(50s)), 50s);
}

TEST(SearchPatience, SeveralImagesWaitAsLongAsItTakes) {
  SearchPatience patience({.mode = WaitMode::wait});
  patience.has_results();
  EXPECT_TRUE(patience.wait(kNow, until(3000s)));
}

TEST(SearchPatience, StopNeverWaits) {
  EXPECT_FALSE(SearchPatience({.mode = WaitMode::stop}).wait(kNow, until(3s)));
}

TEST(SearchPatience, ATimeLimitEndsEveryWaitThatWouldBeTooLate) {
  for (const WaitMode mode : {WaitMode::brief, WaitMode::wait}) {
    SearchPatience patience({.mode = mode, .deadline = kNow + 20s});
    EXPECT_TRUE(patience.wait(kNow, until(19s)));
    EXPECT_FALSE(patience.wait(kNow, until(21s)));
  }
  SearchPatience another({.mode = WaitMode::wait});
  EXPECT_TRUE(another.wait(kNow, until(21s))) << "of its own search only";
}

}  // namespace
}  // namespace lookalike
