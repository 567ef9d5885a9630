#include "core/base/text/numbers.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

using namespace std::chrono_literals;

TEST(DurationText, NamesTheTwoLargestUnits) {
  EXPECT_EQ(duration_text(3s), "3 s");
  EXPECT_EQ(duration_text(60s), "1 min");
  EXPECT_EQ(duration_text(750s), "12 min 30 s");
  EXPECT_EQ(duration_text(1h), "1 h");
  EXPECT_EQ(duration_text(65min), "1 h 5 min");
  EXPECT_EQ(duration_text(26h + 30min), "26 h 30 min");
}

TEST(DurationText, RoundsUp) {
  EXPECT_EQ(duration_text(1ms), "1 s");
  EXPECT_EQ(duration_text(59'001ms), "1 min");
  EXPECT_EQ(duration_text(1h + 1s), "1 h 1 min");
  EXPECT_EQ(duration_text(1h + 59min + 1s), "2 h");
}

TEST(DurationText, NothingAndLessIsZero) {
  EXPECT_EQ(duration_text(0ms), "0 s");
  EXPECT_EQ(duration_text(-5s), "0 s");
}

TEST(Numbers, AWholeTextIsANumberOrNone) {
  EXPECT_EQ(parse_number<int>("42"), 42);
  EXPECT_EQ(parse_number<int64_t>("-7"), -7);
  EXPECT_EQ(parse_number<uint32_t>("ff", 16), 255u);
  EXPECT_EQ(parse_number<double>("2.5"), 2.5);
  for (const char* wrong : {"", " 1", "1 ", "+1", "1x", "x", "0x10", "99999999999"})
    EXPECT_EQ(parse_number<int>(wrong), std::nullopt) << wrong;
  EXPECT_EQ(parse_number<uint32_t>("-1"), std::nullopt);
  EXPECT_EQ(parse_number<double>("1,5"), std::nullopt);
}

}  // namespace
}  // namespace lookalike
