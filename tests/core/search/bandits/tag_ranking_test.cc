#include "core/search/bandits/tag_ranking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "core/base/random.h"

namespace lookalike {
namespace {

TEST(TagRanking, AgreesWithANaiveMaximum) {
  Random random(5);
  TagRanking ranking(1);
  std::map<TagId, double> values;
  for (int step = 0; step < 5000; ++step) {
    const auto tag = static_cast<TagId>(random.below(200));
    if (random.below(4) == 0) {
      ranking.remove(tag);
      values.erase(tag);
    } else {
      values[tag] = random.uniform();
      ranking.set(tag, values[tag]);
    }
    ASSERT_EQ(ranking.empty(), values.empty());
    if (values.empty()) continue;
    const auto best = std::max_element(values.begin(), values.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    ASSERT_EQ(ranking.best(), best->first);
    ASSERT_EQ(ranking.best_value(), best->second);
  }
}

TEST(TagRanking, SeedsOrderEquals) {
  const auto order_for = [](uint64_t seed) {
    TagRanking ranking(seed);
    for (TagId tag = 0; tag < 20; ++tag)
      ranking.set(tag, 1.0);
    std::vector<TagId> order;
    while (!ranking.empty()) {
      order.push_back(ranking.best());
      ranking.remove(order.back());
    }
    return order;
  };
  EXPECT_EQ(order_for(1), order_for(1));
  EXPECT_NE(order_for(1), order_for(2));
  EXPECT_EQ(order_for(3).size(), 20u);
}

}  // namespace
}  // namespace lookalike
