#include "cli/batch/batch_tally.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

using std::chrono::minutes;

Searched searched(ExitCode exit, int photos, int calls = 0, int hits = 0, int calls_saved = 0) {
  SearchReport report;
  report.outcome.photos.resize(static_cast<size_t>(photos));
  report.outcome.counts = {.api_calls = calls, .cache_hits = hits, .calls_saved = calls_saved};
  return {.report = std::move(report), .exit = exit};
}

Searched failed(ExitCode exit) {
  return {.error = Error{ErrorCode::bad_data, "torn"}, .exit = exit};
}

TEST(BatchTally, TheExitStatusIsTheGravest) {
  BatchTally tally(10);
  EXPECT_EQ(tally.exit(), ExitCode::found);  // nothing to do is no failure
  tally.add(searched(ExitCode::nothing_found, 0));
  EXPECT_EQ(tally.exit(), ExitCode::nothing_found);
  tally.add(searched(ExitCode::found, 1));
  EXPECT_EQ(tally.exit(), ExitCode::found);
  tally.add(failed(ExitCode::query_unreadable));
  EXPECT_EQ(tally.exit(), ExitCode::some_failed);
  tally.add_cut(searched(ExitCode::found, 3));  // by the quota
  EXPECT_EQ(tally.exit(), ExitCode::quota_used_up);
  tally.add_cut(failed(ExitCode::key_refused));
  EXPECT_EQ(tally.exit(), ExitCode::key_refused);
  tally.add_cut(failed(ExitCode::interrupted));
  EXPECT_EQ(tally.exit(), ExitCode::interrupted);
}

TEST(BatchTally, AFailureOfAnEarlierRunStillCounts) {
  BatchTally tally(2);
  tally.add(Earlier::found);
  EXPECT_EQ(tally.exit(), ExitCode::found);
  tally.add(Earlier::failed);
  EXPECT_EQ(tally.exit(), ExitCode::some_failed);
}

TEST(BatchTally, ProgressAndSummary) {
  BatchTally tally(40);
  tally.add(searched(ExitCode::found, 1, 30, 12, 5));
  tally.add(failed(ExitCode::source_failed));
  tally.add(Earlier::found);
  EXPECT_EQ(tally.progress({.elapsed = minutes(2), .calls_left = 90}),
            "3/40 images, 2 found, 1 failed, 90 calls left, 37 min left");
  EXPECT_EQ(
      tally.summary(minutes(2)),
      "3 of 40 images: 2 found, 0 without a result, 1 failed, 1 of them done before; 30 calls and 0 downloads, and "
      "sharing saved 5 calls and 7 downloads; 2 min, 0.0167 images a second");
}

TEST(BatchTally, TheBudgetBoundsHowFastTheRestCanBe) {
  BatchTally tally(101);
  EXPECT_FALSE(tally.time_left({}).has_value());
  tally.add(searched(ExitCode::found, 1, 36));
  const auto left = tally.time_left({.elapsed = minutes(1), .calls_left = 0, .calls_per_hour = 1200});
  ASSERT_TRUE(left.has_value());
  EXPECT_EQ(*left, std::chrono::hours(3));
}

}  // namespace
}  // namespace lookalike
