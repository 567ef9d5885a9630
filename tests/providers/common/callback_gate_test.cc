#include "providers/common/callback_gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace lookalike {
namespace {

TEST(CallbackGate, LetsNobodyInOnceClosed) {
  CallbackGate gate;
  EXPECT_TRUE(static_cast<bool>(CallbackGate::Pass(gate)));
  gate.close();
  EXPECT_FALSE(static_cast<bool>(CallbackGate::Pass(gate)));
}

TEST(CallbackGate, CloseWaitsForThoseInside) {
  CallbackGate gate;
  std::atomic<bool> entered = false;
  std::atomic<bool> left = false;
  std::thread callback([&] {
    const CallbackGate::Pass pass(gate);
    entered = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    left = true;
  });
  while (!entered)
    std::this_thread::yield();
  gate.close();
  EXPECT_TRUE(left);
  callback.join();
}

TEST(CallbackGate, NoCallbackRunsAfterCloseUnderContention) {
  CallbackGate gate;
  std::atomic<bool> closed = false;
  std::atomic<int> late = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 2000; ++n) {
        const CallbackGate::Pass pass(gate);
        if (pass && closed) ++late;
      }
    });
  }
  gate.close();
  closed = true;
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(late, 0);
}

}  // namespace
}  // namespace lookalike
