#include "cli/output/progress.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <optional>
#include <utility>

#include "cli/output/shown_score.h"
#include "core/base/text/numbers.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr std::chrono::milliseconds kBetweenUpdates{80};
constexpr std::chrono::milliseconds kRateKnownAfter{300};
constexpr std::chrono::milliseconds kBetweenSeconds{250};  // of a countdown

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

ProgressLine::ProgressLine(const Terminal& terminal, bool wanted, std::string own_score,
                           std::shared_ptr<WaitNotice> notice)
    : terminal_(terminal),
      shown_(wanted && terminal.is_terminal),
      own_score_(std::move(own_score)),
      notice_(std::move(notice)) {
  if (shown_ && notice_) counting_ = std::jthread([this](std::stop_token over) { count_down(over); });
}

void ProgressLine::update(const SearchSession& session, const std::string& query, const SearchPlan& plan) {
  const auto now = std::chrono::steady_clock::now();
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  if (now - last_ < kBetweenUpdates) return;
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
