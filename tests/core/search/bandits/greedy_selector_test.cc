#include "core/search/bandits/greedy_selector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "core/base/random.h"
#include "core/search/strategies/log_mean.h"

namespace lookalike {
namespace {

using Outcome = DrawResult::Outcome;

DrawResult scored(TagId tag, double log_score, const std::vector<TagId>& tags) {
  return {tag, Outcome::scored, log_score, 1, tags};
}

TEST(GreedySelector, DrawsFirstQueriesInOrderThenTheBestMean) {
  const auto selector = make_greedy_selector(1);
  for (TagId tag : {0u, 1u, 2u})
    selector->add_first_query(tag);
  EXPECT_EQ(selector->select(), 0u);
  EXPECT_EQ(selector->select(), 1u);
  EXPECT_EQ(selector->select(), 2u);
  EXPECT_EQ(selector->select(), std::nullopt);
  selector->observe(scored(0, 1.0, {0, 10}));
  selector->observe(scored(1, 3.0, {1, 11, 12}));
  selector->observe(scored(2, 2.0, {2}));
  std::vector<TagId> best = {*selector->select(), *selector->select(), *selector->select()};
  std::sort(best.begin(), best.end());
  EXPECT_EQ(best, (std::vector<TagId>{1, 11, 12}));
  EXPECT_EQ(selector->select(), 2u);
}

TEST(GreedySelector, LeavesUsedUpTagsAndFallsBackLast) {
  const auto selector = make_greedy_selector(1);
  selector->add_first_query(0);
  selector->add_fallback(5);
  EXPECT_EQ(selector->select(), 0u);
  EXPECT_EQ(selector->select(), std::nullopt);  // not while a draw is under way
  selector->observe({0, Outcome::empty, 0, 0, {}});
  EXPECT_EQ(selector->select(), 5u);
  selector->observe({5, Outcome::empty, 0, 0, {}});
  EXPECT_EQ(selector->select(), std::nullopt);
}

TEST(GreedySelector, TriesAFailedFirstQueryAgain) {
  const auto selector = make_greedy_selector(1);
  selector->add_first_query(0);
  EXPECT_EQ(selector->select(), 0u);
  selector->observe({0, Outcome::failed, 0, 0, {}});
  EXPECT_EQ(selector->select(), 0u);
}

// The reference keeps all scores and looks at all tags each time.
TEST(GreedySelector, AgreesWithANaiveArgmax) {
  Random random(4);
  const auto selector = make_greedy_selector(9);
  std::map<TagId, LogMean> means;
  selector->add_first_query(0);
  ASSERT_EQ(selector->select(), 0u);
  TagId tag = 0;
  for (int step = 0; step < 2000; ++step) {
    std::vector<TagId> tags = {tag, static_cast<TagId>(random.below(300)), 300 + static_cast<TagId>(random.below(300))};
    std::sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    const double score = 10 * random.uniform();
    for (const TagId t : tags)
      means[t].add(score);
    selector->observe(scored(tag, score, tags));
    double best = -1e9;
    for (const auto& [t, mean] : means)
      best = std::max(best, mean.log_mean());
    const auto selected = selector->select();
    ASSERT_TRUE(selected);
    tag = *selected;
    ASSERT_DOUBLE_EQ(means[tag].log_mean(), best) << "step " << step;
  }
}

TEST(GreedySelector, SeedsOrderEquals) {
  const auto order_for = [](uint64_t seed) {
    const auto selector = make_greedy_selector(seed);
    selector->add_first_query(0);
    (void)selector->select();
    selector->observe(scored(0, 1.0, {1, 2, 3, 4, 5, 6, 7, 8}));
    std::vector<TagId> order;
    while (const auto tag = selector->select())
      order.push_back(*tag);
    return order;
  };
  EXPECT_EQ(order_for(1), order_for(1));
  EXPECT_NE(order_for(1), order_for(2));
}

}  // namespace
}  // namespace lookalike
