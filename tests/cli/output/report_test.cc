#include "cli/output/report.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

TEST(ShownScore, IsALikenessWhereThereIsOne) {
  EXPECT_EQ(score_digits({.order = 11.811, .score = 134730, .log_score = 11.811, .cosine = 0.226, .likeness = 40.961}),
            "41.0");
  EXPECT_EQ(score_digits({.order = 58'000, .likeness = 99}), "99.0");
}

TEST(ShownScore, IsTheUsersOwnAsItIs) {
  EXPECT_EQ(score_digits({.order = 5.9766, .score = 5.9766}), "5.977");
  EXPECT_EQ(score_digits({.order = -12.5}), "-12.500");
  EXPECT_EQ(score_digits({.order = 1.5e9}), "1.5e+09");
}

TEST(ShownScore, SaysWhatItIs) {
  EXPECT_EQ(score_name(""), "likeness");
  EXPECT_EQ(score_name("class:tabby"), "class:tabby");
}

TEST(ShownScore, LogarithmsAreShownAsTheirScores) {
  const Likeness likeness({.self = 50, .span = 50});
  EXPECT_EQ(score_digits(15, likeness), score_digits({.order = 15, .likeness = likeness.of_order(15)}));
  EXPECT_EQ(score_digits(15, std::nullopt), "15.000");
}

}  // namespace
}  // namespace lookalike
