// What --score takes: the user's own idea of a good photo, instead of likeness to an image.
// Tested by tests/cli/score_spec_test.cc
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lookalike {

enum class ScoreKind {
  class_output,  // class:NAME or class:#INDEX: how strongly a photo excites that class of the network
  program,       // program:CMD: what a program of the user's says (core/pipeline/score_protocol.h)
  network,       // network:FILE: the one output of a network
};

struct ScoreSpec {
  ScoreKind kind = ScoreKind::class_output;
  std::string argument;  // what stands behind the colon
  std::string text;      // all of it, as the user wrote it
};

inline constexpr const char* kScoreHelp =
    "what a good photo is, instead of likeness; no IMAGE is needed then\n"
    "class:NAME or class:#INDEX: the network's output for that class\n"
    "program:CMD: what a program answers, in any language (docs/command.md)\n"
    "network:FILE.onnx: the one output of that network";

// Errors: usage, with the forms there are.
Result<ScoreSpec> parse_score_spec(std::string_view text);

}  // namespace lookalike
