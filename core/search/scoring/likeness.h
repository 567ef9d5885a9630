// The one number that people are shown for a photo: how much it is like the query, from 0 to 100, in the order of the
// ranking, whatever the similarity, its scale and the network.
// What counts is the share of the query's own value that a photo reaches: 1 is the query itself, 0 a picture in which
// the network sees nothing. Features that are means over the whole picture never get near 0: a photo that has nothing
// to do with the query reaches some share all the same, which is taken for 0 then. For a dot product the share is
// <f, q> / <q, q>, for a cosine the cosine, for a gaussian 1 - |f - q|^2 / 2|q|^2, which is the cosine when both are of
// one length. Shares of photos crowd at the low end, so their power of 0.6 is shown: a share of 0.07 as 22, 0.3 as 49,
// 0.85 as 90, the query itself as 99. More than 99 stays for what outdoes the query (a dot product may), less than 2
// for shares below 0. docs/command.md says what is good, and on which photos that was measured.
// Threads: a value.
// Cost: a power.
// Tested by tests/core/search/scoring/likeness_test.cc
#pragma once

#include "core/search/scoring/scorer.h"

namespace lookalike {

class Likeness {
 public:
  struct Anchors {
    double self = 1;              // the query's own order
    double span = 1;              // positive: how much the order falls from there to a share of 0
    double unlike = 0;            // the share of photos that have nothing to do with the query; below 1
    bool order_is_score = false;  // Score::order is the score (a cosine), not its logarithm
  };

  explicit Likeness(const Anchors& anchors) : anchors_(anchors) {}

  // Above 0, below 100 but for rounding, the larger the larger Score::order is.
  double of_order(double order) const;
  // Likewise of Score::log_score, or of a mean of such.
  double of_log_score(double log_score) const;

  const Anchors& anchors() const { return anchors_; }

 private:
  Anchors anchors_;
};

// The number that people see, rounded as they see it: the likeness to one decimal; of a score of the user's own the
// score itself, to three.
double shown_score(const Score& score);

// Whether that number, or what it was rounded from, is at least `least`.
bool reaches(const Score& score, double least);

}  // namespace lookalike
