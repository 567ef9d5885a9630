// The tag choice of the original program, with what shapes its ranking and without its crashes and endless loops.
// Rounds of ten distinct tags with a barrier after each; only a photo among the ten best so far credits its tags (up
// to ten of them, at random), so means are biased upward; a tag's entry in the queue is used up by a draw and comes
// back when the tag is credited again; the entry that entered an empty queue first stays until it is the only one.
// With an empty queue a random tag is drawn.
// Source: Sato, "CLEAR: A Fully User-side Image Search System", CIKM 2022, and its program's clear.js.
// Cost: select and observe O(log n) in the number of tags.
// Threads: one; the engine calls it.
// Tested by tests/core/search/bandits/clear_selector_test.cc
#pragma once

#include <memory>

#include "core/search/bandits/tag_selector.h"

namespace lookalike {

std::unique_ptr<TagSelector> make_clear_selector(uint64_t seed);

}  // namespace lookalike
