// The strategy `random`: any known tag, all alike; what every other strategy should beat.
// Known are the first queries and the tags of scored photos; the fallbacks when none of these is left.
// Source: the random baseline of Sato, "Retrieving Black-box Optimal Images from External Databases", WSDM 2022.
// Cost: select O(1), observe O(t) for a photo with t tags.
// Threads: one; the engine calls it.
// Tested by tests/core/search/bandits/random_selector_test.cc
#pragma once

#include <memory>

#include "core/search/bandits/tag_selector.h"

namespace lookalike {

std::unique_ptr<TagSelector> make_random_selector(uint64_t seed);

}  // namespace lookalike
