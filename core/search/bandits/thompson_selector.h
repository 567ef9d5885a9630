// Thompson sampling: a value is drawn for every tag from what is believed of its mean reward, and the highest wins.
// The belief is Gaussian: a tag counts, besides its own n rewards, one of the overall mean, and its variance is that of
// all rewards over n + 1. The tags never drawn from are alike, so one value stands for all of them. The values serve
// until the next reward: draws that begin in between take the next highest.
// Source: Agrawal and Goyal, "Further Optimal Regret Bounds for Thompson Sampling", AISTATS 2013, section 2 (Gaussian
// priors), with prior mean and variance estimated instead of 0 and 1, since rewards here have no fixed scale.
// Cost: select O(n) after a reward, else O(log n); observe O(t) for a photo with t tags among n asked ones.
// Threads: one; the engine calls it.
// Tested by tests/core/search/bandits/thompson_selector_test.cc
#pragma once

#include <memory>

#include "core/search/bandits/tag_selector.h"

namespace lookalike {

std::unique_ptr<TagSelector> make_thompson_selector(uint64_t seed);

}  // namespace lookalike
