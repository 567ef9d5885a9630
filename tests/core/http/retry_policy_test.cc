#include "core/http/retry_policy.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::chrono::system_clock::time_point kNow{seconds(1'445'412'440)};  // Wed, 21 Oct 2015 07:27:20 GMT

milliseconds longest_of(const RetryRules& rules, int number, int draws) {
  Random random(7);
  milliseconds longest{0};
  for (int i = 0; i < draws; ++i)
    longest = std::max(longest, *retry_wait(rules, {number, true, {}}, random));
  return longest;
}

TEST(RetryPolicy, GivesUpOnLastingFailures) {
  Random random(1);
  EXPECT_EQ(retry_wait({}, {1, false, seconds(1)}, random), std::nullopt);
}

TEST(RetryPolicy, GivesUpAfterTheLastAttempt) {
  Random random(1);
  EXPECT_TRUE(retry_wait({.max_attempts = 4}, {3, true, {}}, random).has_value());
  EXPECT_EQ(retry_wait({.max_attempts = 4}, {4, true, {}}, random), std::nullopt);
  EXPECT_EQ(retry_wait({.max_attempts = 1}, {1, true, seconds(0)}, random), std::nullopt);
}

TEST(RetryPolicy, DoublesTheBoundAndUsesAllOfIt) {
  const RetryRules rules{.max_attempts = 100, .first_wait = milliseconds(1000), .max_wait = milliseconds(5000)};
  const milliseconds bounds[] = {milliseconds(1000), milliseconds(2000), milliseconds(4000), milliseconds(5000),
                                 milliseconds(5000)};
  for (int number = 1; number <= 5; ++number) {
    const milliseconds longest = longest_of(rules, number, 2000);
    EXPECT_LT(longest, bounds[number - 1]);
    EXPECT_GT(longest, bounds[number - 1] * 95 / 100);
  }
  EXPECT_LT(longest_of(rules, 99, 10), milliseconds(5000));  // no overflow
}

TEST(RetryPolicy, JittersDownToZero) {
  Random random(3);
  milliseconds shortest{1000};
  for (int i = 0; i < 2000; ++i) {
    shortest = std::min(shortest, *retry_wait({.first_wait = milliseconds(1000)}, {1, true, {}}, random));
  }
  EXPECT_LT(shortest, milliseconds(20));
}

TEST(RetryPolicy, NeverWaitsLessThanRetryAfter) {
  Random random(1);
  for (int i = 0; i < 100; ++i)
    EXPECT_GE(*retry_wait({}, {1, true, seconds(7)}, random), seconds(7));
}

TEST(RetryPolicy, GivesUpWhenAskedToWaitTooLong) {
  Random random(1);
  EXPECT_TRUE(retry_wait({}, {1, true, seconds(60)}, random).has_value());
  EXPECT_EQ(retry_wait({}, {1, true, milliseconds(60'001)}, random), std::nullopt);
}

TEST(RetryPolicy, ReadsSeconds) {
  EXPECT_EQ(parse_retry_after("120", kNow), seconds(120));
  EXPECT_EQ(parse_retry_after(" 0 ", kNow), seconds(0));
  EXPECT_GT(*parse_retry_after("99999999999999999999999999", kNow), std::chrono::hours(24));
}

TEST(RetryPolicy, ReadsDates) {
  EXPECT_EQ(parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT", kNow), seconds(40));
  EXPECT_EQ(parse_retry_after("Wednesday, 21-Oct-15 07:28:00 GMT", kNow), seconds(40));
  EXPECT_EQ(parse_retry_after("Wed, 21 Oct 2015 07:00:00 GMT", kNow), seconds(0));
}

TEST(RetryPolicy, IgnoresWhatIsNeither) {
  for (const char* text : {"", "  ", "-5", "soon", "1.5", "12 s", "\x1b[31m", "Wed, 99 Foo 2015 07:28:00 GMT"}) {
    EXPECT_EQ(parse_retry_after(text, kNow), std::nullopt) << text;
  }
  EXPECT_EQ(parse_retry_after(std::string(100'000, '9'), kNow), std::nullopt);
}

TEST(RetryPolicy, KnowsTransientStatuses) {
  for (const long status : {429, 500, 502, 503, 504})
    EXPECT_TRUE(is_transient_status(status)) << status;
  for (const long status : {0, 200, 206, 301, 400, 401, 403, 404, 418, 501, 505}) {
    EXPECT_FALSE(is_transient_status(status)) << status;
  }
}

}  // namespace
}  // namespace lookalike
