// What the network sees in an image, with the families that its classes belong to.
// Tested by tests/cli/query/class_guesses_test.cc
#pragma once

#include <span>
#include <vector>

#include "core/search/strategies/first_queries.h"
#include "core/vision/inference/embedder.h"

namespace lookalike {

std::vector<ClassGuess> class_guesses(std::span<const ClassProbability> classes);

}  // namespace lookalike
