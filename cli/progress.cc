#include "cli/progress.h"

#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <optional>
#include <utility>

#include "core/base/text.h"

namespace lookalike {
namespace {

constexpr std::chrono::milliseconds kBetweenUpdates{80};
constexpr std::chrono::milliseconds kBetweenSeconds{250};  // of a countdown

}  // namespace

ProgressLine::ProgressLine(const Terminal& terminal, bool wanted, std::shared_ptr<WaitNotice> notice)
    : terminal_(terminal), shown_(wanted && terminal.is_terminal), notice_(std::move(notice)) {
  if (shown_ && notice_) counting_ = std::jthread([this](std::stop_token over) { count_down(over); });
}

void ProgressLine::update(const SearchSession& session, const std::string& query, int max_images) {
  const auto now = std::chrono::steady_clock::now();
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  if (now - last_ < kBetweenUpdates) return;
  last_ = now;
  const SearchCounts& counts = session.counts();
  std::string line = terminal_safe(query) + ": " + std::to_string(counts.images_scored) + "/" +
                     std::to_string(max_images) + " photos, " + std::to_string(counts.api_calls) + " calls";
  if (const FoundPhoto* best = session.best()) {
    char score[48];
    if (std::isnan(best->score.cosine))
      std::snprintf(score, sizeof score, ", best %.5g ", best->score.score);
    else
      std::snprintf(score, sizeof score, ", best %.3f ", best->score.cosine);
    line += score + terminal_safe(best->photo.title);
  }
  line_ = line;
  const auto waiting = notice_ ? notice_->countdown(now) : std::nullopt;
  show(waiting ? line_ + "; " + *waiting : line_);
}

// REQUIRES: mutex_ is held
void ProgressLine::show(const std::string& line) {
  std::fprintf(stderr, "\r\x1b[K%s", fit_width(line, terminal_.columns - 1).c_str());
  std::fflush(stderr);
  on_screen_ = true;
}

void ProgressLine::count_down(std::stop_token over) {
  std::condition_variable_any bell;
  bool counted = false;
  std::unique_lock lock(mutex_);
  while (!over.stop_requested()) {
    bell.wait_for(lock, over, kBetweenSeconds, [] { return false; });
    if (over.stop_requested()) return;
    const auto waiting = notice_->countdown(std::chrono::steady_clock::now());
    if (waiting)
      show(*waiting + (line_.empty() ? "" : "; " + line_));
    else if (counted)
      show(line_);
    counted = waiting.has_value();
  }
}

void ProgressLine::clear() {
  if (counting_.joinable()) {
    counting_.request_stop();
    counting_.join();
  }
  const std::lock_guard lock(mutex_);
  if (!on_screen_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  on_screen_ = false;
}

}  // namespace lookalike
