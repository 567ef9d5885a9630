#include "core/search/bandits/asked_tags.h"

#include <gtest/gtest.h>

#include <vector>

namespace lookalike {
namespace {

using Outcome = DrawResult::Outcome;

TEST(AskedTags, OnlyTheDrawnTagIsRewarded) {
  AskedTags tags;
  tags.add_first_query(0);
  tags.begin(*tags.next_first_query());
  const std::vector<TagId> photo_tags = {5, 6};
  EXPECT_TRUE(tags.end({0, Outcome::scored, 3.0, 1, photo_tags, {}}));
  EXPECT_EQ(tags.count(0), 1);
  EXPECT_EQ(tags.mean(0), 3.0);
  EXPECT_EQ(tags.count(5), 0);
  EXPECT_TRUE(tags.unasked().contains(5));
  EXPECT_TRUE(tags.unasked().contains(6));
  EXPECT_FALSE(tags.unasked().contains(0));
}

TEST(AskedTags, ATagIsUnaskedUntilItsFirstReward) {
  AskedTags tags;
  tags.add_first_query(0);
  tags.begin(*tags.next_first_query());
  const std::vector<TagId> photo_tags = {5};
  EXPECT_TRUE(tags.end({0, Outcome::scored, 3.0, 1, photo_tags, {}}));
  tags.begin(5);
  EXPECT_FALSE(tags.unasked().contains(5));
  EXPECT_FALSE(tags.end({.tag = 5, .outcome = Outcome::failed}));
  EXPECT_TRUE(tags.unasked().contains(5));
  tags.begin(5);
  EXPECT_FALSE(tags.end({.tag = 5, .outcome = Outcome::empty}));
  EXPECT_TRUE(tags.unasked().empty());
}

TEST(AskedTags, MomentsAreThoseOfAllRewards) {
  AskedTags tags;
  tags.add_first_query(0);
  const auto draw = [&tags](TagId tag, double reward) {
    tags.begin(tag);
    (void)tags.end({.tag = tag, .outcome = Outcome::scored, .log_score = reward});
  };
  EXPECT_EQ(tags.overall_mean(), 0);
  EXPECT_EQ(tags.overall_variance(), 0);
  draw(*tags.next_first_query(), 1e6 + 1);
  EXPECT_EQ(tags.overall_variance(), 0);
  draw(0, 1e6 + 3);
  draw(0, 1e6 + 8);
  EXPECT_EQ(tags.draws(), 3);
  EXPECT_DOUBLE_EQ(tags.overall_mean(), 1e6 + 4);
  EXPECT_NEAR(tags.overall_variance(), (9.0 + 1 + 16) / 2, 1e-9);
  EXPECT_DOUBLE_EQ(tags.mean(0), 1e6 + 4);
}

}  // namespace
}  // namespace lookalike
