// The similarities of the command line, each a Scorer around one query embedding q.
//   dot       exp(<f, q> / scale), as the original program has it; scale is 1000 there
//   cosine    <f, q> / (|f| |q|)
//   gaussian  exp(-|f - q|^2 / scale)
// Source: Sato, "CLEAR: A Fully User-side Image Search System", CIKM 2022, and its program's score.js.
// Cost: one pass over the vector.
// Tested by tests/core/search/scoring/similarity_test.cc
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/search/scoring/likeness.h"
#include "core/search/scoring/scorer.h"

namespace lookalike {

// Of two vectors of one length; 0 when either is all zeros. Cost: O(length).
double cosine(std::span<const float> a, std::span<const float> b);

// Features that keep their places have more values than this; others are means over the whole picture.
inline constexpr size_t kMostPooledValues = 4096;

// Errors: usage for an unknown name, a scale that is not positive or a query of zeros.
Result<std::unique_ptr<Scorer>> make_similarity(std::string_view name, std::vector<float> query, double scale);

}  // namespace lookalike
