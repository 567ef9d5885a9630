#include "core/http/rate_limiter.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr RateLimiter::TimePoint kStart{seconds(1000)};

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
