// Which tags may be drawn from: what every bandit over tags keeps besides its estimates. A tag is drawn once at a time,
// a used up one never again, and one whose draw failed before anything was known of it once more, after the others.
// Cost: O(1) each, next_* amortised.
// Threads: one.
// Tested by tests/core/search/bandits/drawable_tags_test.cc
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "core/search/bandits/tag_selector.h"

namespace lookalike {

class DrawableTags {
 public:
  void add_first_query(TagId tag);
  void add_fallback(TagId tag) { fallbacks_.push_back(tag); }
  // Makes it a tag that estimates choose; true when it becomes one that may be drawn by this.
  bool learn(TagId tag);
  // The first query to draw now, and then a tag to fall back on; none of the latter while a draw is under way.
  std::optional<TagId> next_first_query() { return next_fresh(first_queries_); }
  std::optional<TagId> next_fallback();
  // Known by learn(), not under way, not used up.
  bool may_draw(TagId tag) const { return tag < states_.size() && states_[tag] == State::ready; }
  void begin(TagId tag);
  // True when the tag may be drawn again by estimates.
  bool end(const DrawResult& draw);
  int under_way() const { return under_way_; }

 private:
  enum class State : unsigned char { fresh, ready, fresh_under_way, ready_under_way, used_up };

  State& state(TagId tag);
  std::optional<TagId> next_fresh(std::deque<TagId>& queue);

  std::vector<State> states_;  // by TagId
  std::deque<TagId> first_queries_;
  std::deque<TagId> fallbacks_;
  int under_way_ = 0;
};

}  // namespace lookalike
