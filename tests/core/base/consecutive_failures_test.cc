#include "core/base/consecutive_failures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(ConsecutiveFailures, TheLastOfTheRowEndsIt) {
  ConsecutiveFailures failures("run \x1B[31mme", ErrorCode::model);
  for (int i = 1; i < ConsecutiveFailures::kMost; ++i) {
    EXPECT_EQ(failures.failed({ErrorCode::network, "slow"}).code, ErrorCode::network);
    EXPECT_FALSE(failures.given_up());
  }
  const Error last = failures.failed({ErrorCode::network, "slow"});
  EXPECT_EQ(last.code, ErrorCode::model);
  EXPECT_THAT(last.message, AllOf(HasSubstr("slow; after 5 failures in a row it is given up"), HasSubstr("run"),
                                  Not(HasSubstr("\x1B"))));
  ASSERT_TRUE(failures.given_up());
  EXPECT_EQ(failures.given_up()->message, last.message);
}

TEST(ConsecutiveFailures, ASuccessBeginsAnew) {
  ConsecutiveFailures failures("me", ErrorCode::model);
  for (int i = 0; i < 3 * ConsecutiveFailures::kMost; ++i) {
    (void)failures.failed({ErrorCode::bad_data, "odd"});
    if (i % 2 == 1) failures.succeeded();
  }
  EXPECT_FALSE(failures.given_up());
}

TEST(ConsecutiveFailures, CanBeCutShort) {
  ConsecutiveFailures failures("me", ErrorCode::model);
  EXPECT_EQ(failures.give_up("cannot be started").code, ErrorCode::model);
  EXPECT_EQ(failures.given_up()->message, "cannot be started");
}

}  // namespace
}  // namespace lookalike
