#include "cli/wiring/search_patience.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lookalike {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

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

TEST(WaitNotice, SaysAWaitOnceAndCountsItDown) {
  std::vector<std::string> lines;
  WaitNotice notice(
      [&](LogLevel level, std::string_view text) {
        EXPECT_EQ(level, LogLevel::warning);
        lines.emplace_back(text);
      },
      false);
  EXPECT_FALSE(notice.countdown(kNow));
  for (const auto passed : {0s, 1s, 2s})
    notice.waiting(kNow + passed, until(54s));
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], AllOf(HasSubstr("20 calls are used up: waiting 54 s"), HasSubstr("--on-quota stop"),
                              HasSubstr("--time-limit")));
  EXPECT_EQ(notice.countdown(kNow + 14s), "waiting 40 s: 20 calls are used up");
  EXPECT_FALSE(notice.countdown(kNow + 54s));
  notice.waiting(kNow + 60s, until(120s));
  EXPECT_EQ(lines.size(), 2u);
}

TEST(WaitNotice, OnATerminalTheLineIsForTheLogFile) {
  LogLevel said = LogLevel::error;
  WaitNotice notice([&](LogLevel level, std::string_view) { said = level; }, true);
  notice.waiting(kNow, until(54s));
  EXPECT_EQ(said, LogLevel::info);
}

}  // namespace
}  // namespace lookalike
