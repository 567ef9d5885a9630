#include "core/search/bandits/random_selector.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "tests/core/search/bandits/selector_trials.h"

namespace lookalike {
namespace {

TEST(RandomSelector, BehavesWell) {
  EXPECT_GT(expect_good_behaviour(&make_random_selector), 600u);
}

TEST(RandomSelector, DrawsAllKnownTagsAlikeWhateverTheyScore) {
  const auto selector = make_random_selector(1);
  selector->add_first_query(0);
  selector->add_first_query(1);
  const auto drawn = draws_from(
      *selector, [](TagId tag) { return static_cast<double>(tag); },
      [](TagId) {
        return std::vector<TagId>{2, 3};
      },
      20'000);
  std::map<TagId, int> times;
  for (const TagId tag : drawn)
    ++times[tag];
  ASSERT_EQ(times.size(), 4u);
  for (const auto& [tag, count] : times)
    EXPECT_NEAR(count, 5000, 300) << tag;
}

TEST(RandomSelector, FallsBackWhenNothingIsLeft) {
  const auto selector = make_random_selector(1);
  selector->add_first_query(0);
  selector->add_fallback(9);
  EXPECT_EQ(selector->select(), 0u);
  EXPECT_EQ(selector->select(), std::nullopt);
  selector->observe({.tag = 0, .outcome = DrawResult::Outcome::empty});
  EXPECT_EQ(selector->select(), 9u);
}

}  // namespace
}  // namespace lookalike
