// What a tag selector is made from.
#pragma once

#include <cstdint>

#include "core/base/word_vectors.h"
#include "core/search/tag_table.h"

namespace lookalike {

struct SelectorSetup {
  uint64_t seed = 1;
  // Borrowed. The table grows while the selector lives; it need not be ready before the first call.
  const TagTable* tags = nullptr;
  const WordVectors* words = nullptr;  // null: there are none
};

}  // namespace lookalike
