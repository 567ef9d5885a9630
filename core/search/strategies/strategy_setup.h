// What a tag selector or a photo planner is made from.
#pragma once

#include <cstdint>

#include "core/base/word_vectors.h"
#include "core/search/strategies/tag_table.h"

namespace lookalike {

struct StrategySetup {
  uint64_t seed = 1;
  // Borrowed. The table grows while what is made lives; it need not be ready before the first call.
  const TagTable* tags = nullptr;
  const WordVectors* words = nullptr;  // null: there are none
};

}  // namespace lookalike
