#include "core/search/bandits/drawable_tags.h"

#include <cassert>

namespace lookalike {

DrawableTags::State& DrawableTags::state(TagId tag) {
  if (tag >= states_.size()) states_.resize(tag + 1, State::fresh);
  return states_[tag];
}

void DrawableTags::add_first_query(TagId tag) {
  if (state(tag) == State::fresh) first_queries_.push_back(tag);
}

bool DrawableTags::learn(TagId tag) {
  State& known = state(tag);
  if (known == State::fresh_under_way) known = State::ready_under_way;
  if (known != State::fresh) return false;
  known = State::ready;
  return true;
}

// A tag that became known in the meantime is chosen by its estimate instead.
std::optional<TagId> DrawableTags::next_fresh(std::deque<TagId>& queue) {
  while (!queue.empty()) {
    const TagId tag = queue.front();
    queue.pop_front();
    if (state(tag) == State::fresh) return tag;
  }
  return std::nullopt;
}

std::optional<TagId> DrawableTags::next_fallback() {
  if (under_way_ > 0) return std::nullopt;
  return next_fresh(fallbacks_);
}

void DrawableTags::begin(TagId tag) {
  State& drawn = state(tag);
  assert(drawn == State::fresh || drawn == State::ready);
  drawn = drawn == State::ready ? State::ready_under_way : State::fresh_under_way;
  ++under_way_;
}

bool DrawableTags::end(const DrawResult& draw) {
  --under_way_;
  State& drawn = state(draw.tag);
  assert(drawn == State::fresh_under_way || drawn == State::ready_under_way);
  if (draw.outcome == DrawResult::Outcome::empty) {
    drawn = State::used_up;
  } else if (draw.outcome == DrawResult::Outcome::scored || drawn == State::ready_under_way) {
    drawn = State::ready;
  } else {
    drawn = State::fresh;
    first_queries_.push_back(draw.tag);
  }
  return drawn == State::ready;
}

}  // namespace lookalike
