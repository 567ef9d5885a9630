#include "core/cache/single_flight.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace lookalike {
namespace {

using Flights = SingleFlight<std::string>;

TEST(SingleFlight, OneAsksAndAllGetTheAnswer) {
  Flights flights;
  std::vector<std::string> got;
  Flights::Waiter waiter = [&got](const std::string& answer) { got.push_back(answer); };
  EXPECT_TRUE(flights.join("cat", waiter));
  Flights::Waiter second = waiter;
  Flights::Waiter other = waiter;
  EXPECT_FALSE(flights.join("cat", second));
  EXPECT_TRUE(flights.join("dog", other));
  EXPECT_TRUE(got.empty());
  flights.finish("cat", "nine", false);
  EXPECT_EQ(got, std::vector<std::string>{"nine"});
  Flights::Waiter again = waiter;
  EXPECT_TRUE(flights.join("cat", again));
}

TEST(SingleFlight, AnAnswerStaysUntilItIsForgotten) {
  Flights flights;
  std::string got;
  Flights::Waiter waiter = [&got](const std::string& answer) { got = answer; };
  ASSERT_TRUE(flights.join("cat", waiter));
  flights.finish("cat", "nine", true);
  Flights::Waiter late = waiter;
  EXPECT_FALSE(flights.join("cat", late));
  EXPECT_EQ(got, "nine");
  flights.forget("cat");
  Flights::Waiter later = waiter;
  EXPECT_TRUE(flights.join("cat", later));
}

TEST(SingleFlight, NobodyIsForgottenAmongManyThreads) {
  Flights flights;
  std::atomic<int> asked = 0;
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        const std::string key = std::to_string(i);
        Flights::Waiter waiter = [&answered](const std::string&) { ++answered; };
        if (!flights.join(key, waiter)) continue;
        ++asked;
        flights.finish(key, "x", true);
        ++answered;
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(asked, 500);
  EXPECT_EQ(answered, 2000);
}

}  // namespace
}  // namespace lookalike
