#include "core/base/random.h"

#include <cassert>

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

}  // namespace lookalike
