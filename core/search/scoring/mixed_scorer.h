// Several ideas of a good photo at once: the sum of what each says, times its weight.
// What each says is what it would rank by if it were alone (Score::order). For dot and gaussian similarities that is an
// exponent, for a class a network's output before the softmax: both are logarithms up to a constant, and a weighted sum
// of logarithms is a product of powers, the usual way to join opinions that each may veto (a logarithmic opinion pool:
// Genest and Zidek, "Combining Probability Distributions", Statistical Science 1(1), 1986). Other numbers are taken as
// they are.
// Nothing is brought to a common scale: any such scale would have to come from the photos met so far, so that a photo's
// score would change with what else was found, and tags would be compared by means of different units. The weights
// carry the units instead.
// Threads: const after construction.
// Cost: that of the parts.
// Tested by tests/core/search/scoring/mixed_scorer_test.cc
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/search/scoring/scorer.h"

namespace lookalike {

struct MixedPart {
  double weight = 1;  // negative: away from it
  size_t begin = 0;   // where its own embedding lies in that of the photo
  size_t size = 0;
  std::unique_ptr<Scorer> scorer;
};

// The score, its logarithm and the order are that sum; the cosine is that of the first part that has one; Score::parts
// has what each says. A likeness that is mixed with nothing, and does not lead away, is still shown as one. REQUIRES: a
// part at least; every embedding holds all of them
std::unique_ptr<Scorer> make_mixed_scorer(std::vector<MixedPart> parts);

}  // namespace lookalike
