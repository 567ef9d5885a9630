// Which of the known words was probably meant by one that is not known: "did you mean --max-images?".
// Threads: free functions without state.
// Tested by tests/core/base/text/nearest_word_test.cc
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lookalike {

// Single edits from one to the other; two letters that changed places are one (the restricted distance of Damerau,
// "optimal string alignment"). Cost: O(n m).
size_t edit_distance(std::string_view a, std::string_view b);

// Upper and lower case, '-' and '_' make no difference. A word is near when a third of its letters, or one of few, are
// wrong, when one is the beginning of the other, or when one is a part of the other between hyphens. Nothing when none
// is near.
std::optional<std::string> nearest_word(std::string_view typed, std::span<const std::string> known);

// "; did you mean X?", or nothing: to be put behind what is wrong.
std::string did_you_mean(std::string_view typed, std::span<const std::string> known);

}  // namespace lookalike
