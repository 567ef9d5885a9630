#include "cli/output/progress.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <optional>
#include <utility>

#include "cli/output/report.h"
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

ProgressLine::ProgressLine(const Terminal& err, Settings settings)
    : settings_(std::move(settings)), shown_(settings_.wanted && err.is_terminal), on_screen_(err) {
  if (shown_ && settings_.notice) counting_ = std::jthread([this](std::stop_token over) { count_down(over); });
}

// REQUIRES: mutex_ is held
std::string ProgressLine::described(const SearchSession& session, std::chrono::steady_clock::time_point now) {
  const SearchCounts& counts = session.counts();
  const std::string query = terminal_safe(settings_.query) + ": ";
  if (!settings_.every_photo) {
    return query + std::to_string(counts.images_scored) + "/" + std::to_string(settings_.max_images) + " photos, " +
           std::to_string(counts.api_calls) + " calls";
  }
  const int looked = counts.images_scored + counts.images_failed;
  if (looked > 0 && !std::exchange(started_, true)) {
    first_ = now;
    looked_at_first_ = looked;
  }
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - first_);
  return query + pace_text(looked, settings_.max_images, elapsed, looked - looked_at_first_);
}

void ProgressLine::update(const SearchSession& session) {
  const auto now = std::chrono::steady_clock::now();
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  if (now - last_ < kBetweenUpdates) return;
  last_ = now;
  line_ = described(session, now);
  if (const FoundPhoto* best = session.best()) {
    line_ += ", best " + terminal_safe(score_name(settings_.own_score)) + " " + score_digits(best->score) + " " +
             terminal_safe(best->photo.title);
  }
  const auto waiting = settings_.notice ? settings_.notice->countdown(now) : std::nullopt;
  on_screen_.show(waiting ? line_ + "; " + *waiting : line_);
}

void ProgressLine::count_down(std::stop_token over) {
  std::condition_variable_any bell;
  bool counted = false;
  std::unique_lock lock(mutex_);
  while (!over.stop_requested()) {
    bell.wait_for(lock, over, kBetweenSeconds, [] { return false; });
    if (over.stop_requested()) return;
    const auto waiting = settings_.notice->countdown(std::chrono::steady_clock::now());
    if (waiting)
      on_screen_.show(*waiting + (line_.empty() ? "" : "; " + line_));
    else if (counted)
      on_screen_.show(line_);
    counted = waiting.has_value();
  }
}

void ProgressLine::clear() {
  if (counting_.joinable()) {
    counting_.request_stop();
    counting_.join();
  }
  const std::lock_guard lock(mutex_);
  on_screen_.clear();
}

}  // namespace lookalike
