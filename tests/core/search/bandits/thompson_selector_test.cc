#include "core/search/bandits/thompson_selector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "core/base/random.h"
#include "tests/core/search/bandits/selector_trials.h"

namespace lookalike {
namespace {

TEST(ThompsonSelector, BehavesWell) {
  EXPECT_GT(expect_good_behaviour(&make_thompson_selector), 600u);
}

TEST(ThompsonSelector, SettlesOnTheBestWhateverTheScaleOfRewards) {
  for (const double scale : {1e-3, 1.0, 1e4}) {
    Random random(6);
    const auto selector = make_thompson_selector(2);
    for (TagId tag = 0; tag < 10; ++tag)
      selector->add_first_query(tag);
    const auto drawn = draws_from(
        *selector, [&](TagId tag) { return scale * (static_cast<double>(tag) + 3 * random.normal() - 100); },
        [](TagId) { return std::vector<TagId>{}; }, 1000);
    ASSERT_EQ(drawn.size(), 1000u);
    std::map<TagId, int> late;
    for (size_t i = 500; i < 1000; ++i)
      ++late[drawn[i]];
    EXPECT_GT(late[9] + late[8], 350) << "scale " << scale;
    // Early on, others are tried as well.
    EXPECT_GT(std::set<TagId>(drawn.begin() + 10, drawn.begin() + 100).size(), 3u);
  }
}

TEST(ThompsonSelector, DrawsAtOnceAreOfOneSample) {
  const auto selector = make_thompson_selector(5);
  for (TagId tag = 0; tag < 4; ++tag)
    selector->add_first_query(tag);
  for (TagId tag = 0; tag < 4; ++tag)
    EXPECT_EQ(selector->select(), tag);
  EXPECT_EQ(selector->select(), std::nullopt);
  for (TagId tag = 0; tag < 4; ++tag)
    selector->observe({tag, DrawResult::Outcome::scored, 100.0 * tag, 1, {}, {}});
  std::set<TagId> drawn;
  while (const auto tag = selector->select())
    EXPECT_TRUE(drawn.insert(*tag).second);
  EXPECT_EQ(drawn.size(), 4u);
  // Back without a reward: it may be drawn again at once.
  selector->observe({.tag = 2, .outcome = DrawResult::Outcome::repeated});
  EXPECT_EQ(selector->select(), 2u);
}

}  // namespace
}  // namespace lookalike
