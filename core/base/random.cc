#include "core/base/random.h"

#include <cassert>
#include <cmath>
#include <numbers>

namespace lookalike {

uint64_t Random::below(uint64_t bound) {
  assert(bound > 0);
  // Values under the threshold would favour small remainders.
  const uint64_t threshold = (0 - bound) % bound;
  uint64_t value = engine_();
  while (value < threshold)
    value = engine_();
  return value % bound;
}

double Random::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

uint64_t mixed(uint64_t number) {
  number += 0x9E3779B97F4A7C15u;
  number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9u;
  number = (number ^ (number >> 27)) * 0x94D049BB133111EBu;
  return number ^ (number >> 31);
}

}  // namespace lookalike
