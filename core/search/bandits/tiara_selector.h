// Tiara and Tiara-S: LinUCB over tag vectors, so that a score teaches about every tag of a like meaning.
// `tiara` credits every tag of the scored photo and the tag it was drawn from, alpha 0.01; `tiara-s` only the latter,
// alpha 1. Both with lambda 1. Rewards are log scores: those of the dot product are of a class logit's size, as in the
// source. The first queries go first. A tag without a vector is worth 0; the seed orders equals.
// Source: Sato, "Retrieving Black-box Optimal Images from External Databases", WSDM 2022, section 4. Not there: draws
// under way at once, which take the next best tags; and the visual features that stand in for word vectors
// (tag_vectors.h).
// Cost: select after a reward O(n d) for n tags of d numbers and O(d^2) for each tag whose bound had to be sharpened,
// few in practice: a bound's width only shrinks, so an old one will do until its tag comes first. Else O(log n).
// Observe O(d^2) a credited tag.
// Threads: one; the engine calls it.
// Tested by tests/core/search/bandits/tiara_selector_test.cc
#pragma once

#include <memory>

#include "core/search/bandits/tag_selector.h"
#include "core/search/strategies/planner.h"

namespace lookalike {

// REQUIRES of both: setup.tags is set
std::unique_ptr<TagSelector> make_tiara_selector(const StrategySetup& setup);
std::unique_ptr<TagSelector> make_tiara_s_selector(const StrategySetup& setup);

}  // namespace lookalike
