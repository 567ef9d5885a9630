#include "core/search/session/report_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/base/random.h"

namespace lookalike {
namespace {

RequestReport photos() {
  return PhotoAnswer{.page = PhotoPage{}, .cost = {}};
}
RequestReport features() {
  return FeatureAnswer{.embedding = Embedding{1}, .cost = {}};
}

// The example at the top of report_order.h.
TEST(ReportOrder, TheExampleOfItsHeader) {
  enum Ticket { dog, wolf, a, b };
  ReportOrder order(3);
  order.begin(dog, RequestKind::call);
  order.begin(wolf, RequestKind::call);
  EXPECT_FALSE(order.is_full());
  order.begin(a, RequestKind::look);
  EXPECT_TRUE(order.is_full());
  EXPECT_FALSE(order.arrive(wolf, photos()));
  EXPECT_FALSE(order.take_next()) << "a is not here";
  order.arrive(a, features());
  EXPECT_EQ(order.take_next()->first, a);
  order.begin(b, RequestKind::look);
  EXPECT_TRUE(order.is_full());
  order.arrive(b, features());
  EXPECT_EQ(order.take_next()->first, b);
  EXPECT_FALSE(order.take_next()) << "dog is not here";
  order.arrive(dog, photos());
  EXPECT_EQ(order.take_next()->first, dog);
  EXPECT_EQ(order.take_next()->first, wolf) << "it is over at the same time";
  EXPECT_FALSE(order.next_kind());
}

TEST(ReportOrder, LooksAreOverBeforeACallThatBeganWithThem) {
  ReportOrder order;
  order.begin(0, RequestKind::call);
  for (int look = 1; look <= 3; ++look) {
    order.begin(look, RequestKind::look);
    order.arrive(look, features());
    EXPECT_EQ(order.take_next()->first, look);
  }
  order.begin(4, RequestKind::look);  // over at 4, as the call, which came first
  order.arrive(4, features());
  EXPECT_FALSE(order.take_next());
  order.arrive(0, photos());
  EXPECT_EQ(order.take_next()->first, 0);
  EXPECT_EQ(order.take_next()->first, 4);
}

// A made-up search: it takes in what is due and begins a request, until it has begun enough.
std::vector<int> taken_when(Random& arrivals) {
  ReportOrder order;
  std::vector<int> taken;
  std::vector<int> under_way;
  int begun = 0;
  const auto arrive_any = [&] {
    const size_t i = arrivals.below(under_way.size());
    const int ticket = under_way[i];
    under_way.erase(under_way.begin() + static_cast<ptrdiff_t>(i));
    order.arrive(ticket, ticket % 7 == 0 ? photos() : features());
  };
  while (begun < 300 || order.next_kind()) {
    if (!order.is_full() && begun < 300) {
      taken.push_back(-1);  // a choice is made here
      order.begin(begun, begun % 7 == 0 ? RequestKind::call : RequestKind::look);
      under_way.push_back(begun++);
      if (arrivals.below(2) == 0) arrive_any();
    } else if (auto turn = order.take_next()) {
      taken.push_back(turn->first);
    } else if (order.next_kind()) {
      arrive_any();
    }
  }
  return taken;
}

TEST(ReportOrder, WhatEachChoiceKnowsDoesNotHangOnArrivals) {
  Random first(1);
  const std::vector<int> expected = taken_when(first);
  for (uint64_t seed = 2; seed < 40; ++seed) {
    Random arrivals(seed);
    EXPECT_EQ(taken_when(arrivals), expected) << seed;
  }
}

TEST(ReportOrder, WhatWasLetGoOfTakesEffectWhenItComes) {
  ReportOrder order(4);
  for (int look = 0; look < 4; ++look)
    order.begin(look, RequestKind::look);
  EXPECT_FALSE(order.overtaken()) << "nothing else has come";
  order.arrive(2, features());
  EXPECT_EQ(order.overtaken(), 0);
  order.let_go();
  EXPECT_EQ(order.let_go_of(), 1);
  EXPECT_EQ(order.overtaken(), 1);
  order.arrive(1, features());
  EXPECT_FALSE(order.overtaken());
  EXPECT_TRUE(order.arrive(0, features())) << "it takes effect at once";
  EXPECT_EQ(order.take_next()->first, 1);
  EXPECT_EQ(order.take_next()->first, 2);
}

TEST(ReportOrder, ACallIsNotOvertakenByLooks) {
  ReportOrder order(3);
  order.begin(0, RequestKind::call);
  order.begin(1, RequestKind::look);
  order.begin(2, RequestKind::look);
  order.arrive(2, features());
  EXPECT_EQ(order.overtaken(), 1);
  order.arrive(1, features());
  EXPECT_FALSE(order.overtaken());
  EXPECT_EQ(order.take_next()->first, 1);
  EXPECT_EQ(order.take_next()->first, 2);
  EXPECT_FALSE(order.overtaken());
  order.begin(3, RequestKind::call);
  order.arrive(3, photos());
  EXPECT_EQ(order.overtaken(), 0);
}

TEST(ReportOrder, AtTheEndWhatIsHereIsTakenInOrder) {
  ReportOrder order(4);
  for (int look = 0; look < 4; ++look)
    order.begin(look, RequestKind::look);
  order.arrive(3, features());
  order.arrive(1, features());
  EXPECT_EQ(order.take_arrived()->first, 1);
  EXPECT_EQ(order.take_arrived()->first, 3);
  EXPECT_FALSE(order.take_arrived());
}

TEST(ReportOrder, WhatIsWithdrawnHoldsNothingUp) {
  ReportOrder order(4);
  for (int look = 0; look < 4; ++look)
    order.begin(look, RequestKind::look);
  order.withdraw(0);
  order.arrive(1, features());
  EXPECT_EQ(order.take_next()->first, 1);
}

}  // namespace
}  // namespace lookalike
