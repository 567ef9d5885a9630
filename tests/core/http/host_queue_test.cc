#include "core/http/host_queue.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>

#include "core/base/random.h"

namespace lookalike {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::steady_clock::time_point kNow{std::chrono::hours(1)};

TEST(HostQueue, KeepsTheOrder) {
  HostQueue<int> queue(10, 10);
  for (int i = 0; i < 5; ++i)
    queue.push(i % 2 == 0 ? "a" : "b", static_cast<uint64_t>(i), i);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(queue.take(kNow), i);
  EXPECT_EQ(queue.take(kNow), std::nullopt);
}

TEST(HostQueue, HoldsTheTotalLimit) {
  HostQueue<int> queue(2, 10);
  for (int i = 0; i < 3; ++i)
    queue.push("host" + std::to_string(i), static_cast<uint64_t>(i), i);
  EXPECT_EQ(queue.take(kNow), 0);
  EXPECT_EQ(queue.take(kNow), 1);
  EXPECT_EQ(queue.take(kNow), std::nullopt);
  queue.finished("host0");
  EXPECT_EQ(queue.take(kNow), 2);
}

TEST(HostQueue, AFullHostHoldsNobodyElseUp) {
  HostQueue<int> queue(10, 1);
  queue.push("a", 0, 0);
  queue.push("a", 1, 1);
  queue.push("b", 2, 2);
  EXPECT_EQ(queue.take(kNow), 0);
  EXPECT_EQ(queue.take(kNow), 2);
  EXPECT_EQ(queue.take(kNow), std::nullopt);
  queue.finished("a");
  EXPECT_EQ(queue.take(kNow), 1);
}

TEST(HostQueue, LetsAnOlderItemThatReturnsGoFirst) {
  HostQueue<int> queue(1, 1);
  queue.push("a", 5, 5);
  queue.push("a", 2, 2);
  EXPECT_EQ(queue.take(kNow), 2);
}

TEST(HostQueue, TakesWhatCanOnlyBeMoved) {
  HostQueue<std::unique_ptr<int>> queue(1, 1);
  queue.push("a", 0, std::make_unique<int>(7));
  EXPECT_EQ(**queue.take(kNow), 7);
}

TEST(HostQueue, AHostMayHaveALowerLimitThanOthers) {
  HostQueue<int> queue(10, 3);
  queue.limit("shy", 1, {});
  for (int i = 0; i < 3; ++i) {
    queue.push("shy", static_cast<uint64_t>(i), i);
    queue.push("bold", static_cast<uint64_t>(10 + i), 10 + i);
  }
  for (const int expected : {0, 10, 11, 12})
    EXPECT_EQ(queue.take(kNow), expected);
  EXPECT_EQ(queue.take(kNow), std::nullopt);
  queue.finished("shy");
  EXPECT_EQ(queue.take(kNow), 1);
}

TEST(HostQueue, NoHostsLimitIsHigherThanTheCommonOne) {
  HostQueue<int> queue(10, 2);
  queue.limit("eager", 9, {});
  for (int i = 0; i < 3; ++i)
    queue.push("eager", static_cast<uint64_t>(i), i);
  EXPECT_EQ(queue.take(kNow), 0);
  EXPECT_EQ(queue.take(kNow), 1);
  EXPECT_EQ(queue.take(kNow), std::nullopt);
}

TEST(HostQueue, HoldsAHostsRateAndLetsOthersPass) {
  HostQueue<int> queue(10, 10);
  queue.limit("slow", 0, RateLimiter(10, 2));
  for (int i = 0; i < 4; ++i)
    queue.push("slow", static_cast<uint64_t>(i), i);
  queue.push("other", 9, 9);
  for (const int expected : {0, 1, 9})
    EXPECT_EQ(queue.take(kNow), expected);
  EXPECT_EQ(queue.take(kNow), std::nullopt);
  EXPECT_EQ(queue.next_start(), kNow + milliseconds(100));
  EXPECT_EQ(queue.take(kNow + milliseconds(99)), std::nullopt);
  EXPECT_EQ(queue.take(kNow + milliseconds(100)), 2);
  EXPECT_EQ(queue.take(kNow + milliseconds(199)), std::nullopt);
  EXPECT_EQ(queue.take(kNow + milliseconds(200)), 3);
  EXPECT_EQ(queue.next_start(), std::nullopt);
}

TEST(HostQueue, ARateIsNotForgottenWhenNothingWaits) {
  HostQueue<int> queue(10, 10);
  queue.limit("slow", 0, RateLimiter(10, 1));
  queue.push("slow", 0, 0);
  EXPECT_EQ(queue.take(kNow), 0);
  queue.finished("slow");
  queue.push("slow", 1, 1);
  EXPECT_EQ(queue.take(kNow), std::nullopt);
  EXPECT_EQ(queue.take(kNow + milliseconds(100)), 1);
}

TEST(HostQueue, SaysNoTimeWhenThereIsNoRoomAnyway) {
  HostQueue<int> queue(1, 1);
  queue.limit("slow", 0, RateLimiter(10, 1));
  queue.push("slow", 0, 0);
  queue.push("slow", 1, 1);
  EXPECT_EQ(queue.take(kNow), 0);
  EXPECT_EQ(queue.next_start(), std::nullopt);
  queue.finished("slow");
  EXPECT_EQ(queue.next_start(), kNow + milliseconds(100));
}

TEST(HostQueue, AgreesWithANaiveQueue) {
  struct Waiting {
    std::string host;
    uint64_t number;
  };
  Random random(11);
  HostQueue<uint64_t> queue(4, 2);
  std::deque<Waiting> naive;  // in order; searched from the front
  std::map<std::string, int> busy;
  std::vector<std::string> under_way;
  uint64_t next = 0;
  for (int step = 0; step < 20'000; ++step) {
    if (random.below(2) == 0 && naive.size() < 50) {
      const std::string host(1, static_cast<char>('a' + random.below(5)));
      naive.push_back({host, next});
      queue.push(host, next, next);
      ++next;
    } else if (!under_way.empty() && random.below(2) == 0) {
      const auto chosen = under_way.begin() + static_cast<std::ptrdiff_t>(random.below(under_way.size()));
      queue.finished(*chosen);
      --busy[*chosen];
      under_way.erase(chosen);
    } else {
      auto first = naive.begin();
      while (first != naive.end() && busy[first->host] >= 2)
        ++first;
      const auto taken = queue.take(kNow);
      if (under_way.size() >= 4 || first == naive.end()) {
        ASSERT_EQ(taken, std::nullopt);
        continue;
      }
      ASSERT_EQ(taken, first->number);
      ++busy[first->host];
      under_way.push_back(first->host);
      naive.erase(first);
    }
  }
}

TEST(HostQueue, DrainsWhatWaitsForOneHostInOrder) {
  HostQueue<int> queue(10, 10);
  queue.limit("b", 1, std::nullopt);
  queue.push("a", 1, 1);
  queue.push("b", 3, 3);
  queue.push("b", 2, 2);
  EXPECT_EQ(queue.drain("b"), (std::vector<int>{2, 3}));
  EXPECT_TRUE(queue.drain("b").empty());
  EXPECT_TRUE(queue.drain("unknown").empty());
  EXPECT_EQ(queue.take({}), 1);
  EXPECT_EQ(queue.take({}), std::nullopt);
  queue.push("b", 4, 4);
  EXPECT_EQ(queue.take({}), 4);
}

}  // namespace
}  // namespace lookalike
