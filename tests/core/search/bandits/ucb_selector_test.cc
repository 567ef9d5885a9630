#include "core/search/bandits/ucb_selector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "core/base/random.h"
#include "tests/core/search/bandits/selector_trials.h"

namespace lookalike {
namespace {

using Outcome = DrawResult::Outcome;

TEST(UcbSelector, BehavesWell) {
  EXPECT_GT(expect_good_behaviour(&make_ucb_selector), 600u);
}

// The reference keeps all rewards and looks at all tags each time.
TEST(UcbSelector, AgreesWithANaiveArgmax) {
  struct Arm {
    double sum = 0;
    int count = 0;
  };
  Random random(4);
  const auto selector = make_ucb_selector(9);
  std::map<TagId, Arm> arms;
  double sum = 0;
  int draws = 0;
  for (TagId tag = 0; tag < 20; ++tag)
    selector->add_first_query(tag);
  for (int step = 0; step < 2000; ++step) {
    const auto bound = [&](const Arm& arm) {
      if (arm.count == 0) return sum / draws + 1;
      return arm.sum / arm.count + 1 / std::sqrt(static_cast<double>(arm.count));
    };
    const auto tag = selector->select();
    ASSERT_TRUE(tag);
    if (step >= 20) {
      double best = -1e9;
      for (const auto& [t, arm] : arms)
        best = std::max(best, bound(arm));
      ASSERT_NEAR(bound(arms[*tag]), best, 1e-12) << "step " << step;
    }
    const double reward = static_cast<double>(*tag % 7) + random.uniform();
    const std::vector<TagId> seen = {*tag, 20 + static_cast<TagId>(random.below(80))};
    for (const TagId t : seen)
      arms[t];
    arms[*tag].sum += reward;
    ++arms[*tag].count;
    sum += reward;
    ++draws;
    selector->observe({*tag, Outcome::scored, reward, 1, seen, {}});
  }
}

TEST(UcbSelector, TriesATagSeldomDrawnBeforeAnEquallyGoodOne) {
  const auto selector = make_ucb_selector(1);
  selector->add_first_query(0);
  selector->add_first_query(1);
  const auto drawn = draws_from(
      *selector, [](TagId) { return 2.0; }, [](TagId) { return std::vector<TagId>{}; }, 10);
  EXPECT_EQ(std::count(drawn.begin(), drawn.end(), 0u), 5);
}

}  // namespace
}  // namespace lookalike
