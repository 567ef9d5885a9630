#include "cli/batch/batch_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::HasSubstr;

TEST(BatchPlan, CountsCallsAndHours) {
  BatchPlan plan{.images = 100, .done_before = 10, .max_calls = 110, .calls_per_hour = 3600, .calls_used = 600};
  // 9,900 calls: 3,000 now, then two hours' worth.
  EXPECT_EQ(shortest_time(plan), std::chrono::hours(2));
  const std::string text = plan_text(plan);
  EXPECT_THAT(text, HasSubstr("images  90 (10 more are done)"));
  EXPECT_THAT(text, HasSubstr("at most 9900: 110 an image"));
  EXPECT_THAT(text, HasSubstr("3600 calls an hour, 3000 left now"));
  EXPECT_THAT(text, HasSubstr("about 2 h"));
}

TEST(BatchPlan, ARunsOwnBudgetBoundsIt) {
  const BatchPlan plan{.images = 100, .max_calls = 110, .total_calls = 500, .calls_per_hour = 3600};
  EXPECT_EQ(shortest_time(plan).count(), 0);
  EXPECT_THAT(plan_text(plan), HasSubstr("at most 500: 110 an image, 500 in all"));
  EXPECT_THAT(plan_text({.images = 1, .max_calls = 5}), HasSubstr("no hourly limit"));
}

}  // namespace
}  // namespace lookalike
