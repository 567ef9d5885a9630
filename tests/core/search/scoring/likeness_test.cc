#include "core/search/scoring/likeness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lookalike {
namespace {

TEST(Likeness, TheQueryItselfIsNearAHundred) {
  EXPECT_DOUBLE_EQ(Likeness({.self = 57, .span = 57}).of_order(57), 99);
  EXPECT_DOUBLE_EQ(Likeness({.self = 0, .span = 1e-9}).of_order(0), 99);
  EXPECT_DOUBLE_EQ(Likeness({.self = 1, .span = 1, .unlike = 0.5}).of_order(1), 99);
}

TEST(Likeness, SharesAreSpreadOverTheScale) {
  const Likeness likeness({.self = 100, .span = 100});
  EXPECT_NEAR(likeness.of_order(7), 21.7, 0.1);   // two photos by chance
  EXPECT_NEAR(likeness.of_order(30), 49.1, 0.1);  // the best of thousands
  EXPECT_NEAR(likeness.of_order(85), 90.0, 0.1);  // a copy
  EXPECT_DOUBLE_EQ(likeness.of_order(0), 2);
  EXPECT_NEAR(likeness.of_order(200), 99.5, 0.01);
}

TEST(Likeness, GrowsAndStaysWithinItsBounds) {
  for (const double unlike : {0.0, 0.3, 0.6}) {
    const Likeness likeness({.self = 50, .span = 40, .unlike = unlike});
    double before = 0;
    for (double order = -1e6; order < 1e6; order += std::abs(order) < 300 ? 0.125 : 250) {
      const double now = likeness.of_order(order);
      EXPECT_GT(now, before) << order;
      EXPECT_LT(now, 100) << order;
      before = now;
    }
    EXPECT_GE(likeness.of_order(-1e300), 0);
    EXPECT_LE(likeness.of_order(1e300), 100);
  }
}

TEST(Likeness, OfALogarithmIsThatOfItsScore) {
  const Likeness by_exponent({.self = 10, .span = 10});
  EXPECT_EQ(by_exponent.of_log_score(3), by_exponent.of_order(3));
  const Likeness by_score({.self = 1, .span = 1, .order_is_score = true});
  EXPECT_NEAR(by_score.of_log_score(std::log(0.4)), by_score.of_order(0.4), 1e-9);
}

TEST(Likeness, WhatIsShownIsRounded) {
  EXPECT_DOUBLE_EQ(shown_score({.order = 11.8, .likeness = 73.16}), 73.2);
  EXPECT_DOUBLE_EQ(shown_score({.order = 11.81149}), 11.811);
  EXPECT_DOUBLE_EQ(shown_score({.order = -1e30}), -1e30);
}

TEST(Likeness, WhatIsShownReachesWhatItShows) {
  const Score likeness{.order = 11.8, .likeness = 73.16};
  EXPECT_TRUE(reaches(likeness, 73.2));
  EXPECT_TRUE(reaches(likeness, 73.16));
  EXPECT_FALSE(reaches(likeness, 73.3));
  EXPECT_FALSE(reaches({.order = 200, .likeness = 12}, 13)) << "nothing but the likeness counts";
  const Score own{.order = 5.9764};
  EXPECT_TRUE(reaches(own, 5.976));
  EXPECT_TRUE(reaches(own, 5.9764));
  EXPECT_FALSE(reaches(own, 5.977));
  EXPECT_TRUE(reaches({.order = -3}, -3));
}

}  // namespace
}  // namespace lookalike
