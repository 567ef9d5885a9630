// The strategy `classes-only`: the first queries in turn, over and over; no tag of a photo is ever asked for. What a
// search is worth that does not learn. Fallbacks are not used either.
// Cost: O(1).
// Threads: one; the engine calls it.
// Tested by tests/core/search/bandits/classes_only_selector_test.cc
#pragma once

#include <memory>

#include "core/search/bandits/tag_selector.h"

namespace lookalike {

std::unique_ptr<TagSelector> make_classes_only_selector();

}  // namespace lookalike
