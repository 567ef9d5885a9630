// What --score takes: the user's own idea of a good photo, instead of likeness to an image, or several, mixed by
// weights.
// Tested by tests/cli/options/score_spec_test.cc
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lookalike {

enum class ScoreKind {
  likeness,      // likeness: the similarity to the query image, which is what counts without --score
  class_output,  // class:NAME or class:#INDEX: how strongly a photo excites that class of the network
  program,       // program:CMD: what a program of the user's says (core/pipeline/score_program.h)
  network,       // network:FILE: the one output of a network
};

struct ScoreSpec {
  ScoreKind kind = ScoreKind::class_output;
  std::string argument;               // what stands behind the colon
  std::string text;                   // all of it but the weight, as the user wrote it
  std::optional<double> weight = {};  // as written before it: "0.3*"
  double factor() const { return weight.value_or(1); }
};

inline constexpr double kLargestWeight = 1e6;

inline constexpr const char* kScoreHelp =
    "what a good photo is, instead of likeness; no IMAGE is needed then\n"
    "class:NAME or class:#INDEX: the network's output for that class\n"
    "program:CMD: what a program answers, in any language (docs/command.md)\n"
    "network:FILE.onnx: the one output of that network\n"
    "likeness: the similarity to IMAGE, to mix with others\n"
    "repeated, or with a WEIGHT: the sum of weight times score";

// Errors: usage, with the forms there are.
Result<ScoreSpec> parse_score_spec(std::string_view text);

// Whether what they say is weighted and added up; else there is none, or a lone one that counts as it is.
bool are_mixed(std::span<const ScoreSpec> scores);

// "class:tabby"; "0.7*likeness - 0.3*class:tabby". Empty when there are none.
std::string score_text(std::span<const ScoreSpec> scores);

}  // namespace lookalike
