#include "core/search/bandits/epsilon_greedy_selector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/core/search/bandits/selector_trials.h"

namespace lookalike {
namespace {

TEST(EpsilonGreedySelector, BehavesWell) {
  EXPECT_GT(expect_good_behaviour(&make_epsilon_greedy_selector), 600u);
}

TEST(EpsilonGreedySelector, DrawsTheBestAlmostAlways) {
  const auto selector = make_epsilon_greedy_selector(3);
  for (TagId tag = 0; tag < 10; ++tag)
    selector->add_first_query(tag);
  const auto drawn = draws_from(
      *selector, [](TagId tag) { return tag == 6 ? 2.0 : 1.0; },
      [](TagId tag) {
        return std::vector<TagId>{tag, tag + 20};
      },
      20'000);
  ASSERT_EQ(drawn.size(), 20'000u);
  EXPECT_TRUE(std::is_sorted(drawn.begin(), drawn.begin() + 10));
  // 1% of the draws, less those in which chance draws the best as well.
  const auto others = std::count_if(drawn.begin() + 10, drawn.end(), [](TagId tag) { return tag != 6; });
  EXPECT_NEAR(static_cast<double>(others), 190, 60);
}

TEST(EpsilonGreedySelector, PrefersANewTagToOneBelowTheAverage) {
  const auto selector = make_epsilon_greedy_selector(1);
  selector->add_first_query(0);
  selector->add_first_query(1);
  // Tag 1 is above the average until it is used up; then a new tag is expected to do better than tag 0.
  EXPECT_EQ(selector->select(), 0u);
  EXPECT_EQ(selector->select(), 1u);
  const std::vector<TagId> seen = {7};
  selector->observe({0, DrawResult::Outcome::scored, 1.0, 1, seen, {}});
  selector->observe({1, DrawResult::Outcome::scored, 5.0, 1, {}, {}});
  EXPECT_EQ(selector->select(), 1u);
  selector->observe({.tag = 1, .outcome = DrawResult::Outcome::empty});
  EXPECT_EQ(selector->select(), 7u);
}

}  // namespace
}  // namespace lookalike
