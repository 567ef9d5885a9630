// How alike a photo is to what is looked for. The engine knows only this.
// Threads: const after construction; any.
#pragma once

#include <limits>
#include <span>
#include <vector>

namespace lookalike {

class Likeness;

struct Score {
  double order = 0;      // what results are ranked by; always finite
  double score = 0;      // what the similarity gives; infinite when it overflows
  double log_score = 0;  // its logarithm, always finite: what tag means are made of
  double cosine = 0;     // in [-1, 1], whatever the similarity; NaN when there is no query image
  // What people are shown (likeness.h), 0 to 100, the larger the larger `order` is; NaN for scores of the user's own.
  double likeness = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> parts = {};  // of a mixed score, what each part says before its weight; else empty
};

class Scorer {
 public:
  virtual ~Scorer() = default;
  // REQUIRES: embedding.size() == the query's
  virtual Score score(std::span<const float> embedding) const = 0;
  // What Score::likeness is made with; null when there is none.
  virtual const Likeness* likeness() const { return nullptr; }
};

}  // namespace lookalike
