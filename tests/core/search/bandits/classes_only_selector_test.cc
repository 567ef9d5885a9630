#include "core/search/bandits/classes_only_selector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/core/search/bandits/selector_trials.h"

namespace lookalike {
namespace {

using testing::ElementsAre;

TEST(ClassesOnlySelector, BehavesWell) {
  // Eleven first queries, each until it is used up, and no other tag.
  EXPECT_EQ(expect_good_behaviour([](uint64_t) { return make_classes_only_selector(); }), 11u * 13u);
}

TEST(ClassesOnlySelector, GoesRoundTheFirstQueriesOnly) {
  const auto selector = make_classes_only_selector();
  for (const TagId tag : {4u, 2u, 8u})
    selector->add_first_query(tag);
  selector->add_fallback(30);
  const auto drawn = draws_from(
      *selector, [](TagId tag) { return static_cast<double>(tag); },
      [](TagId) {
        return std::vector<TagId>{50, 51};
      },
      7);
  EXPECT_THAT(drawn, ElementsAre(4, 2, 8, 4, 2, 8, 4));
  EXPECT_EQ(selector->select(), 2u);
  EXPECT_EQ(selector->select(), 8u);
  selector->observe({.tag = 2, .outcome = DrawResult::Outcome::empty});
  selector->observe({.tag = 8, .outcome = DrawResult::Outcome::failed});
  EXPECT_EQ(selector->select(), 4u);
  EXPECT_EQ(selector->select(), 8u);
  EXPECT_EQ(selector->select(), std::nullopt);
}

}  // namespace
}  // namespace lookalike
