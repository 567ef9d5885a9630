#include "cli/score_spec.h"

#include <utility>

#include "core/base/text.h"

namespace lookalike {
namespace {

constexpr std::pair<std::string_view, ScoreKind> kKinds[] = {
    {"class:", ScoreKind::class_output}, {"program:", ScoreKind::program}, {"network:", ScoreKind::network}};

}  // namespace

Result<ScoreSpec> parse_score_spec(std::string_view text) {
  for (const auto& [prefix, kind] : kKinds) {
    if (!text.starts_with(prefix)) continue;
    const std::string_view argument = trim(text.substr(prefix.size()));
    if (!argument.empty()) return ScoreSpec{kind, std::string(argument), std::string(text)};
  }
  return Error{ErrorCode::usage,
               "--score takes class:NAME, program:COMMAND or network:FILE.onnx, not \"" + terminal_safe(text) + "\""};
}

}  // namespace lookalike
