#include "cli/console/wait_notice.h"

#include <algorithm>
#include <chrono>

#include "core/base/text/numbers.h"

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A wait that nobody has asked about for so long is over.
constexpr seconds kForgotten{35};
constexpr seconds kSayAgain{60};
constexpr size_t kMostReasons = 100;

std::string waiting_text(Patience::TimePoint now, Patience::TimePoint until) {
  return "waiting " + duration_text(std::chrono::ceil<milliseconds>(until - now));
}

}  // namespace

void WaitNotice::waiting(TimePoint now, const Delay& delay) {
  {
    const std::lock_guard lock(mutex_);
    reason_ = delay.reason;
    until_ = delay.until;
    asked_ = now;
    if (said_.size() > kMostReasons) said_.clear();
    const auto [said, is_new] = said_.try_emplace(delay.reason, now);
    if (!is_new && now - said->second < std::max<Patience::TimePoint::duration>(kSayAgain, last_wait_)) return;
    said->second = now;
    last_wait_ = delay.until - now;
    if (!log_) return;
  }
  // On a terminal the countdown says it; the line is for the log file then.
  log_(shows_countdown_ ? LogLevel::info : LogLevel::warning,
       delay.reason + ": " + waiting_text(now, delay.until) + (delay.advice.empty() ? "" : "; " + delay.advice) +
           "; --on-quota stop or --time-limit would end the search instead");
}

std::optional<std::string> WaitNotice::countdown(TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (reason_.empty() || now >= until_ || now - asked_ > kForgotten) return std::nullopt;
  return waiting_text(now, until_) + ": " + reason_;
}

}  // namespace lookalike
