#include "core/search/session/request_budget.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

TEST(RequestBudget, HoldsRetriesUntilTheyAreSettled) {
  RequestBudget budget(10);
  EXPECT_EQ(budget.hold(4), 4);
  EXPECT_EQ(budget.hold(4), 4);
  EXPECT_EQ(budget.hold(4), 2);
  EXPECT_EQ(budget.hold(4), 0);
  budget.settle(4, 1);
  EXPECT_EQ(budget.left(), 3);
  budget.settle(2, 2);
  EXPECT_EQ(budget.left(), 3);
  budget.settle(4, 0);
  EXPECT_EQ(budget.left(), 7);
}

TEST(RequestBudget, NegativeLimitsAreEmpty) {
  EXPECT_EQ(RequestBudget(-5).hold(1), 0);
}

}  // namespace
}  // namespace lookalike
