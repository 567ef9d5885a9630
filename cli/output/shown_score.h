// How a photo's score is written for people, everywhere: in the progress line, the table, the page and --explain.
// Threads: free functions without state.
// Tested by tests/cli/output/shown_score_test.cc
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/search/scoring/likeness.h"

namespace lookalike {

// "73.2", a likeness from 0 to 100; "5.977" for a score of the user's own.
std::string score_digits(const Score& score);

// What the number is: "likeness", or the user's own name for it, as --score has it.
std::string_view score_name(std::string_view own);

// A logarithm of scores, or of a mean of them, as that number: of what has no likeness it is the logarithm itself.
std::string score_digits(double log_score, const std::optional<Likeness>& likeness);

}  // namespace lookalike
