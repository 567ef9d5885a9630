// Chooses which tag to draw the next photo from. A draw takes the tag's next unseen photo, asking the service for the
// tag's photos first when none are at hand, and ends with a score, a failure, or nothing left.
// The bandit's view of a search: tags are arms, draws are pulls, scores are rewards.
// Threads: one; the engine's. Same seed and same calls give the same choices.
#pragma once

#include <optional>
#include <span>

#include "core/search/strategies/tag_table.h"

namespace lookalike {

struct DrawResult {
  enum class Outcome {
    scored,    // a photo was scored
    repeated,  // the tag's next photo had been scored before (only where a strategy does not skip these)
    failed,    // the request or the photo failed; the tag may have more
    empty,     // no photo is left under the tag, or none that the budget allows to ask for
  };
  TagId tag = 0;
  Outcome outcome = Outcome::empty;
  double log_score = 0;               // when scored
  int rank = 0;                       // when scored: its place among all photos scored so far, 1 is the best
  std::span<const TagId> photo_tags;  // when scored: distinct, the tags that the service gives the photo
  std::span<const float> embedding;   // when scored: the photo's features
};

class TagSelector {
 public:
  virtual ~TagSelector() = default;
  // A query to begin with, in order of preference; also later, when an alternative is tried for one that was empty.
  virtual void add_first_query(TagId tag) = 0;
  // A tag to fall back on when nothing else is known.
  virtual void add_fallback(TagId tag) = 0;
  // The tag of the next draw, never one whose draw is still under way; nothing when the answers to draws under way
  // must be known first or, when none are, when the search is over.
  virtual std::optional<TagId> select() = 0;
  // The end of a draw, in any order.
  virtual void observe(const DrawResult& draw) = 0;
};

}  // namespace lookalike
