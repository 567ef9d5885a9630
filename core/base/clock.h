// The time, handed in so that a test can hold it.
#pragma once

#include <chrono>

namespace lookalike {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::steady_clock::time_point now() const = 0;        // for durations and deadlines
  virtual std::chrono::system_clock::time_point wall_time() const = 0;  // for dates
};

class SystemClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override { return std::chrono::steady_clock::now(); }
  std::chrono::system_clock::time_point wall_time() const override { return std::chrono::system_clock::now(); }
};

}  // namespace lookalike
