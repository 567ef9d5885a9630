// The tag with the best mean reward, and with a probability of 0.01 any tag that is known.
// Source: the epsilon-greedy baseline of Sato, "Retrieving Black-box Optimal Images from External Databases", WSDM
// 2022, section 5; asked_tags.h tells where it differs.
// Cost: select O(log n), observe O(t + log n) for a photo with t tags among n.
// Threads: one; the engine calls it.
// Tested by tests/core/search/bandits/epsilon_greedy_selector_test.cc
#pragma once

#include <memory>

#include "core/search/bandits/tag_selector.h"

namespace lookalike {

std::unique_ptr<TagSelector> make_epsilon_greedy_selector(uint64_t seed);

}  // namespace lookalike
