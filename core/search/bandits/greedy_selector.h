// The original's idea without its faults: the tag with the best mean score is drawn next.
// Every scored photo credits all of its tags and the tag it was drawn from, so means are unbiased; a tag leaves when
// its photos are used up; tags with a draw under way are passed over, so free slots spread; equals are ordered by the
// seed.
// Source: Sato, "Retrieving Black-box Optimal Images from External Databases", WSDM 2022, section 4 (greedy), and
// "CLEAR: A Fully User-side Image Search System", CIKM 2022.
// Cost: select O(log n), observe O(t log n) for a photo with t tags among n.
// Threads: one; the engine calls it.
// Tested by tests/core/search/bandits/greedy_selector_test.cc
#pragma once

#include <memory>

#include "core/search/bandits/tag_selector.h"

namespace lookalike {

std::unique_ptr<TagSelector> make_greedy_selector(uint64_t seed);

}  // namespace lookalike
