// Random numbers that are the same for the same seed on every platform.
// std::mt19937_64 is fixed by the standard, its distributions are not: hence our own.
// Threads: one.
// Tested by tests/core/base/random_test.cc
#pragma once

#include <cstdint>
#include <random>

namespace lookalike {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  uint64_t next() { return engine_(); }
  // Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  // Uniform in [0, bound). REQUIRES: bound > 0
  uint64_t below(uint64_t bound);
  // Of the standard normal distribution, by Box and Muller's transform.
  double normal();

 private:
  std::mt19937_64 engine_;
};

// Spreads a number over all 64 bits, one to one: random numbers by position instead of by order. Source: the output
// function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
uint64_t mixed(uint64_t number);

}  // namespace lookalike
