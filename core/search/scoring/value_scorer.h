// One value of the embedding is the score: a class's output of a network, the one output of another. There is no query
// image, so no cosine. The score may be negative, and ranks as it is; strategies, which reckon with logarithms, take it
// for one: a network's outputs before the softmax are logarithms up to a constant, and for other scores it only means
// that large ones count more.
// Threads: free function; the scorer is const.
// Tested by tests/core/search/scoring/value_scorer_test.cc
#pragma once

#include <cstddef>
#include <memory>

#include "core/search/scoring/scorer.h"

namespace lookalike {

// REQUIRES: every embedding has more than `position` values
std::unique_ptr<Scorer> make_value_scorer(size_t position);

// The score is the number that a feature source gave in the place of an embedding (core/base/feature_source.h).
std::unique_ptr<Scorer> make_number_scorer();

}  // namespace lookalike
