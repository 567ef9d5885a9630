#include "cli/output/report.h"

#include <cmath>
#include <cstdio>

namespace lookalike {
namespace {

std::string digits(double value, bool is_likeness) {
  constexpr double kTooLongInFull = 1e7;
  char text[32];
  std::snprintf(text, sizeof text, is_likeness ? "%.1f" : std::abs(value) < kTooLongInFull ? "%.3f" : "%.3g", value);
  return text;
}

}  // namespace

std::string score_digits(const Score& score) {
  return digits(shown_score(score), !std::isnan(score.likeness));
}

std::string_view score_name(std::string_view own) {
  return own.empty() ? "likeness" : own;
}

std::string score_digits(double log_score, const std::optional<Likeness>& likeness) {
  const double shown = likeness ? likeness->of_log_score(log_score) : log_score;
  return score_digits(likeness ? Score{.likeness = shown} : Score{.order = shown});
}

}  // namespace lookalike
