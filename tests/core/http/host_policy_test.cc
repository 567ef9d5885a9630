#include "core/http/host_policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr RateLimiter::TimePoint kStart{seconds(1000)};

const std::vector<HostPolicy> kPolicies = {{.host = "static.example"}, {.host = "farm.static.example"}};

std::string group(const char* url) {
  return limit_group(*parse_url(url), kPolicies);
}

TEST(HostPolicy, CoversAHostAndThoseBelowIt) {
  EXPECT_EQ(group("https://static.example/a.jpg"), "static.example");
  EXPECT_EQ(group("https://live.static.example/a.jpg"), "static.example");
  EXPECT_EQ(group("http://LIVE.Static.Example:8080/a.jpg"), "static.example");
  EXPECT_EQ(group("https://live.static.example./a.jpg"), "static.example");
}

TEST(HostPolicy, TheClosestCounts) {
  EXPECT_EQ(group("https://farm.static.example/"), "farm.static.example");
  EXPECT_EQ(group("https://a.farm.static.example/"), "farm.static.example");
}

TEST(HostPolicy, OthersGoByTheirOrigin) {
  EXPECT_EQ(group("https://notstatic.example/"), "https://notstatic.example:443");
  EXPECT_EQ(group("https://example/"), "https://example:443");
  EXPECT_NE(group("https://a.org/"), group("http://a.org/"));
}

TEST(RateLimiter, ABurstThenOneByOne) {
  RateLimiter rate(10, 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_LE(rate.next(), kStart);
    rate.take(kStart);
  }
  EXPECT_EQ(rate.next(), kStart + milliseconds(100));
  rate.take(kStart + milliseconds(100));
  EXPECT_EQ(rate.next(), kStart + milliseconds(200));
}

TEST(RateLimiter, APauseGivesBackNoMoreThanTheBurst) {
  RateLimiter rate(10, 2);
  rate.take(kStart);
  const auto later = kStart + seconds(60);
  rate.take(later);
  rate.take(later);
  EXPECT_EQ(rate.next(), later + milliseconds(100));
}

TEST(RateLimiter, HoldsTheAverage) {
  RateLimiter rate(50, 5);
  auto now = kStart;
  for (int i = 0; i < 505; ++i) {
    now = std::max(now, rate.next());
    rate.take(now);
  }
  EXPECT_EQ(now - kStart, seconds(10));
}

}  // namespace
}  // namespace lookalike
