// Makes a strategy (strategies/planner.h) of a bandit that chooses one tag at a time (tag_selector.h).
//
// A draw is one pull of the bandit. The selector names a tag. If photos of the tag are at hand, the next one that no
// draw has looked at is looked at; else the service is asked for a page of the tag first. The draw ends with a score, a
// failure, or nothing left, and the selector is told. Many draws are under way at once, each of another tag.
//
// Example: the selector names "dog". No photo is at hand, so the draw asks: Ask{dog}. The answer lists photos 0 and 1.
// Photo 0 was looked at by a draw of "beach". With DrawRules::skip_repeated the draw passes over it: Look{1}. Without,
// it ends as `repeated`, as a draw of the original program does.
//
// A draw keeps an image from its beginning: a call whose photos cannot be looked at any more is wasted.
// Cost: that of the selector, O(1) besides.
// Threads: one; the engine's.
// Tested by tests/core/search/bandits/draw_planner_test.cc
#pragma once

#include <memory>

#include "core/search/bandits/tag_selector.h"
#include "core/search/strategies/planner.h"

namespace lookalike {

struct DrawRules {
  bool skip_repeated = true;  // take the next photo of a tag at once when one has been looked at already
  bool next_page = true;      // ask for a tag's next page when its photos are used up
  int max_draws = 0;          // the search ends after so many; 0: when a budget is spent or nothing is left
};

std::unique_ptr<Planner> make_draw_planner(std::unique_ptr<TagSelector> selector, const DrawRules& rules);

}  // namespace lookalike
