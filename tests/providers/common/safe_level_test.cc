#include "providers/common/safe_level.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

TEST(SafeLevel, ReadsTheThreeLevels) {
  EXPECT_EQ(*parse_safe_level(""), SafeLevel::strict);
  EXPECT_EQ(*parse_safe_level("strict"), SafeLevel::strict);
  EXPECT_EQ(*parse_safe_level("moderate"), SafeLevel::moderate);
  EXPECT_EQ(*parse_safe_level("off"), SafeLevel::off);
  EXPECT_EQ(parse_safe_level("Strict").error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace lookalike
