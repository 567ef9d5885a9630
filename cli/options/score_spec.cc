#include "cli/options/score_spec.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr std::string_view kLikeness = "likeness";

constexpr std::pair<std::string_view, ScoreKind> kKinds[] = {
    {"class:", ScoreKind::class_output}, {"program:", ScoreKind::program}, {"network:", ScoreKind::network}};

std::optional<ScoreSpec> unweighted(std::string_view text) {
  if (text == kLikeness) return ScoreSpec{ScoreKind::likeness, "", std::string(text)};
  for (const auto& [prefix, kind] : kKinds) {
    if (!text.starts_with(prefix)) continue;
    const std::string_view argument = trim(text.substr(prefix.size()));
    if (!argument.empty()) return ScoreSpec{kind, std::string(argument), std::string(text)};
  }
  return std::nullopt;
}

std::optional<double> weight_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double weight = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  const bool number = error == std::errc() && end == text.data() + text.size();
  if (!number || !std::isfinite(weight) || weight == 0 || std::abs(weight) > kLargestWeight) return std::nullopt;
  return weight;
}

std::string shortest(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.12g", value);
  return text;
}

}  // namespace

Result<ScoreSpec> parse_score_spec(std::string_view text) {
  if (auto spec = unweighted(text)) return *std::move(spec);
  const size_t star = text.find('*');
  auto spec = star == std::string_view::npos ? std::nullopt : unweighted(trim(text.substr(star + 1)));
  if (!spec) {
    return Error{ErrorCode::usage,
                 "--score takes likeness, class:NAME, program:COMMAND or network:FILE.onnx, with a weight before it or "
                 "none (0.3*class:NAME), not \"" +
                     terminal_safe(text) + "\""};
  }
  spec->weight = weight_of(trim(text.substr(0, star)));
  if (spec->weight) return *std::move(spec);
  return Error{ErrorCode::usage, "the weight of --score \"" + terminal_safe(text) +
                                     "\" must be a number other than 0, of at most a million either way, such as 0.3 "
                                     "or -1"};
}

bool are_mixed(std::span<const ScoreSpec> scores) {
  if (scores.size() != 1) return !scores.empty();
  return scores[0].weight.has_value() || scores[0].kind == ScoreKind::likeness;
}

std::string score_text(std::span<const ScoreSpec> scores) {
  std::string text;
  for (const ScoreSpec& score : scores) {
    const double size = text.empty() ? score.factor() : std::abs(score.factor());
    if (!text.empty()) text += score.factor() < 0 ? " - " : " + ";
    text += (size == 1 ? "" : shortest(size) + "*") + score.text;
  }
  return text;
}

}  // namespace lookalike
