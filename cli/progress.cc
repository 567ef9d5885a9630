#include "cli/progress.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "cli/shown_score.h"
#include "core/base/duration_text.h"
#include "core/base/text.h"

namespace lookalike {
namespace {

constexpr std::chrono::milliseconds kBetweenUpdates{80};
constexpr std::chrono::milliseconds kRateKnownAfter{300};

}  // namespace

std::string pace_text(int looked, int of, std::chrono::milliseconds elapsed, int looked_meanwhile) {
  std::string text = std::to_string(looked) + "/" + std::to_string(of) + " photos";
  if (looked_meanwhile < 1 || elapsed < kRateKnownAfter) return text;
  const double rate = looked_meanwhile / std::chrono::duration<double>(elapsed).count();
  const auto left = std::chrono::duration<double>(std::max(0, of - looked) / rate);
  char number[48];
  std::snprintf(number, sizeof number, rate < 10 ? ", %.1f a second, " : ", %.0f a second, ", rate);
  return text + number + duration_text(std::chrono::duration_cast<std::chrono::milliseconds>(left)) + " left";
}

void ProgressLine::update(const SearchSession& session, const std::string& query, const SearchPlan& plan) {
  const auto now = std::chrono::steady_clock::now();
  if (!shown_ || now - last_ < kBetweenUpdates) return;
  last_ = now;
  const SearchCounts& counts = session.counts();
  std::string line = terminal_safe(query) + ": ";
  if (plan.strategy->only_listed) {
    const int looked = counts.images_scored + counts.images_failed;
    if (looked > 0 && !std::exchange(started_, true)) {
      first_ = now;
      looked_at_first_ = looked;
    }
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - first_);
    line += pace_text(looked, plan.max_images, elapsed, looked - looked_at_first_);
  } else {
    line += std::to_string(counts.images_scored) + "/" + std::to_string(plan.max_images) + " photos, " +
            std::to_string(counts.api_calls) + " calls";
  }
  if (const FoundPhoto* best = session.best()) {
    line += ", best " + terminal_safe(score_name(own_score_)) + " " + score_digits(best->score) + " " +
            terminal_safe(best->photo.title);
  }
  std::fprintf(stderr, "\r\x1b[K%s", fit_width(line, terminal_.columns - 1).c_str());
  std::fflush(stderr);
  on_screen_ = true;
}

void ProgressLine::clear() {
  if (!on_screen_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  on_screen_ = false;
}

}  // namespace lookalike
