// A clock that a test sets; both its times run together unless one is set by itself.
// Threads: any.
#pragma once

#include <atomic>
#include <chrono>

#include "core/base/clock.h"

namespace lookalike::test {

class FakeClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override {
    return std::chrono::steady_clock::time_point(std::chrono::microseconds(steady_.load()));
  }
  std::chrono::system_clock::time_point wall_time() const override {
    return std::chrono::system_clock::time_point(std::chrono::microseconds(wall_.load()));
  }

  void advance(std::chrono::microseconds time) {
    steady_ += time.count();
    wall_ += time.count();
  }
  // As when someone sets the clock of the machine.
  void shift_wall(std::chrono::microseconds time) { wall_ += time.count(); }

 private:
  std::atomic<int64_t> steady_{1'000'000'000};
  std::atomic<int64_t> wall_{1'700'000'000'000'000};
};

}  // namespace lookalike::test
