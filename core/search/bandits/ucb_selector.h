// Upper confidence bounds: the tag whose mean reward plus alpha / sqrt(number of its rewards) is highest, alpha 1.
// Source: the UCB baseline of Sato, "Retrieving Black-box Optimal Images from External Databases", WSDM 2022, section
// 5; asked_tags.h tells where it differs. Unlike that of UCB1 (Auer et al., "Finite-time Analysis of the Multiarmed
// Bandit Problem", 2002) its bonus holds no logarithm of time: a bound changes with its own tag's rewards only, so an
// ordered set keeps them all. The tags never drawn from share one bound.
// Cost: select O(log n), observe O(t + log n) for a photo with t tags among n.
// Threads: one; the engine calls it.
// Tested by tests/core/search/bandits/ucb_selector_test.cc
#pragma once

#include <memory>

#include "core/search/bandits/tag_selector.h"

namespace lookalike {

std::unique_ptr<TagSelector> make_ucb_selector(uint64_t seed);

}  // namespace lookalike
