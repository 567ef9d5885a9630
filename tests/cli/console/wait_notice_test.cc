#include "cli/console/wait_notice.h"

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
