#include "core/base/mailbox.h"

#include <gtest/gtest.h>

#include <thread>

namespace lookalike {
namespace {

using std::chrono::steady_clock;

TEST(Mailbox, GivesItemsInOrder) {
  Mailbox<int> mailbox;
  mailbox.push(1);
  mailbox.push(2);
  EXPECT_EQ(mailbox.try_pop(), 1);
  EXPECT_EQ(mailbox.pop({}, steady_clock::now()), 2);
  EXPECT_EQ(mailbox.try_pop(), std::nullopt);
}

TEST(Mailbox, ReturnsAtTheDeadline) {
  Mailbox<int> mailbox;
  EXPECT_EQ(mailbox.pop({}, steady_clock::now() + std::chrono::milliseconds(5)), std::nullopt);
}

TEST(Mailbox, ReturnsWhenStopped) {
  Mailbox<int> mailbox;
  std::stop_source stop;
  std::jthread stopper([&stop] { stop.request_stop(); });
  EXPECT_EQ(mailbox.pop(stop.get_token(), steady_clock::now() + std::chrono::hours(1)), std::nullopt);
}

TEST(Mailbox, TakesFromManyThreads) {
  Mailbox<int> mailbox;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&mailbox] {
      for (int i = 0; i < 100; ++i)
        mailbox.push(1);
    });
  }
  int sum = 0;
  while (sum < 400)
    sum += mailbox.pop({}, steady_clock::now() + std::chrono::hours(1)).value();
  EXPECT_EQ(mailbox.try_pop(), std::nullopt);
}

}  // namespace
}  // namespace lookalike
