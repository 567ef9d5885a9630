#include "core/base/patience.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Patience::TimePoint kNow{seconds(1000)};

Delay delay_of(milliseconds left) {
  return {.until = kNow + left, .reason = "the budget is used up", .advice = "ask for more"};
}

// Always waits so long.
class Fixed final : public Patience {
 public:
  explicit Fixed(milliseconds nap) : nap_(nap) {}
  std::optional<milliseconds> wait(TimePoint, const Delay&) override {
    ++asked;
    return nap_;
  }
  int asked = 0;

 private:
  milliseconds nap_;
};

TEST(Patience, AServicesPaceIsNobodysQuestion) {
  NoPatience none;
  EXPECT_EQ(*wait_patiently(&none, kNow, delay_of(milliseconds(1500))), milliseconds(1500));
  EXPECT_EQ(*wait_patiently(&none, kNow, delay_of(milliseconds(-5))), milliseconds(1));
}

TEST(Patience, WithoutOneAWaitIsTakenInNaps) {
  EXPECT_EQ(*wait_patiently(nullptr, kNow, delay_of(seconds(10))), seconds(10));
  EXPECT_EQ(*wait_patiently(nullptr, kNow, delay_of(seconds(3600))), seconds(30));
}

TEST(Patience, SaysHowLongANapIsButNeverBeyondTheDelay) {
  Fixed fixed(seconds(4));
  EXPECT_EQ(*wait_patiently(&fixed, kNow, delay_of(seconds(10))), seconds(4));
  EXPECT_EQ(*wait_patiently(&fixed, kNow, delay_of(seconds(3))), seconds(3));
  EXPECT_EQ(fixed.asked, 2);
}

TEST(Patience, WhatIsNotWaitedForSaysWhyAndWhen) {
  NoPatience none;
  const auto refused = wait_patiently(&none, kNow, delay_of(seconds(90)));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::quota);
  EXPECT_EQ(refused.error().cause, ErrorCause::rate);
  EXPECT_EQ(refused.error().message, "the budget is used up: try again in 1 min 30 s; ask for more");
}

}  // namespace
}  // namespace lookalike
