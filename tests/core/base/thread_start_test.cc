#include "core/base/thread_start.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace lookalike {
namespace {

TEST(ThreadStart, RunsTheBody) {
  std::atomic<int> runs = 0;
  {
    std::vector<std::jthread> threads;
    EXPECT_TRUE(start_if_possible(threads, [&runs] { ++runs; }));
    EXPECT_TRUE(start_if_possible(threads, [&runs] { ++runs; }));
    EXPECT_EQ(threads.size(), 2u);
  }
  EXPECT_EQ(runs, 2);
}

// As std::thread's constructor does when the system allows no more.
struct NoThread {
  template <typename Body>
  explicit NoThread(Body) {
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
  }
};

TEST(ThreadStart, SaysWhenThereCanBeNoMore) {
  std::vector<NoThread> threads;
  EXPECT_FALSE(start_if_possible(threads, [] {}));
  EXPECT_TRUE(threads.empty());
}

}  // namespace
}  // namespace lookalike
