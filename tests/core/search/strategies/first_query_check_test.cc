#include "core/search/strategies/first_query_check.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

void add_pairs(FirstQueryCheck& check, int count, double probe, double other) {
  for (int i = 0; i < count; ++i) {
    check.add_probe(probe + i % 2);
    check.add_other(other + i % 2);
  }
}

TEST(FirstQueryCheck, SaysNothingBeforeBothSidesAreKnown) {
  FirstQueryCheck check;
  for (int i = 0; i < 50; ++i)
    check.add_other(1);
  EXPECT_FALSE(check.in_doubt());
  EXPECT_TRUE(check.wants_probe(FirstQueryCheck::kProbes - 1));
  EXPECT_FALSE(check.wants_probe(FirstQueryCheck::kProbes));
}

TEST(FirstQueryCheck, IsContentWithBetterPhotos) {
  FirstQueryCheck check;
  add_pairs(check, FirstQueryCheck::kProbes, 10, 14);
  EXPECT_FALSE(check.in_doubt());
  EXPECT_FALSE(check.wants_probe(0));
}

TEST(FirstQueryCheck, DoubtsPhotosNoBetterThanProbes) {
  FirstQueryCheck check;
  add_pairs(check, FirstQueryCheck::kProbes, 10, 10);
  EXPECT_TRUE(check.in_doubt());
  EXPECT_TRUE(check.wants_probe(FirstQueryCheck::kMostProbes - 1));
  EXPECT_FALSE(check.wants_probe(FirstQueryCheck::kMostProbes));
}

TEST(FirstQueryCheck, IsReassuredWhenTheOthersBecomeBetter) {
  FirstQueryCheck check;
  add_pairs(check, FirstQueryCheck::kProbes, 10, 9);
  ASSERT_TRUE(check.in_doubt());
  for (int i = 0; i < 40; ++i)
    check.add_other(20);
  EXPECT_FALSE(check.in_doubt());
  // and stays so
  add_pairs(check, 100, 10, 1);
  EXPECT_FALSE(check.in_doubt());
}

TEST(FirstQueryCheck, DoubtsWhereAllScoresAreEqual) {
  FirstQueryCheck check;
  for (int i = 0; i < FirstQueryCheck::kProbes; ++i) {
    check.add_probe(5);
    check.add_other(5);
  }
  EXPECT_TRUE(check.in_doubt());
}

}  // namespace
}  // namespace lookalike
