#include "cli/progress.h"

#include <cstdio>

#include "cli/shown_score.h"
#include "core/base/text.h"

namespace lookalike {
namespace {

constexpr std::chrono::milliseconds kBetweenUpdates{80};

}  // namespace

void ProgressLine::update(const SearchSession& session, const std::string& query, int max_images) {
  const auto now = std::chrono::steady_clock::now();
  if (!shown_ || now - last_ < kBetweenUpdates) return;
  last_ = now;
  const SearchCounts& counts = session.counts();
  std::string line = terminal_safe(query) + ": " + std::to_string(counts.images_scored) + "/" +
                     std::to_string(max_images) + " photos, " + std::to_string(counts.api_calls) + " calls";
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
