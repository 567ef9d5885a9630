#include "core/net/host_queue.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>

#include "core/base/random.h"

namespace lookalike {
namespace {

TEST(HostQueue, KeepsTheOrder) {
  HostQueue<int> queue(10, 10);
  for (int i = 0; i < 5; ++i)
    queue.push(i % 2 == 0 ? "a" : "b", static_cast<uint64_t>(i), i);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(queue.take(), i);
  EXPECT_EQ(queue.take(), std::nullopt);
}

TEST(HostQueue, HoldsTheTotalLimit) {
  HostQueue<int> queue(2, 10);
  for (int i = 0; i < 3; ++i)
    queue.push("host" + std::to_string(i), static_cast<uint64_t>(i), i);
  EXPECT_EQ(queue.take(), 0);
  EXPECT_EQ(queue.take(), 1);
  EXPECT_EQ(queue.take(), std::nullopt);
  queue.finished("host0");
  EXPECT_EQ(queue.take(), 2);
}

TEST(HostQueue, AFullHostHoldsNobodyElseUp) {
  HostQueue<int> queue(10, 1);
  queue.push("a", 0, 0);
  queue.push("a", 1, 1);
  queue.push("b", 2, 2);
  EXPECT_EQ(queue.take(), 0);
  EXPECT_EQ(queue.take(), 2);
  EXPECT_EQ(queue.take(), std::nullopt);
  queue.finished("a");
  EXPECT_EQ(queue.take(), 1);
}

TEST(HostQueue, LetsAnOlderItemThatReturnsGoFirst) {
  HostQueue<int> queue(1, 1);
  queue.push("a", 5, 5);
  queue.push("a", 2, 2);
  EXPECT_EQ(queue.take(), 2);
}

TEST(HostQueue, TakesWhatCanOnlyBeMoved) {
  HostQueue<std::unique_ptr<int>> queue(1, 1);
  queue.push("a", 0, std::make_unique<int>(7));
  EXPECT_EQ(**queue.take(), 7);
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
      const auto taken = queue.take();
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

}  // namespace
}  // namespace lookalike
