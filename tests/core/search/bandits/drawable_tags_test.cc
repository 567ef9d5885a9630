#include "core/search/bandits/drawable_tags.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

using Outcome = DrawResult::Outcome;

DrawResult ended(TagId tag, Outcome outcome) {
  return {.tag = tag, .outcome = outcome};
}

TEST(DrawableTags, GivesFirstQueriesInOrderAndOnce) {
  DrawableTags draws;
  draws.add_first_query(3);
  draws.add_first_query(1);
  EXPECT_EQ(draws.next_first_query(), 3u);
  draws.begin(3);
  draws.add_first_query(3);  // under way: not fresh any more
  EXPECT_EQ(draws.next_first_query(), 1u);
  draws.begin(1);
  EXPECT_EQ(draws.next_first_query(), std::nullopt);
  EXPECT_EQ(draws.under_way(), 2);
}

TEST(DrawableTags, LearntFirstQueryIsChosenByEstimatesInstead) {
  DrawableTags draws;
  draws.add_first_query(3);
  EXPECT_TRUE(draws.learn(3));
  EXPECT_FALSE(draws.learn(3));
  EXPECT_EQ(draws.next_first_query(), std::nullopt);
  EXPECT_TRUE(draws.may_draw(3));
}

TEST(DrawableTags, TagUnderWayMayNotBeDrawn) {
  DrawableTags draws;
  draws.learn(2);
  draws.begin(2);
  EXPECT_FALSE(draws.may_draw(2));
  EXPECT_FALSE(draws.learn(2));
  EXPECT_TRUE(draws.end(ended(2, Outcome::scored)));
  EXPECT_TRUE(draws.may_draw(2));
}

TEST(DrawableTags, FallbacksWaitForWhatIsUnderWay) {
  DrawableTags draws;
  draws.add_fallback(7);
  draws.learn(2);
  draws.begin(2);
  EXPECT_EQ(draws.next_fallback(), std::nullopt);
  EXPECT_FALSE(draws.end(ended(2, Outcome::empty)));
  EXPECT_EQ(draws.next_fallback(), 7u);
}

TEST(DrawableTags, UsedUpTagNeverComesBack) {
  DrawableTags draws;
  draws.add_first_query(5);
  draws.add_fallback(5);
  draws.begin(*draws.next_first_query());
  EXPECT_FALSE(draws.end(ended(5, Outcome::empty)));
  EXPECT_FALSE(draws.learn(5));
  EXPECT_FALSE(draws.may_draw(5));
  draws.add_first_query(5);
  EXPECT_EQ(draws.next_first_query(), std::nullopt);
  EXPECT_EQ(draws.next_fallback(), std::nullopt);
}

TEST(DrawableTags, FailedDrawIsTriedAgainAfterTheOthers) {
  DrawableTags draws;
  draws.add_first_query(1);
  draws.add_first_query(2);
  draws.begin(*draws.next_first_query());
  EXPECT_FALSE(draws.end(ended(1, Outcome::failed)));
  EXPECT_EQ(draws.next_first_query(), 2u);
  EXPECT_EQ(draws.next_first_query(), 1u);
}

TEST(DrawableTags, TagLearntWhileUnderWayIsKnownAfterAFailure) {
  DrawableTags draws;
  draws.add_first_query(1);
  draws.begin(*draws.next_first_query());
  EXPECT_FALSE(draws.learn(1));
  EXPECT_TRUE(draws.end(ended(1, Outcome::failed)));
  EXPECT_TRUE(draws.may_draw(1));
}

}  // namespace
}  // namespace lookalike
