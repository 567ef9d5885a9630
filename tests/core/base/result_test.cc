#include "core/base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace lookalike {
namespace {

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> value = 3;
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(*value, 3);
  const Result<int> error = Error{ErrorCode::quota, "used up"};
  ASSERT_FALSE(error.ok());
  EXPECT_EQ(error.error().code, ErrorCode::quota);
  EXPECT_EQ(error.error().message, "used up");
}

TEST(Result, GivesAwayMoveOnlyValues) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  const std::unique_ptr<int> owned = std::move(*result);
  EXPECT_EQ(*owned, 5);
}

TEST(Result, StatusIsOkByDefault) {
  EXPECT_TRUE(Status().ok());
  EXPECT_FALSE(Status(Error{ErrorCode::usage, "no"}).ok());
}

TEST(Result, CodesHaveTheNamesOfTheJsonContract) {
  EXPECT_STREQ(to_string(ErrorCode::bad_data), "bad_data");
  EXPECT_STREQ(to_string(ErrorCode::network), "network");
}

}  // namespace
}  // namespace lookalike
